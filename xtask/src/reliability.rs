//! The tables of `docs/reliability.md`: what must become of each fault, and what each setting bounds.
//!
//! The prose is written by hand; the tables stand between marks and are written here.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use ticket_reliability::{Operation, ROWS};

use crate::generated::{self, TAKES, read};

const PAGE: &str = "docs/reliability.md";
/// Where each setting says what it bounds.
const SETTINGS: &str = "crates/ticket-core/src/transport/settings.rs";

/// Writes the tables, or says whether they are stale.
pub(crate) fn run(is_check: bool) -> Result<()> {
    let page = generated::between_marks(&read(PAGE)?, "matrix", &matrix())?;
    let settings =
        settings(&read(SETTINGS)?).with_context(|| format!("{SETTINGS} says too little"))?;
    let page = generated::between_marks(&page, "settings", &settings)?;
    generated::page(PAGE, &page, is_check, "cargo xtask reliability")
}

/// A row for each fault, a column for each operation.
fn matrix() -> String {
    let titles: Vec<_> = Operation::ALL.iter().map(|operation| operation.title()).collect();
    let mut table = format!("| fault | stands for | {} |\n", titles.join(" | "));
    writeln!(table, "|---|---|{}", "---|".repeat(titles.len())).expect(TAKES);
    for row in ROWS {
        let cells = row.cells.map(|cell| cell.map_or("–".to_owned(), |cell| cell.to_string()));
        writeln!(table, "| `{}` | {} | {} |", row.fault, row.meaning, cells.join(" | "))
            .expect(TAKES);
    }
    table
}

/// A row for each field of the settings, from its comment; `None` where a field has none.
fn settings(source: &str) -> Option<String> {
    let (_, body) = source.split_once("pub struct TransportConfig {\n")?;
    let (body, _) = body.split_once("\n}")?;
    let mut table = String::from("| setting | what it is | default |\n|---|---|---|\n");
    let mut comment = String::new();
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push_str(text);
        } else if let Some(field) = line.strip_prefix("pub ") {
            let (name, _) = field.split_once(':')?;
            let comment = std::mem::take(&mut comment);
            let (about, default) = comment.split_once(" Default: ").unwrap_or((&comment, "none."));
            let about = Some(about.trim()).filter(|about| !about.is_empty())?;
            writeln!(table, "| `{name}` | {about} | {} |", default.trim_end_matches('.'))
                .expect(TAKES);
        }
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use ticket_reliability::ROWS;

    use super::{matrix, settings};

    #[test]
    fn every_fault_has_a_line_with_a_cell_for_each_operation() {
        let table = matrix();
        assert_eq!(table.lines().count(), ROWS.len() + 2);
        for line in table.lines() {
            assert_eq!(line.matches('|').count(), 7, "{line}");
        }
    }

    #[test]
    fn a_setting_is_told_as_its_comment_tells_it() {
        let source = "pub struct TransportConfig {\n    /// How long\n    /// it is. Default: 3 s.\n    pub length: Duration,\n    \
                      /// A way.\n    pub way: Option<String>,\n}\n";
        let table = settings(source).unwrap();
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows, ["| `length` | How long it is. | 3 s |", "| `way` | A way. | none |"]);
        assert_eq!(settings("pub struct TransportConfig {\n    pub length: Duration,\n}\n"), None);
        assert_eq!(settings("struct Other;"), None);
    }
}
