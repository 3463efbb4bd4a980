//! Downloads the files of tickets.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use ticket_core::model::{Attachment, Ticket};
use ticket_core::{
    CallStats, Error, ErrorKind, FileContent, FileRequest, FileSource, TicketId, TicketSource,
};

use super::MAX_FAILURES;
use super::plan::Run;
use super::receipt::{FailedFile, FilesReceipt, MAX_FAILED};
use super::{SyncJob, SyncProgress, SyncScope};
use crate::error::MirrorError;
use crate::files::{attachment_key, extension};
use crate::hexadecimal::hexadecimal;
use crate::source::SourceKey;
use crate::time;

/// How many files are downloaded at a time, at most: each is in memory.
const CONCURRENCY: usize = 4;
/// How many tickets are read at a time.
const GROUP: usize = 32;
/// The kind of a file whose type is none of those asked for.
const EXCLUDED: &str = "excluded";

/// Which files to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOptions {
    /// The largest file, in bytes.
    pub max_bytes: usize,
    /// MIME types, such as `application/pdf` or `image/*`; empty for all.
    pub media_types: Vec<String>,
}

impl Default for FileOptions {
    fn default() -> Self {
        Self { max_bytes: 20 << 20, media_types: Vec::new() }
    }
}

impl FileOptions {
    fn allows(&self, media_type: &str) -> bool {
        let matches = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => media_type.starts_with(start),
            None => media_type == pattern,
        };
        self.media_types.is_empty() || self.media_types.iter().any(matches)
    }
}

/// A ticket with files to download.
struct Owner {
    key: i64,
    id: TicketId,
    ticket: Ticket,
    /// The keys of the attachments.
    files: HashSet<String>,
}

/// What became of a file.
struct Downloaded<'t> {
    ticket: i64,
    attachment: &'t Attachment,
    stats: CallStats,
    /// Whether the service may have the file later.
    is_down: bool,
    content: Result<FileContent, Failure>,
}

/// Why there is no file.
struct Failure {
    kind: &'static str,
    message: String,
}

impl Failure {
    fn invalid(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::InvalidResponse.as_str(), message: message.into() }
    }

    fn excluded(media_type: &str) -> Self {
        let message = format!("its type {media_type} is none of those asked for");
        Self { kind: EXCLUDED, message }
    }
}

