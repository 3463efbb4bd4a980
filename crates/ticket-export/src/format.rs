//! The formats of an export. A further one is a variant of [`Format`] and a [`Writer`].

use std::fmt;
use std::path::Path;

use ticket_mirror::{Column, StoredTicket, Table, Value};

use crate::csv::CsvWriter;
use crate::error::ExportError;
use crate::export::ExportOptions;
use crate::json::NdjsonWriter;
use crate::pages::{PageFormat, PagesWriter};
use crate::parquet::ParquetWriter;
use crate::receipt::FileRows;
use crate::xlsx::XlsxWriter;

/// A format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One workbook with a sheet for each table.
    Xlsx,
    /// A file of comma-separated values for each table.
    Csv,
    /// A file for each table, with types, compressed with zstd.
    Parquet,
    /// One file with the unified ticket as JSON, one a line.
    Ndjson,
    /// A page for each ticket, and an index with a search field.
    Html,
    /// A text with Markdown for each ticket, and an index.
    Markdown,
}

impl Format {
    /// All formats.
    pub const ALL: &[Self] =
        &[Self::Xlsx, Self::Csv, Self::Parquet, Self::Ndjson, Self::Html, Self::Markdown];

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Ndjson => "ndjson",
            Self::Html => "html",
            Self::Markdown => "markdown",
        }
    }

    /// Returns whether it is made from whole tickets, and not from the rows of tables.
    pub(crate) const fn has_whole_tickets(self) -> bool {
        matches!(self, Self::Ndjson | Self::Html | Self::Markdown)
    }

    /// Returns a writer of files in this folder.
    pub(crate) fn writer(
        self,
        folder: &Path,
        options: &ExportOptions,
    ) -> Result<Box<dyn Writer>, ExportError> {
        Ok(match self {
            Self::Xlsx => Box::new(XlsxWriter::create(folder)?),
            Self::Csv => Box::new(CsvWriter::new(folder, options)),
            Self::Parquet => Box::new(ParquetWriter::new(folder)),
            Self::Ndjson => Box::new(NdjsonWriter::create(folder)?),
            Self::Html => Box::new(PagesWriter::create(PageFormat::Html, folder)?),
            Self::Markdown => Box::new(PagesWriter::create(PageFormat::Markdown, folder)?),
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Writes the files of a format. It is given all tables one after the other, then all tickets as JSON.
pub(crate) trait Writer {
    /// Begins a table.
    fn begin(&mut self, table: &Table, columns: &[Column]) -> Result<(), ExportError> {
        let _ = (table, columns);
        Ok(())
    }

    /// Writes a row of the table.
    fn row(&mut self, values: &[Value<'_>]) -> Result<(), ExportError> {
        let _ = values;
        Ok(())
    }

    /// Writes a ticket.
    fn ticket(&mut self, ticket: &StoredTicket<'_>) -> Result<(), ExportError> {
        let _ = ticket;
        Ok(())
    }

    /// Ends the files, and returns what they hold.
    fn finish(self: Box<Self>) -> Result<Vec<FileRows>, ExportError>;
}
