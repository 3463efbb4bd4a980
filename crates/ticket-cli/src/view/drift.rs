//! Renders a drift report: the deviations of responses from their documentation.

use anstyle::Style;
use ticket_core::mapping::drift::{DriftReport, Entry, Example, Kind};

use crate::view::amount::counted;
use crate::view::clean::one_line;
use crate::view::cut::cut;
use crate::view::ink::{ALARM, NOTICE, PLAIN, QUIET, STRONG, StyledText};
use crate::view::sheet::TextLayout;
use crate::view::table::Table;

/// The number of characters after which the description of a deviation is cut.
const MAX_TEXT_LENGTH: usize = 80;

/// Returns the report for a window of `columns` columns.
pub(crate) fn table(report: &DriftReport, columns: usize) -> String {
    let DriftReport { provider, responses, tickets, entries, omitted } = report;
    let (never_seen, deviations): (Vec<_>, Vec<_>) =
        entries.iter().partition(|entry| entry.kind == Kind::NeverSeen);
    let mut sheet = TextLayout::new(columns, 0);
    let mut head = StyledText::of(STRONG, provider);
    head.fact(PLAIN, &counted(*responses, "response"));
    head.fact(PLAIN, &counted(*tickets, "ticket"));
    sheet.lead(&head);
    for group in deviations.chunk_by(|one, other| one.kind == other.kind) {
        kind(&mut sheet, group, columns);
    }
    if deviations.is_empty() {
        sheet.gap();
        sheet.lead(&StyledText::of(PLAIN, "No deviations from the documentation."));
    }
    if *omitted > 0 {
        sheet.gap();
        let more = format!("{omitted} more omitted: too many different deviations.");
        sheet.lead(&StyledText::of(ALARM, &more));
    }
    if let Some(first) = never_seen.first() {
        let count = counted(never_seen.len() as u64, "path");
        heading(&mut sheet, first.kind, &format!("{count}, {}", first.detail));
        for (parent, keys) in by_parent(&never_seen) {
            let mut ink = StyledText::of(PLAIN, &one_line(parent));
            ink.push(QUIET, "/");
            ink.word(QUIET, &one_line(&keys.join(", ")));
            sheet.item(&ink);
        }
    }
    sheet.finish()
}

/// Groups the keys of the entries by their parent, both in the order of their first occurrence.
fn by_parent<'e>(entries: &[&'e Entry]) -> Vec<(&'e str, Vec<&'e str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in entries {
        let (parent, key) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
        match groups.iter_mut().find(|(known, _)| *known == parent) {
            Some((_, keys)) => keys.push(key),
            None => groups.push((parent, vec![key])),
        }
    }
    groups
}

/// Writes the entries of one kind; a description that all of them share is in the heading.
fn kind(sheet: &mut TextLayout, entries: &[&Entry], columns: usize) {
    let Some(first) = entries.first() else { return };
    let is_shared = entries.iter().all(|entry| entry.detail == first.detail);
    heading(sheet, first.kind, if is_shared { &first.detail } else { "" });
    let titles: &[_] = if is_shared {
        &["PATH", "COUNT", "EXAMPLE"]
    } else {
        &["PATH", "DETAIL", "COUNT", "EXAMPLE"]
    };
    let mut table = Table::new(titles);
    for Entry { kind: _, path, detail, count, example } in entries {
        let mut cells = vec![StyledText::of(PLAIN, &shown_path(path))];
        if !is_shared {
            cells.push(cut(detail, MAX_TEXT_LENGTH));
        }
        cells.push(StyledText::of(PLAIN, &count.to_string()));
        cells.push(example.as_ref().map(self::example).unwrap_or_default());
        table.row(cells);
    }
    sheet.table(&table, columns);
}

fn heading(sheet: &mut TextLayout, kind: Kind, detail: &str) {
    sheet.gap();
    let mut ink = StyledText::of(style(kind), kind.as_str());
    ink.facts(&cut(detail, MAX_TEXT_LENGTH));
    sheet.lead(&ink);
}

/// Returns a pointer for display; the empty pointer means the whole response.
fn shown_path(pointer: &str) -> String {
    if pointer.is_empty() { "the response".to_owned() } else { one_line(pointer) }
}

/// Returns the name of the first response with the deviation, and the ticket if the response is a line of a file.
///
/// A file with one response has one ticket, so its id adds nothing.
fn example(example: &Example) -> StyledText {
    let Example { response, ticket, pointer: _ } = example;
    let mut ink = StyledText::of(PLAIN, &one_line(response));
    let line = response.rsplit_once(':').map(|(_, line)| line);
    let is_line = line.is_some_and(|line| line.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some(ticket) =
        ticket.as_ref().filter(|ticket| is_line && !response.ends_with(&***ticket))
    {
        ink.fact(QUIET, &one_line(ticket));
    }
    ink
}

fn style(kind: Kind) -> Style {
    match kind {
        Kind::NotATicket => ALARM,
        Kind::NeverSeen => STRONG,
        _ => NOTICE,
    }
}
