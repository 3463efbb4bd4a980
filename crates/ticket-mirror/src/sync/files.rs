//! Downloads the files of tickets.

use std::collections::HashSet;
use std::fmt::Write;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use ticket_core::model::{Attachment, Ticket};
use ticket_core::{
    Bytes, CallStats, Error, ErrorKind, FileContent, FileRequest, FileSource, TicketId,
    TicketSource,
};

use super::plan::Run;
use super::receipt::{FailedFile, FilesReceipt, MAX_FAILED};
use super::{SyncJob, SyncProgress, SyncScope};
use crate::error::MirrorError;
use crate::files::extension;
use crate::source::SourceKey;
use crate::time;

/// How many files are downloaded at a time, at most: each is in memory.
const CONCURRENCY: usize = 4;
/// How many tickets are read at a time.
const GROUP: usize = 32;
/// After how many failures in a row the service counts as unavailable.
const MAX_FAILURES: u32 = 20;
/// The kind of a file whose type is none of those asked for.
const EXCLUDED: &str = "excluded";
/// The key of an attachment: its id, else its URL.
const KEY: &str = "coalesce(attachment.id, attachment.url, '')";
/// The failures that the next run tries again.
const RETRYABLE: &str = "download.kind IN ('rate_limited', 'unavailable', 'connection', 'timeout')";

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
}

