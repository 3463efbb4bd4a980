//! Writes rows for spreadsheets, as RFC 4180 says.
//!
//! Anybody can write a ticket, and a spreadsheet runs a cell that looks like a formula.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};
use ticket_export::spreadsheet_cell;

/// Returns one row with its line end.
pub(crate) fn row<'c>(cells: impl IntoIterator<Item = Cow<'c, str>>) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .buffer_capacity(1 << 10)
        .from_writer(Vec::new());
    for cell in cells {
        writer.write_field(spreadsheet_cell(cell).as_bytes()).expect("a vector takes every byte");
    }
    writer.write_record(None::<&[u8]>).expect("a vector takes every byte");
    writer.into_inner().expect("a vector takes every byte")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::row;

    fn written(cells: &[&str]) -> String {
        String::from_utf8(row(cells.iter().copied().map(Cow::from))).unwrap()
    }

    #[test]
    fn quotes_cells_where_necessary() {
        for (cells, expected) in [
            (&["a", "b c", ""][..], "a,b c,\r\n"),
            (&["a,b", "say \"hi\"", "x"], "\"a,b\",\"say \"\"hi\"\"\",x\r\n"),
            (&["two\nlines", "a\r\nb"], "\"two\nlines\",\"a\r\nb\"\r\n"),
            (&["打印机卡纸", "6626871355780366331"], "打印机卡纸,6626871355780366331\r\n"),
            (&[""], "\"\"\r\n"),
        ] {
            assert_eq!(written(cells), expected);
        }
        let long = "x".repeat(100_000);
        assert_eq!(written(&[&long]), format!("{long}\r\n"));
    }

    #[test]
    fn marks_cells_that_a_spreadsheet_would_run() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\0=1", "'=1"),
            ("\u{1b}\u{9b}=1", "'=1"),
            ("＝1", "'＝1"),
            ("+86 138", "'+86 138"),
            ("-", "'-"),
            ("-.5", "'-.5"),
            ("-1-1", "'-1-1"),
            // Plain numbers and other text are unchanged.
            ("-5", "-5"),
            ("+8613800000000", "+8613800000000"),
            ("-0.25", "-0.25"),
            ("a=1", "a=1"),
            ("'=1", "'=1"),
            (" =1", " =1"),
            ("a\0b\u{7f}c", "abc"),
        ] {
            assert_eq!(written(&[cell]), format!("{expected}\r\n"), "{cell:?}");
        }
        assert_eq!(written(&["\r=1"]), "\"'\r=1\"\r\n");
        assert_eq!(
            written(&["=HYPERLINK(\"http://x.example\",1)"]),
            "\"'=HYPERLINK(\"\"http://x.example\"\",1)\"\r\n"
        );
    }
}
