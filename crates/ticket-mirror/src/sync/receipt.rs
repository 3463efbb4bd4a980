//! What a run has read.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use ticket_core::Error;
use ticket_core::model::MODEL_VERSION;

use super::RunKind;
use super::window::State;
use crate::error::MirrorError;
use crate::mirror::SCHEMA_VERSION;
use crate::source::SourceKey;
use crate::time;

/// How many failed tickets a receipt names; the table `failure` has all of them.
pub(super) const MAX_FAILED: i64 = 1_000;

/// What a run has read, and what is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Receipt {
    /// The name of the source.
    pub source: String,
    /// The provider, the base URL and the id of the helpdesk.
    pub account: [String; 3],
    /// The number of the run in the mirror.
    pub run: i64,
    /// `full`, `incremental`, `ids` or `repair`.
    pub kind: String,
    /// Whether every ticket that the service reports was read; `null` if it reports no number.
    pub complete: Option<bool>,
    /// How many tickets match in the windows of the list, as the service claims; `null` if it does not say.
    pub claimed: Option<u64>,
    /// The rows that were read, also those that were read again.
    pub read: u64,
    /// The different tickets in those windows.
    pub unique: u64,
    /// The rows that showed a ticket again.
    pub duplicates: u64,
    /// The rows that are no ticket with an id.
    pub unreadable: u64,
    /// The tickets that changed since the last run, as the list of changes shows them.
    pub updated: u64,
    /// How many tickets were fetched by their ids.
    pub fetched: u64,
    /// The files of the tickets; `null` if they were not asked for.
    #[serde(default)]
    pub files: Option<FilesReceipt>,
    /// The tickets that could not be fetched: the first 1,000.
    pub failed: Vec<FailedTicket>,
    /// The number of tickets that could not be fetched.
    pub failures: u64,
    /// The windows of which the service does not list all tickets, of this run and of earlier ones.
    pub gaps: Vec<ReceiptWindow>,
    /// The windows in which fewer tickets came than the service claims, of this run and of earlier ones.
    pub unstable: Vec<ReceiptWindow>,
    /// The windows that were read, in the order of their ranges.
    pub windows: Vec<ReceiptWindow>,
    /// How many tickets are new in the mirror.
    pub new: u64,
    /// How many tickets changed.
    pub changed: u64,
    /// How many tickets did not change.
    pub unchanged: u64,
    /// How many known tickets the service no longer has.
    pub missing: u64,
    /// The tickets of the source in the mirror, also the missing ones.
    #[serde(default)]
    pub tickets: u64,
    /// When the first of all tickets of the source was created.
    pub first_created_at: Option<String>,
    /// When the last one was created.
    pub last_created_at: Option<String>,
    /// Only tickets created from here on, if that was asked for.
    pub since: Option<String>,
    /// Only tickets created up to here.
    pub until: String,
    /// Whether conversations were fetched.
    pub conversation: bool,
    /// When the run began.
    pub started_at: String,
    /// When it ended; `null` if it was interrupted.
    pub finished_at: Option<String>,
    /// Why it was interrupted.
    pub error: Option<String>,
    /// The requests of the run, with retries.
    pub requests: u64,
    /// How often a request waited: for the rate limit or for a retry.
    pub waits: u64,
    /// The sum of those waits.
    pub waited_seconds: f64,
    /// The version of this library.
    pub program: String,
    /// The version of the schema of the mirror.
    pub schema: i64,
    /// The version of the model.
    pub model: u32,
}

/// A part of a list that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReceiptWindow {
    /// What it is a range of: `created`, `updated`, `after` for ids, or `list` for the whole list.
    pub kind: String,
    /// The first time; `null` for the beginning of the list.
    pub since: Option<String>,
    /// The last time; `null` for the end of the list.
    pub until: Option<String>,
    /// `open`, `complete`, `unknown` without a claim, `moving`, `unstable` or `gap`.
    pub state: String,
    /// How many tickets match, as the service claims. Of a gap it means "or more".
    pub claimed: Option<u64>,
    /// The rows that were read, in all passes.
    pub read: u64,
    /// The different tickets.
    pub tickets: u64,
}

/// A ticket that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FailedTicket {
    /// The id of the ticket.
    pub id: String,
    /// The kind of error.
    pub kind: String,
    /// What happened.
    pub message: String,
}

