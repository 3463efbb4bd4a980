//! Fetches the tickets that a list only names, or whose conversation is wanted.

use futures_util::StreamExt;
use jiff::Timestamp;
use rusqlite::params;
use ticket_core::{
    CallStats, Error, ErrorKind, FetchOptions, Record, Response, TicketId, TicketSource,
    TicketSourceExt,
};

use super::plan::Run;
use super::{MAX_FAILURES, SyncJob, SyncProgress};
use crate::error::MirrorError;
use crate::store::{self, Detail, Incoming, Outcome, RawKey, Store};
use crate::{json, time};

/// How many tickets are read from the table at a time, for each call in progress.
const GROUP: usize = 8;
/// How many shared responses are remembered.
const MAX_SHARED: usize = 16;

/// A ticket to fetch.
struct Todo {
    id: TicketId,
    row_hash: Option<i64>,
    window: Option<i64>,
}

impl<S: TicketSource + ?Sized> SyncJob<'_, S> {
    /// Fetches all tickets that are to be fetched, a group at a time. Each group is one transaction.
    pub(super) async fn fetch_todo(
        &mut self,
        run: &Run,
        progress: &mut impl FnMut(&SyncProgress),
    ) -> Result<(), MirrorError> {
        let left: i64 = self.mirror.connection.query_row(
            "SELECT count(*) FROM todo WHERE source = ?1 AND failed_run IS NOT ?2",
            [self.key.0, run.key],
            |row| row.get(0),
        )?;
        self.progress.to_fetch = left.cast_unsigned();
        let mut failures = 0;
        for conversation in [true, false] {
            loop {
                let group = self.group(run, conversation)?;
                if group.is_empty() {
                    break;
                }
                let mut options = FetchOptions::default();
                options.conversation = conversation;
                let ids: Vec<_> = group.iter().map(|todo| todo.id.clone()).collect();
                let source = self.source;
                let mut results = source.fetch_many(ids, options, self.options.concurrency);
                let mut fetched = Vec::with_capacity(group.len());
                while let Some((_, result)) = results.next().await {
                    fetched.push(result);
                }
                drop(results);
                let mut stats = CallStats::default();
                for result in &fetched {
                    stats += result.as_ref().map_or_else(Error::stats, |it| it.origin.stats);
                }
                self.add_stats(run, stats)?;
                let fatal = self.write_group(run, &group, conversation, fetched, &mut failures)?;
                progress(&self.progress);
                if let Some(error) = fatal {
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }

    /// Returns the next tickets to fetch.
    fn group(&self, run: &Run, conversation: bool) -> Result<Vec<Todo>, MirrorError> {
        let size = self.options.concurrency.max(1) * GROUP;
        let mut statement = self.mirror.connection.prepare_cached(
            "SELECT id, row_hash, window FROM todo
             WHERE source = ?1 AND conversation = ?2 AND failed_run IS NOT ?3 LIMIT ?4",
        )?;
        let rows = statement
            .query_map(params![self.key.0, conversation, run.key, size], |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))
            })?;
        let todo = rows.map(|row| {
            let (id, row_hash, window) = row?;
            Ok(Todo { id: TicketId::new(id)?, row_hash, window })
        });
        todo.collect()
    }

    /// Writes the tickets of a group and what could not be fetched. Returns the error that ends the run.
    fn write_group(
        &mut self,
        run: &Run,
        group: &[Todo],
        conversation: bool,
        results: Vec<Result<Record, Error>>,
        failures: &mut u32,
    ) -> Result<Option<Error>, MirrorError> {
        let Self { mirror, key, index, shared, progress, .. } = self;
        let transaction = mirror.connection.transaction()?;
        let mut store = Store::new(&transaction, *key, index, run.key);
        let (mut new, mut changed, mut unchanged, mut fetched) = (0_u64, 0_u64, 0_u64, 0_u64);
        let mut fatal = None;
        // If nothing was found at all, the address may be wrong: that says nothing about single tickets.
        let is_not_found = |result: &Result<_, Error>| {
            result.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound)
        };
        let is_nothing_found =
            progress.fetched == 0 && results.len() > 1 && results.iter().all(is_not_found);
        for (todo, result) in group.iter().zip(results) {
            let record = match result {
                Ok(record) => record,
                Err(error) if ends_run(&error) => {
                    fatal = Some(error);
                    continue;
                }
                Err(error) => {
                    let is_known = store.known(todo.id.as_str())?.is_some();
                    if error.kind() == ErrorKind::NotFound && is_known && !is_nothing_found {
                        missing(&store, &todo.id)?;
                    } else {
                        note_failure(&store, &todo.id, &error)?;
                        let is_down = error.is_retryable();
                        *failures = if is_down { *failures + 1 } else { 0 };
                        if *failures >= MAX_FAILURES {
                            fatal = Some(error);
                        }
                    }
                    progress.to_fetch = progress.to_fetch.saturating_sub(1);
                    continue;
                }
            };
            *failures = 0;
            let (json, content_hash) = json::write(&record.ticket);
            let incoming = Incoming {
                ticket: &record.ticket,
                json: &json,
                content_hash,
                diagnostics: &record.diagnostics,
                row_hash: todo.row_hash,
                window: todo.window,
                fetched: if conversation { Detail::CONVERSATION } else { Detail::TICKET },
            };
            let responses = &record.origin.responses;
            let known = store.known(&record.ticket.id)?;
            let outcome = store.put(&incoming, known, |connection| {
                responses.iter().map(|it| raw(connection, *key, it, shared)).collect()
            })?;
            match outcome {
                Outcome::New => new += 1,
                Outcome::Changed => changed += 1,
                // A ticket that its list brought was counted there.
                Outcome::Unchanged => unchanged += u64::from(todo.row_hash.is_none()),
            }
            fetched += 1;
            done(&store, todo.id.as_str())?;
        }
        drop(store);
        transaction
            .prepare_cached(
                "UPDATE run SET new = new + ?2, changed = changed + ?3, unchanged = unchanged + ?4, fetched = fetched + ?5 WHERE key = ?1",
            )?
            .execute(params![run.key, new, changed, unchanged, fetched])?;
        transaction.commit()?;
        progress.fetched += fetched;
        progress.to_fetch = progress.to_fetch.saturating_sub(fetched);
        Ok(fatal)
    }
}

