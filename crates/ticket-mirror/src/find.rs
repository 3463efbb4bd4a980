//! Finds tickets in the mirror: by words, and by the filters of a list.

use std::borrow::Cow;

use rusqlite::types::ToSql;
use rusqlite::{params, params_from_iter};
use ticket_core::model::Ticket;
use ticket_core::{ListQuery, TimeRange};

use crate::error::MirrorError;
use crate::mirror::Mirror;
use crate::{json, terms, time};

/// A ticket of the mirror.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FoundTicket {
    /// The name of its source.
    pub source: String,
    /// The ticket.
    pub ticket: Ticket,
    /// When a full run did not find it any more.
    pub missing_since: Option<String>,
}

/// When a ticket was read from the service.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sighting {
    /// When it was read last.
    pub last_seen_at: String,
    /// When a full run did not find it any more.
    pub missing_since: Option<String>,
}

/// Above this number of matches, the tickets that were created last come first: ranking takes 5 µs a match.
const MAX_RANKED: u64 = 5_000;
/// How much a word in each column of the index counts: title, description, messages, notes, fields, people.
const WEIGHTS: &str = "8.0, 3.0, 1.0, 1.0, 4.0, 2.0";
/// The columns of the index without people.
const OTHERS: &str = "{title description messages notes fields}";

/// Which tickets of the mirror to find.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'q> {
    /// The filters and the words.
    pub query: &'q ListQuery,
    /// The name of the source; `None` means all.
    pub source: Option<&'q str>,
    /// Whether the words may also occur in the names and addresses of people.
    pub people: bool,
}

impl Mirror {
    /// Calls `each` with the tickets that match, until it returns `false` or `limit` tickets were found.
    ///
    /// The filters are those of a list; [`text`](ListQuery::text) are words that all have to occur in the texts, fields or people of a
    /// ticket: `"two words"` is a phrase, and `print*` any word that begins like this. The best match comes first; without words, or
    /// with more than 5,000 matches, the ticket that was created last. `source` is the name of a source; `None` means all.
    ///
    /// # Errors
    /// [`Query`](MirrorError::Query) if the words have no letter or digit, or if the query has filters that only a service knows;
    /// [`UnknownSource`](MirrorError::UnknownSource); [`Database`](MirrorError::Database); and the errors of `each`.
    pub fn find<E: From<MirrorError>>(
        &self,
        query: &ListQuery,
        source: Option<&str>,
        limit: Option<u64>,
        each: impl FnMut(FoundTicket) -> Result<bool, E>,
    ) -> Result<(), E> {
        self.find_from(&Selection { query, source, people: true }, 0, limit, each)
    }

