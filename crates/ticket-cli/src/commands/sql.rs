//! `ticket sql`: queries the mirror.

use std::io::{self, Read};
use std::time::Duration;

use ticket_core::ErrorKind;
use ticket_mirror::{MirrorError, SqlValue, sql_keys};

use super::mirror::{failure, open, option};
use super::rows::{NARROWEST, print_csv};
use crate::arguments::{Sql, SqlOutput};
use crate::console::{Console, announce_input, pager};
use crate::outcome::{DONE, Failure, Hint, MessageFormat};
use crate::view::cut::cut;
use crate::view::json;
use crate::view::table::Table;

/// The length at which a table cuts a value.
const MAX_CELL_LENGTH: usize = 80;
/// The largest number of rows in a table: it is laid out in memory.
const MAX_ROWS: usize = 10_000;

/// Runs the query and prints the rows.
pub(crate) fn run(arguments: &Sql, console: &Console) -> io::Result<u8> {
    let format = arguments.format(console.is_terminal);
    let message_format =
        if format == SqlOutput::Json { MessageFormat::Json } else { MessageFormat::Text };
    let opened = query(&arguments.query).and_then(|query| Ok((query, open(&arguments.mirror)?)));
    let (query, mirror) = match opened {
        Ok(opened) => opened,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    let mut rows = Rows { console, format, header: Vec::new(), table: None };
    let timeout = Duration::from_secs(arguments.timeout);
    let ended = mirror
        .sql(&query, timeout, |columns, values| Ok::<_, Stopped>(rows.print(columns, &values)?));
    match ended {
        Ok(columns) => {
            rows.finish(&columns, arguments.no_pager)?;
            Ok(DONE)
        }
        Err(Stopped::Output(error)) => Err(error),
        Err(Stopped::Query(error)) => {
            let is_deletion = query.trim_start().to_ascii_uppercase().starts_with("DELETE");
            let file = option(&arguments.mirror);
            let schema = format!("ticket sql \"SELECT sql FROM sqlite_schema\" --output csv{file}");
            let failure = match &error {
                MirrorError::Query(message) if message.starts_with("no such ") => {
                    let hint = Hint::with_command("for all tables and columns, run", schema);
                    failure(error).with_hint(hint)
                }
                MirrorError::QueryWrites if is_deletion => {
                    failure(error).with_hint("to remove a ticket, use ticket mirror forget")
                }
                _ => failure(error),
            };
            Ok(failure.end(console, message_format))
        }
    }
}

/// Why the query ended early.
enum Stopped {
    Query(MirrorError),
    Output(io::Error),
}

impl From<MirrorError> for Stopped {
    fn from(error: MirrorError) -> Self {
        Self::Query(error)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Returns the query of the command line or of standard input.
fn query(argument: &str) -> Result<String, Failure> {
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut text = String::new();
    announce_input().and_then(|()| io::stdin().lock().read_to_string(&mut text)).map_err(
        |error| {
            let message = format!("standard input cannot be read: {error}");
            Failure::new(ErrorKind::InvalidRequest, message)
        },
    )?;
    Ok(text)
}

/// Prints rows.
struct Rows<'c> {
    console: &'c Console,
    format: SqlOutput,
    /// The keys of JSON, or the header of CSV, once it is printed.
    header: Vec<String>,
    table: Option<Table>,
}

impl Rows<'_> {
    fn print(&mut self, columns: &[String], values: &[SqlValue]) -> io::Result<bool> {
        match self.format {
            SqlOutput::Json => {
                if self.header.is_empty() {
                    self.header = sql_keys(columns);
                }
                let members =
                    self.header.iter().zip(values).map(|(key, value)| {
                        format!("{}:{}", json::compact(key), json::compact(value))
                    });
                let object = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
                self.console.print_json(&object)?;
            }
            SqlOutput::Csv => {
                self.print_header(columns)?;
                print_csv(self.console, values.iter().map(|value| value.to_text().into()))?;
            }
            SqlOutput::Table => {
                let table = self
                    .table
                    .get_or_insert_with(|| Table::new(&upper(columns)).with_narrowest(NARROWEST));
                let cells = values.iter().map(|value| cut(&value.to_text(), MAX_CELL_LENGTH));
                table.row(cells.collect());
                return Ok(table.len() < MAX_ROWS);
            }
        }
        Ok(true)
    }

    fn print_header(&mut self, columns: &[String]) -> io::Result<()> {
        if self.header.is_empty() {
            columns.clone_into(&mut self.header);
            print_csv(self.console, columns.iter().map(|name| name.as_str().into()))?;
        }
        Ok(())
    }

    fn finish(&mut self, columns: &[String], no_pager: bool) -> io::Result<()> {
        match self.format {
            SqlOutput::Json => Ok(()),
            SqlOutput::Csv => self.print_header(columns),
            SqlOutput::Table => {
                let Some(table) = self.table.take() else { return Ok(()) };
                let text = table.text(self.console.columns);
                if self.console.is_terminal && !no_pager {
                    pager::print(self.console, &text)
                } else {
                    self.console.print_styled(&text)
                }
            }
        }
    }
}

fn upper(columns: &[String]) -> Vec<String> {
    columns.iter().map(|name| name.to_uppercase()).collect()
}
