//! Text with styles, and the palette.

use anstyle::{AnsiColor, Color, Style};

use crate::view::wrap::{DOT, columns, wrap};

/// What stands out: titles, names, headings.
pub(crate) const STRONG: Style = Style::new().bold();
/// What is there when it is looked for: labels, ids, addresses.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// What needs no style.
pub(crate) const PLAIN: Style = Style::new();
/// What must not be overlooked.
pub(crate) const ALARM: Style = coloured(AnsiColor::Red).bold();
/// What the requester cannot see.
pub(crate) const INTERNAL: Style = coloured(AnsiColor::Yellow);

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
        wrap(&self.text, width)
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
