//! Maps stored responses again, without network.

use std::collections::HashMap;

use rusqlite::params;
use ticket_core::mapping::MappingDescription;
use ticket_core::{Decoded, Response, VocabularyOverrides};

use crate::error::MirrorError;
use crate::mirror::Mirror;
use crate::source::SourceKey;
use crate::store::{self, Detail, Incoming, Index, Store};

/// How many responses are mapped in one transaction.
const GROUP: i64 = 100;

/// What was mapped again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct RemapReport {
    /// The tickets whose responses are in the mirror.
    pub tickets: u64,
    /// Those that are mapped differently now.
    pub changed: u64,
    /// Those whose responses cannot be decoded; they stay as they are.
    pub failed: u64,
}

/// A ticket of the mirror.
#[derive(Debug, Clone, Copy)]
struct Current {
    key: i64,
    version: i64,
    fetched: Detail,
    row_hash: Option<i64>,
    window: Option<i64>,
}

impl Mirror {
    /// Maps the stored responses of a source again, as after an update of this program. It is no change of the tickets: they get no new
    /// version.
    ///
    /// # Errors
    /// [`UnknownSource`](MirrorError::UnknownSource), [`Damaged`](MirrorError::Damaged), [`DiskFull`](MirrorError::DiskFull),
    /// [`Database`](MirrorError::Database).
    pub fn remap(
        &mut self,
        source: &str,
        mapping: &dyn MappingDescription,
        overrides: &VocabularyOverrides,
    ) -> Result<RemapReport, MirrorError> {
        let key = self.source_key(source)?;
        let mut report = RemapReport::default();
        let mut index = Index::new(true);
        let mut last = 0;
        loop {
            let transaction = self.connection.transaction()?;
            let mut store = Store::new(&transaction, key, &mut index, 0);
            // The first response of a ticket says which one it is; a page brings many tickets.
            let mut statement = transaction.prepare_cached(
                "SELECT key, operation, body FROM raw WHERE source = ?1 AND key > ?2 ORDER BY key LIMIT ?3",
            )?;
            let raws = statement.query_map(params![key.0, last, GROUP], |row| {
                Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?))
            })?;
            let mut is_end = true;
            for raw in raws {
                let (raw, operation, body): (i64, _, _) = raw?;
                (last, is_end) = (raw, false);
                let current = current(&transaction, raw)?;
                if current.is_empty() {
                    continue;
                }
                report.tickets += current.len() as u64;
                let response = response(mapping, &operation, &body)?;
                if mapping.page_operation() == Some(response.operation) {
                    // The tickets of a page that cannot be decoded count as failed.
                    let decoded = mapping.decode_page(&response, overrides).unwrap_or_default();
                    let by_id = decoded.tickets.iter().map(|it| (&*it.ticket.id, it)).collect();
                    page(&mut store, &current, &by_id, &mut report)?;
                    continue;
                }
                for (id, ticket) in &current {
                    let responses = responses(&transaction, mapping, (ticket.key, ticket.version))?;
                    match mapping.decode(&responses, overrides) {
                        Ok(decoded) if decoded.ticket.id == *id => {
                            replace(&mut store, *ticket, &decoded, &mut report)?;
                        }
                        _ => report.failed += 1,
                    }
                }
            }
            drop(statement);
            drop(store);
            transaction.commit()?;
            if is_end {
                return Ok(report);
            }
        }
    }
}

impl Mirror {
    /// Returns the stored responses of a ticket; `None` if it is only a row of a list.
    ///
    /// # Errors
    /// [`UnknownSource`](MirrorError::UnknownSource), [`UnknownTicket`](MirrorError::UnknownTicket),
    /// [`Damaged`](MirrorError::Damaged), [`Database`](MirrorError::Database).
    pub fn responses(
        &self,
        source: &str,
        id: &str,
        mapping: &dyn MappingDescription,
    ) -> Result<Option<Vec<Response>>, MirrorError> {
        let responses = responses(&self.connection, mapping, self.ticket_key(source, id)?)?;
        let of_ticket = responses
            .first()
            .is_some_and(|response| mapping.page_operation() != Some(response.operation));
        Ok(of_ticket.then_some(responses))
    }
}

