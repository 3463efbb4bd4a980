//! The lines that are proposed for a leaf, with `…` for what only a person can know.

use super::guess;
use crate::new_provider::spelling::{is_tenants, member};
use crate::new_provider::wire::{is_id, is_prose, is_time};

/// A leaf of which nobody has decided.
pub(in crate::new_provider) struct Leaf<'l> {
    /// Where the ticket stands in the response.
    pub(in crate::new_provider) ticket: &'l str,
    pub(in crate::new_provider) source: &'l str,
    /// The value of an example as JSON, `null` where none has one.
    pub(in crate::new_provider) value: &'l str,
    /// The value of the nearest time beside it: `null` does not say how a time is written.
    pub(in crate::new_provider) time: Option<&'l str>,
}

/// A file, and a line that may stand in it.
type Line = (&'static str, String);

/// What is proposed, file by file.
pub(super) fn lines(leaf: &Leaf<'_>) -> Vec<Line> {
    let Leaf { ticket, source, value, .. } = leaf;
    let within = source.strip_prefix(ticket).and_then(|rest| rest.strip_prefix('/'));
    let Some(within) = within else { return beside(leaf).into() };
    let steps: Vec<&str> = within.split('/').collect();
    if let [key] = steps[..]
        && is_tenants(key)
        && !value.starts_with('[')
    {
        return own_fields(source, key).into();
    }
    let key = steps.iter().rev().find(|step| !step.starts_with('[')).copied().unwrap_or_default();
    match guess::field(&steps) {
        Some(field) => known(&field, key, leaf).into(),
        None => kept(source, key).into(),
    }
}

/// What stands around the ticket.
fn beside(leaf: &Leaf<'_>) -> [Line; 2] {
    let Leaf { ticket, source, value, .. } = leaf;
    let around: Vec<&str> = ticket.split('/').collect();
    let steps: Vec<&str> = source.split('/').collect();
    let shared = steps.iter().zip(&around).take_while(|(one, other)| one == other).count();
    let key = steps.get(shared).copied().unwrap_or_default();
    let reader = match value.as_bytes() {
        _ if steps.len() > shared + 1 => "json",
        [b'"', ..] => "text",
        b"true" | b"false" => "flag",
        [b'-' | b'0'..=b'9', ..] => "integer",
        _ => "json",
    };
    [
        ("lib.rs", format!("at.{reader}({});", member(key))),
        ("rules.rs", format!("Rule::unmapped(&[{source:?}], \"…\"),")),
    ]
}

/// An object whose keys are the tenant's own.
fn own_fields(source: &str, key: &str) -> [Line; 3] {
    let member = member(key);
    [
        ("map.rs", format!("custom_fields: self::custom_fields(cursor, {member})")),
        ("rules.rs", format!("Rule::json(&[\"custom_fields[*].value\"], &[\"{source}/*\"]),")),
        ("", format!("Rule::key(&[\"custom_fields[*].key\"], &[\"{source}/*\"]),")),
    ]
}

/// What the ticket has no field for, as far as names tell.
fn kept(source: &str, key: &str) -> [Line; 2] {
    [
        ("map.rs", format!("cursor.kept({});", member(key))),
        ("rules.rs", format!("Rule::kept(&[{source:?}], \"…\"),")),
    ]
}

fn known(field: &str, key: &str, leaf: &Leaf<'_>) -> [Line; 2] {
    let Leaf { source, value, .. } = leaf;
    let member = member(key);
    let (above, name) = field.rsplit_once('.').unwrap_or(("", field));
    let (line, row) = if let Some((list, _)) =
        field.split_once("[i].").filter(|_| source.ends_with(']'))
    {
        let rule = if name == "id" { "id" } else { "text" };
        (
            format!("{list}: cursor.list({member}, |cursor, item| …)"),
            format!("Rule::{rule}(&[{field:?}], &[{source:?}]),"),
        )
    } else if let Some(ours) = ours(name) {
        let reader =
            if value.starts_with(|first: char| first.is_ascii_digit()) { "code" } else { "word" };
        let targets = match ours {
            "role" => format!("\"{field}\", \"{above}.native\""),
            ours => format!("\"{field}.{ours}\", \"{field}.native\""),
        };
        (
            format!("{name}: at.{reader}({member}, …)"),
            format!("Rule::word(&[{targets}], &[{source:?}], \"…\", &[…]),"),
        )
    } else if name == "visibility" {
        let reader = match *value {
            "true" | "false" => format!("match cursor.flag({member}) {{ … }}"),
            _ => format!("cursor.choice_of_words({member}, …, \"…\").unwrap_or_default()"),
        };
        (
            format!("{name}: {reader}"),
            format!("Rule::converted(&[{field:?}], &[{source:?}], \"…\", &[…]),"),
        )
    } else if field == "satisfaction.score" {
        (
            format!("{name}: cursor.rating({member}, …, …)"),
            format!("Rule::rating(&[{field:?}], &[{source:?}], \"…\"),"),
        )
    } else {
        let reader = reader(name, key, leaf);
        (
            format!("{name}: at.{reader}({member})"),
            format!("Rule::{reader}(&[{field:?}], &[{source:?}]),"),
        )
    };
    [("map.rs", line), ("rules.rs", row)]
}

/// What our word is called in the pair of ours and the provider's.
fn ours(field: &str) -> Option<&'static str> {
    Some(match field {
        "status" => "category",
        "priority" => "level",
        "kind" | "channel" => "kind",
        "role" => "role",
        _ => return None,
    })
}

