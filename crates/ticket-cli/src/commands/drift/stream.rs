//! Responses one after the other, each in a line of its own or over several lines.
//!
//! A response ends where its JSON does. What is no JSON ends before the next line that begins at the edge with anything
//! but a closing bracket: so a broken line costs no more than itself, and a broken response over several lines is one.

use std::io::{self, BufRead, Read};

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use crate::commands::saved;

/// The responses of a source, of which one is in memory at a time.
pub(super) struct Stream<S> {
    tape: Tape<S>,
    /// The line at which the tape stands, from 1.
    line: u64,
    /// How much of what stands on the tape was looked at in vain: there only the edges of lines tell where a response ends.
    torn: usize,
    is_over: bool,
}

impl<S: BufRead> Stream<S> {
    /// The responses in a source, none of which may be larger than so many bytes.
    pub(super) fn new(source: S, largest: usize) -> Self {
        let tape = Tape {
            source,
            largest,
            kept: Vec::new(),
            start: 0,
            read: 0,
            has_ended: false,
            failure: None,
        };
        Self { tape, line: 1, torn: 0, is_over: false }
    }

    /// The next response; `None` where nothing but white space is left.
    fn response(&mut self) -> io::Result<Option<(u64, io::Result<Vec<u8>>)>> {
        while let Some(byte) = self.tape.at(0)?.filter(u8::is_ascii_whitespace) {
            self.step(byte);
        }
        if self.tape.at(0)?.is_none() {
            return Ok(None);
        }
        let line = self.line;
        let whole = self.whole()?;
        let end = if whole.is_some() { whole } else { self.edge()? };
        if let Some(end) = end {
            return Ok(Some((line, Ok(self.take(end)))));
        }
        self.skip()?;
        Ok(Some((line, Err(saved::too_large()))))
    }

    /// Where the JSON ends that begins here; `None` where it is none.
    fn whole(&mut self) -> io::Result<Option<usize>> {
        if self.torn > 0 {
            return Ok(None);
        }
        self.tape.read = 0;
        let mut values = Deserializer::from_reader(&mut self.tape).into_iter::<IgnoredAny>();
        let is_whole = matches!(values.next(), Some(Ok(_)));
        let end = values.byte_offset();
        if let Some(failure) = self.tape.failure.take() {
            return Err(failure);
        }
        if is_whole && end <= self.tape.largest {
            return Ok(Some(end));
        }
        // The line at which it broke may be whole by itself.
        let seen = &self.tape.kept[self.tape.start..][..self.tape.read];
        let before = seen.strip_suffix(b"\n").unwrap_or(seen);
        self.torn = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        Ok(None)
    }

    /// Where the next line begins that does not belong to the one here; `None` where that is too far.
    fn edge(&mut self) -> io::Result<Option<usize>> {
        // Of another encoding only the name is told, and that once: its bytes have no lines.
        let is_utf_8 = self.line > 1 || !matches!(self.tape.at(0)?, Some(0 | 0xFE | 0xFF));
        let is_utf_8 = is_utf_8 && (self.line > 1 || self.tape.at(1)? != Some(0));
        let mut end = 0;
        loop {
            match self.tape.at(end)? {
                _ if end > self.tape.largest => return Ok(None),
                None => return Ok(Some(end)),
                Some(b'\n') if is_utf_8 && !self.tape.at(end + 1)?.is_some_and(continues) => {
                    return Ok(Some(end));
                }
                Some(_) => end += 1,
            }
        }
    }

    /// Takes so many bytes.
    fn take(&mut self, count: usize) -> Vec<u8> {
        let taken = self.tape.kept[self.tape.start..][..count].to_vec();
        for byte in &taken {
            self.step(*byte);
        }
        taken
    }

    /// Goes to the next line that does not belong to the one here, and keeps nothing of what stands before it.
    fn skip(&mut self) -> io::Result<()> {
        let mut is_edge = false;
        while let Some(byte) = self.tape.at(0)?.filter(|byte| !is_edge || continues(*byte)) {
            self.step(byte);
            is_edge = byte == b'\n';
        }
        Ok(())
    }

    /// Leaves this byte behind.
    fn step(&mut self, byte: u8) {
        self.tape.start += 1;
        self.torn = self.torn.saturating_sub(1);
        self.line += u64::from(byte == b'\n');
    }
}

/// Whether a line that begins so belongs to the one before, where that is no JSON.
fn continues(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'}' | b']')
}

impl<S: BufRead> Iterator for Stream<S> {
    /// The line in which a response begins, and the response.
    type Item = (u64, io::Result<Vec<u8>>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        // Nobody knows what stands behind a place that cannot be read.
        let response = self.response().unwrap_or_else(|error| {
            self.is_over = true;
            Some((self.line, Err(error)))
        });
        self.is_over |= response.is_none();
        response
    }
}

/// What was read of a source, so that it can be looked at again.
struct Tape<S> {
    source: S,
    largest: usize,
    kept: Vec<u8>,
    /// What stands before this was handed over.
    start: usize,
    /// How many bytes behind that were read as JSON.
    read: usize,
    /// Whether the source had no more. It is not asked again: a terminal would wait for more.
    has_ended: bool,
    /// Why the source ended before its end.
    failure: Option<io::Error>,
}

impl<S: BufRead> Tape<S> {
    /// The byte so many places ahead; `None` behind the end.
    fn at(&mut self, ahead: usize) -> io::Result<Option<u8>> {
        while self.start + ahead >= self.kept.len() {
            if self.has_ended {
                return Ok(None);
            }
            self.kept.drain(..self.start);
            self.start = 0;
            let more = match self.source.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                more => more?,
            };
            let count = more.len();
            self.has_ended = count == 0;
            self.kept.extend_from_slice(more);
            self.source.consume(count);
        }
        Ok(Some(self.kept[self.start + ahead]))
    }
}

/// For the reader of JSON, which takes a byte at a time: a source that fails, or goes on for too long, has ended.
impl<S: BufRead> Read for &mut Tape<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read > self.largest {
            return Ok(0);
        }
        match self.at(self.read) {
            Ok(Some(byte)) if !out.is_empty() => {
                out[0] = byte;
                self.read += 1;
                Ok(1)
            }
            Ok(_) => Ok(0),
            Err(error) => {
                self.failure = Some(error);
                Ok(0)
            }
        }
    }
}

#[cfg(test)]
mod tests;
