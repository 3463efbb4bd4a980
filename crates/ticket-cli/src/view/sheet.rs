//! The sheet on which text for a terminal is written: rows with labels, headings, quoted text.

use anstyle::Style;

use crate::view::clean;
use crate::view::ink::{Ink, PLAIN, QUIET, STRONG, paint};
use crate::view::table::Table;
use crate::view::wrap::{UNBOUNDED, columns, without_tabs};

/// The narrowest window that a sheet is laid out for.
const NARROWEST: usize = 20;
/// Beyond this width lines become hard to read.
const WIDEST: usize = 100;
/// Where less than this would be left beside a label, the label stands on a line of its own.
const ROOM_BESIDE_LABELS: usize = 33;

/// The lines written so far, for a window of some width.
pub(crate) struct Sheet {
    width: usize,
    /// The columns of a label and the space behind it.
    label: usize,
    out: String,
}

impl Sheet {
    /// Returns an empty sheet for a window of so many columns, whose labels have at most `longest_label` of them.
    pub(crate) fn new(columns: usize, longest_label: usize) -> Self {
        let width = if columns == UNBOUNDED { columns } else { columns.clamp(NARROWEST, WIDEST) };
        Self { width, label: longest_label + 2, out: String::new() }
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// An empty line, unless one is there or nothing is.
    pub(crate) fn gap(&mut self) {
        if !(self.out.is_empty() || self.out.ends_with("\n\n")) {
            self.out.push('\n');
        }
    }

    /// Text over the whole width, behind an indentation.
    pub(crate) fn text(&mut self, indentation: usize, ink: &Ink) {
        if !ink.is_empty() {
            self.behind(&" ".repeat(indentation), PLAIN, ink);
        }
    }

    /// Text from the left edge on, whose further lines are indented: only headings begin at the edge.
    pub(crate) fn lead(&mut self, ink: &Ink) {
        self.hanging(0, ink);
    }

    /// An item below a heading: what does not fit into its line continues further in.
    pub(crate) fn item(&mut self, ink: &Ink) {
        self.hanging(2, ink);
    }

    /// Makes room for labels of so many columns, from here on.
    pub(crate) fn set_longest_label(&mut self, columns: usize) {
        self.label = columns + 2;
    }

    /// A heading with an aside.
    pub(crate) fn heading(&mut self, title: &str, aside: &str) {
        self.gap();
        let mut ink = Ink::of(STRONG, title);
        ink.fact(QUIET, aside);
        self.text(0, &ink);
    }

    /// A label and what it labels; nothing where that is empty.
    pub(crate) fn row(&mut self, label: &str, ink: &Ink) {
        self.labelled(0, label, QUIET, ink);
    }

    /// A row below a heading.
    pub(crate) fn inner_row(&mut self, label: &str, ink: &Ink) {
        self.labelled(2, label, QUIET, ink);
    }

    /// A table from the left edge on, which may be wider than text.
    pub(crate) fn table(&mut self, table: &Table, columns: usize) {
        self.out.push_str(&table.text(columns));
    }

    /// Text of somebody else, each line behind a bar.
    pub(crate) fn quote(&mut self, bar: &str, style: Style, text: &str) {
        self.behind(&format!("  {bar} "), style, &Ink::of(PLAIN, &body(text)));
    }

    /// A row whose label may be of any length: beyond its column, what it labels begins on the next line.
    fn labelled(&mut self, indentation: usize, label: &str, style: Style, ink: &Ink) {
        if ink.is_empty() {
            return;
        }
        let wide = self.width >= self.label + ROOM_BESIDE_LABELS;
        let start = if wide { indentation + self.label } else { indentation + 2 };
        let fits = wide && columns(label) + 2 <= self.label;
        if !fits {
            self.text(indentation, &Ink::of(style, label));
        }
        for (index, line) in ink.lines(self.room(start)).iter().enumerate() {
            if index == 0 && fits {
                let fill = " ".repeat(self.label - columns(label));
                let before = " ".repeat(indentation);
                self.put(&format!("{before}{}{fill}{line}", paint(style, label)));
            } else {
                self.put(&format!("{}{line}", " ".repeat(start)));
            }
        }
    }

    fn hanging(&mut self, indentation: usize, ink: &Ink) {
        if ink.is_empty() {
            return;
        }
        for (index, line) in ink.lines(self.room(indentation + 2)).iter().enumerate() {
            let before = if index == 0 { indentation } else { indentation + 2 };
            self.put(&format!("{}{line}", " ".repeat(before)));
        }
    }

    /// Each line behind a prefix, whose bar has a style.
    fn behind(&mut self, prefix: &str, style: Style, ink: &Ink) {
        let bar = prefix.trim();
        let (before, after) = match prefix.find(bar).filter(|_| !bar.is_empty()) {
            Some(start) => (&prefix[..start], &prefix[start + bar.len()..]),
            None => (prefix, ""),
        };
        for line in ink.lines(self.room(columns(prefix))) {
            let after = if line.is_empty() { "" } else { after };
            self.put(&format!("{before}{}{after}{line}", paint(style, bar)));
        }
    }

    /// The columns that are left behind an indentation.
    fn room(&self, taken: usize) -> usize {
        self.width.saturating_sub(taken)
    }

    fn put(&mut self, line: &str) {
        self.out.push_str(line.trim_end_matches(' '));
        self.out.push('\n');
    }
}

/// A body of several lines, fit for a terminal, without the empty lines around it.
pub(crate) fn body(text: &str) -> String {
    without_tabs(clean::lines(text).trim_matches('\n'))
}
