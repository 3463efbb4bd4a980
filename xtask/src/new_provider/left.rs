//! What is left to decide of a provider, leaf by leaf, each with a proposal.

use anyhow::{Context, Result};
use ticket_core::pattern::{Bindings, Pattern};
use ticket_core::tree::Tree;
use ticket_core::{Dialect, RuleKind};

use super::spelling::member;
use super::wire::{is_id, is_time, is_word};
use crate::providers::PROVIDERS;

/// Prints what is left.
///
/// # Errors
/// Where there is no such provider.
pub(super) fn run(name: &str) -> Result<()> {
    let names = || PROVIDERS.iter().map(|it| it.provider()).collect::<Vec<_>>().join(", ");
    let dialect = PROVIDERS
        .iter()
        .find(|dialect| dialect.provider() == name)
        .with_context(|| format!("no provider is called `{name}`; there are {}", names()))?;
    let fixtures: Vec<_> = ticket_fixtures::of(name)
        .filter(|case| case.http_status == 200)
        .filter_map(|case| Tree::parse(std::str::from_utf8(case.body).ok()?).ok())
        .collect();
    print!("{}", text(*dialect, &fixtures));
    Ok(())
}

fn text(dialect: &dyn Dialect, answers: &[Tree]) -> String {
    let (name, rules) = (dialect.provider(), dialect.rules());
    let undecided: Vec<_> = rules.iter().filter(|rule| rule.kind == RuleKind::Undecided).collect();
    let leaves = rules.iter().filter(|rule| !rule.sources.is_empty()).count();
    if undecided.is_empty() {
        return format!("{name}: all of {leaves} rows are decided\n");
    }
    let mut text = format!("{name}: {} of {leaves} rows are undecided\n", undecided.len());
    for source in undecided.iter().flat_map(|rule| rule.sources) {
        let pattern = Pattern::source(source);
        let found = answers.iter().flat_map(|answer| pattern.find(answer, &Bindings::new()));
        let values: Vec<String> = found.map(|(_, value)| value.to_string()).collect();
        let value = values.iter().find(|value| !matches!(&***value, "null" | "[]" | "{}"));
        let value = value.map_or("null", String::as_str);
        text.push('\n');
        text.push_str(&told(source, value));
    }
    text
}

/// A leaf with its value, and what is proposed for it.
pub(super) fn told(source: &str, value: &str) -> String {
    let (line, row) = proposal(source, value);
    let shown: String = value.chars().take(60).collect();
    format!("{source} = {shown}\n    map.rs    {line}\n    rules.rs  {row}\n")
}

/// Fields, and the names under which services send them.
type Names = &'static [(&'static str, &'static [&'static str])];

/// Fields of the ticket, and the names under which services send them.
const FIELDS: Names = &[
    ("title", &["title", "subject", "summary"]),
    ("description", &["description", "body", "text", "details"]),
    ("created_at", &["created_at", "created", "opened_at", "opened"]),
    ("updated_at", &["updated_at", "updated", "modified_at", "changed_at", "changed"]),
    ("resolved_at", &["resolved_at", "solved_at"]),
    ("closed_at", &["closed_at", "closed"]),
    ("status", &["status", "state"]),
    ("priority", &["priority", "urgency", "severity"]),
    ("kind", &["type_value", "kind", "ticket_type"]),
    ("channel", &["channel", "via", "source"]),
    ("tags[i].name", &["tags", "labels"]),
];

/// The same within an object, or within the objects of a list, that has one of these names.
const PARTS: &[(&str, &[&str], Names)] = &[
    ("requester", &["requester", "customer", "contact", "reporter"], PERSON),
    ("assignee", &["assignee", "agent", "owner"], PERSON),
    ("team", &["team", "group", "department"], THING),
    ("agents[i]", &["agents", "assignees"], PERSON),
    ("followers[i]", &["followers", "watchers"], PERSON),
    ("tags[i]", &["tags", "labels"], THING),
    (
        "conversation.messages[i]",
        &["messages", "comments", "conversation", "replies"],
        &[
            ("id", &["id", "uuid"]),
            ("body", &["body", "text", "content"]),
            ("sent_at", &["sent_at", "created_at", "at_value"]),
        ],
    ),
];
const THING: Names = &[("id", &["id", "uuid"]), ("name", &["name", "label", "title"])];
const PERSON: Names = &[
    ("id", &["id", "uuid"]),
    ("name", &["name", "display_name", "full_name"]),
    ("email", &["email", "mail"]),
    ("phone", &["phone"]),
];

