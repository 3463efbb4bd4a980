//! `docs/mapping.md`: where each field of the ticket comes from, for all providers side by side.

mod fields;
mod notes;
mod rows;

use anyhow::{Result, bail, ensure};
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::{Rule, RuleKind};

use super::row;
use fields::Field;
use notes::Notes;
use rows::{Row, Rules};

pub(super) const PAGE: &str = "docs/mapping.md";

const BEGINNING: &str = include_str!("mapping/beginning.txt");
const READING: &str = include_str!("mapping/reading.txt");

/// The sections of the table with their top-level fields of the ticket.
const SECTIONS: &[(&str, &[&str])] = &[
    ("Identity and subject", &["provider", "id", "helpdesk_id", "url", "title", "description"]),
    ("Status and classification", &["status", "priority", "type", "handling", "channel"]),
    (
        "People",
        &[
            "requester",
            "submitter",
            "assignee",
            "agents",
            "collaborators",
            "followers",
            "participants",
            "closed_by",
            "team",
        ],
    ),
    ("Tags, custom fields, attachments", &["tags", "custom_fields", "attachments"]),
    ("Conversation and history", &["conversation", "notes", "status_changes", "relations"]),
    ("Service level and satisfaction", &["sla", "satisfaction", "solved", "metrics"]),
    ("Times", &["created_at", "updated_at", "started_at", "due_at", "resolved_at", "closed_at"]),
];

/// The field that no rule fills: it takes what the rules leave.
const REST: &str = "extra";

/// Returns the page.
///
/// # Errors
/// Fails if a field has no section, a rule fills no field, or a way to convert values is not described.
pub(super) fn write(providers: &[&dyn MappingDescription]) -> Result<String> {
    let fields = fields::of_ticket()?;
    check_sections(&fields)?;
    check_readings(providers)?;
    let rules: Vec<_> = providers.iter().map(|provider| Rules::of(*provider)).collect();
    for (provider, rules) in providers.iter().zip(&rules) {
        rules.check(provider.provider(), &fields)?;
    }
    let mut notes = Notes::beside(&[BEGINNING, READING]);
    let titles: Vec<_> = providers.iter().map(|provider| provider.title()).collect();
    let bases: Vec<_> = providers.iter().map(|provider| base(provider.rules())).collect();
    let overview = overview(providers, &fields, &rules, &bases);
    let mut page = format!("{}\n\n{overview}\n## Field by field\n\n", BEGINNING.trim());
    for (title, names) in SECTIONS {
        let of_section: Vec<_> =
            fields.iter().filter(|field| names.contains(&field.name())).cloned().collect();
        page.push_str(&format!("### {title}\n\n"));
        page.push_str(&row(["field"].iter().chain(&titles)));
        page.push_str(&row(vec!["---"; titles.len() + 1]));
        for row in rows::of(&of_section, &rules) {
            page.push_str(&line(&row, &bases, &mut notes));
        }
        page.push('\n');
    }
    page.push_str(&format!("{}\n\n", READING.trim()));
    for provider in providers {
        page.push_str(&section(*provider));
    }
    page.push_str(&notes.text());
    Ok(page)
}

/// Checks that every top-level field has its section, in the order of the ticket.
fn check_sections(fields: &[Field]) -> Result<()> {
    let shown: Vec<_> =
        SECTIONS.iter().flat_map(|(_, names)| names.iter().copied()).chain([REST]).collect();
    let known: Vec<_> = fields.iter().map(Field::name).collect();
    if let Some(field) = known.iter().find(|field| !shown.contains(field)) {
        bail!(
            "`{field}` has no section; add it to SECTIONS in crates/ticket-cli/tests/docs/mapping.rs"
        );
    }
    ensure!(
        shown == known,
        "SECTIONS in crates/ticket-cli/tests/docs/mapping.rs must have the order of the ticket: {known:?}"
    );
    Ok(())
}

/// Checks that every conversion that a rule names is described.
fn check_readings(decoders: &[&dyn MappingDescription]) -> Result<()> {
    for rule in decoders.iter().flat_map(|decoder| decoder.rules()) {
        let is_explained = !says_more(rule) || READING.contains(&format!("\n| {} |", rule.name));
        ensure!(
            is_explained,
            "the conversion `{}` is not described; add it to crates/ticket-cli/tests/docs/mapping/reading.txt",
            rule.name
        );
    }
    Ok(())
}

/// Returns whether the name of a rule says more than its kind.
fn says_more(rule: &Rule) -> bool {
    match rule.kind {
        RuleKind::Copied | RuleKind::Converted | RuleKind::Required => rule.name != "custom",
        RuleKind::Derived
        | RuleKind::Constant
        | RuleKind::Envelope
        | RuleKind::Selector
        | RuleKind::Unmapped
        | RuleKind::Kept
        | RuleKind::Undecided => false,
    }
}

