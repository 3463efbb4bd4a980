//! Begins a run, or continues one that was interrupted.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use ticket_core::{ListCapabilities, ListFilter, TicketSource, TotalRule};

use super::window::{self, Kind};
use super::{SyncJob, SyncScope, nothing_to_read};
use crate::error::MirrorError;
use crate::source::SourceKey;
use crate::time;

/// How far a run goes back before the end of the last one: clocks differ, and a change may become visible late.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// How much later a run may begin than the interrupted one that it continues.
const MAX_LATER_SINCE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A run in progress.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) key: i64,
    pub(super) absence: Absence,
}

/// Where a ticket that a run does not find is missing at the service.
#[derive(Debug, Clone, Copy)]
pub(super) enum Absence {
    /// The run reads only a part.
    Unknown,
    /// The run reads everything.
    Everywhere,
    /// Among the tickets that were created in a window that is complete.
    InCompleteWindows,
}

/// The kind of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunKind {
    Full,
    Incremental,
    Ids,
    Repair,
}

impl RunKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Incremental => "incremental",
            Self::Ids => "ids",
            Self::Repair => "repair",
        }
    }
}

/// A run that was interrupted.
struct Unfinished {
    key: i64,
    kind: String,
    since: Option<String>,
    until: String,
    started_at: String,
}

/// The last finished run, from which an incremental one starts.
struct Base {
    until: Timestamp,
    started_at: Timestamp,
    cursor: Option<String>,
    /// Where an update window began that did not come to rest.
    moving: Option<Timestamp>,
}

impl<S: TicketSource + ?Sized> SyncJob<'_, S> {
    /// Returns the run to work on, with its windows.
    pub(super) fn begin(&mut self) -> Result<Run, MirrorError> {
        let list = self.source.list().map(|list| *list.capabilities());
        let list = list.filter(|_| !self.has_ids);
        let since = self.options.since.map(time::text);
        let transaction = self.mirror.connection.transaction()?;
        let now = Timestamp::now();
        let base = match &list {
            Some(_) if self.options.scope != SyncScope::Full => {
                base(&transaction, self.key, since.as_deref())?
            }
            _ => None,
        };
        let kind = match &list {
            None => RunKind::Ids,
            Some(_) if self.options.scope == SyncScope::Repair => RunKind::Repair,
            Some(list) if base.is_none() || !is_incremental(list) => RunKind::Full,
            Some(_) => RunKind::Incremental,
        };
        let continued = unfinished(&transaction, self.key)?.into_iter().find(|run| {
            let is_same_kind = match kind {
                RunKind::Incremental => run.kind == "full" || run.kind == "incremental",
                _ => run.kind == kind.as_str(),
            };
            is_same_kind && continues(run.since.as_deref(), since.as_deref())
        });
        abandon(&transaction, self.key, kind, continued.as_ref(), now)?;
        let is_continued = continued.is_some();
        let (key, is_full) = if let Some(run) = &continued {
            forget_failures(&transaction, self.key, run.key)?;
            (run.key, run.kind == "full")
        } else {
            let conversation = self.options.conversation;
            let since = since.as_deref();
            let key = insert_run(&transaction, self.key, kind, conversation, since, now)?;
            (key, kind == RunKind::Full)
        };
        match (&list, continued) {
            (Some(list), Some(run)) if kind != RunKind::Repair => {
                extend(&transaction, list, &run, now)?;
            }
            (Some(_), None) if kind == RunKind::Repair => {
                window::reopen(&transaction, self.key, key)?;
            }
            (Some(list), None) => {
                if is_full && self.options.since.is_none() {
                    window::supersede(&transaction, self.key)?;
                }
                match base.filter(|_| kind == RunKind::Incremental) {
                    Some(base) => {
                        window::reopen(&transaction, self.key, key)?;
                        incremental(
                            &transaction,
                            list,
                            self.key,
                            key,
                            &base,
                            self.options.since,
                            now,
                        )?;
                    }
                    None => full(&transaction, list, key, self.options.since, now)?,
                }
            }
            _ => {}
        }
        if self.options.conversation && list.is_some() && kind != RunKind::Repair {
            // Also of tickets that an earlier run read without it.
            transaction.execute(
                "INSERT INTO todo (source, id, conversation, row_hash, run)
                 SELECT source, id, 1, row_hash, ?2 FROM ticket
                 WHERE source = ?1 AND fetched < 2 AND has_conversation = 0 AND missing_since IS NULL
                 ON CONFLICT DO UPDATE SET conversation = 1",
                params![self.key.0, key],
            )?;
        }
        if kind == RunKind::Ids && !self.has_ids && !is_continued {
            // Without a list, the known tickets are all that can be read again. Those that the last run did not find get a second look.
            transaction.execute(
                "INSERT INTO todo (source, id, conversation, run)
                 SELECT source, id, has_conversation OR ?2, ?3 FROM ticket
                 WHERE source = ?1 AND (missing_since IS NULL OR missing_since >= (
                     SELECT max(started_at) FROM run WHERE source = ?1 AND kind = 'ids' AND state = 'finished'))
                 ON CONFLICT DO NOTHING",
                params![self.key.0, self.options.conversation, key],
            )?;
            let is_empty: bool = transaction.query_row(
                "SELECT NOT EXISTS (SELECT 1 FROM todo WHERE source = ?1)",
                [self.key.0],
                |row| row.get(0),
            )?;
            if is_empty {
                return Err(nothing_to_read(self.source.provider()));
            }
        }
        transaction.commit()?;
        let absence = match kind {
            RunKind::Repair => Absence::InCompleteWindows,
            _ if is_full && self.options.since.is_none() && list.is_some() => Absence::Everywhere,
            _ => Absence::Unknown,
        };
        Ok(Run { key, absence })
    }
}