/// Returns whether every other call would fail the same way.
fn ends_run(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unauthenticated | ErrorKind::Configuration | ErrorKind::QuotaExhausted
    )
}

/// Stores a response, or returns the key of one that several tickets share.
fn raw(
    connection: &rusqlite::Connection,
    source: crate::source::SourceKey,
    response: &Response,
    shared: &mut Vec<(ticket_core::Bytes, RawKey)>,
) -> Result<RawKey, MirrorError> {
    // Clones of one response have the same address.
    let is_same = |body: &ticket_core::Bytes| {
        body.as_ptr() == response.body.as_ptr() && body.len() == response.body.len()
    };
    if let Some((_, key)) = shared.iter().find(|(body, _)| is_same(body)) {
        return Ok(*key);
    }
    let key = store::store(connection, source, response)?;
    if !response.body.is_empty() && !response.body.is_unique() {
        if shared.len() == MAX_SHARED {
            shared.remove(0);
        }
        shared.push((response.body.clone(), key));
    }
    Ok(key)
}

fn done(store: &Store<'_>, id: &str) -> Result<(), MirrorError> {
    store
        .connection
        .prepare_cached("DELETE FROM todo WHERE source = ?1 AND id = ?2")?
        .execute(params![store.source.0, id])?;
    Ok(())
}

/// Notes that a known ticket is gone.
fn missing(store: &Store<'_>, id: &TicketId) -> Result<(), MirrorError> {
    let is_new = store
        .connection
        .prepare_cached(
            "UPDATE ticket SET missing_since = ?3 WHERE source = ?1 AND id = ?2 AND missing_since IS NULL",
        )?
        .execute(params![store.source.0, id.as_str(), store.now])?;
    store
        .connection
        .prepare_cached("UPDATE run SET missing = missing + ?2 WHERE key = ?1")?
        .execute(params![store.run, is_new])?;
    done(store, id.as_str())
}

/// Notes that a ticket could not be fetched. A later run tries again, unless there is no such ticket, or
/// the service has no such ids.
fn note_failure(store: &Store<'_>, id: &TicketId, error: &Error) -> Result<(), MirrorError> {
    store
        .connection
        .prepare_cached(
            "INSERT OR REPLACE INTO failure (run, id, operation, kind, message, failed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            store.run,
            id.as_str(),
            error.operation(),
            error.kind().as_str(),
            error.message(),
            time::text(Timestamp::now())
        ])?;
    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidRequest) {
        return done(store, id.as_str());
    }
    store
        .connection
        .prepare_cached("UPDATE todo SET failed_run = ?3 WHERE source = ?1 AND id = ?2")?
        .execute(params![store.source.0, id.as_str(), store.run])?;
    Ok(())
}
