//! Reads a source into the mirror, completely, and says what was read.

mod fetch;
mod files;
mod list;
mod plan;
mod receipt;
mod window;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use ticket_core::{CallStats, Error, ErrorKind, TicketId, TicketSource};

use crate::error::MirrorError;
use crate::mirror::Mirror;
use crate::source::{self, SourceIdentity, SourceKey};
use crate::store::{Index, RawKey};
use crate::time;
use plan::{Absence, Run};

pub use files::FileOptions;
pub(crate) use files::remove_unused as remove_unused_files;
pub(crate) use plan::RunKind;
pub(crate) use receipt::last as last_receipt;
pub use receipt::{FailedFile, FailedTicket, FilesReceipt, Receipt, ReceiptWindow};

/// After how many failures in a row the service counts as unavailable.
const MAX_FAILURES: u32 = 20;

/// How many tickets are fetched at a time, by default.
const CONCURRENCY: usize = 8;

/// What to read.
#[derive(Debug, Clone)]
pub struct SyncOptions {
    /// Whether to fetch the conversation of each ticket. A ticket whose conversation is in the mirror keeps one in any case.
    pub conversation: bool,
    /// Only tickets created at this time or later.
    pub since: Option<Timestamp>,
    /// Which part of the list to read.
    pub scope: SyncScope,
    /// How many tickets are fetched at a time.
    pub concurrency: usize,
    /// Whether to index the texts for search.
    pub index: bool,
    /// Which files of the tickets to download; `None` for none. The files of messages are known from conversations.
    pub files: Option<FileOptions>,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            conversation: false,
            since: None,
            scope: SyncScope::default(),
            concurrency: CONCURRENCY,
            index: true,
            files: None,
        }
    }
}

/// Which part of a list a run reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyncScope {
    /// What is new or changed since the last run; the first time everything.
    #[default]
    Changes,
    /// Everything. Known tickets that are not found are marked as missing.
    Full,
    /// Only the windows that were not complete.
    Repair,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncProgress {
    /// The tickets that were listed.
    pub listed: u64,
    /// The tickets of all windows that were begun, as the service claims; 0 if it does not say.
    pub claimed: u64,
    /// The windows that are left.
    pub windows_left: u64,
    /// The tickets that were fetched by their ids.
    pub fetched: u64,
    /// The tickets that are still to be fetched.
    pub to_fetch: u64,
    /// The files that were downloaded.
    pub downloaded: u64,
    /// The files that are still to be downloaded.
    pub to_download: u64,
    /// The requests and waits of this process.
    pub stats: CallStats,
}

/// How a run ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct SyncOutcome {
    /// What was read.
    pub receipt: Receipt,
    /// Why the run ended early; the next one continues it.
    pub error: Option<Error>,
}

/// Reads one source into a mirror.
///
/// Each page is one transaction with the progress that it makes. A run that was interrupted, in whatever way, is continued by the
/// next one.
///
/// ```
/// use ticket_core::ListItems;
/// use ticket_core::model::Ticket;
/// use ticket_mirror::{Mirror, SourceIdentity, SyncJob, SyncOptions};
/// use ticket_testkit::InMemorySource;
/// # use ticket_core::TicketSource;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("mirror.db");
/// let ticket = Ticket { created_at: Some("2026-01-31T08:00:00Z".parse()?), ..Ticket::new("acme", "42") };
/// let source = InMemorySource::new("acme").with_ticket(ticket).with_list(ListItems::Tickets);
///
/// let mut mirror = Mirror::open(file)?;
/// let identity = SourceIdentity::new("acme", &source.account());
/// let sync = SyncJob::new(&mut mirror, &source, &identity, SyncOptions::default())?;
/// let outcome = sync.run(|progress| println!("{} tickets", progress.listed)).await?;
/// assert_eq!(outcome.receipt.complete, Some(true));
/// # Ok(())
/// # }
/// ```
pub struct SyncJob<'m, S: ?Sized> {
    mirror: &'m mut Mirror,
    source: &'m S,
    identity: SourceIdentity,
    key: SourceKey,
    options: SyncOptions,
    has_ids: bool,
    index: Index,
    progress: SyncProgress,
    /// Responses that several tickets share, such as the definitions of custom fields.
    shared: Vec<(ticket_core::Bytes, RawKey)>,
}