/// Returns whether a list can tell what changed.
fn is_incremental(list: &ListCapabilities) -> bool {
    list.updated.is_some() && (list.created.is_some() || is_ordered(list))
}

/// Returns whether a list is read in the order of its ids. Windows of time with an exact claim are better.
pub(super) fn is_ordered(list: &ListCapabilities) -> bool {
    let has_claims = list.total == TotalRule::Claimed && list.created.is_some();
    list.filters.contains(&ListFilter::After) && !has_claims
}

/// Returns whether a run from `since` on continues one that was interrupted. `90d` is another time in each run.
fn continues(interrupted: Option<&str>, since: Option<&str>) -> bool {
    let Some((interrupted, since)) = interrupted.zip(since) else {
        return interrupted == since;
    };
    let times = time::parse(interrupted).zip(time::parse(since));
    times.is_some_and(|(interrupted, since)| {
        let later = since.duration_since(interrupted);
        !later.is_negative() && later <= MAX_LATER_SINCE
    })
}

/// Returns the interrupted runs of a source, the newest first.
fn unfinished(connection: &Connection, source: SourceKey) -> Result<Vec<Unfinished>, MirrorError> {
    let mut statement = connection.prepare(
        "SELECT key, kind, since, until, started_at FROM run WHERE source = ?1 AND state = 'running' ORDER BY key DESC",
    )?;
    let runs = statement.query_map([source.0], |row| {
        Ok(Unfinished {
            key: row.get(0)?,
            kind: row.get(1)?,
            since: row.get(2)?,
            until: row.get(3)?,
            started_at: row.get(4)?,
        })
    })?;
    Ok(runs.collect::<Result<_, _>>()?)
}

/// Gives up the interrupted runs of a source that the new one does not continue. A run for ids leaves the others as they are.
///
/// Windows of earlier runs that they were to read again are unstable again. Those of their own, a later run reads anyway: it begins
/// where the last finished run ended.
fn abandon(
    connection: &Connection,
    source: SourceKey,
    kind: RunKind,
    continued: Option<&Unfinished>,
    now: Timestamp,
) -> Result<(), MirrorError> {
    let continued = continued.map_or(0, |run| run.key);
    let only = (kind == RunKind::Ids).then_some(kind.as_str());
    let abandoned = "SELECT key FROM run WHERE source = ?1 AND state = 'running' AND key <> ?2 AND kind = ifnull(?3, kind)";
    connection.execute(
        &format!(
            "UPDATE window SET state = 'unstable'
             WHERE state = 'open' AND kind <> 'updated' AND run IN ({abandoned} AND kind IN ('repair', 'incremental'))
             AND (kind <> 'created' OR until <> (SELECT until FROM run WHERE run.key = window.run))"
        ),
        params![source.0, continued, only],
    )?;
    connection.execute(
        &format!("UPDATE run SET state = 'abandoned', finished_at = ?4 WHERE key IN ({abandoned})"),
        params![source.0, continued, only, time::text(now)],
    )?;
    Ok(())
}

/// Returns the last finished run that read all tickets from `since` on.
fn base(
    connection: &Connection,
    source: SourceKey,
    since: Option<&str>,
) -> Result<Option<Base>, MirrorError> {
    let mut statement = connection.prepare(
        "SELECT key, until, started_at, cursor FROM run
         WHERE source = ?1 AND state = 'finished' AND kind IN ('full', 'incremental') AND (since IS NULL OR since <= ?2)
         ORDER BY key DESC LIMIT 1",
    )?;
    let row = statement.query_row(params![source.0, since], |row| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, Option<String>>(3)?,
        ))
    });
    let Some((key, until, started_at, cursor)) = row.optional()? else { return Ok(None) };
    let moving: Option<String> = connection.query_row(
        "SELECT min(since) FROM window WHERE run = ?1 AND state = 'moving'",
        [key],
        |row| row.get(0),
    )?;
    let stored = |text: &str| {
        time::parse(text).ok_or_else(|| MirrorError::Damaged(format!("the time {text}")))
    };
    let (until, started_at) = (stored(&until)?, stored(&started_at)?);
    let moving = moving.as_deref().map(stored).transpose()?;
    Ok(Some(Base { until, started_at, cursor, moving }))
}

