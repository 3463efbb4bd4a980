//! XLSX: a workbook with a sheet for each table, for spreadsheet programs.
//!
//! The sheets are written row by row into the archive (ECMA-376 Part 1, 18.3). The known crates for workbooks keep all cells in
//! memory, or panic if the disk is full.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ticket_mirror::{Column, ColumnType, Table, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::error::ExportError;
use crate::format::{Format, Writer};
use crate::receipt::FileRows;

const FILE: &str = "tickets.xlsx";

/// What a spreadsheet program can hold.
const MAX_ROWS: u32 = 1_048_576;
const MAX_UTF16_UNITS: usize = 32_767;
/// A part of more than 4 GiB would need ZIP64, which `LibreOffice` 7 does not open.
const MAX_SHEET_BYTES: usize = 3 << 30;
/// Longer whole numbers are rounded by spreadsheet programs.
const MAX_EXACT_INTEGER: u64 = 999_999_999_999_999;

/// How much is gathered before it is compressed.
const BUFFER_BYTES: usize = 1 << 16;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The styles of cells, by their index in [`STYLES`].
const TIME: &str = "1";
const HEADER: &str = "2";
/// Texts stay texts if somebody edits them, also ids.
const TEXT: &str = "3";
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

/// Reports the first error only, and pretends to write afterwards. A dropped archive tries to write its end, and would print the
/// next error.
struct FailsOnce<W> {
    inner: W,
    position: u64,
    has_failed: bool,
}

impl<W> FailsOnce<W> {
    fn new(inner: W) -> Self {
        Self { inner, position: 0, has_failed: false }
    }

    fn attempt<T>(
        &mut self,
        pretended: T,
        run: impl FnOnce(&mut W) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.has_failed {
            return Ok(pretended);
        }
        let result = run(&mut self.inner);
        self.has_failed = result.is_err();
        result
    }
}

impl<W: Write> Write for FailsOnce<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.attempt(bytes.len(), |inner| inner.write(bytes))?;
        self.position += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt((), Write::flush)
    }
}

impl<W: Seek> Seek for FailsOnce<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let pretended = match to {
            SeekFrom::Start(position) => position,
            SeekFrom::Current(by) => self.position.saturating_add_signed(by),
            SeekFrom::End(_) => self.position,
        };
        self.position = self.attempt(pretended, |inner| inner.seek(to))?;
        Ok(self.position)
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

/// Writes a cell, and returns whether its text had to be cut.
fn cell(out: &mut String, letters: &str, row: u32, value: Value<'_>) -> bool {
    match value {
        Value::Null => {}
        Value::Text(text) => return text_cell(out, letters, row, TEXT, text),
        Value::Time { text, instant } => match day_number(instant) {
            Some(number) => {
                push(out, format_args!("<c r=\"{letters}{row}\" s=\"{TIME}\"><v>{number}</v></c>"));
            }
            None => return text_cell(out, letters, row, TEXT, text),
        },
        Value::Boolean(value) => {
            let value = u8::from(value);
            push(out, format_args!("<c r=\"{letters}{row}\" t=\"b\"><v>{value}</v></c>"));
        }
        Value::Integer(value) if value.unsigned_abs() > MAX_EXACT_INTEGER => {
            return text_cell(out, letters, row, TEXT, &value.to_string());
        }
        Value::Integer(value) => {
            push(out, format_args!("<c r=\"{letters}{row}\"><v>{value}</v></c>"));
        }
        Value::Number(value) => {
            push(out, format_args!("<c r=\"{letters}{row}\"><v>{value}</v></c>"));
        }
    }
    false
}

fn text_cell(out: &mut String, letters: &str, row: u32, style: &str, text: &str) -> bool {
    push(
        out,
        format_args!(
            "<c r=\"{letters}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
        ),
    );
    let cut = cut(text);
    escape(out, cut.unwrap_or(text));
    if cut.is_some() {
        out.push('…');
    }
    out.push_str("</t></is></c>");
    cut.is_some()
}

/// Returns the beginning of a text that is too long for a cell, with room for `…`.
fn cut(text: &str) -> Option<&str> {
    if text.len() <= MAX_UTF16_UNITS {
        return None;
    }
    let (mut units, mut end) = (0, 0);
    for (index, character) in text.char_indices() {
        if units < MAX_UTF16_UNITS {
            end = index;
        }
        units += character.len_utf16();
    }
    (units > MAX_UTF16_UNITS).then(|| &text[..end])
}

