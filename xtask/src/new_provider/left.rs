//! What is left to decide of a provider, leaf by leaf, each with a proposal.

use std::fmt::Write as _;

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
    const TAKES: &str = "a String takes everything";
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
        let (line, row) = proposal(source, value);
        let shown: String = value.chars().take(60).collect();
        write!(text, "\n{source} = {shown}\n    map.rs    {line}\n    rules.rs  {row}\n")
            .expect(TAKES);
    }
    text
}

/// Fields of the ticket, and the names under which services send them.
const FIELDS: &[(&str, &[&str])] = &[
    ("title", &["title", "subject", "summary"]),
    ("description", &["description", "body", "text", "details"]),
    ("created_at", &["created_at", "created", "opened_at", "opened"]),
    ("updated_at", &["updated_at", "updated", "modified_at", "changed_at", "changed"]),
    ("resolved_at", &["resolved_at", "solved_at"]),
    ("closed_at", &["closed_at", "closed"]),
    ("status", &["status", "state"]),
    ("priority", &["priority", "urgency"]),
    ("kind", &["type_value", "kind", "ticket_type"]),
    ("channel", &["channel", "via", "source"]),
    ("tags[i].name", &["tags", "labels"]),
];

/// The same within an object of this name.
const PARTS: &[(&str, &[&str], &[&str])] = &[
    (
        "requester",
        &["requester", "customer", "contact", "reporter"],
        &["id", "name", "email", "phone"],
    ),
    ("assignee", &["assignee", "agent", "owner"], &["id", "name", "email", "phone"]),
    ("team", &["team", "group", "department"], &["id", "name"]),
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
    if let Some(parent) = around.last()
        && let Some((ours, _, parts)) =
            PARTS.iter().find(|(_, names, _)| names.contains(&&**parent))
    {
        return parts.contains(&&**key).then(|| format!("{ours}.{key}"));
    }
    // A key deep within lists is not one of the ticket itself.
    let depth = steps.iter().filter(|step| step.starts_with('[')).count();
    let field = FIELDS.iter().find(|(_, names)| names.contains(&&**key)).map(|(ours, _)| *ours)?;
    (depth == field.matches('[').count()).then(|| field.to_owned())
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
                "…: at.text(body)",
                "Rule::text(&[\"…\"], &[\"/messages/[i]/body\"]),",
            ),
            ("/agent/vip", "true", "…: at.flag(vip)", "Rule::flag(&[\"…\"], &[\"/agent/vip\"]),"),
        ] {
            assert_eq!(proposal(source, value), (line.to_owned(), row.to_owned()));
        }
    }
}