/// Lets a run that is continued try the tickets again that failed before.
fn forget_failures(
    connection: &Connection,
    source: SourceKey,
    run: i64,
) -> Result<(), MirrorError> {
    connection.execute(
        "DELETE FROM failure WHERE run = ?2 AND id IN (SELECT id FROM todo WHERE source = ?1)",
        params![source.0, run],
    )?;
    connection.execute(
        "UPDATE todo SET failed_run = NULL WHERE source = ?1 AND failed_run = ?2",
        params![source.0, run],
    )?;
    Ok(())
}

fn insert_run(
    connection: &Connection,
    source: SourceKey,
    kind: RunKind,
    conversation: bool,
    since: Option<&str>,
    now: Timestamp,
) -> Result<i64, MirrorError> {
    connection.execute(
        "INSERT INTO run (source, kind, conversation, since, until, started_at, state) VALUES (?1, ?2, ?3, ?4, ?5, ?5, 'running')",
        params![source.0, kind.as_str(), conversation, since, time::text(now)],
    )?;
    Ok(connection.last_insert_rowid())
}

/// Adds the windows of a run that reads the whole list. Its end is now, so that the list does not grow while it is read.
fn full(
    connection: &Connection,
    list: &ListCapabilities,
    run: i64,
    since: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), MirrorError> {
    let range = (since, Some(now));
    if is_ordered(list) {
        window::insert(connection, run, Kind::After, (since, None), None)
    } else if list.created.is_some() {
        let since = since.unwrap_or(Timestamp::UNIX_EPOCH);
        window::insert(connection, run, Kind::Created, (Some(since), Some(now)), None)
    } else {
        window::insert(connection, run, Kind::List, range, None)
    }
}

/// Adds the windows of a run that reads what is new and what changed.
///
/// The end of the last run is by our clock, the times of the tickets by that of the service: the earlier one counts.
fn incremental(
    connection: &Connection,
    list: &ListCapabilities,
    source: SourceKey,
    run: i64,
    base: &Base,
    since: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), MirrorError> {
    let latest = |column: &str| -> Result<Option<Timestamp>, MirrorError> {
        let sql = format!("SELECT max({column}) FROM ticket WHERE source = ?1");
        let text: Option<String> = connection.query_row(&sql, [source.0], |row| row.get(0))?;
        Ok(text.as_deref().and_then(time::parse))
    };
    let before = |time: Timestamp| time.saturating_sub(OVERLAP).unwrap_or(Timestamp::UNIX_EPOCH);
    let updated = latest("updated_at")?.map_or(base.started_at, |at| at.min(base.started_at));
    let updated = base.moving.map_or(before(updated), |moving| moving.min(before(updated)));
    window::insert(connection, run, Kind::Updated, (Some(updated), None), None)?;
    if is_ordered(list) {
        let cursor = base.cursor.as_deref();
        return window::insert(connection, run, Kind::After, (since, None), cursor);
    }
    let created = latest("created_at")?.map_or(base.until, |at| at.min(base.until));
    let created = since.map_or(before(created), |since| since.max(before(created)));
    window::insert(connection, run, Kind::Created, (Some(created), Some(now)), None)
}

/// Adds what is new since a run was interrupted.
fn extend(
    connection: &Connection,
    list: &ListCapabilities,
    run: &Unfinished,
    now: Timestamp,
) -> Result<(), MirrorError> {
    let times = (time::parse(&run.until), time::parse(&run.started_at));
    let (Some(until), Some(started_at)) = times else { return Ok(()) };
    if !is_incremental(list) || now <= until {
        return Ok(());
    }
    let updated = started_at.saturating_sub(OVERLAP).unwrap_or(Timestamp::UNIX_EPOCH);
    connection.execute(
        "UPDATE window SET state = 'superseded' WHERE run = ?1 AND kind = 'updated' AND state = 'open' AND read = 0 AND since >= ?2",
        params![run.key, time::text(updated)],
    )?;
    window::insert(connection, run.key, Kind::Updated, (Some(updated), None), None)?;
    // A list that is ordered by id is still open at its end.
    if !is_ordered(list) {
        let created = until.saturating_add(SignedDuration::from_millis(1)).unwrap_or(until);
        window::insert(connection, run.key, Kind::Created, (Some(created), Some(now)), None)?;
    }
    connection
        .execute("UPDATE run SET until = ?2 WHERE key = ?1", params![run.key, time::text(now)])?;
    Ok(())
}
