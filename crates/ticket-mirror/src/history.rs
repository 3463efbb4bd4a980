//! The versions of a ticket, and what changed between them.

use std::borrow::Cow;

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ticket_core::model::IndexMap;

use crate::error::MirrorError;
use crate::mirror::Mirror;

/// A version of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TicketVersion {
    /// The number of the version, from 1.
    pub version: i64,
    /// When it was first seen.
    pub seen_at: String,
    /// What changed since the version before; for the first version empty.
    pub changes: Vec<Change>,
}

/// A field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The path of the field, such as `status.value` or `tags[0].name`.
    pub field: String,
    /// The JSON before; `None` if there was no value.
    pub from: Option<String>,
    /// The JSON after; `None` if there is no value.
    pub to: Option<String>,
}

impl Mirror {
    /// Returns the versions of a ticket, the oldest first.
    ///
    /// # Errors
    /// [`UnknownSource`](MirrorError::UnknownSource), [`UnknownTicket`](MirrorError::UnknownTicket),
    /// [`Database`](MirrorError::Database), [`Damaged`](MirrorError::Damaged).
    pub fn history(&self, source: &str, id: &str) -> Result<Vec<TicketVersion>, MirrorError> {
        let (key, _) = self.ticket_key(source, id)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT version, seen_at, json FROM ticket_version WHERE ticket = ?1
             UNION ALL SELECT version, version_at, json FROM ticket WHERE key = ?1 ORDER BY version",
        )?;
        let rows = statement.query_map([key], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let mut versions = Vec::new();
        let mut before: Option<String> = None;
        for row in rows {
            let (version, seen_at, json) = row?;
            let mut changes = Vec::new();
            if let Some(before) = &before {
                compare(String::new(), Some(before), Some(&json), &mut changes);
            }
            versions.push(TicketVersion { version, seen_at, changes });
            before = Some(json);
        }
        Ok(versions)
    }

    /// Returns the key of a ticket and the number of its version.
    pub(crate) fn ticket_key(&self, source: &str, id: &str) -> Result<(i64, i64), MirrorError> {
        let key = self.source_key(source)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT key, version FROM ticket WHERE source = ?1 AND id = ?2")?;
        let found = statement
            .query_row(params![key.0, id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        found.ok_or_else(|| MirrorError::UnknownTicket(format!("{source}:{id}")))
    }
}

/// Adds the leaves in which two JSON values differ.
fn compare(path: String, from: Option<&str>, to: Option<&str>, changes: &mut Vec<Change>) {
    if from == to {
        return;
    }
    if let Some((from, to)) = members(from).zip(members(to)) {
        let below =
            |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        for (key, value) in &from {
            compare(below(key), Some(value.get()), to.get(key).map(|raw| raw.get()), changes);
        }
        for (key, value) in to.iter().filter(|(key, _)| !from.contains_key(*key)) {
            compare(below(key), None, Some(value.get()), changes);
        }
    } else if let Some((from, to)) = by_id(from).zip(by_id(to)) {
        for (id, value) in &from {
            let to = to.get(id).map(|raw| raw.get());
            compare(format!("{path}[id {id}]"), Some(value.get()), to, changes);
        }
        for (id, value) in to.iter().filter(|(id, _)| !from.contains_key(*id)) {
            compare(format!("{path}[id {id}]"), None, Some(value.get()), changes);
        }
    } else if let Some((from, to)) = items(from).zip(items(to)) {
        for index in 0..from.len().max(to.len()) {
            let [from, to] = [&from, &to].map(|list| list.get(index).map(|raw| raw.get()));
            compare(format!("{path}[{index}]"), from, to, changes);
        }
    } else {
        let [from, to] = [from, to].map(|value| value.map(str::to_owned));
        changes.push(Change { field: path, from, to });
    }
}

/// Returns the members of an object.
fn members(json: Option<&str>) -> Option<IndexMap<Cow<'_, str>, &RawValue>> {
    json.filter(|json| json.starts_with('{')).and_then(parse)
}

/// Returns the items of a list.
fn items(json: Option<&str>) -> Option<Vec<&RawValue>> {
    json.filter(|json| json.starts_with('[')).and_then(parse)
}

/// Returns the items of a list by their ids, if each has one of its own: their order may differ.
fn by_id(json: Option<&str>) -> Option<IndexMap<String, &RawValue>> {
    #[derive(Deserialize)]
    struct Item {
        id: String,
    }
    let items = items(json)?;
    let count = items.len();
    let items: IndexMap<_, _> = items
        .into_iter()
        .map(|item| Some((parse::<Item>(item.get())?.id, item)))
        .collect::<Option<_>>()?;
    (items.len() == count).then_some(items)
}

fn parse<'t, T: Deserialize<'t>>(json: &'t str) -> Option<T> {
    serde_json::from_str(json).ok()
}

#[cfg(test)]
mod tests {
    use super::{Change, compare};

    #[test]
    fn names_the_leaves_that_differ() {
        let mut changes = Vec::new();
        let from = r#"{"id":"1","status":{"value":"open"},"tags":[{"name":"a"}],"title":"x","n":18446744073709551616}"#;
        let to = r#"{"id":"1","status":{"value":"closed"},"tags":[{"name":"a"},{"name":"b"}],"n":18446744073709551617}"#;
        compare(String::new(), Some(from), Some(to), &mut changes);
        let found: Vec<_> = changes
            .iter()
            .map(|Change { field, from, to }| (&**field, from.as_deref(), to.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                ("status.value", Some("\"open\""), Some("\"closed\"")),
                ("tags[1]", None, Some("{\"name\":\"b\"}")),
                ("title", Some("\"x\""), None),
                ("n", Some("18446744073709551616"), Some("18446744073709551617")),
            ]
        );
    }
}
