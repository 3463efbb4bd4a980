//! Splits input into lines with one ticket each.

/// The byte order mark that some editors write at the start of a UTF-8 file.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// The longest line in bytes. No valid ticket is that long.
const MAX_LENGTH: usize = 4 << 10;

/// A line, and its number counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NumberedLine {
    pub(super) number: u64,
    pub(super) text: String,
}

/// A line that cannot be a ticket.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InvalidLine {
    /// The number of the line, counted from 1.
    pub(super) number: u64,
    pub(super) problem: Problem,
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    NotUtf8,
    TooLong,
}

/// Collects lines from blocks of bytes. Only the unfinished line is in memory.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The start of the unfinished line, at most one byte longer than the longest line.
    unfinished: Vec<u8>,
    /// The number of finished lines.
    finished: u64,
}

impl Lines {
    /// Returns the lines that end in this block, without surrounding white space and without empty ones.
    pub(super) fn feed(&mut self, block: &[u8]) -> Vec<Result<NumberedLine, InvalidLine>> {
        let mut parts = block.split(|byte| *byte == b'\n');
        let rest = parts.next_back().unwrap_or_default();
        let mut lines = Vec::new();
        for part in parts {
            self.push(part);
            lines.extend(self.finish());
        }
        self.push(rest);
        lines
    }

    /// Returns the line that has begun; `None` if it is empty. Further input begins a new line.
    pub(super) fn finish(&mut self) -> Option<Result<NumberedLine, InvalidLine>> {
        let is_first = self.finished == 0;
        self.finished += 1;
        let line = self.unfinished.strip_suffix(b"\r").unwrap_or(&self.unfinished);
        let line = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| is_first).unwrap_or(line);
        let invalid = |problem| Some(Err(InvalidLine { number: self.finished, problem }));
        let line = if line.len() > MAX_LENGTH {
            invalid(Problem::TooLong)
        } else {
            match str::from_utf8(line).map(str::trim) {
                Ok("") => None,
                Ok(line) => Some(Ok(NumberedLine { number: self.finished, text: line.to_owned() })),
                Err(_) => invalid(Problem::NotUtf8),
            }
        };
        self.unfinished.clear();
        line
    }

    /// Appends to the unfinished line; of a line that is too long, the rest is dropped.
    fn push(&mut self, part: &[u8]) {
        let limit = BYTE_ORDER_MARK.len() + MAX_LENGTH + "\r".len() + 1;
        let room = limit - self.unfinished.len();
        self.unfinished.extend_from_slice(&part[..part.len().min(room)]);
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidLine, Lines, MAX_LENGTH, Problem};

    /// Reads an input in blocks of this size.
    fn read(input: &[u8], block: usize) -> Vec<Result<String, InvalidLine>> {
        let mut lines = Lines::default();
        let mut read: Vec<_> = input.chunks(block).flat_map(|block| lines.feed(block)).collect();
        read.extend(lines.finish());
        read.into_iter().map(|line| line.map(|line| line.text)).collect()
    }

    #[test]
    fn reads_lines_whatever_the_size_of_the_blocks() {
        let (longest, too_long) = ("x".repeat(MAX_LENGTH), "x".repeat(MAX_LENGTH + 1));
        let line = |text: &str| Ok(text.to_owned());
        let invalid = |number, problem| Err(InvalidLine { number, problem });
        for (input, expected) in [
            ("".into(), vec![]),
            ("feishu:1".into(), vec![line("feishu:1")]),
            ("a\nb\n".into(), vec![line("a"), line("b")]),
            ("a\r\n\r\n  \n\t b c \r\nd".into(), vec![line("a"), line("b c"), line("d")]),
            ("\u{feff}a\n".into(), vec![line("a")]),
            ("\u{feff}\r\na".into(), vec![line("a")]),
            ("a\n\u{feff}b".into(), vec![line("a"), line("\u{feff}b")]),
            (
                [b"a\n\n\xff\xfea\nb\n", &b"\xc3"[..]].concat(),
                vec![
                    line("a"),
                    invalid(3, Problem::NotUtf8),
                    line("b"),
                    invalid(5, Problem::NotUtf8),
                ],
            ),
            (
                format!("{too_long}\n\u{feff}{longest}\r\n{longest}\r\n{too_long}{too_long}\na")
                    .into(),
                vec![
                    invalid(1, Problem::TooLong),
                    invalid(2, Problem::TooLong),
                    line(&longest),
                    invalid(4, Problem::TooLong),
                    line("a"),
                ],
            ),
            (format!("\u{feff}{longest}\r\n").into(), vec![line(&longest)]),
        ] {
            let input: Vec<u8> = input;
            for block in [1, 2, 3, 7, 4096, 100_000] {
                assert_eq!(read(&input, block), expected, "blocks of {block}");
            }
        }
    }

    #[test]
    fn keeps_only_the_start_of_a_long_line() {
        let mut lines = Lines::default();
        for _ in 0..1_000 {
            assert!(lines.feed(&[b'x'; 8 << 10]).is_empty());
        }
        assert!(lines.unfinished.len() <= MAX_LENGTH + 8);
    }
}