impl<S: TicketSource + ?Sized> SyncJob<'_, S> {
    /// Downloads the files of all tickets of the source that are not in the mirror. Each file is one transaction.
    pub(super) async fn download_files(
        &mut self,
        run: &Run,
        progress: &mut impl FnMut(&SyncProgress),
    ) -> Result<(), MirrorError> {
        let Some(options) = self.options.files.clone() else { return Ok(()) };
        let source = self.source;
        let Some(files) = source.files() else { return Err(no_files(source.provider())) };
        let todo = todo(self.options.scope);
        let sql = format!("SELECT count(DISTINCT ticket.key || ' ' || attachment.key) FROM {todo}");
        self.progress.to_download =
            self.mirror
                .connection
                .query_row(&sql, params![self.key.0, run.key, 0], |row| row.get(0))?;
        let (mut last, mut failures) = (0, 0);
        loop {
            let owners = self.owners(&todo, run, last)?;
            let Some(owner) = owners.last() else { return Ok(()) };
            last = owner.key;
            let requests = owners.iter().flat_map(|owner| {
                let mut left: HashSet<_> = owner.files.iter().map(String::as_str).collect();
                let all = FileRequest::all(&owner.id, &owner.ticket, options.max_bytes);
                all.filter(move |request| left.remove(attachment_key(request.attachment)))
                    .map(|request| (owner.key, request))
            });
            let mut downloads = stream::iter(requests)
                .map(|(ticket, request)| download(files, ticket, request, &options))
                .buffer_unordered(self.options.concurrency.clamp(1, CONCURRENCY));
            while let Some(downloaded) = downloads.next().await {
                let Downloaded { ticket, attachment, stats, is_down, content } = downloaded;
                self.add_stats(run, stats)?;
                self.store_file(run, ticket, attachment_key(attachment), content)?;
                progress(&self.progress);
                failures = if is_down { failures + 1 } else { 0 };
                if failures >= MAX_FAILURES {
                    // The receipt says what is left.
                    return Ok(());
                }
            }
        }
    }

    /// Returns the next tickets with files to download.
    fn owners(&self, todo: &str, run: &Run, last: i64) -> Result<Vec<Owner>, MirrorError> {
        let mut statement = self.mirror.connection.prepare_cached(&owners_sql(todo))?;
        let rows = statement.query_map(params![self.key.0, run.key, last], |row| {
            let text = |index| row.get::<_, String>(index);
            Ok((row.get(0)?, text(1)?, text(2)?, text(3)?))
        })?;
        let owners = rows.map(|row| {
            let (key, id, json, files) = row?;
            let damaged = |error| MirrorError::Damaged(format!("the ticket {id}: {error}"));
            let ticket = serde_json::from_str(&json).map_err(damaged)?;
            let files = serde_json::from_str(&files).map_err(damaged)?;
            Ok(Owner { key, id: TicketId::new(&*id)?, ticket, files })
        });
        owners.collect()
    }

    fn store_file(
        &mut self,
        run: &Run,
        ticket: i64,
        attachment: &str,
        content: Result<FileContent, Failure>,
    ) -> Result<(), MirrorError> {
        let transaction = self.mirror.connection.transaction()?;
        let (file, failure) = match content {
            Ok(content) => (Some(put(&transaction, &content)?), None),
            Err(failure) => (None, Some(failure)),
        };
        let (kind, message) = failure.map(|it| (it.kind, it.message)).unzip();
        transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO download (ticket, attachment, file, kind, message, run, tried_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                ticket,
                attachment,
                file,
                kind,
                message,
                run.key,
                time::text(Timestamp::now())
            ])?;
        transaction.commit()?;
        self.progress.downloaded += u64::from(file.is_some());
        self.progress.to_download = self.progress.to_download.saturating_sub(1);
        Ok(())
    }
}

/// Returns the tables and the condition for attachments that are to be downloaded, in the order of their tickets.
fn todo(scope: SyncScope) -> String {
    let again = if scope == SyncScope::Full { "TRUE".to_owned() } else { retryable() };
    format!(
        "attachment CROSS JOIN ticket ON ticket.key = attachment.ticket
         LEFT JOIN download ON download.ticket = attachment.ticket AND download.attachment = attachment.key
         WHERE ticket.source = ?1 AND attachment.ticket > ?3 AND ticket.missing_since IS NULL
           AND (download.ticket IS NULL OR download.file IS NULL AND download.run <> ?2 AND {again})"
    )
}

/// Returns the condition for failures that the next run tries again.
fn retryable() -> String {
    let kinds = ErrorKind::ALL.iter().filter(|kind| kind.is_retryable());
    let kinds: Vec<_> = kinds.map(|kind| format!("'{kind}'")).collect();
    format!("download.kind IN ({})", kinds.join(", "))
}

/// Returns the statement that reads the next tickets. It sorts nothing, and so reads no others.
fn owners_sql(todo: &str) -> String {
    format!(
        "SELECT ticket.key, ticket.id, ticket.json, json_group_array(attachment.key) FROM {todo}
         GROUP BY attachment.ticket ORDER BY attachment.ticket LIMIT {GROUP}"
    )
}

