//! A table for a terminal: columns side by side, or one below the other where there is no room.

use crate::view::ink::{Ink, QUIET, paint};
use crate::view::wrap::{UNBOUNDED, columns};

/// The columns between two columns of a table.
const GAP: usize = 2;
/// How narrow a column may be that holds more.
const NARROWEST: usize = 16;
/// The first column, which names the row, gives way last.
const NAME: usize = 40;
/// Beyond this width a line is hard to follow.
const WIDEST: usize = 140;

/// Rows of cells below their titles.
pub(crate) struct Table {
    titles: Vec<&'static str>,
    rows: Vec<Vec<Ink>>,
    /// A column that holds more than this is no narrower than this.
    narrowest: usize,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(titles: &[&'static str]) -> Self {
        Self { titles: titles.to_vec(), rows: Vec::new(), narrowest: NARROWEST }
    }

    /// The same table, of which a column that holds more has at least so many columns of the window.
    pub(crate) fn with_narrowest(self, narrowest: usize) -> Self {
        Self { narrowest, ..self }
    }

    /// Whether the columns have room side by side in a window of so many.
    pub(crate) fn fits(&self, window: usize) -> bool {
        self.widths(at_most_widest(window)).is_some()
    }

    /// Adds a row with a cell for each title.
    pub(crate) fn row(&mut self, cells: Vec<Ink>) {
        self.rows.push(cells);
    }

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text for a window of so many columns; nothing without rows.
    pub(crate) fn text(&self, window: usize) -> String {
        if self.is_empty() {
            return String::new();
        }
        let window = at_most_widest(window).max(20);
        match self.widths(window) {
            Some(widths) => self.side_by_side(&widths),
            None => self.stacked(window),
        }
    }

    /// How wide each column is; `None` where they have no room side by side.
    fn widths(&self, window: usize) -> Option<Vec<usize>> {
        let natural: Vec<usize> =
            (0..self.titles.len()).map(|column| self.natural(column)).collect();
        let (first, others) = natural.split_first()?;
        let first = if window == UNBOUNDED { *first } else { (*first).min(NAME) };
        let room = window.checked_sub(first + GAP * others.len())?;
        // The widest columns give way first, and all of them to the same width.
        let with_cap = |cap: usize| others.iter().map(move |width| (*width).min(cap));
        let mut cap = others.iter().copied().max().unwrap_or(0);
        while with_cap(cap).sum::<usize>() > room {
            cap = cap.checked_sub(1).filter(|cap| *cap >= self.narrowest)?;
        }
        let mut widths: Vec<_> = [first].into_iter().chain(with_cap(cap)).collect();
        // What is left over belongs to the columns that gave way.
        let mut left = room - widths[1..].iter().sum::<usize>();
        for (width, natural) in widths.iter_mut().zip(&natural).skip(1) {
            let more = left.min(natural - *width);
            *width += more;
            left -= more;
        }
        Some(widths)
    }

    /// The columns that the widest line of a column takes.
    fn natural(&self, column: usize) -> usize {
        let lines = self.rows.iter().flat_map(|row| row[column].as_str().lines());
        lines.chain([self.titles[column]]).map(columns).max().unwrap_or(0)
    }

    fn side_by_side(&self, widths: &[usize]) -> String {
        let mut out = String::new();
        let titles: Vec<_> = self.titles.iter().map(|title| Ink::of(QUIET, title)).collect();
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

    /// Each row as a paragraph: the first cell, and below it the others behind their titles.
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

fn at_most_widest(window: usize) -> usize {
    if window == UNBOUNDED { window } else { window.min(WIDEST) }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::view::ink::{Ink, PLAIN};
    use crate::view::wrap::{UNBOUNDED, columns};

    fn cell(text: &str) -> Ink {
        Ink::of(PLAIN, text)
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
    fn columns_stand_side_by_side_where_there_is_room() {
        let expected = "\
NAME                VALUE       FROM
title               打印机卡纸  /data/title
a.rather.long.name              /data/x
                                /data/y
";
        assert_eq!(seen(80), expected);
    }

    #[test]
    fn a_narrow_window_has_one_cell_below_the_other() {
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
    fn wraps_nothing_without_a_window() {
        let long = "a-b ".repeat(100);
        let mut table = Table::new(&["NAME", "VALUE"]);
        table.row(vec![cell(&long), cell(&long)]);
        assert_eq!(table.text(UNBOUNDED).lines().count(), 2);
    }

    #[test]
    fn no_line_is_wider_than_the_window() {
        for window in 20..100 {
            for line in seen(window).lines() {
                assert!(columns(line) <= window, "{line:?} at {window}");
            }
        }
        assert_eq!(Table::new(&["NAME"]).text(80), "");
    }
}