/// The files of all tickets of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FilesReceipt {
    /// How many the tickets name.
    pub named: u64,
    /// How many of them are in the mirror.
    pub stored: u64,
    /// The bytes of the different files.
    pub stored_bytes: u64,
    /// How many this run downloaded.
    pub downloaded: u64,
    /// How many the next run tries again or for the first time.
    pub left: u64,
    /// The number that cannot be had, and those that failed for now.
    pub failures: u64,
    /// The first 1,000 of them.
    pub failed: Vec<FailedFile>,
}

/// A file that could not be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FailedFile {
    /// The id of the ticket.
    pub ticket: String,
    /// The id of the attachment, else its URL.
    pub attachment: String,
    /// The kind of error; `excluded` if its type is none of those asked for.
    pub kind: String,
    /// What happened.
    pub message: String,
}

impl fmt::Display for ReceiptWindow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, since, until, state, claimed, tickets, .. } = self;
        let epoch = time::text(Timestamp::UNIX_EPOCH);
        let since = since.as_deref().filter(|since| *since != epoch).unwrap_or("the beginning");
        let until = until.as_deref().unwrap_or("the end");
        let or_more = if state == State::Gap.as_str() { " or more" } else { "" };
        let of = claimed.map(|claimed| format!(" of {claimed}{or_more}")).unwrap_or_default();
        write!(formatter, "{tickets}{of} tickets {kind} from {since} to {until}")
    }
}

impl ReceiptWindow {
    /// The columns that [`of`](Self::of) reads.
    const COLUMNS: &str =
        "window.kind, window.since, window.until, window.state, claimed, read, tickets";

    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            kind: row.get(0)?,
            since: row.get(1)?,
            until: row.get(2)?,
            state: row.get(3)?,
            claimed: row.get(4)?,
            read: row.get(5)?,
            tickets: row.get(6)?,
        })
    }
}

/// Returns the windows of a source that are not complete.
pub(super) fn short_windows(
    connection: &Connection,
    source: SourceKey,
) -> Result<Vec<ReceiptWindow>, MirrorError> {
    let columns = ReceiptWindow::COLUMNS;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {columns} FROM window JOIN run ON run.key = window.run
         WHERE run.source = ?1 AND window.state IN ('gap', 'unstable') ORDER BY window.since, window.until"
    ))?;
    let rows = statement.query_map([source.0], ReceiptWindow::of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the receipt of a run; `error` is why it was interrupted.
pub(super) fn of_run(
    connection: &Connection,
    run: i64,
    error: Option<&Error>,
) -> Result<Receipt, MirrorError> {
    let (mut receipt, source) = connection.query_row(
        "SELECT source.name, provider, base_url, source.helpdesk_id, run.kind, run.new, changed, unchanged, fetched, missing,
                run.since, run.until, conversation, started_at, finished_at, requests, waits, waited_seconds, run.source
         FROM run JOIN source ON source.key = run.source WHERE run.key = ?1",
        [run],
        |row| {
            let receipt = Receipt {
                source: row.get(0)?,
                account: [row.get(1)?, row.get(2)?, row.get(3)?],
                run,
                kind: row.get(4)?,
                complete: None,
                claimed: None,
                read: 0,
                unique: 0,
                duplicates: 0,
                unreadable: 0,
                updated: 0,
                fetched: row.get(8)?,
                files: None,
                failed: Vec::new(),
                failures: 0,
                gaps: Vec::new(),
                unstable: Vec::new(),
                windows: Vec::new(),
                new: row.get(5)?,
                changed: row.get(6)?,
                unchanged: row.get(7)?,
                missing: row.get(9)?,
                tickets: 0,
                first_created_at: None,
                last_created_at: None,
                since: row.get(10)?,
                until: row.get(11)?,
                conversation: row.get(12)?,
                started_at: row.get(13)?,
                finished_at: row.get(14)?,
                error: error.map(ToString::to_string),
                requests: row.get(15)?,
                waits: row.get(16)?,
                waited_seconds: row.get(17)?,
                program: concat!("ticket ", env!("CARGO_PKG_VERSION")).to_owned(),
                schema: SCHEMA_VERSION,
                model: MODEL_VERSION,
            };
            Ok((receipt, SourceKey(row.get(18)?)))
        },
    )?;
    let has_open = add_windows(connection, &mut receipt)?;
    if receipt.kind == "repair" && receipt.windows.is_empty() {
        // There was nothing to repair.
        receipt.claimed = has_claim(connection, source)?.then_some(0);
    }
    (receipt.gaps, receipt.unstable) = short_windows(connection, source)?
        .into_iter()
        .partition(|window| window.state == State::Gap.as_str());
    add_failures(connection, &mut receipt)?;
    (receipt.tickets, receipt.first_created_at, receipt.last_created_at) = connection.query_row(
        "SELECT (SELECT count(*) FROM ticket WHERE source = ?1), (SELECT min(created_at) FROM ticket WHERE source = ?1),
                (SELECT max(created_at) FROM ticket WHERE source = ?1)",
        [source.0],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let is_short = error.is_some()
        || has_open
        || receipt.failures > 0
        || receipt.unreadable > 0
        || !receipt.gaps.is_empty()
        || !receipt.unstable.is_empty();
    receipt.complete = if is_short {
        Some(false)
    } else {
        receipt.claimed.filter(|_| receipt.kind != "ids").map(|_| true)
    };
    Ok(receipt)
}

/// Adds the sums of the windows; returns whether one is still open.
fn add_windows(connection: &Connection, receipt: &mut Receipt) -> Result<bool, MirrorError> {
    let counted = "kind <> 'updated' AND state NOT IN ('split', 'superseded')";
    let sql = format!(
        "SELECT coalesce(sum(read) FILTER (WHERE state <> 'split'), 0),
                coalesce(sum(tickets) FILTER (WHERE {counted}), 0),
                coalesce(sum(tickets) FILTER (WHERE kind = 'updated'), 0),
                coalesce(sum(unreadable), 0),
                sum(claimed) FILTER (WHERE {counted}),
                count(*) FILTER (WHERE {counted} AND claimed IS NULL),
                count(*) FILTER (WHERE state = 'open')
         FROM window WHERE run = ?1"
    );
    let (unknown, open): (i64, i64) = connection.query_row(&sql, [receipt.run], |row| {
        receipt.read = row.get(0)?;
        receipt.unique = row.get(1)?;
        receipt.updated = row.get(2)?;
        receipt.unreadable = row.get(3)?;
        receipt.claimed = row.get(4)?;
        Ok((row.get(5)?, row.get(6)?))
    })?;
    if unknown > 0 {
        receipt.claimed = None;
    }
    let columns = ReceiptWindow::COLUMNS;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {columns} FROM window WHERE run = ?1 AND state NOT IN ('split', 'superseded') ORDER BY kind, since"
    ))?;
    let rows = statement.query_map([receipt.run], ReceiptWindow::of)?;
    receipt.windows = rows.collect::<Result<_, _>>()?;
    receipt.duplicates = receipt.read.saturating_sub(receipt.unique + receipt.updated);
    Ok(open > 0)
}