/// Downloads a file, unless the ticket says already that it is too large or excluded.
async fn download<'t>(
    files: &dyn FileSource,
    ticket: i64,
    request: FileRequest<'t>,
    options: &FileOptions,
) -> Downloaded<'t> {
    let attachment = request.attachment;
    let (mut stats, mut is_down) = (CallStats::default(), false);
    let content = match refusal(attachment, options) {
        Some(failure) => Err(failure),
        None => match files.download(&request).await {
            Ok(content) => {
                stats = content.stats;
                checked(content, attachment, options)
            }
            Err(error) => {
                (stats, is_down) = (error.stats(), error.is_retryable());
                Err(Failure { kind: error.kind().as_str(), message: error.message().to_owned() })
            }
        },
    };
    Downloaded { ticket, attachment, stats, is_down, content }
}

/// Returns why a file is not requested.
fn refusal(attachment: &Attachment, options: &FileOptions) -> Option<Failure> {
    let max = options.max_bytes;
    if let Some(size) = attachment.size_bytes.filter(|size| *size > max as u64) {
        let message = format!("the file has {size} bytes, more than {max}; it is not requested");
        return Some(Failure::invalid(message));
    }
    let media_type = attachment.media_type.as_deref()?;
    (!options.allows(media_type)).then(|| Failure::excluded(media_type))
}

/// Checks the type of a file, and sets it to what the bytes are.
fn checked(
    mut content: FileContent,
    attachment: &Attachment,
    options: &FileOptions,
) -> Result<FileContent, Failure> {
    let said = attachment.media_type.as_deref();
    let image = image_type(&content.bytes);
    let is_page = matches!(content.media_type.as_deref(), Some("text/html" | "application/json"));
    if image.is_none() && is_page && said.is_some_and(|it| it.starts_with("image/")) {
        return Err(Failure::invalid("the service sent a page instead of the image"));
    }
    let media_type = image.map(str::to_owned).or(content.media_type).or(said.map(str::to_owned));
    let is = media_type.as_deref().unwrap_or("unknown");
    if !options.allows(is) {
        return Err(Failure::excluded(is));
    }
    content.media_type = media_type;
    Ok(content)
}

/// Returns the type of an image that browsers show without running anything in it.
fn image_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Stores the bytes, unless they are stored already, and returns the key of the file.
fn put(connection: &Connection, content: &FileContent) -> Result<i64, MirrorError> {
    let sha256 = hexadecimal(&Sha256::digest(&content.bytes));
    connection
        .prepare_cached(
            "INSERT INTO file (sha256, size_bytes, media_type, extension, content) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            sha256,
            content.bytes.len(),
            content.media_type,
            extension(content.media_type.as_deref()),
            &content.bytes[..]
        ])?;
    let mut statement = connection.prepare_cached("SELECT key FROM file WHERE sha256 = ?1")?;
    Ok(statement.query_row([sha256], |row| row.get(0))?)
}

/// Removes the files that no attachment has any more.
pub(crate) fn remove_unused(connection: &Connection) -> Result<(), MirrorError> {
    connection.execute(
        "DELETE FROM file WHERE NOT EXISTS (SELECT 1 FROM download WHERE download.file = file.key)",
        [],
    )?;
    Ok(())
}

/// The attachments of a source, each once, and what became of them.
const NAMED: &str = "(SELECT DISTINCT ticket.key AS ticket, ticket.id AS id, attachment.key AS attachment FROM ticket
          JOIN attachment ON attachment.ticket = ticket.key WHERE ticket.source = ?1 AND ticket.missing_since IS NULL) AS named
         LEFT JOIN download ON download.ticket = named.ticket AND download.attachment = named.attachment";

