//! Renders a table for a terminal: cells side by side, or stacked in a narrow window.

use crate::view::ink::{QUIET, StyledText, paint};
use crate::view::wrap::{UNBOUNDED, columns};

/// The space between two columns of a table.
const GAP: usize = 2;
/// The default width below which no column is shrunk.
const MIN_COLUMN_WIDTH: usize = 16;
/// The largest width of the first column, which names the row and is shrunk no further.
const MAX_NAME_WIDTH: usize = 40;
/// The largest width of a table; longer lines are hard to follow.
const MAX_WIDTH: usize = 140;

/// Titles and rows of cells.
pub(crate) struct Table {
    titles: Vec<String>,
    rows: Vec<Vec<StyledText>>,
    /// The width below which no column is shrunk.
    narrowest: usize,
}

impl Table {
    /// Creates a table without rows.
    pub(crate) fn new(titles: &[impl AsRef<str>]) -> Self {
        let titles = titles.iter().map(|title| title.as_ref().to_owned()).collect();
        Self { titles, rows: Vec::new(), narrowest: MIN_COLUMN_WIDTH }
    }

    /// Sets the width below which no column is shrunk.
    pub(crate) fn with_narrowest(self, narrowest: usize) -> Self {
        Self { narrowest, ..self }
    }

    /// Returns whether the cells fit side by side in a window of `window` columns.
    pub(crate) fn fits(&self, window: usize) -> bool {
        self.widths(limited(window)).is_some()
    }

    /// Adds a row with a cell for each title.
    pub(crate) fn row(&mut self, cells: Vec<StyledText>) {
        self.rows.push(cells);
    }

    /// Returns the number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether the table has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the text for a window of `window` columns; empty without rows.
    pub(crate) fn text(&self, window: usize) -> String {
        if self.is_empty() {
            return String::new();
        }
        let window = limited(window).max(20);
        match self.widths(window) {
            Some(widths) => self.side_by_side(&widths),
            None => self.stacked(window),
        }
    }

    /// Returns the width of each column; `None` if they do not fit side by side.
    fn widths(&self, window: usize) -> Option<Vec<usize>> {
        let natural: Vec<usize> =
            (0..self.titles.len()).map(|column| self.natural(column)).collect();
        let (first, others) = natural.split_first()?;
        let first = if window == UNBOUNDED { *first } else { (*first).min(MAX_NAME_WIDTH) };
        let room = window.checked_sub(first + GAP * others.len())?;
        // Shrinks the widest columns first, all of them to the same width.
        let with_cap = |cap: usize| others.iter().map(move |width| (*width).min(cap));
        let mut cap = others.iter().copied().max().unwrap_or(0);
        while with_cap(cap).sum::<usize>() > room {
            cap = cap.checked_sub(1).filter(|cap| *cap >= self.narrowest)?;
        }
        let mut widths: Vec<_> = [first].into_iter().chain(with_cap(cap)).collect();
        // Distributes the remaining space among the shrunk columns.
        let mut left = room - widths[1..].iter().sum::<usize>();
        for (width, natural) in widths.iter_mut().zip(&natural).skip(1) {
            let more = left.min(natural - *width);
            *width += more;
            left -= more;
        }
        Some(widths)
    }

    /// Returns the width of the widest line of a column.
    fn natural(&self, column: usize) -> usize {
        let lines = self.rows.iter().flat_map(|row| row[column].as_str().lines());
        lines.chain([self.titles[column].as_str()]).map(columns).max().unwrap_or(0)
    }

    fn side_by_side(&self, widths: &[usize]) -> String {
        let mut out = String::new();
        let titles: Vec<_> = self.titles.iter().map(|title| StyledText::of(QUIET, title)).collect();
        for row in [&titles].into_iter().chain(&self.rows) {
            let cells: Vec<_> =
                row.iter().zip(widths).map(|(cell, width)| cell.measured_lines(*width)).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for index in 0..height {
                let mut line = String::new();
                let mut missing = 0;
                for (cell, width) in cells.iter().zip(widths) {
                    let (text, taken) =
                        cell.get(index).map_or(("", 0), |(text, taken)| (text.as_str(), *taken));
                    if !text.is_empty() {
                        line.push_str(&" ".repeat(missing));
                        line.push_str(text);
                        missing = 0;
                    }
                    missing += width.saturating_sub(taken) + GAP;
                }
                out.push_str(&line);
                out.push('\n');
            }
        }
        out
    }

    /// Returns each row as a paragraph: the first cell, then the others with their titles.
    fn stacked(&self, window: usize) -> String {
        let label = self.titles.iter().skip(1).map(|title| columns(title)).max().unwrap_or(0);
        let start = 2 + label + GAP;
        let mut out = String::new();
        for row in &self.rows {
            for line in row[0].lines(window) {
                out.push_str(&line);
                out.push('\n');
            }
            for (cell, title) in
                row.iter().zip(&self.titles).skip(1).filter(|(cell, _)| !cell.is_empty())
            {
                let fill = " ".repeat(label - columns(title) + GAP);
                for (index, line) in cell.lines(window.saturating_sub(start)).iter().enumerate() {
                    let before = if index == 0 {
                        format!("  {}{fill}", paint(QUIET, title))
                    } else {
                        " ".repeat(start)
                    };
                    out.push_str(&before);
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
        out
    }
}

fn limited(window: usize) -> usize {
    if window == UNBOUNDED { window } else { window.min(MAX_WIDTH) }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::view::ink::{PLAIN, StyledText};
    use crate::view::wrap::{UNBOUNDED, columns};

    fn cell(text: &str) -> StyledText {
        StyledText::of(PLAIN, text)
    }

    fn table() -> Table {
        let mut table = Table::new(&["NAME", "VALUE", "FROM"]);
        table.row(vec![cell("title"), cell("打印机卡纸"), cell("/data/title")]);
        table.row(vec![cell("a.rather.long.name"), cell(""), cell("/data/x\n/data/y")]);
        table
    }

    fn seen(columns: usize) -> String {
        anstream::adapter::strip_str(&table().text(columns)).to_string()
    }

    #[test]
    fn lays_out_columns_side_by_side() {
        let expected = "\
NAME                VALUE       FROM
title               打印机卡纸  /data/title
a.rather.long.name              /data/x
                                /data/y
";
        assert_eq!(seen(80), expected);
    }

    #[test]
    fn stacks_cells_in_a_narrow_window() {
        let expected = "\
title
  VALUE  打印机卡纸
  FROM   /data/title
a.rather.long.name
  FROM   /data/x
         /data/y
";
        assert_eq!(seen(30), expected);
    }

    #[test]
    fn does_not_wrap_without_a_window() {
        let long = "a-b ".repeat(100);
        let mut table = Table::new(&["NAME", "VALUE"]);
        table.row(vec![cell(&long), cell(&long)]);
        assert_eq!(table.text(UNBOUNDED).lines().count(), 2);
    }

    #[test]
    fn keeps_lines_within_the_window() {
        for window in 20..100 {
            for line in seen(window).lines() {
                assert!(columns(line) <= window, "{line:?} at {window}");
            }
        }
        assert_eq!(Table::new(&["NAME"]).text(80), "");
    }
}