/// Returns whether the last run that read a list knew how many tickets there are.
fn has_claim(connection: &Connection, source: SourceKey) -> Result<bool, MirrorError> {
    let claim: Option<Option<i64>> = connection
        .query_row(
            "SELECT json_extract(receipt, '$.claimed') FROM run
             WHERE source = ?1 AND kind IN ('full', 'incremental') AND receipt IS NOT NULL
             ORDER BY coalesce(finished_at, started_at) DESC, key DESC LIMIT 1",
            [source.0],
            |row| row.get(0),
        )
        .optional()?;
    Ok(claim.flatten().is_some())
}

fn add_failures(connection: &Connection, receipt: &mut Receipt) -> Result<(), MirrorError> {
    receipt.failures = connection.query_row(
        "SELECT count(*) FROM failure WHERE run = ?1",
        [receipt.run],
        |row| row.get(0),
    )?;
    let mut statement = connection.prepare_cached(
        "SELECT id, kind, message FROM failure WHERE run = ?1 ORDER BY id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![receipt.run, MAX_FAILED], |row| {
        Ok(FailedTicket { id: row.get(0)?, kind: row.get(1)?, message: row.get(2)? })
    })?;
    receipt.failed = rows.collect::<Result<_, _>>()?;
    Ok(())
}

/// Returns the receipt of the last run, of this kind if one is given, that has one.
pub(crate) fn last(
    connection: &Connection,
    source: SourceKey,
    kind: Option<RunKind>,
) -> Result<Option<Receipt>, MirrorError> {
    let text: Option<String> = connection
        .query_row(
            "SELECT receipt FROM run WHERE source = ?1 AND kind = ifnull(?2, kind) AND receipt IS NOT NULL ORDER BY key DESC LIMIT 1",
            params![source.0, kind.map(RunKind::as_str)],
            |row| row.get(0),
        )
        .optional()?;
    let read = |text: String| {
        serde_json::from_str(&text)
            .map_err(|error| MirrorError::Damaged(format!("a receipt: {error}")))
    };
    text.map(read).transpose()
}