/// Returns what is known of the files of a source after a run.
pub(super) fn receipt(
    connection: &Connection,
    source: SourceKey,
    run: &Run,
) -> Result<FilesReceipt, MirrorError> {
    let retryable = retryable();
    let mut receipt = connection.query_row(
        &format!(
            "SELECT count(*), count(file), count(*) FILTER (WHERE file IS NOT NULL AND run = ?2),
                    count(*) FILTER (WHERE download.ticket IS NULL OR file IS NULL AND {retryable}), count(kind)
             FROM {NAMED}"
        ),
        params![source.0, run.key],
        |row| {
            Ok(FilesReceipt {
                named: row.get(0)?,
                stored: row.get(1)?,
                stored_bytes: 0,
                downloaded: row.get(2)?,
                left: row.get(3)?,
                failures: row.get(4)?,
                failed: Vec::new(),
            })
        },
    )?;
    receipt.stored_bytes = connection.query_row(
        &format!(
            "SELECT coalesce(sum(size_bytes), 0) FROM file WHERE key IN (SELECT file FROM {NAMED} WHERE file IS NOT NULL)"
        ),
        [source.0],
        |row| row.get(0),
    )?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, named.attachment, kind, message FROM {NAMED} WHERE kind IS NOT NULL
         ORDER BY named.ticket, named.attachment LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![source.0, MAX_FAILED], |row| {
        Ok(FailedFile {
            ticket: row.get(0)?,
            attachment: row.get(1)?,
            kind: row.get(2)?,
            message: row.get(3)?,
        })
    })?;
    receipt.failed = rows.collect::<Result<_, _>>()?;
    Ok(receipt)
}

fn no_files(provider: &'static str) -> MirrorError {
    let message = "the files of its tickets cannot be downloaded";
    MirrorError::Source(Error::new(ErrorKind::InvalidRequest, message).with_provider(provider))
}

#[cfg(test)]
mod tests {
    use ticket_core::model::Attachment;
    use ticket_core::{Bytes, CallStats, FileContent};

    use super::{FileOptions, SyncScope, checked, owners_sql, todo};
    use crate::mirror::Mirror;

    /// Sorting would read the JSON of all tickets for each group.
    #[test]
    fn finds_the_next_files_without_a_sort() {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(folder.path().join("mirror.db")).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {}", owners_sql(&todo(SyncScope::Changes)));
        let mut plan = mirror.connection.prepare(&sql).unwrap();
        let steps = plan.query_map([1, 2, 3], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<_> = steps.map(Result::unwrap).collect();
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
    }

    #[test]
    fn the_bytes_decide_the_type_of_an_image() {
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";
        let all: &[&str] = &[];
        for (bytes, sent, said, asked, expected) in [
            (PNG, Some("application/octet-stream"), None, all, Ok(Some("image/png"))),
            (b"GIF89a", None, Some("image/gif"), all, Ok(Some("image/gif"))),
            (b"\xff\xd8\xff\xe0", None, None, &["image/*"], Ok(Some("image/jpeg"))),
            (b"RIFF....WEBPVP8 ", None, None, all, Ok(Some("image/webp"))),
            (b"<svg/>", Some("image/svg+xml"), None, all, Ok(Some("image/svg+xml"))),
            (b"hello", Some("text/plain"), None, all, Ok(Some("text/plain"))),
            (b"hello", None, Some("text/plain"), all, Ok(Some("text/plain"))),
            (b"hello", None, None, all, Ok(None)),
            (b"<html>", Some("text/html"), Some("image/png"), all, Err("invalid_response")),
            (b"hello", Some("text/plain"), None, &["image/*", "text/csv"], Err("excluded")),
            (b"hello", None, None, &["image/*"], Err("excluded")),
        ] {
            let media_type = sent.map(str::to_owned);
            let content = FileContent {
                bytes: Bytes::from_static(bytes),
                media_type,
                stats: CallStats::default(),
            };
            let media_type = said.map(str::to_owned);
            let attachment = Attachment { media_type, ..Attachment::default() };
            let media_types = asked.iter().map(|it| (*it).to_owned()).collect();
            let options = FileOptions { media_types, ..FileOptions::default() };
            let checked = checked(content, &attachment, &options);
            let checked = checked.map(|it| it.media_type).map_err(|it| it.kind);
            let expected = expected.map(|it: Option<&str>| it.map(str::to_owned));
            assert_eq!(checked, expected, "{bytes:?}");
        }
    }
}
