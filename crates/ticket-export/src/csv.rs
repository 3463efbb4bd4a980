//! CSV: one file for each table, as RFC 4180 says.

use std::borrow::Cow;
use std::io::Write;
use std::path::{Path, PathBuf};

use csv::{Terminator, WriterBuilder};
use ticket_mirror::{Column, Table, Value};

use crate::error::ExportError;
use crate::export::ExportOptions;
use crate::format::{Format, Writer};
use crate::payload::Payload;
use crate::receipt::FileRows;

/// The characters with which a formula begins, also in their full-width forms. Some programs skip white space before them.
const FORMULA_STARTS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/// Makes a spreadsheet read the cell as text.
const TEXT_MARK: char = '\'';

/// Removes control characters except tabs and line breaks, and marks what a spreadsheet would run as a formula.
pub fn spreadsheet_cell(cell: Cow<'_, str>) -> Cow<'_, str> {
    let is_removed = |it: char| it.is_control() && !matches!(it, '\t' | '\r' | '\n');
    let cell = if cell.contains(is_removed) { cell.replace(is_removed, "").into() } else { cell };
    if cell.starts_with(FORMULA_STARTS) && !is_number(&cell) {
        format!("{TEXT_MARK}{cell}").into()
    } else {
        cell
    }
}

/// Returns whether a text is a decimal number, such as `-12` or `+0.5`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    is_digits(whole) && is_digits(fraction)
}

pub(crate) struct CsvWriter {
    folder: PathBuf,
    is_raw: bool,
    has_bom: bool,
    open: Option<OpenFile>,
    files: Vec<FileRows>,
}

/// The file of the current table.
struct OpenFile {
    path: PathBuf,
    out: csv::Writer<Payload>,
    rows: FileRows,
}

impl CsvWriter {
    pub(crate) fn new(folder: &Path, options: &ExportOptions) -> Self {
        let (is_raw, has_bom) = (options.raw_formulas, options.bom);
        Self { folder: folder.to_owned(), is_raw, has_bom, open: None, files: Vec::new() }
    }

    /// Returns a cell, and notes whether it is not the exact value.
    fn cell<'t>(is_raw: bool, text: &'t str, changed: &mut u64) -> Cow<'t, str> {
        if is_raw {
            return text.into();
        }
        let cell = spreadsheet_cell(text.into());
        *changed += u64::from(*cell != *text);
        cell
    }

    fn close(&mut self) -> Result<(), ExportError> {
        let Some(OpenFile { path, out, mut rows }) = self.open.take() else { return Ok(()) };
        let out = out.into_inner().map_err(|error| ExportError::at(&path)(error.into_error()))?;
        rows.checksum = Some(Payload::finish(out).map_err(ExportError::at(&path))?);
        self.files.push(rows);
        Ok(())
    }
}

impl Writer for CsvWriter {
    fn begin(&mut self, table: &Table, columns: &[Column]) -> Result<(), ExportError> {
        self.close()?;
        let name = format!("{}.csv", table.name);
        let path = self.folder.join(&name);
        let at = ExportError::at(&path);
        let mut file = Payload::create(&path)?;
        if self.has_bom {
            file.write_all("\u{feff}".as_bytes()).map_err(&at)?;
        }
        let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file);
        let mut rows = FileRows::new(&name, Format::Csv, table.name, 0, columns.to_vec());
        let header =
            columns.iter().map(|it| Self::cell(self.is_raw, &it.name, &mut rows.changed_cells));
        let header: Vec<_> = header.collect();
        out.write_record(header.iter().map(|cell| cell.as_bytes())).map_err(|it| at(it.into()))?;
        drop(at);
        self.open = Some(OpenFile { path, out, rows });
        Ok(())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<(), ExportError> {
        let OpenFile { path, out, rows } = self.open.as_mut().expect("a table has begun");
        let at = |error: csv::Error| ExportError::at(path)(error.into());
        rows.rows += 1;
        for value in values {
            let text: Cow<'_, str> = match *value {
                Value::Null => "".into(),
                Value::Text(text) => Self::cell(self.is_raw, text, &mut rows.changed_cells),
                Value::Time { text, .. } => text.into(),
                Value::Boolean(value) => if value { "true" } else { "false" }.into(),
                Value::Integer(value) => value.to_string().into(),
                Value::Number(value) => value.to_string().into(),
            };
            out.write_field(text.as_bytes()).map_err(at)?;
        }
        out.write_record(None::<&[u8]>).map_err(at)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<FileRows>, ExportError> {
        self.close()?;
        Ok(self.files)
    }
}

#[cfg(test)]
mod tests {
    use super::CsvWriter;

    #[test]
    fn counts_each_cell_that_differs_once() {
        for (text, expected, is_changed) in [
            ("打印机\n卡纸", "打印机\n卡纸", 0),
            ("6626871355780366331", "6626871355780366331", 0),
            ("=1+1", "'=1+1", 1),
            ("a\u{7}b", "ab", 1),
            // As long as before.
            ("=\u{7}1", "'=1", 1),
        ] {
            let mut changed = 0;
            assert_eq!(CsvWriter::cell(false, text, &mut changed), expected);
            assert_eq!(changed, is_changed, "{text:?}");
            assert_eq!(CsvWriter::cell(true, text, &mut changed), text);
            assert_eq!(changed, is_changed, "{text:?}");
        }
    }
}