/// Maps the tickets of a page again.
fn page(
    store: &mut Store<'_>,
    current: &[(String, Current)],
    rows: &HashMap<&str, &Decoded>,
    report: &mut RemapReport,
) -> Result<(), MirrorError> {
    for (id, ticket) in current {
        match rows.get(&**id) {
            Some(decoded) => replace(store, *ticket, decoded, report)?,
            None => report.failed += 1,
        }
    }
    Ok(())
}

/// Returns the tickets whose current version begins with this response.
fn current(
    connection: &rusqlite::Connection,
    raw: i64,
) -> Result<Vec<(String, Current)>, MirrorError> {
    let mut statement = connection.prepare_cached(
        "SELECT ticket.id, ticket.key, ticket.version, fetched, row_hash, seen_window
         FROM ticket_raw JOIN ticket ON ticket.key = ticket_raw.ticket AND ticket.version = ticket_raw.version
         WHERE ticket_raw.raw = ?1 AND ticket_raw.position = 0",
    )?;
    let rows = statement.query_map([raw], |row| {
        let current = Current {
            key: row.get(1)?,
            version: row.get(2)?,
            fetched: Detail(row.get(3)?),
            row_hash: row.get(4)?,
            window: row.get(5)?,
        };
        Ok((row.get(0)?, current))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns all responses of a version of a ticket, in their order.
fn responses(
    connection: &rusqlite::Connection,
    mapping: &dyn MappingDescription,
    (ticket, version): (i64, i64),
) -> Result<Vec<Response>, MirrorError> {
    let mut statement = connection.prepare_cached(
        "SELECT operation, body FROM ticket_raw JOIN raw ON raw.key = ticket_raw.raw
         WHERE ticket = ?1 AND version = ?2 ORDER BY position",
    )?;
    let rows = statement.query_map([ticket, version], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    rows.map(|row| {
        let (operation, body) = row?;
        response(mapping, &operation, &body)
    })
    .collect()
}

/// Returns a stored response.
pub(crate) fn response(
    mapping: &dyn MappingDescription,
    operation: &str,
    compressed: &[u8],
) -> Result<Response, MirrorError> {
    let operations = mapping.capabilities().operations;
    let known = operations.iter().find(|known| known.name == operation).ok_or_else(|| {
        MirrorError::Damaged(format!(
            "a stored response of the operation \"{operation}\", which {} does not have",
            mapping.provider()
        ))
    })?;
    Ok(Response::saved(known.name, store::body(compressed)?))
}

fn replace(
    store: &mut Store<'_>,
    ticket: Current,
    decoded: &Decoded,
    report: &mut RemapReport,
) -> Result<(), MirrorError> {
    let (json, content_hash) = crate::json::write(&decoded.ticket);
    let row_hash = if ticket.fetched == Detail::ROW { Some(content_hash) } else { ticket.row_hash };
    let incoming = Incoming {
        ticket: &decoded.ticket,
        json: &json,
        content_hash,
        diagnostics: &decoded.diagnostics,
        row_hash,
        window: ticket.window,
        fetched: ticket.fetched,
    };
    if store.replace(ticket.key, ticket.version, &incoming)? {
        report.changed += 1;
    }
    Ok(())
}

/// Returns the operation of pages, if the source is a list of whole tickets.
pub(crate) fn pages(
    connection: &rusqlite::Connection,
    source: SourceKey,
    mapping: &dyn MappingDescription,
) -> Result<Vec<i64>, MirrorError> {
    let Some(operation) = mapping.page_operation() else { return Ok(Vec::new()) };
    let mut statement =
        connection.prepare_cached("SELECT key FROM raw WHERE source = ?1 AND operation = ?2")?;
    let rows = statement.query_map(params![source.0, operation], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