impl<'m, S: TicketSource + ?Sized> SyncJob<'m, S> {
    /// Prepares a run; the source becomes known to the mirror.
    ///
    /// # Errors
    /// [`OtherAccount`](MirrorError::OtherAccount) if the mirror knows another account by this name;
    /// [`Database`](MirrorError::Database).
    pub fn new(
        mirror: &'m mut Mirror,
        source: &'m S,
        identity: &SourceIdentity,
        options: SyncOptions,
    ) -> Result<Self, MirrorError> {
        let key = source::register(&mirror.connection, identity)?;
        let (index, identity) = (Index::new(options.index), identity.clone());
        let (progress, shared) = (SyncProgress::default(), Vec::new());
        Ok(Self { mirror, source, identity, key, options, has_ids: false, index, progress, shared })
    }

    /// Adds tickets to fetch by their ids. The run then reads no list, only these tickets and those that an earlier run left.
    ///
    /// # Errors
    /// [`Database`](MirrorError::Database), [`DiskFull`](MirrorError::DiskFull).
    pub fn request(&mut self, ids: impl IntoIterator<Item = TicketId>) -> Result<(), MirrorError> {
        self.has_ids = true;
        let transaction = self.mirror.connection.transaction()?;
        {
            let mut statement = transaction.prepare_cached(
                "INSERT INTO todo (source, id, conversation, run)
                 VALUES (?1, ?2, ?3 OR EXISTS (SELECT 1 FROM ticket WHERE source = ?1 AND id = ?2 AND has_conversation), 0)
                 ON CONFLICT DO UPDATE SET conversation = max(conversation, excluded.conversation)",
            )?;
            for id in ids {
                statement.execute(params![self.key.0, id.as_str(), self.options.conversation])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Reads the source. `progress` is called after each page and each group of fetched tickets.
    ///
    /// A call that fails for good ends the run early: the outcome has its error and the receipt of what was read.
    ///
    /// # Errors
    /// [`Source`](MirrorError::Source) if there is nothing to read: the source has no list, and no ids are known;
    /// [`Database`](MirrorError::Database), [`DiskFull`](MirrorError::DiskFull).
    pub async fn run(
        mut self,
        mut progress: impl FnMut(&SyncProgress),
    ) -> Result<SyncOutcome, MirrorError> {
        let run = self.begin()?;
        let work = self.work(&run, &mut progress).await;
        let error = match work {
            Ok(()) => None,
            Err(MirrorError::Source(error)) => Some(error),
            Err(error) => return Err(error),
        };
        let receipt = self.finish(&run, error.as_ref())?;
        Ok(SyncOutcome { receipt, error })
    }

    async fn work(
        &mut self,
        run: &Run,
        progress: &mut impl FnMut(&SyncProgress),
    ) -> Result<(), MirrorError> {
        self.read_windows(run, progress).await?;
        self.fetch_todo(run, progress).await?;
        self.download_files(run, progress).await
    }

    /// Adds the statistics of a call to those of the run.
    fn add_stats(&mut self, run: &Run, stats: CallStats) -> Result<(), MirrorError> {
        self.progress.stats += stats;
        self.mirror
            .connection
            .prepare_cached(
                "UPDATE run SET requests = requests + ?2, waits = waits + ?3, waited_seconds = waited_seconds + ?4 WHERE key = ?1",
            )?
            .execute(params![
                run.key,
                stats.attempts,
                stats.waits,
                stats.waited.as_secs_f64()
            ])?;
        Ok(())
    }

    /// Ends a run: judges which tickets are missing, and writes the receipt.
    fn finish(&mut self, run: &Run, error: Option<&Error>) -> Result<Receipt, MirrorError> {
        let now = time::text(Timestamp::now());
        let transaction = self.mirror.connection.transaction()?;
        if error.is_none() {
            mark_missing(&transaction, self.key, run, &now)?;
            transaction.execute(
                "UPDATE run SET state = 'finished', finished_at = ?2 WHERE key = ?1",
                params![run.key, now],
            )?;
        }
        let mut receipt = receipt::of_run(&transaction, run.key, error)?;
        if self.options.files.is_some() {
            receipt.files = Some(files::receipt(&transaction, self.key, run)?);
        }
        let json = serde_json::to_string(&receipt).expect("a receipt is JSON");
        transaction
            .execute("UPDATE run SET receipt = ?2 WHERE key = ?1", params![run.key, json])?;
        transaction.commit()?;
        Ok(receipt)
    }
}

/// Marks the known tickets that the service no longer has, as far as the run can tell.
fn mark_missing(
    connection: &Connection,
    source: SourceKey,
    run: &Run,
    now: &str,
) -> Result<(), MirrorError> {
    let condition = match run.absence {
        Absence::InCompleteWindows => {
            "EXISTS (SELECT 1 FROM window WHERE run = ?2 AND kind = 'created' AND state = 'complete'
                     AND created_at BETWEEN window.since AND window.until)"
        }
        // A list that suddenly has no tickets says nothing about those that are known.
        Absence::Everywhere if receipt::short_windows(connection, source)?.is_empty() => {
            // Without a total, a list in the order of ids may only have stopped: it says nothing about later ids.
            "EXISTS (SELECT 1 FROM window WHERE run = ?2 AND tickets > 0)
             AND (NOT EXISTS (SELECT 1 FROM window WHERE run = ?2 AND kind = 'after' AND state = 'unknown')
                  OR CAST(id AS INTEGER) <= (SELECT CAST(cursor AS INTEGER) FROM run WHERE key = ?2))"
        }
        Absence::Everywhere | Absence::Unknown => return Ok(()),
    };
    let missing = connection.execute(
        &format!(
            "UPDATE ticket SET missing_since = ?3
             WHERE source = ?1 AND seen_run < ?2 AND missing_since IS NULL AND {condition}"
        ),
        params![source.0, run.key, now],
    )?;
    connection.execute("UPDATE run SET missing = ?2 WHERE key = ?1", params![run.key, missing])?;
    Ok(())
}

/// Returns the error for a source that has nothing to read.
fn nothing_to_read(provider: &'static str) -> MirrorError {
    let message = "its API has no list of tickets, and the mirror has none to read again";
    MirrorError::Source(
        Error::new(ErrorKind::InvalidRequest, message)
            .with_provider(provider)
            .with_hint("name the tickets once, by their ids"),
    )
}

impl<S: ?Sized> std::fmt::Debug for SyncJob<'_, S> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SyncJob")
            .field("identity", &self.identity)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use ticket_core::TicketSource;
    use ticket_core::model::Ticket;
    use ticket_testkit::InMemorySource;

    use super::{SyncJob, SyncOptions};
    use crate::error::MirrorError;
    use crate::mirror::Mirror;
    use crate::source::SourceIdentity;

    #[tokio::test]
    async fn a_full_disk_keeps_what_was_written_and_the_next_run_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mirror.db");
        let list = InMemorySource::new("acme").with_list(ticket_core::ListItems::Tickets);
        let source = (0..200).fold(list.with_page_size(10), |source, number| {
            let created_at = "2026-01-31T08:00:00Z".parse().ok();
            let description = Some(format!("{number} ").repeat(2_000));
            source.with_ticket(Ticket {
                created_at,
                description,
                ..Ticket::new("acme", number.to_string())
            })
        });
        let identity = SourceIdentity::new("acme", &source.account());
        let mut mirror = Mirror::open(&path).unwrap();
        // The database then fails in the same way as on a full disk.
        mirror.connection.pragma_update(None, "max_page_count", 80).unwrap();
        let job = SyncJob::new(&mut mirror, &source, &identity, SyncOptions::default()).unwrap();
        let error = job.run(|_| {}).await.unwrap_err();
        assert!(matches!(error, MirrorError::DiskFull), "{error:?}");
        let written = mirror.status().unwrap().sources[0].tickets;
        assert!((10..200).contains(&written) && written.is_multiple_of(10), "{written}");
        drop(mirror);

        let mut mirror = Mirror::open(&path).unwrap();
        let job = SyncJob::new(&mut mirror, &source, &identity, SyncOptions::default()).unwrap();
        let receipt = job.run(|_| {}).await.unwrap().receipt;
        assert_eq!((receipt.run, receipt.complete), (1, Some(true)));
        assert_eq!((receipt.unique, receipt.duplicates), (200, 0));
        let problems: String =
            mirror.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(problems, "ok");
    }
}
