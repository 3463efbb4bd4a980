//! Splits an input into lines, and collects those that have arrived into batches.

use std::io::{self, BufRead, BufReader, Read};

use ticket_core::Bytes;

/// How many bytes are read at once.
const BLOCK: usize = 128 << 10;
/// The most lines of a batch, because the message about a short line is longer than the line.
const MAX_LINES: usize = 1 << 10;

/// Lines that are worked on together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) lines: Vec<Line>,
    /// The error that ended the input after these lines.
    pub(super) failure: Option<io::Error>,
}

/// A line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The number of the line, from 1; blank lines count.
    pub(super) number: u64,
    /// The line without its line break; `None` if it is too long.
    pub(super) text: Option<Bytes>,
}

/// The batches of an input.
///
/// A batch has the lines that end in one block, so that a line is worked on when it arrives, and not when a batch is full.
pub(super) struct Batches<S> {
    source: BufReader<S>,
    /// The length of the longest line in bytes.
    longest: usize,
    /// The number of lines read so far.
    read: u64,
    has_ended: bool,
}

impl<S: Read> Batches<S> {
    /// Reads lines of at most `longest` bytes. Longer ones are skipped.
    pub(super) fn new(source: S, longest: usize) -> Self {
        Self::with_block(source, longest, BLOCK)
    }

    fn with_block(source: S, longest: usize, block: usize) -> Self {
        let source = BufReader::with_capacity(block, source);
        Self { source, longest, read: 0, has_ended: false }
    }

    /// Appends the next line to `text` and returns whether it is whole; `None` at the end of the input.
    ///
    /// Nothing is appended of a line that is too long.
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let start = text.len();
        let most = self.longest + "\r\n".len();
        let count = self.source.by_ref().take(most as u64).read_until(b'\n', text)?;
        if count == 0 {
            return Ok(None);
        }
        self.read += 1;
        let line = &text[start..];
        let has_ended = line.ends_with(b"\n");
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let length = line.strip_suffix(b"\r").unwrap_or(line).len();
        if length <= self.longest {
            text.truncate(start + length);
            return Ok(Some(true));
        }
        text.truncate(start);
        if !has_ended {
            self.source.skip_until(b'\n')?;
        }
        Ok(Some(false))
    }
}