/// Why there is no file.
struct Failure {
    kind: &'static str,
    message: String,
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
        let todo = self.todo();
        self.progress.to_download = self.mirror.connection.query_row(
            &format!("SELECT count(*) FROM (SELECT DISTINCT ticket.key, {KEY} FROM {todo})"),
            params![self.key.0, run.key, 0],
            |row| row.get(0),
        )?;
        let (mut last, mut failures) = (0, 0);
        loop {
            let owners = self.owners(&todo, run, last)?;
            let Some(owner) = owners.last() else { return Ok(()) };
            last = owner.key;
            let mut requests = Vec::new();
            for owner in &owners {
                let mut keys = self.todo_of(&todo, run, owner.key)?;
                for request in FileRequest::all(&owner.id, &owner.ticket, options.max_bytes) {
                    if keys.remove(key(request.attachment)) {
                        requests.push((owner.key, request));
                    }
                }
            }
            let mut downloads = stream::iter(requests)
                .map(|(ticket, request)| download(files, ticket, request, &options))
                .buffer_unordered(self.options.concurrency.clamp(1, CONCURRENCY));
            while let Some((ticket, attachment, outcome)) = downloads.next().await {
                let stats = outcome.as_ref().map_or_else(Error::stats, |it| it.stats);
                self.add_stats(run, stats)?;
                let is_down = outcome.as_ref().is_err_and(Error::is_retryable);
                failures = if is_down { failures + 1 } else { 0 };
                let stored = outcome.map_err(|error| Failure {
                    kind: error.kind().as_str(),
                    message: error.message().to_owned(),
                });
                let stored = stored.and_then(|file| checked(file, attachment, &options));
                self.store_file(run, ticket, key(attachment), stored)?;
                progress(&self.progress);
                if failures >= MAX_FAILURES {
                    // The receipt says what is left.
                    return Ok(());
                }
            }
        }
    }

    /// Returns the tables and the condition for attachments that are to be downloaded.
    fn todo(&self) -> String {
        let again = if self.options.scope == SyncScope::Full { "TRUE" } else { RETRYABLE };
        format!(
            "ticket JOIN attachment ON attachment.ticket = ticket.key
             LEFT JOIN download ON download.ticket = ticket.key AND download.attachment = {KEY}
             WHERE ticket.source = ?1 AND ticket.key > ?3 AND ticket.missing_since IS NULL
               AND (download.ticket IS NULL OR download.file IS NULL AND download.run <> ?2 AND {again})"
        )
    }

    /// Returns the next tickets with files to download.
    fn owners(&self, todo: &str, run: &Run, last: i64) -> Result<Vec<Owner>, MirrorError> {
        let mut statement = self.mirror.connection.prepare_cached(&format!(
            "SELECT DISTINCT ticket.key, ticket.id, ticket.json FROM {todo} ORDER BY ticket.key LIMIT {GROUP}"
        ))?;
        let rows = statement.query_map(params![self.key.0, run.key, last], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let owners = rows.map(|row| {
            let (key, id, json) = row?;
            let ticket = serde_json::from_str(&json)
                .map_err(|error| MirrorError::Damaged(format!("the ticket {id}: {error}")))?;
            Ok(Owner { key, id: TicketId::new(id)?, ticket })
        });
        owners.collect()
    }

    /// Returns the keys of the attachments of a ticket that are to be downloaded.
    fn todo_of(&self, todo: &str, run: &Run, ticket: i64) -> Result<HashSet<String>, MirrorError> {
        let mut statement = self
            .mirror
            .connection
            .prepare_cached(&format!("SELECT {KEY} FROM {todo} AND ticket.key = ?3 + 1"))?;
        let keys =
            statement.query_map(params![self.key.0, run.key, ticket - 1], |row| row.get(0))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    fn store_file(
        &mut self,
        run: &Run,
        ticket: i64,
        attachment: &str,
        stored: Result<FileContent, Failure>,
    ) -> Result<(), MirrorError> {
        let transaction = self.mirror.connection.transaction()?;
        let (file, failure) = match stored {
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

/// Returns the key of an attachment: its id, else its URL.
fn key(attachment: &Attachment) -> &str {
    attachment.id.as_deref().or(attachment.url.as_deref()).unwrap_or_default()
}

async fn download<'t>(
    files: &dyn FileSource,
    ticket: i64,
    request: FileRequest<'t>,
    options: &FileOptions,
) -> (i64, &'t Attachment, Result<FileContent, Error>) {
    let attachment = request.attachment;
    let too_large = attachment.size_bytes.filter(|size| *size > options.max_bytes as u64);
    let outcome = if let Some(size) = too_large {
        let max = options.max_bytes;
        let message = format!("the file has {size} bytes, more than {max}; it is not requested");
        Err(Error::new(ErrorKind::InvalidResponse, message))
    } else if attachment.media_type.as_deref().is_some_and(|it| !options.allows(it)) {
        // `checked` says why there is none.
        Ok(FileContent { bytes: Bytes::new(), media_type: None, stats: CallStats::default() })
    } else {
        files.download(&request).await
    };
    (ticket, attachment, outcome)
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
        let message = "the service sent a page instead of the image".to_owned();
        return Err(Failure { kind: ErrorKind::InvalidResponse.as_str(), message });
    }
    let media_type = image.map(str::to_owned).or(content.media_type).or(said.map(str::to_owned));
    let is = media_type.as_deref().unwrap_or("unknown");
    if !options.allows(is) {
        let message = format!("its type {is} is none of those asked for");
        return Err(Failure { kind: EXCLUDED, message });
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
    let mut sha256 = String::with_capacity(64);
    for byte in Sha256::digest(&content.bytes) {
        write!(sha256, "{byte:02x}").expect("a string grows");
    }
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

/// Returns what is known of the files of a source after a run.
pub(super) fn receipt(
    connection: &Connection,
    source: SourceKey,
    run: &Run,
) -> Result<FilesReceipt, MirrorError> {
    let named = format!(
        "(SELECT DISTINCT ticket.key AS ticket, ticket.id AS id, {KEY} AS attachment FROM ticket
          JOIN attachment ON attachment.ticket = ticket.key WHERE ticket.source = ?1 AND ticket.missing_since IS NULL) AS named
         LEFT JOIN download ON download.ticket = named.ticket AND download.attachment = named.attachment"
    );
    let mut receipt = connection.query_row(
        &format!(
            "SELECT count(*), count(file), count(*) FILTER (WHERE file IS NOT NULL AND run = ?2),
                    count(*) FILTER (WHERE download.ticket IS NULL OR file IS NULL AND {RETRYABLE}), count(kind)
             FROM {named}"
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
            "SELECT coalesce(sum(size_bytes), 0) FROM file WHERE key IN (SELECT file FROM {named} WHERE file IS NOT NULL)"
        ),
        [source.0],
        |row| row.get(0),
    )?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, named.attachment, kind, message FROM {named} WHERE kind IS NOT NULL
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

    use super::{FileOptions, checked};

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