/// Returns the longest pointer that all pointers to values in the response of the ticket call begin with.
fn base(rules: &[Rule]) -> String {
    let targeted = rules.iter().filter(|rule| !rule.targets.is_empty());
    let sources = targeted.flat_map(|rule| rule.sources);
    let mut sources = sources
        .filter(|source| source.starts_with('/'))
        .map(|source| source.split('/').collect::<Vec<_>>());
    let mut base = sources.next().unwrap_or_default();
    base.pop();
    for source in sources {
        let same = base.iter().zip(&source).take_while(|(one, other)| one == other).count();
        base.truncate(same.min(source.len().saturating_sub(1)));
    }
    base.join("/")
}

/// Returns a row for each provider.
fn overview(
    providers: &[&dyn MappingDescription],
    fields: &[Field],
    rules: &[Rules],
    bases: &[String],
) -> String {
    let mut table = row(["provider", "service", "pointers begin at", "fills"]) + &row(["---"; 4]);
    for ((provider, rules), base) in providers.iter().zip(rules).zip(bases) {
        let filled = fields.iter().filter(|field| rules.reach(field)).count();
        table.push_str(&row([
            format!("`{}`", provider.provider()),
            provider.title().to_owned(),
            format!("`{base}`"),
            format!("{filled} of {} top-level fields", fields.len() - 1),
        ]));
    }
    table
}

/// Returns a row of the table.
fn line(fields: &Row, bases: &[String], notes: &mut Notes) -> String {
    let mut cells = vec![paths(&fields.paths)];
    for (rules, base) in fields.cells.iter().zip(bases) {
        let rules: Vec<_> = rules.iter().map(|rule| cell(rule, base, notes)).collect();
        cells.push(if rules.is_empty() { "–".to_owned() } else { rules.join("<br>") });
    }
    row(cells)
}

/// Formats paths of one parent, which is named once: `requester.email` `.phone`.
fn paths(paths: &[String]) -> String {
    let name = |path: &String| match path.rsplit_once('.') {
        Some((_, name)) => format!("`.{name}`"),
        None => format!("`{path}`"),
    };
    let rest = paths.iter().skip(1).map(name);
    let first = paths.iter().take(1).map(|path| format!("`{path}`"));
    first.chain(rest).collect::<Vec<_>>().join(" ")
}

/// Says where a value comes from, how, and by which rule.
fn cell(rule: &Rule, base: &str, notes: &mut Notes) -> String {
    let shown = |source: &&str| format!("`{}`", source.strip_prefix(base).unwrap_or(source));
    let sources: Vec<_> = rule.sources.iter().map(shown).collect();
    let mut parts = vec![sources.join(" "), rule.kind.as_str().to_owned()];
    if says_more(rule) {
        parts.push(rule.name.to_owned());
    }
    parts.retain(|part| !part.is_empty());
    format!("{}{}", parts.join(" · "), notes.mark(rule))
}

/// Returns the section of one provider.
fn section(provider: &dyn MappingDescription) -> String {
    let mut text = format!("## {}\n\n### Read, but not mapped to a field\n\n", provider.title());
    text.push_str(&(row(["source", "how", "why"]) + &row(["---"; 3])));
    for rule in provider.rules().iter().filter(|rule| rule.targets.is_empty()) {
        let sources: Vec<_> = rule.sources.iter().map(|source| format!("`{source}`")).collect();
        text.push_str(&row([&*sources.join(" "), rule.kind.as_str(), rule.note]));
    }
    text.push_str("\n### Contradictions in the documentation, and the reading that was chosen\n\n");
    text.push_str(&(row(["about", "statements", "read as"]) + &row(["---"; 3])));
    for known in provider.doc_conflicts() {
        text.push_str(&row([known.subject, known.statements, known.read_as]));
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::fields::{Field, of_ticket};
    use super::{base, check_sections, paths, write};
    use crate::PROVIDERS;
    use ticket_core::mapping::table;

    #[test]
    fn shows_every_rule_and_every_contradiction() {
        let page = write(PROVIDERS).unwrap();
        for provider in PROVIDERS {
            let base = base(provider.rules());
            for rule in provider.rules() {
                assert!(page.contains(rule.note) && page.contains(rule.evidence), "{rule:?}");
                for source in rule.sources {
                    let shown = source.strip_prefix(&*base).filter(|_| !rule.targets.is_empty());
                    assert!(page.contains(&format!("`{}`", shown.unwrap_or(source))), "{source}");
                }
            }
            assert!(provider.doc_conflicts().iter().all(|it| page.contains(it.read_as)));
        }
    }

    #[test]
    fn refuses_a_field_without_a_section() {
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
    fn shortens_pointers_by_their_common_beginning() {
        let rules = table::rules(
            r#"[{"sources": ["/code"], "kind": "envelope"},
            {"targets": ["title"], "sources": ["/data/ticket/title"], "kind": "copied"},
            {"targets": ["requester.name"], "sources": ["/data/ticket/guest/name"], "kind": "copied"},
            {"targets": ["conversation.messages[i].id"],
             "sources": ["list_messages[p]#/data/messages/[i]/id"], "kind": "copied"}]"#,
        );
        assert_eq!(base(&rules), "/data/ticket");
        assert_eq!(base(&rules[..1]), "");
        assert_eq!(paths(&["a.b".to_owned(), "a.c[i]".to_owned()]), "`a.b` `.c[i]`");
    }
}