/// The line of the mapping and the row for a leaf, with `…` for what only a person can know.
fn proposal(source: &str, value: &str) -> (String, String) {
    let steps: Vec<&str> = source.split('/').skip(1).collect();
    let key = steps.iter().rev().find(|step| !step.starts_with('[')).copied().unwrap_or_default();
    let target = target(&steps);
    let is_item = source.ends_with(']');
    let field = target.as_deref().unwrap_or("…");
    let member = member(key);
    let (reader, rule) = reader(key, value);
    let name = field.rsplit('.').next().unwrap_or(field).trim_end_matches("[i]");
    let line = if is_item {
        format!("{}: at.list({member}, |at, item| …)", field.split('[').next().unwrap_or(field))
    } else {
        format!("{name}: at.{reader}({member}{})", if rule == "word" { ", …" } else { "" })
    };
    let row = if rule == "word" {
        let ours = match field {
            "status" => "category",
            "priority" => "level",
            _ => "kind",
        };
        format!(
            "Rule::word(&[\"{field}.{ours}\", \"{field}.native\"], &[{source:?}], \"…\", &[…]),"
        )
    } else {
        format!("Rule::{rule}(&[{field:?}], &[{source:?}]),")
    };
    (line, row)
}

fn target(steps: &[&str]) -> Option<String> {
    let keys: Vec<String> =
        steps.iter().filter(|step| !step.starts_with('[')).map(|key| member(key)).collect();
    let (key, around) = keys.split_last()?;
    // A key within more lists than the field has is not that field.
    let depth = steps.iter().filter(|step| step.starts_with('[')).count();
    let fits = |field: &str| depth == field.matches('[').count();
    if let Some(parent) = around.last()
        && let Some((ours, _, parts)) =
            PARTS.iter().find(|(ours, names, _)| fits(ours) && names.contains(&&**parent))
    {
        let part = parts.iter().find(|(_, names)| names.contains(&&**key));
        return part.map(|(part, _)| format!("{ours}.{part}"));
    }
    let field = FIELDS.iter().find(|(_, names)| names.contains(&&**key)).map(|(ours, _)| *ours)?;
    fits(field).then(|| field.to_owned())
}

/// The reader and the rule for such a value.
fn reader(key: &str, value: &str) -> (&'static str, &'static str) {
    let text: Option<String> = serde_json::from_str(value).ok();
    match &text {
        Some(text) if is_time(text) => ("rfc_3339", "rfc_3339"),
        Some(_) if is_id(key) => ("id", "id"),
        Some(_) if is_word(key) => ("word", "word"),
        Some(_) => ("text", "text"),
        None if matches!(value, "true" | "false") => ("flag", "flag"),
        None if value == "null" && member(key).ends_with("_at") => ("rfc_3339", "rfc_3339"),
        None if value == "null" || value.starts_with(['[', '{']) => ("json", "json"),
        None if is_id(key) => ("integer_id", "integer_id"),
        None if is_word(key) => ("code", "word"),
        None if value.len() == 13 && value.bytes().all(|byte| byte.is_ascii_digit()) => {
            ("milliseconds", "milliseconds")
        }
        None => ("integer", "integer"),
    }
}

#[cfg(test)]
mod tests {
    use super::proposal;

    #[test]
    fn a_leaf_is_proposed_as_what_its_name_and_its_value_say() {
        for (source, value, line, row) in [
            (
                "/ticket/subject",
                "\"A jam\"",
                "title: at.text(subject)",
                "Rule::text(&[\"title\"], &[\"/ticket/subject\"]),",
            ),
            (
                "/ticket/createdAt",
                "\"2026-05-04T09:00:00Z\"",
                "created_at: at.rfc_3339(created_at)",
                "Rule::rfc_3339(&[\"created_at\"], &[\"/ticket/createdAt\"]),",
            ),
            (
                "/status",
                "3",
                "status: at.code(status, …)",
                "Rule::word(&[\"status.category\", \"status.native\"], &[\"/status\"], \"…\", &[…]),",
            ),
            (
                "/customer/email",
                "\"a@b\"",
                "email: at.text(email)",
                "Rule::text(&[\"requester.email\"], &[\"/customer/email\"]),",
            ),
            (
                "/tags/[i]",
                "\"a\"",
                "tags: at.list(tags, |at, item| …)",
                "Rule::text(&[\"tags[i].name\"], &[\"/tags/[i]\"]),",
            ),
            (
                "/messages/[i]/body",
                "\"a\"",
                "body: at.text(body)",
                "Rule::text(&[\"conversation.messages[i].body\"], &[\"/messages/[i]/body\"]),",
            ),
            (
                "/messages/[i]/customer/name",
                "\"a\"",
                "…: at.text(name)",
                "Rule::text(&[\"…\"], &[\"/messages/[i]/customer/name\"]),",
            ),
            ("/agent/vip", "true", "…: at.flag(vip)", "Rule::flag(&[\"…\"], &[\"/agent/vip\"]),"),
        ] {
            assert_eq!(proposal(source, value), (line.to_owned(), row.to_owned()));
        }
    }
}
