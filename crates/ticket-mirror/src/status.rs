//! What the mirror holds.

use serde::Serialize;

use crate::error::MirrorError;
use crate::mirror::{Mirror, SCHEMA_VERSION};
use crate::sync::{Receipt, RunKind, last_receipt};

/// What a mirror holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MirrorStatus {
    /// The file.
    pub file: String,
    /// Its size.
    pub size_bytes: u64,
    /// The version of its schema.
    pub schema: i64,
    /// Its sources, in the order of their names.
    pub sources: Vec<SourceStatus>,
}

/// What a mirror holds of one source.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SourceStatus {
    /// The name.
    pub source: String,
    /// The tickets, also the missing ones.
    pub tickets: u64,
    /// Those that a full run did not find any more.
    pub missing: u64,
    /// Those with their conversation.
    pub with_conversation: u64,
    /// Those that are still to be fetched.
    pub to_fetch: u64,
    /// Whether a run was interrupted, or is in progress.
    pub is_unfinished: bool,
    /// The receipt of the last run.
    pub last: Option<Receipt>,
    /// The receipt of the last full run; `None` if there was none, as for a source without a list.
    pub last_full: Option<Receipt>,
}

impl Mirror {
    /// Returns whether windows of a source are known that are not complete and can be read again.
    ///
    /// # Errors
    /// [`UnknownSource`](MirrorError::UnknownSource), [`Database`](MirrorError::Database).
    pub fn has_unstable_windows(&self, source: &str) -> Result<bool, MirrorError> {
        let key = self.source_key(source)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM window JOIN run ON run.key = window.run
                            WHERE run.source = ?1 AND (window.state = 'unstable' OR run.kind = 'repair' AND run.state = 'running'))",
        )?;
        Ok(statement.query_row([key.0], |row| row.get(0))?)
    }

    /// Returns what the mirror holds, with the last receipts.
    ///
    /// # Errors
    /// [`Database`](MirrorError::Database), [`Damaged`](MirrorError::Damaged).
    pub fn status(&self) -> Result<MirrorStatus, MirrorError> {
        let size_bytes = std::fs::metadata(self.path()).map_or(0, |metadata| metadata.len());
        let mut sources = Vec::new();
        for source in self.sources()? {
            let key = self.source_key(&source.name)?;
            let mut status = self.connection.query_row(
                "SELECT (SELECT count(*) FROM ticket WHERE source = ?1),
                        (SELECT count(*) FROM ticket WHERE source = ?1 AND missing_since IS NOT NULL),
                        (SELECT count(*) FROM ticket WHERE source = ?1 AND has_conversation),
                        (SELECT count(*) FROM todo WHERE source = ?1),
                        EXISTS (SELECT 1 FROM run WHERE source = ?1 AND state = 'running')",
                [key.0],
                |row| {
                    Ok(SourceStatus {
                        source: source.name,
                        tickets: row.get(0)?,
                        missing: row.get(1)?,
                        with_conversation: row.get(2)?,
                        to_fetch: row.get(3)?,
                        is_unfinished: row.get(4)?,
                        last: None,
                        last_full: None,
                    })
                },
            )?;
            status.last = last_receipt(&self.connection, key, None)?;
            status.last_full = last_receipt(&self.connection, key, Some(RunKind::Full))?;
            sources.push(status);
        }
        let file = self.path().display().to_string();
        Ok(MirrorStatus { file, size_bytes, schema: SCHEMA_VERSION, sources })
    }
}