    /// Does the same as [`find`](Self::find) without the first `skipped` tickets.
    ///
    /// # Errors
    /// Those of [`find`](Self::find).
    pub fn find_from<E: From<MirrorError>>(
        &self,
        selection: &Selection<'_>,
        skipped: u64,
        limit: Option<u64>,
        mut each: impl FnMut(FoundTicket) -> Result<bool, E>,
    ) -> Result<(), E> {
        let matching = self.selected(selection)?;
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT source.name, ticket.json, ticket.missing_since FROM {} JOIN source ON source.key = ticket.source
             WHERE {} ORDER BY {}, ticket.key LIMIT {} OFFSET {}",
            matching.from,
            matching.condition(),
            matching.order,
            limit.map_or(-1, number),
            number(skipped)
        );
        let database = |error: rusqlite::Error| MirrorError::from(error);
        let mut statement = self.connection.prepare(&sql).map_err(database)?;
        let mut rows = statement.query(params_from_iter(matching.values)).map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            let text = row.get_ref(1).map_err(database)?.as_str().unwrap_or_default();
            let found = FoundTicket {
                source: row.get(0).map_err(database)?,
                ticket: json::read(text)?,
                missing_since: row.get(2).map_err(database)?,
            };
            if !each(found)? {
                break;
            }
        }
        Ok(())
    }

    /// Returns how many tickets match.
    ///
    /// # Errors
    /// Those of [`find`](Self::find).
    pub fn count_matching(&self, selection: &Selection<'_>) -> Result<u64, MirrorError> {
        let matching = self.selected(selection)?;
        let sql = format!("SELECT count(*) FROM {} WHERE {}", matching.from, matching.condition());
        let mut statement = self.connection.prepare(&sql)?;
        Ok(statement.query_row(params_from_iter(matching.values), |row| row.get(0))?)
    }

    /// Returns a ticket.
    ///
    /// # Errors
    /// [`UnknownSource`](MirrorError::UnknownSource), [`UnknownTicket`](MirrorError::UnknownTicket),
    /// [`Database`](MirrorError::Database).
    pub fn ticket(&self, source: &str, id: &str) -> Result<Ticket, MirrorError> {
        let (key, _) = self.ticket_key(source, id)?;
        let mut statement =
            self.connection.prepare_cached("SELECT json FROM ticket WHERE key = ?1")?;
        let json: String = statement.query_row([key], |row| row.get(0))?;
        json::read(&json)
    }

    /// Returns when a ticket was read from the service.
    ///
    /// # Errors
    /// Those of [`ticket`](Self::ticket).
    pub fn sighting(&self, source: &str, id: &str) -> Result<Sighting, MirrorError> {
        let (key, _) = self.ticket_key(source, id)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT last_seen_at, missing_since FROM ticket WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| {
            Ok(Sighting { last_seen_at: row.get(0)?, missing_since: row.get(1)? })
        })?)
    }

    /// Returns which tickets match.
    pub(crate) fn matching(
        &self,
        query: &ListQuery,
        source: Option<&str>,
    ) -> Result<Matching, MirrorError> {
        self.selected(&Selection { query, source, people: true })
    }

    fn selected(&self, selection: &Selection<'_>) -> Result<Matching, MirrorError> {
        let Selection { query, source, people } = *selection;
        if let Some((name, _)) = query.native.first() {
            let message =
                format!("the filter {} works only online, not in the mirror", name.escape_debug());
            return Err(MirrorError::Query(message));
        }
        query.check_ranges()?;
        let mut matching = Matching {
            from: "ticket",
            order: "ticket.created_at DESC".to_owned(),
            conditions: Vec::new(),
            values: Vec::new(),
        };
        if let Some(words) = &query.text {
            let terms = terms::query(words).ok_or_else(|| {
                MirrorError::Query(format!(
                    "nothing to search for in \"{}\": a word has letters or digits",
                    words.escape_debug()
                ))
            })?;
            let terms = if people { terms } else { format!("{OTHERS} : ({terms})") };
            if self.has_many(&terms)? {
                // The plus keeps SQLite from reading all matches first: it goes through the tickets by their time.
                let matches = "SELECT rowid FROM text_index WHERE text_index MATCH ?";
                matching.add(&format!("+ticket.key IN ({matches})"), terms);
            } else {
                matching.from = "text_index CROSS JOIN ticket ON ticket.key = text_index.rowid";
                matching.order = format!("bm25(text_index, {WEIGHTS})");
                matching.add("text_index MATCH ?", terms);
            }
        }
        if let Some(source) = source {
            matching.add("ticket.source = ?", self.source_key(source)?.0);
        }
        if !query.statuses.is_empty() {
            let places = vec!["?"; query.statuses.len()].join(", ");
            matching.conditions.push(format!("ticket.status IN ({places})"));
            for status in &query.statuses {
                matching.values.push(Box::new(status.as_str()));
            }
        }
        for (column, TimeRange { since, until }) in
            [("created_at", &query.created), ("updated_at", &query.updated)]
        {
            for (operator, end) in [(">=", since), ("<=", until)] {
                if let Some(end) = end {
                    matching.add(&format!("ticket.{column} {operator} ?"), time::text(*end));
                }
            }
        }
        for (column, id) in [("requester_id", &query.requester), ("assignee_id", &query.assignee)] {
            if let Some(id) = id {
                matching.add(&format!("ticket.{column} = ?"), id.clone());
            }
        }
        for tag in &query.tags {
            let condition = "EXISTS (SELECT 1 FROM tag WHERE tag.ticket = ticket.key AND ? IN (tag.name, tag.id))";
            matching.add(condition, tag.clone());
        }
        Ok(matching)
    }

    /// Returns whether there are too many matches to rank them.
    fn has_many(&self, terms: &str) -> Result<bool, MirrorError> {
        let sql =
            "SELECT count(*) FROM (SELECT 1 FROM text_index WHERE text_index MATCH ?1 LIMIT ?2)";
        let limit = MAX_RANKED + 1;
        let count: u64 = self.connection.query_row(sql, params![terms, limit], |row| row.get(0))?;
        Ok(count == limit)
    }
}

