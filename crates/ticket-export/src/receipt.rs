//! `data/receipt.json`: what was exported.

use serde::Serialize;
use ticket_core::ListQuery;
use ticket_mirror::{Column, Masked, SourceStatus};

use crate::files::{ExportedFiles, FILES};
use crate::format::Format;
use crate::payload::Checksum;

/// What an export holds, as `data/receipt.json` says it.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct ExportReceipt {
    /// The version of this library.
    pub program: &'static str,
    /// The version of the schema of the mirror.
    pub schema: i64,
    /// When the export began.
    pub created_at: String,
    /// The source that was selected; `null` for all.
    pub source: Option<String>,
    /// The filters that were selected.
    pub query: ListQuery,
    /// Whether custom fields are columns of the tickets.
    pub custom_field_columns: bool,
    /// Whether CSV has the exact texts, also of formulas.
    pub raw_formulas: bool,
    /// What was masked; `null` if the export has personal data.
    pub masked: Option<Masked>,
    /// The number of tickets.
    pub tickets: u64,
    /// The files with their rows.
    pub files: Vec<FileRows>,
    /// The downloaded files in `data/files`. An export without personal data has none.
    pub attachments: ExportedFiles,
    /// What the mirror held of each source, with the last receipt of its synchronization.
    pub sources: Vec<SourceStatus>,
}

impl ExportReceipt {
    /// Returns whether a file is described in the data package: pages and files of tickets are not.
    pub(crate) fn is_resource(&self, path: &str) -> bool {
        let is_in = |folder: &str| path.strip_prefix(folder).is_some_and(|it| it.starts_with('/'));
        !is_in(&format!("data/{FILES}")) && !self.files.iter().any(|file| is_in(&file.path))
    }
}

/// A file of an export, and what it holds.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FileRows {
    /// The path in the folder: a file, or a folder of pages.
    pub path: String,
    /// The format.
    #[serde(serialize_with = "name")]
    pub format: Format,
    /// The table.
    pub table: &'static str,
    /// The number of rows without a header, or of pages.
    pub rows: u64,
    /// How many texts differ from the mirror: formulas were marked, control characters removed, or texts too long for a cell cut.
    pub changed_cells: u64,
    /// The columns, if the format has any.
    #[serde(skip)]
    pub(crate) columns: Vec<Column>,
    /// If it was computed while the file was written.
    #[serde(skip)]
    pub(crate) checksum: Option<Checksum>,
}

impl FileRows {
    pub(crate) fn new(
        name: &str,
        format: Format,
        table: &'static str,
        rows: u64,
        columns: Vec<Column>,
    ) -> Self {
        let path = format!("data/{name}");
        Self { path, format, table, rows, changed_cells: 0, columns, checksum: None }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature of serde")]
fn name<S: serde::Serializer>(format: &Format, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(format.as_str())
}
