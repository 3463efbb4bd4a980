//! Prints fields of tickets as rows: JSON, CSV or a table.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io;

use ticket_core::ErrorKind;
use ticket_core::model::Ticket;

use crate::console::{Console, pager, print_bytes};
use crate::field::FieldPath;
use crate::field::value::{FieldValue, select};
use crate::outcome::Failure;
use crate::view::cut::cut;
use crate::view::table::Table;
use crate::view::{clean, csv, json};

/// The columns of CSV unless others are requested.
const CSV_FIELDS: &[&str] = &[
    "provider",
    "id",
    "status.value",
    "priority.value",
    "title",
    "requester.name",
    "requester.email",
    "assignee.name",
    "tags[].name",
    "created_at",
    "updated_at",
    "closed_at",
    "satisfaction.score",
];
/// The columns of a table unless others are requested. The id is first, because the first column is not wrapped.
const TABLE_FIELDS: &[&str] =
    &["id", "provider", "status.value", "title", "requester.name", "assignee.name", "updated_at"];
/// The length at which a table cuts a value.
const MAX_CELL_LENGTH: usize = 60;
/// The width below which no column of a table is shrunk.
pub(super) const NARROWEST: usize = 10;
/// How many rows of a table are laid out together, so that the memory is limited.
const ROWS_TOGETHER: usize = 1_000;

/// The format of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowFormat {
    /// One object per line, with the paths of the fields as keys.
    Json,
    /// RFC 4180, with a header.
    Csv,
    /// For people, on a terminal.
    Table,
}

/// Prints one row for each ticket.
pub(super) struct RowPrinter<'c> {
    console: &'c Console,
    format: RowFormat,
    fields: Vec<FieldPath>,
    has_header: bool,
    table: Table,
    uses_pager: bool,
}

impl<'c> RowPrinter<'c> {
    /// Creates a printer for these fields; without any, for the default fields of the format.
    ///
    /// # Errors
    /// If a field is unknown or named twice.
    pub(super) fn new(
        console: &'c Console,
        format: RowFormat,
        fields: &[String],
        uses_pager: bool,
    ) -> Result<Self, Failure> {
        let fields = match format {
            RowFormat::Csv if fields.is_empty() => parse(CSV_FIELDS)?,
            RowFormat::Table if fields.is_empty() => parse(TABLE_FIELDS)?,
            _ => parse(fields)?,
        };
        let table = empty_table(&fields);
        Ok(Self { console, format, fields, has_header: false, table, uses_pager })
    }

    /// Prints the row of a ticket; a table is printed at the end.
    pub(super) fn print(&mut self, ticket: &Ticket) -> io::Result<()> {
        let ticket = json::compact(ticket);
        let values = select(&ticket, &self.fields);
        match self.format {
            RowFormat::Json => self.console.print_json(&object(&self.fields, &values)),
            RowFormat::Csv => {
                self.print_header()?;
                print_csv(self.console, values.iter().map(FieldValue::to_text))
            }
            RowFormat::Table => {
                self.table
                    .row(values.iter().map(|it| cut(&it.to_text(), MAX_CELL_LENGTH)).collect());
                if self.table.len() < ROWS_TOGETHER {
                    return Ok(());
                }
                // More rows than anybody pages through.
                self.uses_pager = false;
                self.print_table()
            }
        }
    }

    /// Prints what is left: the rows of a table, or the header of CSV without rows.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self.format {
            RowFormat::Json => Ok(()),
            RowFormat::Csv => self.print_header(),
            RowFormat::Table => self.print_table(),
        }
    }

    fn print_header(&mut self) -> io::Result<()> {
        if self.has_header {
            return Ok(());
        }
        self.has_header = true;
        print_csv(self.console, self.fields.iter().map(|field| field.text().into()))
    }

    fn print_table(&mut self) -> io::Result<()> {
        let table = std::mem::replace(&mut self.table, empty_table(&self.fields));
        let text = table.text(self.console.columns);
        if text.is_empty() {
            return Ok(());
        }
        if self.uses_pager {
            pager::print(self.console, &text)
        } else {
            self.console.print_styled(&text)
        }
    }
}

/// Parses the paths of fields.
///
/// # Errors
/// If a field is unknown or named twice.
pub(super) fn parse(fields: &[impl AsRef<str>]) -> Result<Vec<FieldPath>, Failure> {
    let mut known = HashSet::new();
    let fields = fields.iter().map(|field| {
        let field = field.as_ref().trim();
        if known.insert(field) {
            return FieldPath::parse(field);
        }
        let message = format!("--fields has \"{field}\" twice");
        Err(Failure::new(ErrorKind::InvalidRequest, message).with_hint("name each field once"))
    });
    fields.collect()
}

/// Returns fields of a ticket as an object with their paths as keys.
pub(super) fn json_row(ticket: &Ticket, fields: &[FieldPath]) -> String {
    object(fields, &select(&json::compact(ticket), fields))
}

/// Returns an object with the paths of the fields as keys.
fn object(fields: &[FieldPath], values: &[FieldValue<'_>]) -> String {
    let mut out = String::from("{");
    for (field, value) in fields.iter().zip(values) {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&json::compact(&field.text()));
        out.push(':');
        value.push_json(&mut out);
    }
    out.push('}');
    out
}

/// Prints a row of CSV; escapes control characters if stdout is a terminal.
pub(super) fn print_csv<'t>(
    console: &Console,
    cells: impl Iterator<Item = Cow<'t, str>>,
) -> io::Result<()> {
    let row = csv::row(cells);
    if console.is_terminal {
        return print_bytes(clean::whole_lines(&String::from_utf8_lossy(&row)).as_bytes());
    }
    print_bytes(&row)
}

fn empty_table(fields: &[FieldPath]) -> Table {
    let titles: Vec<_> = fields.iter().map(|field| field.text().to_uppercase()).collect();
    Table::new(&titles).with_narrowest(NARROWEST)
}

#[cfg(test)]
mod tests {
    use super::{CSV_FIELDS, TABLE_FIELDS, parse};

    #[test]
    fn default_fields_are_in_the_schema() {
        for fields in [CSV_FIELDS, TABLE_FIELDS] {
            assert_eq!(parse(fields).unwrap().len(), fields.len());
        }
    }
}
