//! Splits a stream into responses, each on one or several lines.
//!
//! A response ends where its JSON value ends. Invalid JSON ends before the next line that is not indented and does not begin
//! with a closing bracket. So a broken line affects no other response, and a broken response of several lines counts once.

use std::io::{self, BufRead, Read};

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use crate::commands::saved;

/// An iterator over the responses of a source. Only one response is in memory at a time.
pub(super) struct Stream<S> {
    buffer: Buffer<S>,
    /// The current line, from 1.
    line: u64,
    /// How many bytes from here on are known to be invalid JSON; in them, only line starts separate responses.
    invalid: usize,
    has_ended: bool,
}

impl<S: BufRead> Stream<S> {
    /// Reads responses of at most `largest` bytes each.
    pub(super) fn new(source: S, largest: usize) -> Self {
        let buffer = Buffer {
            source,
            largest,
            kept: Vec::new(),
            start: 0,
            read: 0,
            has_ended: false,
            failure: None,
        };
        Self { buffer, line: 1, invalid: 0, has_ended: false }
    }

    /// Returns the next response; `None` if only white space is left.
    fn response(&mut self) -> io::Result<Option<(u64, io::Result<Vec<u8>>)>> {
        while let Some(byte) = self.buffer.at(0)?.filter(u8::is_ascii_whitespace) {
            self.step(byte);
        }
        if self.buffer.at(0)?.is_none() {
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

    /// Returns where the JSON value that begins here ends; `None` if it is invalid or too large.
    fn whole(&mut self) -> io::Result<Option<usize>> {
        if self.invalid > 0 {
            return Ok(None);
        }
        self.buffer.read = 0;
        let mut values = Deserializer::from_reader(&mut self.buffer).into_iter::<IgnoredAny>();
        let is_whole = matches!(values.next(), Some(Ok(_)));
        let end = values.byte_offset();
        if let Some(failure) = self.buffer.failure.take() {
            return Err(failure);
        }
        if is_whole && end <= self.buffer.largest {
            return Ok(Some(end));
        }
        // The line at which parsing failed may begin a valid value.
        let seen = &self.buffer.kept[self.buffer.start..][..self.buffer.read];
        let before = seen.strip_suffix(b"\n").unwrap_or(seen);
        self.invalid = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        Ok(None)
    }

    /// Returns where an invalid response ends; `None` if it is too large.
    fn edge(&mut self) -> io::Result<Option<usize>> {
        // A stream in another encoding counts as one response: its bytes have no lines.
        let is_utf_8 = self.line > 1 || !matches!(self.buffer.at(0)?, Some(0 | 0xFE | 0xFF));
        let is_utf_8 = is_utf_8 && (self.line > 1 || self.buffer.at(1)? != Some(0));
        let mut end = 0;
        loop {
            match self.buffer.at(end)? {
                _ if end > self.buffer.largest => return Ok(None),
                None => return Ok(Some(end)),
                Some(b'\n') if is_utf_8 && !self.buffer.at(end + 1)?.is_some_and(continues) => {
                    return Ok(Some(end));
                }
                Some(_) => end += 1,
            }
        }
    }

    /// Takes the next `count` bytes.
    fn take(&mut self, count: usize) -> Vec<u8> {
        let taken = self.buffer.kept[self.buffer.start..][..count].to_vec();
        for byte in &taken {
            self.step(*byte);
        }
        taken
    }

    /// Skips to the next response and discards what is before it.
    fn skip(&mut self) -> io::Result<()> {
        let mut is_edge = false;
        while let Some(byte) = self.buffer.at(0)?.filter(|byte| !is_edge || continues(*byte)) {
            self.step(byte);
            is_edge = byte == b'\n';
        }
        Ok(())
    }

    /// Moves past this byte.
    fn step(&mut self, byte: u8) {
        self.buffer.start += 1;
        self.invalid = self.invalid.saturating_sub(1);
        self.line += u64::from(byte == b'\n');
    }
}

/// Returns whether a line that begins with this byte continues an invalid response.
fn continues(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'}' | b']')
}

impl<S: BufRead> Iterator for Stream<S> {
    /// The first line of a response, and the response.
    type Item = (u64, io::Result<Vec<u8>>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        // The position in the stream is unknown after a read error.
        let response = self.response().unwrap_or_else(|error| {
            self.has_ended = true;
            Some((self.line, Err(error)))
        });
        self.has_ended |= response.is_none();
        response
    }
}

/// The bytes of a source that are still needed.
struct Buffer<S> {
    source: S,
    largest: usize,
    kept: Vec<u8>,
    /// Where the bytes begin that were not yet taken.
    start: usize,
    /// How many bytes from `start` on were parsed as JSON.
    read: usize,
    /// Whether the source has ended. It is not read again: a terminal would wait for more input.
    has_ended: bool,
    /// The error that ended the source early.
    failure: Option<io::Error>,
}

impl<S: BufRead> Buffer<S> {
    /// Returns the byte `ahead` of the current position; `None` after the end.
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

/// Feeds the JSON parser, one byte at a time. A failure or too large a response ends the input.
impl<S: BufRead> Read for &mut Buffer<S> {
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
