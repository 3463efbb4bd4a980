//! The tables of the page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::sdk::Sdk;
use super::tickets::{Ours, Tally};
use super::values::Change;
use crate::generated::TAKES;

/// The longest text that is shown as it is, in characters.
const LONG: usize = 160;

/// What happened in each step, a column for each caller.
pub(super) fn steps(titles: &[String], rows: &[(&str, Vec<String>)]) -> String {
    let mut table = head(&[&[String::new()], titles].concat());
    for (about, cells) in rows {
        row(&mut table, &[&[(*about).to_owned()], cells.as_slice()].concat());
    }
    table
}

/// How many tickets, leaves and fields came through.
pub(super) fn tickets(titles: &[String], tallies: &[(&Sdk, Tally)], ours: &Ours) -> String {
    let mut table = head(&[&[String::new()], titles].concat());
    let abouts = [
        "tickets",
        "values of the tickets that were read, as they were sent",
        "ids, status, times, note and rating, as `ticket` has them",
    ];
    let of: [fn(&Tally) -> String; 3] = [Tally::tickets, Tally::leaves, Tally::fields];
    for ((about, of), ours) in abouts.iter().zip(of).zip(ours.cells()) {
        let cells = tallies.iter().map(|(_, tally)| of(tally));
        let cells: Vec<_> = [(*about).to_owned()].into_iter().chain(cells).chain([ours]).collect();
        row(&mut table, &cells);
    }
    table
}

/// The values that came back otherwise than they were sent: each documented place, and the others together.
pub(super) fn differences(tallies: &[(&Sdk, Tally)], documented: &BTreeSet<String>) -> String {
    let mut table =
        head(&["SDK", "place in the ticket", "values", "what it is"].map(str::to_owned));
    for (sdk, tally) in tallies {
        let mut others: BTreeMap<bool, (usize, usize)> = BTreeMap::new();
        for (place, (count, change)) in &tally.differences {
            if documented.contains(&place.replace("/*", "")) {
                let cells = [
                    format!("`{}`", sdk.name),
                    format!("`{place}`"),
                    count.to_string(),
                    told(change),
                ];
                row(&mut table, &cells);
            } else {
                let (places, values) = others.entry(*change == Change::Gone).or_default();
                *places += 1;
                *values += count;
            }
        }
        for (is_gone, (places, values)) in others {
            let what = if is_gone { "gone" } else { "another value" };
            let plural = if places == 1 { "" } else { "s" };
            let place = format!("{places} place{plural} that the documented ticket does not have");
            row(
                &mut table,
                &[format!("`{}`", sdk.name), place, values.to_string(), what.to_owned()],
            );
        }
    }
    table
}

/// The tickets that were not read, and what was said of them.
pub(super) fn unread(tallies: &[(&Sdk, Tally)]) -> String {
    let mut table = head(&["SDK", "the ticket", "what it says"].map(str::to_owned));
    for (sdk, tally) in tallies {
        for (shows, error) in &tally.unread {
            row(&mut table, &[format!("`{}`", sdk.name), (*shows).to_owned(), code(error)]);
        }
    }
    table
}

fn told(change: &Change) -> String {
    match change {
        Change::Gone => "gone".to_owned(),
        Change::Other { sent, got } => format!("{} was sent, {} came back", code(sent), code(got)),
    }
}

/// A value as code, in one line.
fn code(text: &str) -> String {
    let text = text.replace(['`', '\n', '\r'], " ");
    match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

fn head(titles: &[String]) -> String {
    let mut table = String::new();
    row(&mut table, titles);
    writeln!(table, "|{}", "---|".repeat(titles.len())).expect(TAKES);
    table
}

fn row(table: &mut String, cells: &[String]) {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    writeln!(table, "| {} |", cells.join(" | ")).expect(TAKES);
}

#[cfg(test)]
mod tests {
    use super::{LONG, code, head, row};

    #[test]
    fn a_table_holds_whatever_stands_in_a_cell() {
        let mut table = head(&["a".to_owned(), "b".to_owned()]);
        row(&mut table, &["x|y".to_owned(), code("a`b\nc")]);
        assert_eq!(table, "| a | b |\n|---|---|\n| x\\|y | `a b c` |\n");
        assert_eq!(code(&"é".repeat(LONG + 1)), format!("`{}…`", "é".repeat(LONG)));
    }
}
