//! Breaks text into lines by the columns that it takes on a terminal, whatever its script.

use std::ops::Range;

use textwrap::WordSeparator;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands between two facts of one line and never begins a line.
pub(crate) const DOT: &str = "·";

/// The lines of a text at a width, as byte ranges into it, without the white space at their ends.
///
/// A break is taken where Unicode allows one (between Chinese characters, after a space or a hyphen), and
/// inside of a word only where the word alone is wider than a line. An empty text is one empty line.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    // The widest character takes two columns.
    let width = width.max(2);
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        wrap_line(line, start, width, &mut lines);
        start += line.len() + 1;
    }
    lines
}

/// The columns that a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// A text with its tabs filled up to the next multiple of four columns.
pub(crate) fn without_tabs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for character in text.chars() {
        match character {
            '\t' => {
                let fill = 4 - column % 4;
                out.extend(std::iter::repeat_n(' ', fill));
                column += fill;
            }
            '\n' => {
                out.push('\n');
                column = 0;
            }
            _ => {
                out.push(character);
                column += character.width().unwrap_or(0);
            }
        }
    }
    out
}

fn wrap_line(line: &str, offset: usize, width: usize, lines: &mut Vec<Range<usize>>) {
    let (mut start, mut end, mut used) = (offset, offset, 0);
    let mut position = offset;
    let mut words = WordSeparator::UnicodeBreakProperties.find_words(line).peekable();
    while let Some(word) = words.next() {
        let taken = columns(word.word);
        let glued = words.peek().is_some_and(|next| next.word == DOT);
        let needed = if glued { taken + word.whitespace.len() + 1 } else { taken };
        if used + needed > width && word.word != DOT && end > start {
            lines.push(start..end);
            (start, used) = (position, 0);
        } else if used + needed > width && end == start {
            // Only white space so far: it gives way to the word.
            (start, used) = (position, 0);
        }
        if taken > width {
            for (index, character) in word.word.char_indices() {
                let one = character.width().unwrap_or(0);
                if used + one > width && used > 0 {
                    lines.push(start..position + index);
                    (start, used) = (position + index, 0);
                }
                used += one;
            }
        } else {
            used += taken;
        }
        end = position + word.word.len();
        used += word.whitespace.len();
        position = end + word.whitespace.len();
    }
    lines.push(start..end.max(start));
}

#[cfg(test)]
mod tests {
    use super::{columns, without_tabs, wrap};

    fn lines(text: &str, width: usize) -> Vec<&str> {
        wrap(text, width).into_iter().map(|line| &text[line]).collect()
    }

    #[test]
    fn text_breaks_where_its_script_allows() {
        for (text, width, expected) in [
            ("", 10, &[""] as &[&str]),
            ("one two three", 8, &["one two", "three"]),
            ("one two three", 100, &["one two three"]),
            ("打印机卡纸,无法打印", 8, &["打印机卡", "纸,无法", "打印"]),
            ("a打b印", 3, &["a打", "b印"]),
            ("first\n\nsecond line", 6, &["first", "", "second", "line"]),
            ("  indented text", 10, &["  indented", "text"]),
            ("打印机卡纸。", 10, &["打印机卡", "纸。"]),
            ("  indented", 9, &["indented"]),
            ("unbreakable", 4, &["unbr", "eaka", "ble"]),
            ("x unbreakable", 4, &["x", "unbr", "eaka", "ble"]),
            ("打印", 1, &["打", "印"]),
            ("   ", 2, &[""]),
            ("❤\u{fe0f}❤\u{fe0f} ❤\u{fe0f}", 4, &["❤\u{fe0f}❤\u{fe0f}", "❤\u{fe0f}"]),
        ] {
            assert_eq!(lines(text, width), expected, "{text:?} at {width}");
        }
    }

    #[test]
    fn a_line_never_begins_with_the_dot_between_facts() {
        assert_eq!(lines("one · two · three", 5), ["one ·", "two ·", "three"]);
        assert_eq!(lines("one · two · three", 9), ["one ·", "two ·", "three"]);
        assert_eq!(lines("one · two · three", 11), ["one · two ·", "three"]);
    }

    #[test]
    fn no_line_is_wider_than_asked_and_nothing_but_space_is_lost() {
        let text = "客户反映A4纸卡在出纸口,急需处理。 See https://example.com/a/very/long/path?with=query  and\n\n👍🏽 done e\u{301}e\u{301}";
        for width in 2..60 {
            let lines = lines(text, width);
            for line in &lines {
                assert!(columns(line) <= width, "{line:?} at {width}");
            }
            let solid = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(solid(&lines.concat()), solid(text), "at {width}");
        }
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        assert_eq!(without_tabs("\ta\t打\tb\n\tc"), "    a   打  b\n    c");
    }
}
