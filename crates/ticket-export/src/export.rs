//! Writes an export beside its folder, and renames it when it is complete.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ticket_core::ListQuery;
use ticket_mirror::{
    Anonymizer, Column, Mirror, MirrorError, Snapshot, StoredTicket, Table, Value, ticket_json,
};

use crate::bag;
use crate::error::ExportError;
use crate::files::{self, ExportedFiles};
use crate::format::{Format, Writer};
use crate::receipt::ExportReceipt;

/// The columns that `SQLite` reads at once.
const MAX_COLUMNS: usize = 2_000;

/// What to export, and how.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    /// Which tickets.
    pub query: ListQuery,
    /// The source; `None` for all.
    pub source: Option<String>,
    /// The formats, each once.
    pub formats: Vec<Format>,
    /// Whether custom fields become columns of the tickets.
    pub custom_field_columns: bool,
    /// Whether CSV has texts that look like formulas as they are.
    pub raw_formulas: bool,
    /// Whether CSV begins with a byte order mark.
    pub bom: bool,
    /// Masks personal data.
    pub anonymizer: Option<Anonymizer>,
    /// The time of the export.
    pub now: Timestamp,
}

/// What was exported.
#[derive(Debug)]
#[non_exhaustive]
pub struct ExportSummary {
    /// The receipt in the folder.
    pub receipt: ExportReceipt,
    /// The number of files with data.
    pub files: usize,
    /// The size of these files.
    pub bytes: u64,
}

/// Exports the tickets of a mirror to a folder that does not exist yet.
///
/// # Errors
/// [`Exists`](ExportError::Exists), [`TooManyColumns`](ExportError::TooManyColumns), [`Mirror`](ExportError::Mirror), [`Io`](ExportError::Io). The folder is not there then.
pub fn export(
    mirror: &Mirror,
    folder: &Path,
    options: &ExportOptions,
) -> Result<ExportSummary, ExportError> {
    if folder.symlink_metadata().is_ok() {
        return Err(ExportError::Exists(folder.to_owned()));
    }
    let snapshot = mirror.snapshot(&options.query, options.source.as_deref())?;
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(ExportError::at(parent))?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.partial-");
    let mut partial = tempfile::Builder::new();
    partial.prefix(&prefix);
    // Tickets hold personal data: only the owner may read them.
    #[cfg(unix)]
    partial.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let partial = partial.tempdir_in(parent).map_err(ExportError::at(parent))?;
    let data = partial.path().join("data");
    fs::create_dir(&data).map_err(ExportError::at(&data))?;

    let writers = options.formats.iter().map(|format| format.writer(&data, options));
    let mut writers = writers.collect::<Result<Vec<_>, _>>()?;
    if options.formats.iter().any(|format| !format.has_whole_tickets()) {
        write_tables(&snapshot, &mut writers, options)?;
    }
    if options.formats.iter().any(|format| format.has_whole_tickets()) {
        write_tickets(&snapshot, &mut writers, options.anonymizer.as_ref())?;
    }
    // Files may show anybody.
    let attachments = match options.anonymizer {
        Some(_) => ExportedFiles::default(),
        None => files::write(&data, &snapshot)?,
    };
    let mut files = Vec::new();
    for writer in writers {
        files.extend(writer.finish()?);
    }
    let mut status = snapshot.status()?;
    let mut query = options.query.clone();
    if options.anonymizer.is_some() {
        Anonymizer::query(&mut query);
        status.sources.iter_mut().for_each(Anonymizer::status);
    }
    let sources = status.sources.into_iter();
    let is_selected = |name: &str| options.source.as_deref().is_none_or(|source| source == name);
    let receipt = ExportReceipt {
        program: env!("CARGO_PKG_VERSION"),
        schema: status.schema,
        created_at: options.now.to_string(),
        source: options.source.clone(),
        query,
        custom_field_columns: options.custom_field_columns,
        raw_formulas: options.raw_formulas,
        masked: options.anonymizer.as_ref().map(Anonymizer::masked),
        tickets: snapshot.tickets(),
        files,
        attachments,
        sources: sources.filter(|it| is_selected(&it.source)).collect(),
    };
    let (files, bytes) = bag::finish(partial.path(), &receipt)?;
    rename(partial, folder, parent)?;
    Ok(ExportSummary { receipt, files, bytes })
}

fn write_tables(
    snapshot: &Snapshot<'_>,
    writers: &mut [Box<dyn Writer>],
    options: &ExportOptions,
) -> Result<(), ExportError> {
    for table in Table::ALL {
        let mut columns = table.columns.to_vec();
        if table.is_tickets() && options.custom_field_columns {
            columns
                .extend(snapshot.custom_field_names()?.iter().map(|it| Column::custom_field(it)));
        }
        if columns.len() > MAX_COLUMNS {
            return Err(ExportError::TooManyColumns { count: columns.len(), max: MAX_COLUMNS });
        }
        for writer in &mut *writers {
            writer.begin(&table, &columns)?;
        }
        snapshot.rows(&table, &columns, |row| match &options.anonymizer {
            Some(anonymizer) => {
                let pseudonyms = anonymizer.pseudonyms(&columns, row);
                write_row(writers, &anonymizer.row(&columns, row, &pseudonyms))
            }
            None => write_row(writers, row),
        })?;
    }
    Ok(())
}

fn write_tickets(
    snapshot: &Snapshot<'_>,
    writers: &mut [Box<dyn Writer>],
    anonymizer: Option<&Anonymizer>,
) -> Result<(), ExportError> {
    snapshot.json(|ticket| {
        let json = anonymizer.map(|anonymizer| masked(anonymizer, ticket)).transpose()?;
        let ticket = match &json {
            Some(json) => StoredTicket { json, files: &[], ..*ticket },
            None => *ticket,
        };
        writers.iter_mut().try_for_each(|writer| writer.ticket(&ticket))
    })?;
    Ok(())
}

fn write_row(writers: &mut [Box<dyn Writer>], row: &[Value<'_>]) -> Result<(), ExportError> {
    writers.iter_mut().try_for_each(|writer| writer.row(row))
}

/// Returns the JSON of a ticket without personal data.
fn masked(anonymizer: &Anonymizer, stored: &StoredTicket<'_>) -> Result<String, ExportError> {
    let StoredTicket { source, id, json, .. } = stored;
    let mut ticket = serde_json::from_str(json)
        .map_err(|error| MirrorError::Damaged(format!("the ticket {source}:{id}: {error}")))?;
    anonymizer.ticket(&mut ticket);
    Ok(ticket_json(&ticket))
}

/// Gives the complete folder its name.
fn rename(partial: tempfile::TempDir, folder: &Path, parent: &Path) -> Result<(), ExportError> {
    if folder.symlink_metadata().is_ok() {
        return Err(ExportError::Exists(folder.to_owned()));
    }
    // Renaming does not replace a folder with content, if one was created meanwhile.
    fs::rename(partial.path(), folder).map_err(ExportError::at(folder))?;
    let _: PathBuf = partial.keep();
    sync_folder(parent)
}

/// Waits until the names in a folder are on the disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), ExportError> {
    if cfg!(unix) {
        let file = File::open(folder).map_err(ExportError::at(folder))?;
        file.sync_all().map_err(ExportError::at(folder))?;
    }
    Ok(())
}
