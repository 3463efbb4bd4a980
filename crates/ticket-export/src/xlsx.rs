//! XLSX: a workbook with a sheet for each table, for spreadsheet programs.
//!
//! The sheets are written row by row into the archive (ECMA-376 Part 1, 18.3). The known crates for workbooks keep all cells in
//! memory, or panic if the disk is full.

mod cell;
mod fails_once;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use ticket_mirror::{Column, ColumnType, Table, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::error::ExportError;
use crate::format::{Format, Writer};
use crate::receipt::FileRows;
use cell::{HEADER, cell, text_cell};
use fails_once::FailsOnce;

const FILE: &str = "tickets.xlsx";

/// What a spreadsheet program can hold.
const MAX_ROWS: u32 = 1_048_576;
/// A part of more than 4 GiB would need ZIP64, which `LibreOffice` 7 does not open.
const MAX_SHEET_BYTES: usize = 3 << 30;

/// How much is gathered before it is compressed.
const BUFFER_BYTES: usize = 1 << 16;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The styles that `cell.rs` names by their index.
const STYLES: &str = r#"<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>"#;

pub(crate) struct XlsxWriter {
    path: PathBuf,
    archive: ZipWriter<FailsOnce<BufWriter<File>>>,
    /// What is not written yet.
    out: String,
    /// The names of the sheets.
    sheets: Vec<String>,
    columns: Vec<Column>,
    /// The letters of the columns.
    letters: Vec<String>,
    /// The last row of the sheet; 0 before the first sheet.
    row: u32,
    /// The bytes of the sheet that are written.
    sheet_bytes: usize,
    tables: Vec<FileRows>,
}

impl XlsxWriter {
    pub(crate) fn create(folder: &Path) -> Result<Self, ExportError> {
        let path = folder.join(FILE);
        let file = File::create(&path).map_err(ExportError::at(&path))?;
        Ok(Self {
            archive: ZipWriter::new(FailsOnce::new(BufWriter::new(file))),
            path,
            out: String::new(),
            sheets: Vec::new(),
            columns: Vec::new(),
            letters: Vec::new(),
            row: 0,
            sheet_bytes: 0,
            tables: Vec::new(),
        })
    }

    fn begin_part(&mut self, name: &str) -> Result<(), ExportError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(3));
        let begun = self.archive.start_file(name, options);
        self.out.push_str(DECLARATION);
        begun.map_err(|error| ExportError::at(&self.path)(error.into()))
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        let written = self.archive.write_all(self.out.as_bytes());
        self.sheet_bytes += self.out.len();
        self.out.clear();
        written.map_err(ExportError::at(&self.path))
    }

    fn part(&mut self, name: &str, text: &str) -> Result<(), ExportError> {
        self.begin_part(name)?;
        self.out.push_str(text);
        self.flush()
    }

    /// Begins a sheet with its header, which stays visible.
    fn begin_sheet(&mut self, name: String) -> Result<(), ExportError> {
        self.sheets.push(name);
        self.begin_part(&format!("xl/worksheets/sheet{}.xml", self.sheets.len()))?;
        let out = &mut self.out;
        push(
            out,
            format_args!(
                "<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
                 activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
            ),
        );
        for (number, column) in (1..).zip(&self.columns) {
            let width = width(column);
            push(
                out,
                format_args!(
                    "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
                ),
            );
        }
        out.push_str("</cols><sheetData><row r=\"1\">");
        (self.row, self.sheet_bytes) = (1, 0);
        for (letters, column) in self.letters.iter().zip(&self.columns) {
            text_cell(out, letters, 1, HEADER, &column.name);
        }
        out.push_str("</row>");
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), ExportError> {
        if let (Some(letters), 1..) = (self.letters.last(), self.row) {
            let row = self.row;
            push(
                &mut self.out,
                format_args!("</sheetData><autoFilter ref=\"A1:{letters}{row}\"/></worksheet>"),
            );
            self.flush()?;
        }
        self.row = 0;
        Ok(())
    }

    /// Writes what names the sheets.
    fn end_workbook(&mut self) -> Result<(), ExportError> {
        let content = |part: &str, kind: &str| {
            format!(
                "<Override PartName=\"/xl/{part}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml\"/>"
            )
        };
        let relation = |number: usize, kind: &str, target: &str| {
            format!(
                "<Relationship Id=\"rId{number}\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"{target}.xml\"/>"
            )
        };
        let mut types = content("workbook", "sheet.main") + &content("styles", "styles");
        let (mut sheets, mut relations) = (String::new(), String::new());
        for (number, name) in (1..).zip(&self.sheets) {
            types.push_str(&content(&format!("worksheets/sheet{number}"), "worksheet"));
            push(
                &mut sheets,
                format_args!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"),
            );
            let target = format!("worksheets/sheet{number}");
            relations.push_str(&relation(number, "worksheet", &target));
        }
        relations.push_str(&relation(self.sheets.len() + 1, "styles", "styles"));
        let root = relation(1, "officeDocument", "xl/workbook");
        for (name, text) in [
            ("xl/styles.xml", format!("<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>")),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONSHIPS}\"><sheets>{sheets}</sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}</Relationships>"
                ),
            ),
            (
                "_rels/.rels",
                format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{root}</Relationships>"),
            ),
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                     ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>{types}</Types>"
                ),
            ),
        ] {
            self.part(name, &text)?;
        }
        Ok(())
    }
}

