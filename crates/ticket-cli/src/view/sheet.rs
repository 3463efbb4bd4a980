//! Lays out text for a terminal: rows with labels, headings, items, quoted text.

use anstyle::Style;

use crate::view::clean;
use crate::view::ink::{PLAIN, QUIET, STRONG, StyledText, paint};
use crate::view::table::Table;
use crate::view::wrap::{UNBOUNDED, columns, without_tabs};

/// The smallest width of a layout.
const MIN_WIDTH: usize = 20;
/// The largest width of a layout; longer lines are hard to read.
const MAX_WIDTH: usize = 100;
/// The smallest width of a value beside its label; with less, the label is on a line of its own.
const MIN_VALUE_WIDTH: usize = 33;

/// Text under construction, wrapped at the width of the window.
pub(crate) struct TextLayout {
    width: usize,
    /// The width of a label with the space after it.
    label: usize,
    out: String,
}

impl TextLayout {
    /// Creates an empty layout for a window of `columns` columns, with labels of up to `longest_label` columns.
    pub(crate) fn new(columns: usize, longest_label: usize) -> Self {
        let width =
            if columns == UNBOUNDED { columns } else { columns.clamp(MIN_WIDTH, MAX_WIDTH) };
        Self { width, label: longest_label + 2, out: String::new() }
    }

    /// Returns the text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Writes an empty line, unless the text is empty or already ends with one.
    pub(crate) fn gap(&mut self) {
        if !(self.out.is_empty() || self.out.ends_with("\n\n")) {
            self.out.push('\n');
        }
    }

    /// Writes indented text over the whole width.
    pub(crate) fn text(&mut self, indentation: usize, ink: &StyledText) {
        if !ink.is_empty() {
            self.prefixed(&" ".repeat(indentation), PLAIN, ink);
        }
    }

    /// Writes text from the left edge, and indents its continuation lines so that they cannot imitate headings.
    pub(crate) fn lead(&mut self, ink: &StyledText) {
        self.hanging(0, ink);
    }

    /// Writes an item below a heading, with its continuation lines indented further.
    pub(crate) fn item(&mut self, ink: &StyledText) {
        self.hanging(2, ink);
    }

    /// Sets the width of the labels that follow.
    pub(crate) fn set_longest_label(&mut self, columns: usize) {
        self.label = columns + 2;
    }

    /// Writes a heading with a remark after it.
    pub(crate) fn heading(&mut self, title: &str, aside: &str) {
        self.gap();
        let mut ink = StyledText::of(STRONG, title);
        ink.fact(QUIET, aside);
        self.text(0, &ink);
    }

    /// Writes a label and its value; writes nothing if the value is empty.
    pub(crate) fn row(&mut self, label: &str, ink: &StyledText) {
        self.labelled(0, label, QUIET, ink);
    }

    /// Writes a label and its value below a heading.
    pub(crate) fn inner_row(&mut self, label: &str, ink: &StyledText) {
        self.labelled(2, label, QUIET, ink);
    }

    /// Writes a table, which may be wider than other text.
    pub(crate) fn table(&mut self, table: &Table, columns: usize) {
        self.out.push_str(&table.text(columns));
    }

    /// Writes text from a ticket, each line after a bar.
    pub(crate) fn quote(&mut self, bar: &str, style: Style, text: &str) {
        self.prefixed(&format!("  {bar} "), style, &StyledText::of(PLAIN, &body(text)));
    }

    /// Writes a label and its value; after a label that is too long, the value begins on the next line.
    fn labelled(&mut self, indentation: usize, label: &str, style: Style, ink: &StyledText) {
        if ink.is_empty() {
            return;
        }
        let wide = self.width >= self.label + MIN_VALUE_WIDTH;
        let start = if wide { indentation + self.label } else { indentation + 2 };
        let fits = wide && columns(label) + 2 <= self.label;
        if !fits {
            self.text(indentation, &StyledText::of(style, label));
        }
        for (index, line) in ink.lines(self.room(start)).iter().enumerate() {
            if index == 0 && fits {
                let fill = " ".repeat(self.label - columns(label));
                let before = " ".repeat(indentation);
                self.push_line(&format!("{before}{}{fill}{line}", paint(style, label)));
            } else {
                self.push_line(&format!("{}{line}", " ".repeat(start)));
            }
        }
    }

    fn hanging(&mut self, indentation: usize, ink: &StyledText) {
        if ink.is_empty() {
            return;
        }
        for (index, line) in ink.lines(self.room(indentation + 2)).iter().enumerate() {
            let before = if index == 0 { indentation } else { indentation + 2 };
            self.push_line(&format!("{}{line}", " ".repeat(before)));
        }
    }

    /// Writes each line after a prefix; `style` applies to the bar in it.
    fn prefixed(&mut self, prefix: &str, style: Style, ink: &StyledText) {
        let bar = prefix.trim();
        let (before, after) = match prefix.find(bar).filter(|_| !bar.is_empty()) {
            Some(start) => (&prefix[..start], &prefix[start + bar.len()..]),
            None => (prefix, ""),
        };
        for line in ink.lines(self.room(columns(prefix))) {
            let after = if line.is_empty() { "" } else { after };
            self.push_line(&format!("{before}{}{after}{line}", paint(style, bar)));
        }
    }

    /// Returns the width that is left after `taken` columns.
    fn room(&self, taken: usize) -> usize {
        self.width.saturating_sub(taken)
    }

    fn push_line(&mut self, line: &str) {
        self.out.push_str(line.trim_end_matches(' '));
        self.out.push('\n');
    }
}

/// Escapes a text of several lines, expands its tabs and removes the empty lines around it.
pub(crate) fn body(text: &str) -> String {
    without_tabs(clean::lines(text).trim_matches('\n'))
}
