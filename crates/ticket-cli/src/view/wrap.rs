//! Wraps text by its width on a terminal, for any script.

use std::ops::Range;

use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The width of a stream that is not a terminal; it disables wrapping.
pub(crate) const UNBOUNDED: usize = usize::MAX;

/// Separates two facts of a line; never begins a line.
pub(crate) const DOT: &str = "·";

/// Wraps a text at a width. Returns the lines as byte ranges, without trailing white space.
///
/// Breaks lines where Unicode allows it (between Chinese characters, after a space or a hyphen), and inside a word only if
/// the word is wider than a line. Never breaks inside the ranges `whole`. A range that is wider than a line exceeds the
/// width, so that the terminal wraps it and it can be copied unchanged. An empty text is one empty line.
pub(crate) fn wrap(text: &str, width: usize, whole: &[Range<usize>]) -> Vec<Range<usize>> {
    // The widest character takes two columns.
    let width = width.max(2);
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        wrap_line(line, start, width, whole, &mut lines);
        start += line.len() + 1;
    }
    lines
}

/// Returns the number of columns of a text.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// Expands tabs to the next multiple of four columns.
pub(crate) fn without_tabs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for character in text.graphemes(true) {
        match character {
            "\t" => {
                let fill = 4 - column % 4;
                out.extend(std::iter::repeat_n(' ', fill));
                column += fill;
            }
            "\n" => {
                out.push('\n');
                column = 0;
            }
            _ => {
                out.push_str(character);
                column += columns(character);
            }
        }
    }
    out
}

fn wrap_line(
    line: &str,
    offset: usize,
    width: usize,
    whole: &[Range<usize>],
    lines: &mut Vec<Range<usize>>,
) {
    let (mut start, mut end, mut used) = (offset, offset, 0);
    let mut position = offset;
    let mut words = words(line, offset, whole).into_iter().peekable();
    while let Some(Word { text: word, space, is_whole }) = words.next() {
        let taken = columns(word);
        let is_before_dot = words.peek().is_some_and(|next| next.text == DOT);
        let needed = if is_before_dot { taken + space.len() + 1 } else { taken };
        if used + needed > width && word != DOT && end > start {
            lines.push(start..end);
            (start, used) = (position, 0);
        } else if used + needed > width && end == start {
            // The line has only white space so far; drop it to make room for the word.
            (start, used) = (position, 0);
        }
        if taken > width && !is_whole {
            for (index, character) in word.grapheme_indices(true) {
                let one = columns(character);
                if used + one > width && used > 0 {
                    lines.push(start..position + index);
                    (start, used) = (position + index, 0);
                }
                used += one;
            }
        } else {
            used += taken;
        }
        end = position + word.len();
        used += space.len();
        position = end + space.len();
    }
    lines.push(start..end.max(start));
}

/// A part of a line that is wrapped as a unit.
struct Word<'l> {
    text: &'l str,
    /// The white space after the text.
    space: &'l str,
    /// Whether it is never broken, even if it is wider than a line.
    is_whole: bool,
}

/// Splits a line into the parts between which it may break; the line begins at `offset` of its text.
///
/// A URL is one part, so that it stays clickable if it fits into a line. A range of `whole` is one part too.
fn words<'l>(line: &'l str, offset: usize, whole: &[Range<usize>]) -> Vec<Word<'l>> {
    let is_inside = |position: usize| {
        whole.iter().any(|part| part.start < offset + position && offset + position < part.end)
    };
    let mut words: Vec<(usize, usize, usize)> = Vec::new();
    let mut position = 0;
    for word in WordSeparator::UnicodeBreakProperties.find_words(line) {
        let end = position + word.word.len();
        let next = end + word.whitespace.len();
        match words.last_mut() {
            Some((_, before, space)) if is_inside(position) => (*before, *space) = (end, next),
            Some((start, before, space))
                if before == space && word.word.is_ascii() && is_url(&line[*start..*before]) =>
            {
                (*before, *space) = (end, next);
            }
            _ => words.push((position, end, next)),
        }
        position = next;
    }
    let word = |(start, end, next): (usize, usize, usize)| Word {
        text: &line[start..end],
        space: &line[end..next],
        is_whole: whole.iter().any(|it| it.start < offset + end && offset + start < it.end),
    };
    words.into_iter().map(word).collect()
}

fn is_url(word: &str) -> bool {
    word.contains("://")
}

#[cfg(test)]
mod tests {
    use super::{columns, without_tabs, wrap};

    fn lines(text: &str, width: usize) -> Vec<&str> {
        wrap(text, width, &[]).into_iter().map(|line| &text[line]).collect()
    }

    #[test]
    fn breaks_lines_where_the_script_allows() {
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
    fn keeps_urls_in_one_line_if_they_fit() {
        let text = "see https://example.com/a/b-c?d=e for more";
        assert_eq!(lines(text, 30), ["see", "https://example.com/a/b-c?d=e", "for more"]);
        assert_eq!(lines(text, 20), ["see", "https://example.com/", "a/b-c?d=e for more"]);
        assert_eq!(
            lines("(https://example.com/a/b)打印", 26),
            ["(https://example.com/a/b)", "打印"]
        );
    }

    #[test]
    fn never_breaks_inside_whole_ranges() {
        let text = "hint: run this:\n  chmod 600 '/a b/c-d/e' now";
        let start = text.find("  chmod").unwrap();
        let part = start..text.find(" now").unwrap();
        for width in 2..60 {
            let lines: Vec<_> = wrap(text, width, std::slice::from_ref(&part))
                .into_iter()
                .map(|line| &text[line])
                .collect();
            assert!(
                lines.iter().any(|line| line.starts_with("  chmod 600 '/a b/c-d/e'")),
                "{lines:?}"
            );
            let is_wide = |line: &&&str| columns(line) > width && !line.contains("chmod");
            assert_eq!(lines.iter().find(is_wide), None, "at {width}");
        }
    }

    #[test]
    fn never_begins_a_line_with_the_separator_dot() {
        assert_eq!(lines("one · two · three", 5), ["one ·", "two ·", "three"]);
        assert_eq!(lines("one · two · three", 9), ["one ·", "two ·", "three"]);
        assert_eq!(lines("one · two · three", 11), ["one · two ·", "three"]);
    }

    #[test]
    fn keeps_lines_within_the_width_and_drops_only_white_space() {
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
    fn expands_tabs_to_the_next_stop() {
        assert_eq!(without_tabs("\ta\t打\tb\n\tc"), "    a   打  b\n    c");
    }
}
