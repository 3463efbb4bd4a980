//! Text with styles, and the palette.
//!
//! Of the colours only red and magenta can be read on a white terminal and on a black one. Others colour a mark beside
//! words that have no colour.

use std::ops::Range;

use anstyle::{AnsiColor, Color, Style};

use crate::view::copyable::whole_parts;
use crate::view::wrap::{DOT, columns, wrap};

/// What stands out: titles, names, headings.
pub(crate) const STRONG: Style = Style::new().bold();
/// What is there when it is looked for: labels, ids, addresses.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// What needs no style.
pub(crate) const PLAIN: Style = Style::new();
/// What must not be overlooked.
pub(crate) const ALARM: Style = coloured(AnsiColor::Red).bold();
/// What deserves a second look.
pub(crate) const NOTICE: Style = coloured(AnsiColor::Magenta).bold();
/// What the requester cannot see: the terminal's own two colours the other way round, which anybody can read.
pub(crate) const INTERNAL: Style = Style::new().bold().invert();

/// A style of one colour.
pub(crate) const fn coloured(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

/// A text whose parts have styles; it may have several lines.
///
/// The text is wrapped without its styles, so that they never count as width.
#[derive(Clone, Default)]
pub(crate) struct Ink {
    text: String,
    /// Where each part ends, and its style.
    parts: Vec<(usize, Style)>,
    /// What is not wrapped, as ranges of the text.
    whole: Vec<Range<usize>>,
}

impl Ink {
    /// A text of one style.
    pub(crate) fn of(style: Style, text: &str) -> Self {
        Self::default().then(style, text)
    }

    /// The text, followed by another part.
    pub(crate) fn then(mut self, style: Style, text: &str) -> Self {
        self.push(style, text);
        self
    }

    /// Adds a part.
    pub(crate) fn push(&mut self, style: Style, text: &str) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.parts.push((self.text.len(), style));
        }
    }

    /// Adds a message of our own, whose commands, paths and addresses are not wrapped.
    pub(crate) fn push_message(&mut self, style: Style, text: &str) {
        let start = self.text.len();
        self.whole.extend(whole_parts(text).into_iter().map(|it| start + it.start..start + it.end));
        self.push(style, text);
    }

    /// Adds a command on a line of its own, which is not wrapped.
    pub(crate) fn push_command(&mut self, command: &str) {
        self.line();
        let start = self.text.len();
        self.push(PLAIN, &format!("  {command}"));
        self.whole.push(start..self.text.len());
    }

    /// Adds a fact, behind a dot where another one stands before it in the same line.
    pub(crate) fn fact(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        if !(self.text.is_empty() || self.text.ends_with('\n')) {
            self.push(QUIET, &format!(" {DOT} "));
        }
        self.push(style, text);
    }

    /// Adds an address as a fact, which is not wrapped.
    pub(crate) fn address(&mut self, style: Style, address: &str) {
        self.fact(style, address);
        // What has white space is no address, and somebody else chose it.
        if !address.contains(char::is_whitespace) {
            self.whole.push(self.text.len() - address.len()..self.text.len());
        }
    }

    /// Adds a word, behind a space where another one stands before it in the same line.
    pub(crate) fn word(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        if !(self.text.is_empty() || self.text.ends_with(['\n', ' '])) {
            self.push(PLAIN, " ");
        }
        self.push(style, text);
    }

    /// Begins a new line, unless nothing stands there yet.
    pub(crate) fn line(&mut self) {
        if !(self.text.is_empty() || self.text.ends_with('\n')) {
            self.push(PLAIN, "\n");
        }
    }

    /// Adds all parts of another text.
    pub(crate) fn append(&mut self, other: &Self) {
        let offset = self.text.len();
        self.whole.extend(other.whole.iter().map(|it| offset + it.start..offset + it.end));
        let mut start = 0;
        for (end, style) in &other.parts {
            self.push(*style, &other.text[start..*end]);
            start = *end;
        }
    }

    /// Adds another text as a fact.
    pub(crate) fn facts(&mut self, other: &Self) {
        if !(other.is_empty() || self.text.is_empty() || self.text.ends_with('\n')) {
            self.push(QUIET, &format!(" {DOT} "));
        }
        self.append(other);
    }

    /// Whether there is no text.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text without its styles.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The lines at a width, each with its styles as escape sequences that end with the line.
    pub(crate) fn lines(&self, width: usize) -> Vec<String> {
        self.measured_lines(width).into_iter().map(|(line, _)| line).collect()
    }

    /// The same lines, each with the columns that it takes.
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

/// A text between the escape sequences of its style.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::{Ink, PLAIN, QUIET, STRONG};

    #[test]
    fn styles_follow_their_text_over_the_end_of_a_line() {
        let mut ink = Ink::of(STRONG, "one two");
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
    fn an_address_is_as_wide_as_it_is() {
        let address = format!("https://files.example/{}", "a-b/".repeat(30));
        let mut ink = Ink::of(STRONG, "a long name");
        let mut facts = Ink::default();
        facts.fact(PLAIN, "png");
        facts.address(PLAIN, &address);
        ink.facts(&facts);
        ink.facts(&facts);
        let image = "png ·".to_owned();
        let plain = |line: &String| anstream::adapter::strip_str(line).to_string();
        let lines: Vec<_> = ink.lines(20).iter().map(plain).collect();
        assert_eq!(lines, ["a long name · png ·", &format!("{address} ·"), &image, &address]);
        let mut spaced = Ink::default();
        spaced.address(PLAIN, "https://files.example/ Status open");
        assert_eq!(spaced.lines(30).len(), 2, "what is no address is wrapped");
    }

    #[test]
    fn facts_and_words_leave_out_what_is_empty() {
        let mut ink = Ink::default();
        ink.fact(PLAIN, "");
        ink.word(PLAIN, "");
        ink.line();
        assert!(ink.is_empty());
        ink.word(PLAIN, "a");
        ink.word(PLAIN, "b");
        assert_eq!(ink.as_str(), "a b");
    }
}