/// The reader, and the rule of the same name.
fn reader(field: &str, key: &str, leaf: &Leaf<'_>) -> &'static str {
    let is_instant = field.ends_with("_at") || field.ends_with("_due");
    let text: Option<String> = serde_json::from_str(leaf.value).ok();
    match &text {
        _ if field == "value" => "json",
        Some(text) if is_time(text) => "rfc_3339",
        Some(_) if field == "size_bytes" => "size",
        Some(_) if is_id(key) => "id",
        Some(_) => "text",
        None if matches!(leaf.value, "true" | "false") => "flag",
        None if is_instant => {
            let beside = || leaf.time.and_then(instant);
            instant(leaf.value).or_else(beside).unwrap_or("rfc_3339")
        }
        None if leaf.value == "null" && is_prose(key) => "text",
        None if leaf.value == "null" || leaf.value.starts_with(['[', '{']) => "json",
        None if is_id(key) => "integer_id",
        None if field == "size_bytes" => "integer_size",
        None => "integer",
    }
}

/// The reader of an instant that is written like this value, where it is one in any notation.
pub(super) fn instant(value: &str) -> Option<&'static str> {
    let text = || serde_json::from_str::<String>(value).ok();
    match value.parse::<u64>() {
        Ok(946_684_800..4_133_980_800) => Some("unix_seconds"),
        Ok(946_684_800_000..4_133_980_800_000) => Some("unix_milliseconds"),
        _ => text().is_some_and(|text| is_time(&text)).then_some("rfc_3339"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Leaf, lines};

    #[test]
    fn a_leaf_is_proposed_as_what_its_name_and_its_value_say() {
        for (source, value, expected) in [
            (
                "/ticket/subject",
                "\"A jam\"",
                &[
                    "title: cursor.text(subject)",
                    "Rule::text(&[\"title\"], &[\"/ticket/subject\"]),",
                ][..],
            ),
            (
                "/ticket/createdAt",
                "\"2026-05-04T09:00:00Z\"",
                &[
                    "created_at: cursor.rfc_3339(created_at)",
                    "Rule::rfc_3339(&[\"created_at\"], &[\"/ticket/createdAt\"]),",
                ],
            ),
            (
                "/ticket/solved_at",
                "null",
                &[
                    "resolved_at: cursor.unix_milliseconds(solved_at)",
                    "Rule::unix_milliseconds(&[\"resolved_at\"], &[\"/ticket/solved_at\"]),",
                ],
            ),
            (
                "/ticket/closed",
                "0",
                &[
                    "closed_at: cursor.unix_milliseconds(closed)",
                    "Rule::unix_milliseconds(&[\"closed_at\"], &[\"/ticket/closed\"]),",
                ],
            ),
            (
                "/ticket/opened",
                "1762248605",
                &[
                    "created_at: cursor.unix_seconds(opened)",
                    "Rule::unix_seconds(&[\"created_at\"], &[\"/ticket/opened\"]),",
                ],
            ),
            (
                "/ticket/status",
                "3",
                &[
                    "status: cursor.code(status, …)",
                    "Rule::word(&[\"status.value\", \"status.native\"], &[\"/ticket/status\"], \"…\", &[…]),",
                ],
            ),
            (
                "/ticket/messages/[i]/role",
                "\"bot\"",
                &[
                    "role: cursor.word(role, …)",
                    "Rule::word(&[\"conversation.messages[i].author.role\", \"conversation.messages[i].author.role.native\"], \
                     &[\"/ticket/messages/[i]/role\"], \"…\", &[…]),",
                ],
            ),
            (
                "/ticket/comments/[i]/public",
                "\"1\"",
                &[
                    "visibility: cursor.choice_of_words(public, …, \"…\").unwrap_or_default()",
                    "Rule::converted(&[\"conversation.messages[i].visibility\"], &[\"/ticket/comments/[i]/public\"], \"…\", &[…]),",
                ],
            ),
            (
                "/ticket/tags/[i]",
                "\"a\"",
                &[
                    "tags: cursor.list(tags, |cursor, item| …)",
                    "Rule::text(&[\"tags[i].name\"], &[\"/ticket/tags/[i]\"]),",
                ],
            ),
            (
                "/ticket/files/[i]/size",
                "812",
                &[
                    "size_bytes: cursor.integer_size(size)",
                    "Rule::integer_size(&[\"attachments[i].size_bytes\"], &[\"/ticket/files/[i]/size\"]),",
                ],
            ),
            (
                "/ticket/csat/score",
                "4",
                &[
                    "score: cursor.rating(score, …, …)",
                    "Rule::rating(&[\"satisfaction.score\"], &[\"/ticket/csat/score\"], \"…\"),",
                ],
            ),
            (
                "/ticket/csat/comment",
                "null",
                &[
                    "comment: cursor.text(comment)",
                    "Rule::text(&[\"satisfaction.comment\"], &[\"/ticket/csat/comment\"]),",
                ],
            ),
            (
                "/ticket/custom_fields",
                "{\"a\":1}",
                &[
                    "custom_fields: self::custom_fields(cursor, custom_fields)",
                    "Rule::json(&[\"custom_fields[*].value\"], &[\"/ticket/custom_fields/*\"]),",
                    "Rule::key(&[\"custom_fields[*].key\"], &[\"/ticket/custom_fields/*\"]),",
                ],
            ),
            (
                "/ticket/agent/vip",
                "true",
                &["cursor.kept(vip);", "Rule::kept(&[\"/ticket/agent/vip\"], \"…\"),"],
            ),
            (
                "/status",
                "\"ok\"",
                &["cursor.text(status);", "Rule::unmapped(&[\"/status\"], \"…\"),"],
            ),
            (
                "/page/total",
                "7",
                &["cursor.json(page);", "Rule::unmapped(&[\"/page/total\"], \"…\"),"],
            ),
        ] {
            let leaf = Leaf { ticket: "/ticket", source, value, time: Some("1762248605123") };
            let found: Vec<_> = lines(&leaf).into_iter().map(|(_, line)| line).collect();
            assert_eq!(found, expected);
        }
    }
}
