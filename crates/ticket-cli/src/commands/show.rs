//! Prints tickets in the requested format.

use std::io;

use clap::ValueEnum;
use ticket_core::{ErrorKind, Record, saved};

use super::rows::{RowFormat, RowPrinter};
use crate::arguments::{Output, Show};
use crate::console::{Console, print_bytes};
use crate::outcome::{Failure, MessageFormat, Warning};
use crate::view::ink::{QUIET, paint};
use crate::view::time::Reader;
use crate::view::{clean, json, markdown, page};

/// Separates two pages.
const BETWEEN_PAGES: &str = "────────────────────";

/// Prints one ticket after another.
pub(super) struct TicketPrinter<'a> {
    console: &'a Console,
    output: Output,
    /// Prints instead, if the output has rows.
    rows: Option<RowPrinter<'a>>,
    reader: Reader,
    is_single: bool,
    printed: usize,
}

impl<'a> TicketPrinter<'a> {
    /// Creates a printer for one ticket or several, and warns about an unusable `TZ`.
    ///
    /// # Errors
    /// If a field is unknown, or fields are selected for an output that has none.
    pub(super) fn new(console: &'a Console, show: &Show, is_single: bool) -> Result<Self, Failure> {
        let output = show.format(console.is_terminal);
        if output == Output::Page
            && let Some(zone) = show.wrong_zone()
        {
            let warning = Warning::new(
                format!("TZ is not a time zone: \"{zone}\", so times are in UTC"),
                "use a name such as Asia/Shanghai; --time-zone overrides TZ",
            );
            warning.report(console, MessageFormat::Text);
        }
        let rows = row_format(output, &show.fields)?.map(|format| {
            let uses_pager = console.is_terminal && !show.no_pager;
            RowPrinter::new(console, format, &show.fields, uses_pager)
        });
        let (rows, reader) = (rows.transpose()?, show.reader());
        Ok(Self { console, output, rows, reader, is_single, printed: 0 })
    }

    /// Prints the ticket of a record, or its responses.
    pub(super) fn show(&mut self, record: &Record) -> io::Result<()> {
        let is_first = self.printed == 0;
        self.printed += 1;
        let Record { ticket, diagnostics: _, origin } = record;
        if let Some(rows) = &mut self.rows {
            return rows.print(ticket);
        }
        match self.output {
            Output::Csv | Output::Table => unreachable!("they have rows"),
            Output::Page => {
                let mut text = page::page(ticket, &self.reader, self.console.columns);
                if !is_first {
                    text.insert_str(0, &format!("\n{}\n\n", paint(QUIET, BETWEEN_PAGES)));
                }
                self.console.print_styled(&text)
            }
            Output::Json if self.is_single && self.console.is_terminal => {
                self.console.print_json(&json::pretty(ticket))
            }
            Output::Json => self.console.print_json(&json::compact(ticket)),
            Output::Raw => {
                let body = saved::write(&origin.responses);
                // Control characters are escaped on a terminal only.
                let body = if self.console.is_terminal {
                    clean::whole_lines(&String::from_utf8_lossy(&body)).into()
                } else {
                    body
                };
                print_bytes(&body)?;
                // A single response is unchanged; several tickets are separated by line breaks.
                let needs_end =
                    !self.is_single || origin.responses.len() > 1 || self.console.is_terminal;
                if needs_end && !body.ends_with(b"\n") {
                    print_bytes(b"\n")?;
                }
                Ok(())
            }
            Output::Markdown => {
                let mut text = markdown(ticket);
                if !is_first {
                    text.insert_str(0, "\n---\n\n");
                }
                print_bytes(text.as_bytes())
            }
        }
    }

    /// Prints what is left after the last ticket.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.rows.as_mut().map_or(Ok(()), RowPrinter::finish)
    }
}

/// Returns the format of failures that goes with this output.
pub(super) fn message_format(console: &Console, show: &Show) -> MessageFormat {
    if show.has_json_messages(console.is_terminal) {
        MessageFormat::Json
    } else {
        MessageFormat::Text
    }
}

/// Returns the format of rows; `None` for whole tickets.
///
/// # Errors
/// If fields are selected, but the output has no rows.
fn row_format(output: Output, fields: &[String]) -> Result<Option<RowFormat>, Failure> {
    match output {
        Output::Csv => Ok(Some(RowFormat::Csv)),
        Output::Table => Ok(Some(RowFormat::Table)),
        _ if fields.is_empty() => Ok(None),
        Output::Json => Ok(Some(RowFormat::Json)),
        Output::Page | Output::Raw | Output::Markdown => {
            let value = output.to_possible_value();
            let name = value.as_ref().map_or("", |value| value.get_name());
            let message = format!("--fields does not apply to --output {name}");
            let failure = Failure::new(ErrorKind::InvalidRequest, message);
            Err(failure.with_hint("use --output json, csv or table"))
        }
    }
}