impl<S: Read> Iterator for Batches<S> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut text = Vec::with_capacity(BLOCK);
        let mut ends = Vec::new();
        let mut failure = None;
        while !self.has_ended
            && ends.len() < MAX_LINES
            && (ends.is_empty() || self.source.buffer().contains(&b'\n'))
        {
            let start = text.len();
            match self.line(&mut text) {
                Ok(Some(true)) if text[start..].trim_ascii().is_empty() => text.truncate(start),
                Ok(Some(is_whole)) => ends.push((self.read, is_whole.then_some(text.len()))),
                Ok(None) => self.has_ended = true,
                Err(error) => {
                    text.truncate(start);
                    failure = Some(error);
                    self.has_ended = true;
                }
            }
        }
        let mut rest = Bytes::from(text);
        let mut taken = 0;
        let lines: Vec<_> = ends
            .into_iter()
            .map(|(number, end)| {
                let text = end.map(|end| rest.split_to(end - std::mem::replace(&mut taken, end)));
                Line { number, text }
            })
            .collect();
        let is_empty = lines.is_empty() && failure.is_none();
        (!is_empty).then_some(Batch { lines, failure })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{Batch, Batches, Line, MAX_LINES};

    /// The longest line of these tests.
    const LONGEST: usize = 10;

    /// Returns each of these pieces in one read, and fails after the last one if it has to.
    struct Pieces<'p> {
        pieces: Vec<&'p [u8]>,
        fails: bool,
    }

    impl Read for Pieces<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.pieces.is_empty() {
                return if self.fails { Err(io::Error::other("gone")) } else { Ok(0) };
            }
            let count = self.pieces[0].len().min(out.len());
            out[..count].copy_from_slice(&self.pieces[0][..count]);
            self.pieces[0] = &self.pieces[0][count..];
            self.pieces.retain(|piece| !piece.is_empty());
            Ok(count)
        }
    }

    fn line(number: u64, text: &'static str) -> Line {
        Line { number, text: Some(text.into()) }
    }

    #[test]
    fn reads_lines_whatever_the_size_of_the_blocks() {
        let too_long = |number| Line { number, text: None };
        for (input, expected) in [
            ("", vec![]),
            ("\n \r\n\t\n", vec![]),
            ("a", vec![line(1, "a")]),
            ("a\nb\n", vec![line(1, "a"), line(2, "b")]),
            ("a\r\n\n  \r\n b \r", vec![line(1, "a"), line(4, " b ")]),
            (
                "0123456789\n0123456789\r\nx",
                vec![line(1, "0123456789"), line(2, "0123456789"), line(3, "x")],
            ),
            ("0123456789", vec![line(1, "0123456789")]),
            ("0123456789\r", vec![line(1, "0123456789")]),
            ("0123456789a\nb", vec![too_long(1), line(2, "b")]),
            ("0123456789a\r\nb", vec![too_long(1), line(2, "b")]),
            ("0123456789ab\nc", vec![too_long(1), line(2, "c")]),
            ("a\n0123456789abcdef\n\nb\n", vec![line(1, "a"), too_long(2), line(4, "b")]),
            ("           \na", vec![too_long(1), line(2, "a")]),
            ("0123456789a", vec![too_long(1)]),
            ("a\n0123456789abcdefghijklmnopq", vec![line(1, "a"), too_long(2)]),
        ] {
            for block in [1, 2, 3, 7, 4096] {
                let batches = Batches::with_block(input.as_bytes(), LONGEST, block);
                let lines: Vec<_> = batches.flat_map(|batch| batch.lines).collect();
                assert_eq!(lines, expected, "{input:?} in blocks of {block}");
            }
        }
    }

    #[test]
    fn a_batch_has_the_lines_that_have_arrived() {
        let pieces: Vec<&[u8]> = vec![b"a\nb\n\nc", b"\n", b"d\ne", b"f\n\n", b"g"];
        let batches = Batches::new(Pieces { pieces, fails: false }, LONGEST);
        let lines: Vec<_> = batches.map(|batch| batch.lines).collect();
        let expected = [
            vec![line(1, "a"), line(2, "b")],
            vec![line(4, "c")],
            vec![line(5, "d")],
            vec![line(6, "ef")],
            vec![line(8, "g")],
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_batch_has_a_limited_number_of_lines() {
        let input = "a\n".repeat(3 * MAX_LINES + 1);
        let counts: Vec<_> =
            Batches::new(input.as_bytes(), LONGEST).map(|it| it.lines.len()).collect();
        assert_eq!(counts, [MAX_LINES, MAX_LINES, MAX_LINES, 1]);
    }

    #[test]
    fn an_error_of_the_input_follows_the_lines_before_it() {
        let pieces: Vec<&[u8]> = vec![b"a\n", b"cut"];
        let mut batches = Batches::new(Pieces { pieces, fails: true }, LONGEST);
        let Batch { lines, failure } = batches.next().unwrap();
        assert!(lines == [line(1, "a")] && failure.is_none());
        let Batch { lines, failure } = batches.next().unwrap();
        assert_eq!((lines, failure.unwrap().to_string().as_str()), (vec![], "gone"));
        assert!(batches.next().is_none());
    }

    #[test]
    fn keeps_nothing_of_a_long_line() {
        let input = io::repeat(b'x').take(100 << 20).chain(&b"\na"[..]);
        let mut batches = Batches::new(input, LONGEST);
        let mut text = Vec::new();
        assert_eq!(batches.line(&mut text).unwrap(), Some(false));
        assert!(text.is_empty() && text.capacity() < 1 << 10, "{}", text.capacity());
        assert_eq!(batches.next().unwrap().lines, [line(2, "a")]);
    }
}