/// Writes text as XML. What XML cannot say is written as `_x0007_`, and a text that looks like that as `_x005F_x0007_`.
fn escape(out: &mut String, text: &str) {
    for (index, character) in text.char_indices() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\t' => out.push(character),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => {
                push(out, format_args!("_x{:04X}_", u32::from(character)));
            }
            '_' if is_escape(&text.as_bytes()[index..]) => out.push_str("_x005F_"),
            _ => out.push(character),
        }
    }
}

fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', digits @ .., ] if digits.len() >= 5
        && digits[..4].iter().all(u8::is_ascii_hexdigit) && digits[4] == b'_')
}

/// Returns the days since 1899-12-30 in UTC, as spreadsheets count them from March 1900 on.
fn day_number(instant: Timestamp) -> Option<f64> {
    const EPOCH: f64 = 25_569.0;
    const DAY: f64 = 86_400_000.0;
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of ten thousand years are exact")]
    let days = EPOCH + instant.as_millisecond() as f64 / DAY;
    (61.0..2_958_466.0).contains(&days).then_some(days)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, Seek, SeekFrom, Write};

    use ticket_mirror::Value;
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::{FailsOnce, cell, letters};

    fn text(value: Value<'_>) -> (String, bool) {
        let mut out = String::new();
        let is_cut = cell(&mut out, "B", 7, value);
        (out, is_cut)
    }

    /// As on a full disk.
    #[test]
    fn archive_of_a_file_that_fails_ends_without_panic() {
        struct Full(Cursor<Vec<u8>>);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                if self.0.position() > 100_000 {
                    return Err(io::ErrorKind::StorageFull.into());
                }
                self.0.write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        impl Seek for Full {
            fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
                self.0.seek(to)
            }
        }
        let mut archive = ZipWriter::new(FailsOnce::new(Full(Cursor::default())));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file("a", options).unwrap();
        let error = (0..100).find_map(|_| archive.write_all(&[0; 4_096]).err()).unwrap();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        drop(archive);
    }

    #[test]
    fn names_columns_as_spreadsheets_do() {
        for (index, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(index), name);
        }
    }

    #[test]
    fn texts_stay_exact_and_are_no_formulas() {
        for (sent, written) in [
            ("6626871355780366331", "6626871355780366331"),
            ("=1+1", "=1+1"),
            ("打印机\n卡纸 👍🏽", "打印机\n卡纸 👍🏽"),
            ("<b>&</b>", "&lt;b&gt;&amp;&lt;/b&gt;"),
            ("a\r\u{7}\u{ffff}", "a_x000D__x0007__xFFFF_"),
            ("_x000D_ _x", "_x005F_x000D_ _x"),
        ] {
            let cell = "<c r=\"B7\" s=\"3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">";
            assert_eq!(text(Value::Text(sent)), (format!("{cell}{written}</t></is></c>"), false));
        }
    }

    #[test]
    fn other_values_have_a_type() {
        let time = |text: &'static str| Value::Time { text, instant: text.parse().unwrap() };
        for (value, written) in [
            (time("1970-01-01T12:00:00.000Z"), "<c r=\"B7\" s=\"1\"><v>25569.5</v></c>"),
            (time("2026-02-10T00:00:00.000Z"), "<c r=\"B7\" s=\"1\"><v>46063</v></c>"),
            (Value::Boolean(true), "<c r=\"B7\" t=\"b\"><v>1</v></c>"),
            (Value::Integer(-12), "<c r=\"B7\"><v>-12</v></c>"),
            (Value::Number(1.5), "<c r=\"B7\"><v>1.5</v></c>"),
            (Value::Null, ""),
        ] {
            assert_eq!(text(value), (written.to_owned(), false));
        }
        for value in [time("1600-01-01T00:00:00.000Z"), Value::Integer(i64::MAX)] {
            assert!(text(value).0.contains("inlineStr"), "{value:?}");
        }
    }

    #[test]
    fn cuts_what_is_too_long_for_a_cell() {
        for (sent, is_cut) in
            [("打".repeat(32_767), false), ("打".repeat(32_768), true), ("👍".repeat(16_384), true)]
        {
            let (written, was_cut) = text(Value::Text(&sent));
            assert_eq!(was_cut, is_cut);
            let start = written.find("preserve\">").unwrap() + 10;
            let content = &written[start..written.find("</t>").unwrap()];
            assert!((32_766..=32_767).contains(&content.encode_utf16().count()));
            assert_eq!(content.ends_with('…'), is_cut);
        }
    }
}
