//! Writes tickets into the tables.

mod children;
mod columns;
mod index;
mod raw;

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use ticket_core::Diagnostic;
use ticket_core::model::Ticket;

use crate::error::MirrorError;
use crate::source::SourceKey;
use crate::time;
use children::Tables;

pub(crate) use children::TABLES;
pub(crate) use index::Index;
pub(crate) use raw::{RawKey, body, compress, store};

/// Writes tickets of one source, within a transaction of the caller.
pub(crate) struct Store<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) source: SourceKey,
    pub(crate) index: &'c mut Index,
    pub(crate) now: String,
    pub(crate) run: i64,
    insert: Option<CachedStatement<'c>>,
    tables: Tables<'c>,
}

/// A ticket that was read, and where it comes from.
pub(crate) struct Incoming<'t> {
    pub(crate) ticket: &'t Ticket,
    /// The ticket as JSON.
    pub(crate) json: &'t str,
    /// The hash of the JSON.
    pub(crate) content_hash: i64,
    pub(crate) diagnostics: &'t [Diagnostic],
    /// The hash of its row in the list.
    pub(crate) row_hash: Option<i64>,
    pub(crate) window: Option<i64>,
    /// How it was read.
    pub(crate) fetched: Detail,
}

/// How much of a ticket was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Detail(pub(crate) i64);

impl Detail {
    /// Only as a row of a list.
    pub(crate) const ROW: Self = Self(0);
    /// By its id.
    pub(crate) const TICKET: Self = Self(1);
    /// By its id, with its conversation.
    pub(crate) const CONVERSATION: Self = Self(2);
}

/// What became of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    New,
    Changed,
    Unchanged,
}

/// What the mirror knows of a ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) key: i64,
    pub(crate) version: i64,
    pub(crate) content_hash: i64,
    pub(crate) row_hash: Option<i64>,
    pub(crate) has_conversation: bool,
    /// How it was read.
    pub(crate) fetched: Detail,
}

impl<'c> Store<'c> {
    pub(crate) fn new(
        connection: &'c Connection,
        source: SourceKey,
        index: &'c mut Index,
        run: i64,
    ) -> Self {
        let (now, tables) = (time::text(Timestamp::now()), Tables::new(connection));
        Self { connection, source, index, now, run, insert: None, tables }
    }

    /// Returns what the mirror knows of a ticket.
    pub(crate) fn known(&self, id: &str) -> Result<Option<Known>, MirrorError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT key, version, row_hash, fetched, has_conversation, content_hash FROM ticket WHERE source = ?1 AND id = ?2",
        )?;
        let known = statement.query_row(params![self.source.0, id], |row| {
            Ok(Known {
                key: row.get(0)?,
                version: row.get(1)?,
                row_hash: row.get(2)?,
                fetched: Detail(row.get(3)?),
                has_conversation: row.get(4)?,
                content_hash: row.get(5)?,
            })
        });
        Ok(known.optional()?)
    }

    /// Notes that a ticket was seen and has not changed.
    pub(crate) fn mark_seen(&self, key: i64, window: Option<i64>) -> Result<(), MirrorError> {
        self.connection
            .prepare_cached(
                "UPDATE ticket SET last_seen_at = ?2, seen_run = ?3, seen_window = ?4, missing_since = NULL WHERE key = ?1",
            )?
            .execute(params![key, self.now, self.run, window])?;
        Ok(())
    }

    /// Writes a ticket of which the mirror knows `known`. `raw` returns the responses that it came from, and is called if there is a new version.
    pub(crate) fn put(
        &mut self,
        incoming: &Incoming<'_>,
        known: Option<Known>,
        raw: impl FnOnce(&Connection) -> Result<Vec<RawKey>, MirrorError>,
    ) -> Result<Outcome, MirrorError> {
        let Some(known) = known else {
            let key = columns::insert(self, incoming)?;
            self.put_parts(key, 1, incoming, raw)?;
            return Ok(Outcome::New);
        };
        if known.content_hash == incoming.content_hash {
            self.mark_seen(known.key, incoming.window)?;
            self.connection
                .prepare_cached(
                    "UPDATE ticket SET row_hash = coalesce(?2, row_hash), fetched = max(fetched, ?3) WHERE key = ?1",
                )?
                .execute(params![known.key, incoming.row_hash, incoming.fetched.0])?;
            return Ok(Outcome::Unchanged);
        }
        // The row of a list and the same ticket fetched by its id are one version.
        let completes = incoming.fetched != Detail::ROW
            && known.fetched == Detail::ROW
            && incoming.row_hash == known.row_hash;
        let version = if completes { known.version } else { known.version + 1 };
        if completes {
            self.connection
                .prepare_cached("DELETE FROM ticket_raw WHERE ticket = ?1 AND version = ?2")?
                .execute([known.key, version])?;
        } else {
            self.connection
                .prepare_cached(
                    "INSERT INTO ticket_version (ticket, version, seen_at, json)
                     SELECT key, version, version_at, json FROM ticket WHERE key = ?1",
                )?
                .execute([known.key])?;
        }
        columns::update(self, known.key, version, incoming)?;
        self.remove_parts(known.key)?;
        self.put_parts(known.key, version, incoming, raw)?;
        Ok(if completes { Outcome::Unchanged } else { Outcome::Changed })
    }

    fn put_parts(
        &mut self,
        key: i64,
        version: i64,
        incoming: &Incoming<'_>,
        raw: impl FnOnce(&Connection) -> Result<Vec<RawKey>, MirrorError>,
    ) -> Result<(), MirrorError> {
        self.tables.insert(key, incoming)?;
        self.index.insert(self.connection, key, incoming.ticket)?;
        let responses = raw(self.connection)?;
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO ticket_raw (ticket, version, position, raw) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (position, RawKey(raw)) in responses.iter().enumerate() {
            statement.execute(params![key, version, position, raw])?;
        }
        Ok(())
    }

    /// Replaces a ticket by what the same responses mean now, as the same version. Returns whether it is different.
    pub(crate) fn replace(
        &mut self,
        key: i64,
        version: i64,
        incoming: &Incoming<'_>,
    ) -> Result<bool, MirrorError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT json, version_at, last_seen_at, seen_run, missing_since FROM ticket WHERE key = ?1",
        )?;
        let (is_same, state) = statement.query_row([key], |row| {
            let is_same = row.get_ref(0)?.as_str().is_ok_and(|old| old == incoming.json);
            let state: [Option<String>; 3] = [row.get(1)?, row.get(2)?, row.get(4)?];
            Ok((is_same, (state, row.get::<_, i64>(3)?)))
        })?;
        if is_same {
            return Ok(false);
        }
        columns::update(self, key, version, incoming)?;
        let ([version_at, last_seen_at, missing_since], seen_run) = state;
        self.connection
            .prepare_cached(
                "UPDATE ticket SET version_at = ?2, last_seen_at = ?3, missing_since = ?4, seen_run = ?5 WHERE key = ?1",
            )?
            .execute(params![key, version_at, last_seen_at, missing_since, seen_run])?;
        self.remove_parts(key)?;
        self.tables.insert(key, incoming)?;
        self.index.insert(self.connection, key, incoming.ticket)?;
        Ok(true)
    }

    /// Removes the rows of the tables below the ticket.
    pub(crate) fn remove_parts(&self, key: i64) -> Result<(), MirrorError> {
        children::remove(self.connection, key)?;
        index::remove(self.connection, key)
    }
}
