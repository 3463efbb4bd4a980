//! Compares the derived rows with the table, and keeps what is written by hand: notes, evidence, and reasons.

use std::collections::BTreeSet;

use ticket_core::mapping::RuleKind;
use ticket_core::mapping::table::TableRow;

use super::rows::{Derived, without_names};

/// The name of a row about fields that the code reads, and that no response has.
const UNSENT: &str = "unsent";

/// Returns the table with the derived rows, and the notes and reasons of the old one.
pub(super) fn merge(derived: Derived, old: &[TableRow]) -> Vec<TableRow> {
    let Derived { mut rows, others, unsent, .. } = derived;
    for row in &mut rows {
        let targets = |row: &TableRow| -> BTreeSet<String> {
            row.targets.iter().map(|target| without_names(target)).collect()
        };
        let own = targets(row);
        let shared = |it: &&TableRow| own.intersection(&targets(it)).count();
        let known = old.iter().rev().filter(|it| shared(it) > 0).max_by_key(shared);
        if let Some(TableRow { note, evidence, .. }) = known {
            (row.note, row.evidence) = (note.clone(), evidence.clone());
        }
    }
    let mut missing = others.clone();
    let is_reason = |row: &&TableRow| row.targets.is_empty() && !row.note.is_empty();
    for row in old.iter().filter(is_reason) {
        let covered = |source: &&String| {
            others.iter().any(|other| covers(row, source, other))
                || row.name == UNSENT && unsent.contains(&without_names(source))
        };
        let sources: Vec<_> = row.sources.iter().filter(covered).cloned().collect();
        missing.retain(|other| !sources.iter().any(|source| covers(row, source, other)));
        if !sources.is_empty() {
            rows.push(TableRow { sources, ..row.clone() });
        }
    }
    rows.extend(
        missing
            .into_iter()
            .map(|(kind, source)| TableRow { sources: vec![source], ..TableRow::new(kind) }),
    );
    rows
}

/// Returns whether a source of a row without targets explains what happens to another source.
pub(super) fn covers(row: &TableRow, source: &str, (kind, other): &(RuleKind, String)) -> bool {
    if row.kind != *kind || row.name == UNSENT {
        return false;
    }
    let (source, other) = (without_names(source), without_names(other));
    let is_whole = row.name == "whole" || row.kind == RuleKind::Kept;
    other
        .strip_prefix(&*source)
        .is_some_and(|rest| rest.is_empty() || is_whole && rest.starts_with('/'))
}

/// Returns whether a row of the table says why no response has a value there.
pub(super) fn is_expected(rows: &[TableRow], pattern: &str) -> bool {
    let other = (RuleKind::Unmapped, pattern.to_owned());
    let says = |row: &TableRow, source: &String| match &*row.name {
        UNSENT => without_names(source) == pattern,
        "whole" => covers(row, source, &other),
        _ => false,
    };
    rows.iter().any(|row| row.sources.iter().any(|source| says(row, source)))
}

/// Describes how two tables differ, line by line.
pub(super) fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let row = |line: &&str| line.trim_end_matches(',').to_owned();
    let (was, is): (BTreeSet<_>, BTreeSet<_>) =
        (old.iter().map(row).collect(), new.iter().map(row).collect());
    let removed =
        old.iter().filter(|line| !is.contains(&row(line))).map(|line| format!("\n- {line}"));
    let added =
        new.iter().filter(|line| !was.contains(&row(line))).map(|line| format!("\n+ {line}"));
    let lines: String = removed.chain(added).collect();
    if lines.is_empty() { "\nthe rows have another order".to_owned() } else { lines }
}

#[cfg(test)]
mod tests {
    use super::{Derived, merge};
    use ticket_core::mapping::{RuleKind, table};

    #[test]
    fn keeps_notes_and_the_reasons_that_are_needed() {
        let old = table::parse(
            r#"[{"targets":["tags[i].name"],"sources":["/old"],"kind":"copied","note":"a note","evidence":"a page"},
            {"sources":["/users/[i]"],"kind":"unmapped","name":"whole","note":"people"},
            {"sources":["/gone"],"kind":"kept","note":"a reason"},
            {"sources":["/page"],"kind":"unmapped","name":"unsent","note":"only in lists"}]"#,
        );
        let rows = r#"[{"targets":["tags[j].name"],"sources":["/new"],"kind":"converted"},
            {"targets":["title"],"sources":["/title"],"kind":"copied"}]"#;
        let other = |source: &str| (RuleKind::Unmapped, source.to_owned());
        let derived = Derived {
            rows: table::parse(rows).unwrap(),
            others: ["/users/[k]/name", "/url"].map(other).into(),
            unsent: ["/page".to_owned()].into(),
            mismatches: Vec::new(),
        };
        let merged = table::write(&merge(derived, &old.unwrap()));
        let expected = r#"[
{"targets":["tags[j].name"],"sources":["/new"],"kind":"converted","note":"a note","evidence":"a page"},
{"targets":["title"],"sources":["/title"],"kind":"copied"},
{"sources":["/users/[i]"],"kind":"unmapped","name":"whole","note":"people"},
{"sources":["/page"],"kind":"unmapped","name":"unsent","note":"only in lists"},
{"sources":["/url"],"kind":"unmapped"}
]
"#;
        assert_eq!(merged, expected);
    }
}
