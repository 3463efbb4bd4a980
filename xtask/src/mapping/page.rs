//! The page itself.

use std::fmt::Write as _;

use anyhow::{Result, bail, ensure};
use ticket_core::mapping::{MappingDescription, Rule, RuleKind};

use super::coverage;
use super::fields::{self, Field};
use super::notes::Notes;
use super::rows::{self, Row, Rules};
use crate::generated::TAKES;

/// What is said before the tables, and of the way in which every provider reads.
const BEGINNING: &str = include_str!("beginning.txt");
const READING: &str = include_str!("reading.txt");

/// The sections of the table and the fields at the top of the ticket that they show.
const SECTIONS: &[(&str, &[&str])] = &[
    ("The matter", &["provider", "id", "desk", "title", "description"]),
    ("Where it stands", &["status", "priority", "kind", "handling", "channel"]),
    (
        "People",
        &[
            "requester",
            "submitter",
            "assignee",
            "agents",
            "collaborators",
            "followers",
            "closed_by",
            "team",
        ],
    ),
    ("Tags, custom fields, attachments", &["tags", "custom_fields", "attachments"]),
    ("What was said and done", &["conversation", "notes", "status_changes"]),
    ("How it went", &["sla", "satisfaction", "solved", "metrics"]),
    ("Times", &["created_at", "updated_at", "resolved_at", "closed_at"]),
];

/// The one field that no rule fills: it takes what the rules leave.
const REST: &str = "extra";

/// Writes the page.
///
/// # Errors
/// Where a field has no section, a rule fills no field, or the way in which a value is read is not explained.
pub(super) fn write(decoders: &[&dyn MappingDescription]) -> Result<String> {
    let fields = fields::of_ticket()?;
    check_sections(&fields)?;
    let providers: Vec<_> = decoders.iter().map(|decoder| Rules::of(*decoder)).collect();
    for (decoder, rules) in decoders.iter().zip(&providers) {
        rules.check(decoder.provider(), &fields)?;
    }
    let mut notes = Notes::beside(&[BEGINNING, READING]);
    let mut page = BEGINNING.trim().to_owned();
    page.push_str("\n\n");
    let titles: Vec<_> = decoders.iter().map(|decoder| decoder.title()).collect();
    let bases: Vec<_> = decoders.iter().map(|decoder| base(decoder.rules())).collect();
    add(&mut page, &overview(decoders, &fields, &providers, &bases));
    add(&mut page, "## Field by field\n");
    for (title, names) in SECTIONS {
        let of_section: Vec<_> =
            fields.iter().filter(|field| names.contains(&field.name())).cloned().collect();
        add(&mut page, &format!("### {title}\n\n| field | {} |", titles.join(" | ")));
        add(&mut page, &format!("|---|{}", "---|".repeat(titles.len())));
        for row in rows::of(&of_section, &providers) {
            add(&mut page, &line(&row, &bases, &mut notes));
        }
        page.push('\n');
    }
    page.push_str(READING.trim());
    page.push_str("\n\n");
    check_readings(decoders)?;
    for decoder in decoders {
        add(&mut page, &apart(*decoder));
    }
    page.push_str(&notes.text());
    Ok(page)
}

fn add(page: &mut String, line: &str) {
    page.push_str(line);
    page.push('\n');
}

/// Every field at the top has its section, in the order of the ticket.
fn check_sections(fields: &[Field]) -> Result<()> {
    let shown: Vec<_> =
        SECTIONS.iter().flat_map(|(_, names)| names.iter().copied()).chain([REST]).collect();
    let known: Vec<_> = fields.iter().map(Field::name).collect();
    if let Some(field) = known.iter().find(|field| !shown.contains(field)) {
        bail!("`{field}` has no section; give it one in xtask/src/mapping/page.rs");
    }
    ensure!(
        shown == known,
        "the sections show the fields in another order than the ticket: {known:?}"
    );
    Ok(())
}

/// Every way of reading that a rule names is explained.
fn check_readings(decoders: &[&dyn MappingDescription]) -> Result<()> {
    for rule in decoders.iter().flat_map(|decoder| decoder.rules()) {
        let is_explained = !says_more(rule) || READING.contains(&format!("\n| {} |", rule.name));
        ensure!(
            is_explained,
            "`{}` is not explained; add it to xtask/src/mapping/reading.txt",
            rule.name
        );
    }
    Ok(())
}

/// Whether the name of a rule says more than its kind.
fn says_more(rule: &Rule) -> bool {
    match rule.kind {
        RuleKind::Copied | RuleKind::Converted | RuleKind::Required => rule.name != "own rule",
        RuleKind::Derived
        | RuleKind::Constant
        | RuleKind::Envelope
        | RuleKind::Unmapped
        | RuleKind::Kept
        | RuleKind::Undecided => false,
    }
}

/// The longest pointer that all pointers to values begin with.
fn base(rules: &[Rule]) -> String {
    let mut sources = rules
        .iter()
        .filter(|rule| !rule.targets.is_empty())
        .flat_map(|rule| rule.sources.iter().map(|source| source.split('/').collect::<Vec<_>>()));
    let mut base = sources.next().unwrap_or_default();
    base.pop();
    for source in sources {
        let same = base.iter().zip(&source).take_while(|(one, other)| one == other).count();
        base.truncate(same.min(source.len().saturating_sub(1)));
    }
    base.join("/")
}

