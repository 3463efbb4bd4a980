//! Reads the downloaded files of the selected tickets.

use rusqlite::CachedStatement;
use ticket_core::model::Attachment;

use crate::error::MirrorError;
use crate::snapshot::Snapshot;

/// A downloaded file of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredFile {
    /// The id of the attachment, else its URL.
    pub attachment: String,
    /// A name without anything of the ticket: the SHA-256 of the bytes, and an extension that no system runs.
    pub name: String,
    /// What the bytes are, for images that browsers show; else the MIME type that the service said.
    pub media_type: Option<String>,
}

impl StoredFile {
    /// Returns whether it is the file of this attachment of the ticket.
    pub fn is_of(&self, attachment: &Attachment) -> bool {
        self.attachment == attachment_key(attachment)
    }

    /// Returns whether it is an image that browsers show without running anything in it.
    pub fn is_image(&self) -> bool {
        IMAGES.iter().any(|(media_type, _)| self.media_type.as_deref() == Some(media_type))
    }
}

/// Returns what tells the files of a ticket apart, as the column `key` does: the id of the attachment, else its URL.
pub(crate) fn attachment_key(attachment: &Attachment) -> &str {
    attachment.id.as_deref().or(attachment.url.as_deref()).unwrap_or_default()
}

/// The images that browsers show, and their extensions.
const IMAGES: [(&str, &str); 4] =
    [("image/png", "png"), ("image/jpeg", "jpg"), ("image/gif", "gif"), ("image/webp", "webp")];

/// The extensions of other types. What a browser or a system might run has none of its own.
const OTHERS: [(&str, &str); 13] = [
    ("application/json", "json"),
    ("application/pdf", "pdf"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/zip", "zip"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("message/rfc822", "eml"),
    ("text/csv", "csv"),
    ("text/plain", "txt"),
    ("video/mp4", "mp4"),
    ("video/webm", "webm"),
];

/// Returns the extension of a file of this type.
pub(crate) fn extension(media_type: Option<&str>) -> &'static str {
    let mut known = IMAGES.iter().chain(&OTHERS);
    known.find(|(name, _)| Some(*name) == media_type).map_or("bin", |(_, extension)| extension)
}

/// The downloads of the attachments that the selected tickets have now.
const SELECTED: &str = "temp.selected
    CROSS JOIN attachment ON attachment.ticket = selected.key
    CROSS JOIN download ON download.ticket = attachment.ticket
      AND download.attachment = attachment.key";

impl Snapshot<'_> {
    /// Calls `each` with the name and the bytes of each different file of the tickets, and returns their number.
    ///
    /// # Errors
    /// [`Database`](MirrorError::Database), [`Damaged`](MirrorError::Damaged), and the errors of `each`.
    pub fn files<E: From<MirrorError>>(
        &self,
        mut each: impl FnMut(&str, &[u8]) -> Result<(), E>,
    ) -> Result<u64, E> {
        let database = |error: rusqlite::Error| MirrorError::from(error);
        if !self.has_files()? {
            return Ok(0);
        }
        self.select()?;
        let sql = format!(
            "SELECT sha256 || '.' || extension, content FROM file
             WHERE key IN (SELECT download.file FROM {SELECTED} WHERE download.file IS NOT NULL)"
        );
        let mut statement = self.transaction.prepare(&sql).map_err(database)?;
        let mut rows = statement.query([]).map_err(database)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(database)? {
            let name: String = row.get(0).map_err(database)?;
            let content = row.get_ref(1).map_err(database)?;
            let content = content
                .as_blob()
                .map_err(|error| MirrorError::Damaged(format!("the file {name}: {error}")))?;
            each(&name, content)?;
            count += 1;
        }
        Ok(count)
    }

    /// Returns whether the mirror has files.
    fn has_files(&self) -> Result<bool, MirrorError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM file)";
        Ok(self.transaction.query_row(sql, [], |row| row.get(0))?)
    }

    /// Returns the statement that finds the files of a ticket; `None` if the mirror has no files.
    pub(crate) fn files_of_ticket(&self) -> Result<Option<FilesOfTicket<'_>>, MirrorError> {
        let statement = self.transaction.prepare_cached(
            "SELECT attachment, sha256 || '.' || extension, media_type FROM download
             CROSS JOIN file ON file.key = download.file WHERE ticket = ?1",
        )?;
        Ok(self.has_files()?.then_some(FilesOfTicket(statement)))
    }
}

/// Finds the files of a ticket.
pub(crate) struct FilesOfTicket<'c>(CachedStatement<'c>);

impl FilesOfTicket<'_> {
    pub(crate) fn get(&mut self, ticket: i64) -> Result<Vec<StoredFile>, MirrorError> {
        let files = self.0.query_map([ticket], |row| {
            Ok(StoredFile { attachment: row.get(0)?, name: row.get(1)?, media_type: row.get(2)? })
        })?;
        Ok(files.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::extension;

    #[test]
    fn what_might_be_run_has_no_extension_of_its_own() {
        for (media_type, expected) in [
            (Some("image/png"), "png"),
            (Some("application/pdf"), "pdf"),
            (Some("text/html"), "bin"),
            (Some("image/svg+xml"), "bin"),
            (Some("application/x-msdownload"), "bin"),
            (None, "bin"),
        ] {
            assert_eq!(extension(media_type), expected, "{media_type:?}");
        }
    }
}