impl Writer for XlsxWriter {
    fn begin(&mut self, table: &Table, columns: &[Column]) -> Result<(), ExportError> {
        self.end_sheet()?;
        self.columns = columns.to_vec();
        self.letters = (0..columns.len()).map(letters).collect();
        self.tables.push(FileRows::new(FILE, Format::Xlsx, table.name, 0, Vec::new()));
        self.begin_sheet(table.name.to_owned())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<(), ExportError> {
        if self.row == MAX_ROWS || self.sheet_bytes >= MAX_SHEET_BYTES {
            self.end_sheet()?;
            let table = self.tables.last().expect("a table has begun").table;
            let number = self.sheets.iter().filter(|name| name.starts_with(table)).count() + 1;
            self.begin_sheet(format!("{table} {number}"))?;
        }
        self.row += 1;
        let Self { row, out, .. } = self;
        let table = self.tables.last_mut().expect("a table has begun");
        table.rows += 1;
        push(out, format_args!("<row r=\"{row}\">"));
        for (letters, value) in self.letters.iter().zip(values) {
            table.changed_cells += u64::from(cell(out, letters, *row, *value));
        }
        out.push_str("</row>");
        if out.len() >= BUFFER_BYTES { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<FileRows>, ExportError> {
        self.end_sheet()?;
        self.end_workbook()?;
        let at = ExportError::at(&self.path);
        let mut file = self.archive.finish().map_err(|error| at(error.into()))?;
        file.flush().map_err(&at)?;
        Ok(self.tables)
    }
}

/// Appends to a text, which cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string grows");
}

/// Returns the letters of a column: `A` for 0, `AA` for 26.
fn letters(index: usize) -> String {
    const ALPHABET: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let last = char::from(ALPHABET[index % 26]);
    match (index / 26).checked_sub(1) {
        Some(before) => format!("{}{last}", letters(before)),
        None => last.to_string(),
    }
}

/// Returns the width of a column, in digits.
fn width(column: &Column) -> usize {
    match (column.kind, &*column.name) {
        (ColumnType::Time, _) => 20,
        (ColumnType::Text, "title" | "body" | "description" | "value") => 60,
        (ColumnType::Text, _) => 24,
        _ => column.name.len().max(10),
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn names_columns_as_spreadsheets_do() {
        for (index, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(index), name);
        }
    }
}