fn overview(
    decoders: &[&dyn MappingDescription],
    fields: &[Field],
    providers: &[Rules],
    bases: &[String],
) -> String {
    let mut table =
        String::from("| provider | service | pointers begin at | fills |\n|---|---|---|---|\n");
    for ((decoder, rules), base) in decoders.iter().zip(providers).zip(bases) {
        let filled = coverage::count(fields, rules);
        let cells = [
            format!("`{}`", decoder.provider()),
            decoder.title().to_owned(),
            format!("`{base}`"),
            format!("{filled} of {} fields at the top of the ticket", fields.len() - 1),
        ];
        add(&mut table, &table_line(&cells));
    }
    table
}

/// A row of the table.
fn line(row: &Row, bases: &[String], notes: &mut Notes) -> String {
    let mut line = format!("| {} |", paths(&row.paths));
    for (rules, base) in row.cells.iter().zip(bases) {
        let cells: Vec<_> = rules.iter().map(|rule| cell(rule, base, notes)).collect();
        let cell = if cells.is_empty() { "–".to_owned() } else { cells.join("<br>") };
        write!(line, " {} |", cell.replace('|', "\\|")).expect(TAKES);
    }
    line
}

/// `requester.email` `.phone`: the parent is said once.
fn paths(paths: &[String]) -> String {
    let name = |path: &String| match path.rsplit_once('.') {
        Some((_, name)) => format!("`.{name}`"),
        None => format!("`{path}`"),
    };
    let rest = paths.iter().skip(1).map(name);
    let first = paths.iter().take(1).map(|path| format!("`{path}`"));
    first.chain(rest).collect::<Vec<_>>().join(" ")
}

/// Where a value comes from, how, and by which rule.
fn cell(rule: &Rule, base: &str, notes: &mut Notes) -> String {
    let sources: Vec<_> = rule
        .sources
        .iter()
        .map(|source| format!("`{}`", source.strip_prefix(base).unwrap_or(source)))
        .collect();
    let mut parts = Vec::new();
    if !sources.is_empty() {
        parts.push(sources.join(" "));
    }
    parts.push(rule.kind.as_str().to_owned());
    if says_more(rule) {
        parts.push(rule.name.to_owned());
    }
    format!("{}{}", parts.join(" · "), notes.mark(rule))
}

/// What is to be said of one provider alone.
fn apart(decoder: &dyn MappingDescription) -> String {
    let mut text = format!("## {}\n\n### Read, and no field of the ticket\n\n", decoder.title());
    text.push_str("| source | how | why |\n|---|---|---|\n");
    for rule in decoder.rules().iter().filter(|rule| rule.targets.is_empty()) {
        let sources: Vec<_> = rule.sources.iter().map(|source| format!("`{source}`")).collect();
        let cells = [sources.join(" "), rule.kind.as_str().to_owned(), rule.note.to_owned()];
        add(&mut text, &table_line(&cells));
    }
    text.push_str("\n### Documentation conflicts, and how they are read\n\n");
    text.push_str("| about | what is said | read as |\n|---|---|---|\n");
    for conflict in decoder.doc_conflicts() {
        let cells = [conflict.subject, conflict.statements, conflict.read_as];
        add(&mut text, &table_line(&cells.map(str::to_owned)));
    }
    text
}

fn table_line(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::{base, check_sections, paths, write};
    use crate::mapping::fields::{Field, of_ticket};
    use crate::providers::PROVIDERS;
    use ticket_core::mapping::Rule;

    #[test]
    fn every_rule_and_every_contradiction_stands_on_the_page() {
        let page = write(PROVIDERS).unwrap();
        for decoder in PROVIDERS {
            let base = base(decoder.rules());
            for rule in decoder.rules() {
                assert!(page.contains(rule.note), "{rule:?}");
                assert!(page.contains(rule.evidence), "{rule:?}");
                for source in rule.sources {
                    let shown = source.strip_prefix(&*base).filter(|_| !rule.targets.is_empty());
                    assert!(page.contains(&format!("`{}`", shown.unwrap_or(source))), "{source}");
                }
            }
            for conflict in decoder.doc_conflicts() {
                assert!(page.contains(conflict.read_as), "{conflict:?}");
            }
        }
        for field in of_ticket().unwrap() {
            assert!(page.contains(&format!("`{}", field.path)), "{}", field.path);
        }
    }

    #[test]
    fn a_field_without_a_section_is_noticed() {
        let mut fields = of_ticket().unwrap();
        assert!(check_sections(&fields).is_ok());
        fields.push(Field { path: "mood".to_owned(), below: Vec::new() });
        let error = check_sections(&fields).unwrap_err().to_string();
        assert!(error.starts_with("`mood` has no section"), "{error}");
        fields.pop();
        fields.swap(0, 1);
        assert!(check_sections(&fields).is_err());
    }

    #[test]
    fn the_base_is_what_all_pointers_to_values_share() {
        let rules = [
            Rule::envelope(&["/code"], ""),
            Rule::text(&["title"], &["/data/ticket/title"]),
            Rule::text(&["requester.name"], &["/data/ticket/guest/name"]),
        ];
        assert_eq!(base(&rules), "/data/ticket");
        assert_eq!(base(&[rules[1], Rule::text(&["desk"], &["/data/desk"])]), "/data");
        assert_eq!(base(&[rules[1]]), "/data/ticket");
        assert_eq!(base(&rules[..1]), "");
    }

    #[test]
    fn fields_of_one_parent_name_it_once() {
        assert_eq!(paths(&["a.b".to_owned(), "a.c[i]".to_owned()]), "`a.b` `.c[i]`");
        assert_eq!(paths(&["a".to_owned(), "b".to_owned()]), "`a` `b`");
    }
}
