//! Styled text, and the palette.
//!
//! Only red and magenta are readable on both a white and a black background. Other colours are used for marks, not for
//! words.

use std::ops::Range;

use anstyle::{AnsiColor, Color, Style};

use crate::view::copyable::whole_parts;
use crate::view::wrap::{DOT, columns, wrap};

/// Emphasized text: titles, names, headings.
pub(crate) const STRONG: Style = Style::new().bold();
/// Secondary text: labels, ids, URLs.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// Text without a style.
pub(crate) const PLAIN: Style = Style::new();
/// Errors and urgent values.
pub(crate) const ALARM: Style = coloured(AnsiColor::Red).bold();
/// Warnings and unusual values.
pub(crate) const NOTICE: Style = coloured(AnsiColor::Magenta).bold();
/// Internal notes: inverse video, which is readable in every colour scheme.
pub(crate) const INTERNAL: Style = Style::new().bold().invert();

/// Returns a style with a foreground colour.
pub(crate) const fn coloured(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

/// Text of one or several lines whose parts have styles.
///
/// The styles are kept apart from the text, so that they do not count as width when it is wrapped.
#[derive(Clone, Default)]
pub(crate) struct StyledText {
    text: String,
    /// The end of each part, and its style.
    parts: Vec<(usize, Style)>,
    /// The ranges of the text that are never wrapped.
    whole: Vec<Range<usize>>,
}

impl StyledText {
    /// Creates a text with one style.
    pub(crate) fn of(style: Style, text: &str) -> Self {
        Self::default().then(style, text)
    }

    /// Returns the text followed by another part.
    pub(crate) fn then(mut self, style: Style, text: &str) -> Self {
        self.push(style, text);
        self
    }

    /// Appends a part.
    pub(crate) fn push(&mut self, style: Style, text: &str) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.parts.push((self.text.len(), style));
        }
    }

    /// Appends a message of this program, whose commands, paths and URLs are not wrapped.
    pub(crate) fn push_message(&mut self, style: Style, text: &str) {
        let start = self.text.len();
        self.whole.extend(whole_parts(text).into_iter().map(|it| start + it.start..start + it.end));
        self.push(style, text);
    }

    /// Appends a command on a line of its own, which is not wrapped.
    pub(crate) fn push_command(&mut self, command: &str) {
        self.line();
        let start = self.text.len();
        self.push(PLAIN, &format!("  {command}"));
        self.whole.push(start..self.text.len());
    }

    /// Appends a fact, after a separator dot unless it begins a line.
    pub(crate) fn fact(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        if !(self.text.is_empty() || self.text.ends_with('\n')) {
            self.push(QUIET, &format!(" {DOT} "));
        }
        self.push(style, text);
    }

    /// Appends a URL as a fact, which is not wrapped.
    pub(crate) fn url(&mut self, style: Style, url: &str) {
        self.fact(style, url);
        // Text with white space is not a URL; a ticket could use it to disturb the layout.
        if !url.contains(char::is_whitespace) {
            self.whole.push(self.text.len() - url.len()..self.text.len());
        }
    }

    /// Appends a word, after a space unless it begins a line.
    pub(crate) fn word(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        if !(self.text.is_empty() || self.text.ends_with(['\n', ' '])) {
            self.push(PLAIN, " ");
        }
        self.push(style, text);
    }

    /// Begins a new line, unless the current one is empty.
    pub(crate) fn line(&mut self) {
        if !(self.text.is_empty() || self.text.ends_with('\n')) {
            self.push(PLAIN, "\n");
        }
    }

    /// Appends all parts of another text.
    pub(crate) fn append(&mut self, other: &Self) {
        let offset = self.text.len();
        self.whole.extend(other.whole.iter().map(|it| offset + it.start..offset + it.end));
        let mut start = 0;
        for (end, style) in &other.parts {
            self.push(*style, &other.text[start..*end]);
            start = *end;
        }
    }

    /// Appends another text as a fact.
    pub(crate) fn facts(&mut self, other: &Self) {
        if !(other.is_empty() || self.text.is_empty() || self.text.ends_with('\n')) {
            self.push(QUIET, &format!(" {DOT} "));
        }
        self.append(other);
    }

    /// Returns whether the text is empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the text without its styles.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Wraps the text at a width. Returns the lines with escape sequences, which end with their line.
    pub(crate) fn lines(&self, width: usize) -> Vec<String> {
        self.measured_lines(width).into_iter().map(|(line, _)| line).collect()
    }

    /// Wraps the text like [`lines`](Self::lines), and returns each line with its width.
    pub(crate) fn measured_lines(&self, width: usize) -> Vec<(String, usize)> {
        let mut parts = self.parts.iter().peekable();
        let mut begun = 0;
        wrap(&self.text, width, &self.whole)
            .into_iter()
            .map(|line| {
                let taken = columns(&self.text[line.clone()]);
                let mut out = String::new();
                let mut position = line.start;
                while let Some(&&(end, style)) = parts.peek() {
                    let from = position.max(begun);
                    let to = end.min(line.end);
                    if from < to {
                        out.push_str(&paint(style, &self.text[from..to]));
                        position = to;
                    }
                    if end > line.end {
                        break;
                    }
                    begun = end;
                    parts.next();
                }
                (out, taken)
            })
            .collect()
    }
}

/// Returns a text between the escape sequences of a style.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::{PLAIN, QUIET, STRONG, StyledText};

    #[test]
    fn keeps_styles_across_wrapped_lines() {
        let mut ink = StyledText::of(STRONG, "one two");
        ink.fact(PLAIN, "three");
        ink.line();
        ink.word(QUIET, "four");
        assert_eq!(ink.as_str(), "one two · three\nfour");
        assert_eq!(
            ink.lines(5),
            [
                "\u{1b}[1mone\u{1b}[0m",
                "\u{1b}[1mtwo\u{1b}[0m\u{1b}[2m ·\u{1b}[0m",
                "three",
                "\u{1b}[2mfour\u{1b}[0m"
            ]
        );
        assert_eq!(ink.lines(100).len(), 2);
    }

    #[test]
    fn does_not_wrap_urls() {
        let address = format!("https://files.example/{}", "a-b/".repeat(30));
        let mut ink = StyledText::of(STRONG, "a long name");
        let mut facts = StyledText::default();
        facts.fact(PLAIN, "png");
        facts.url(PLAIN, &address);
        ink.facts(&facts);
        ink.facts(&facts);
        let image = "png ·".to_owned();
        let plain = |line: &String| anstream::adapter::strip_str(line).to_string();
        let lines: Vec<_> = ink.lines(20).iter().map(plain).collect();
        assert_eq!(lines, ["a long name · png ·", &format!("{address} ·"), &image, &address]);
        let mut spaced = StyledText::default();
        spaced.url(PLAIN, "https://files.example/ Status open");
        assert_eq!(spaced.lines(30).len(), 2, "text with white space is wrapped");
    }

    #[test]
    fn ignores_empty_facts_and_words() {
        let mut ink = StyledText::default();
        ink.fact(PLAIN, "");
        ink.word(PLAIN, "");
        ink.line();
        assert!(ink.is_empty());
        ink.word(PLAIN, "a");
        ink.word(PLAIN, "b");
        assert_eq!(ink.as_str(), "a b");
    }
}