/// Which tickets match a query, in SQL.
pub(crate) struct Matching {
    /// The tables.
    pub(crate) from: &'static str,
    /// The best first.
    order: String,
    conditions: Vec<String>,
    /// The parameters of the condition.
    pub(crate) values: Vec<Box<dyn ToSql>>,
}

impl Matching {
    /// Returns the condition.
    pub(crate) fn condition(&self) -> String {
        match &self.conditions[..] {
            [] => "true".to_owned(),
            conditions => conditions.join(" AND "),
        }
    }

    /// Returns whether all tickets match.
    pub(crate) fn is_all(&self) -> bool {
        self.conditions.is_empty()
    }

    fn add(&mut self, condition: &str, value: impl ToSql + 'static) {
        self.conditions.push(condition.to_owned());
        self.values.push(Box::new(value));
    }
}

/// Returns the part of a ticket's texts in which one of the words occurs first, as one line of at most `length` characters.
///
/// ```
/// use ticket_core::model::Ticket;
///
/// let ticket = Ticket { title: Some("打印机卡纸".into()), ..Ticket::new("acme", "1") };
/// assert_eq!(ticket_mirror::excerpt(&ticket, "打印", 20).as_deref(), Some("打印机卡纸"));
/// assert_eq!(ticket_mirror::excerpt(&ticket, "打印-卡纸", 20).as_deref(), Some("打印机卡纸"));
/// ```
pub fn excerpt(ticket: &Ticket, words: &str, length: usize) -> Option<String> {
    let words = words.to_lowercase();
    let whole = terms::split(&words);
    let whole = whole.iter().map(|word| word.trim_matches(|it: char| !it.is_alphanumeric()));
    let whole: Vec<_> = whole.filter(|word| !word.is_empty()).collect();
    // The index does not see signs and spaces between the parts of a word.
    let parts: Vec<_> = whole.iter().flat_map(|word| terms::parts(word)).collect();
    excerpt_of(ticket, &whole, length).or_else(|| excerpt_of(ticket, &parts, length))
}

/// Returns the part of the first text that has one of these words, which are in lower case.
fn excerpt_of(ticket: &Ticket, words: &[&str], length: usize) -> Option<String> {
    let messages = ticket.conversation.iter().flat_map(|it| &it.messages).map(|it| &it.body);
    let notes = ticket.notes.iter().map(|note| &note.body);
    let people = [&ticket.requester, &ticket.submitter, &ticket.assignee].into_iter().flatten();
    let people = people.flat_map(|person| [&person.name, &person.email]);
    let texts = [&ticket.title, &ticket.description]
        .into_iter()
        .chain(messages)
        .chain(notes)
        .chain(ticket.tags.iter().map(|tag| &tag.name))
        .chain(people)
        .flatten()
        .map(|text| Cow::Borrowed(&**text));
    let fields = ticket.custom_fields.iter().filter_map(|field| field.value.as_ref());
    let fields =
        fields.map(|value| Cow::Owned(value.to_text().unwrap_or_else(|| value.to_string())));
    texts.chain(fields).find_map(|text| {
        let lower = text.to_lowercase();
        let offset = words.iter().filter_map(|word| lower.find(word)).min()?;
        // The lower case of a few characters has another length, so that a place is counted in characters.
        let position = lower[..offset].chars().count();
        let start = position.saturating_sub(length / 3);
        let part: String = text.chars().skip(start).take(length).collect();
        let line = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let before = if start > 0 { "…" } else { "" };
        let after = if text.chars().count() > start + length { "…" } else { "" };
        Some(format!("{before}{line}{after}"))
    })
}
