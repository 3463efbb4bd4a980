//! Prints tickets in the requested format.

use std::io;

use ticket_core::{Record, saved};

use crate::arguments::{Output, Show};
use crate::console::{Console, print_bytes};
use crate::outcome::{MessageFormat, Warning};
use crate::view::ink::{QUIET, paint};
use crate::view::time::Reader;
use crate::view::{clean, json, markdown, page};

/// Separates two pages.
const BETWEEN_PAGES: &str = "────────────────────";

/// Prints one ticket after another.
pub(super) struct TicketPrinter<'a> {
    console: &'a Console,
    output: Output,
    reader: Reader,
    is_single: bool,
    printed: usize,
}

impl<'a> TicketPrinter<'a> {
    /// Creates a printer for one ticket or several, and warns about an unusable `TZ`.
    pub(super) fn new(console: &'a Console, show: &Show, is_single: bool) -> Self {
        let default = if console.is_terminal { Output::Page } else { Output::Json };
        let output = show.output.unwrap_or(default);
        if output == Output::Page
            && let Some(zone) = show.wrong_zone()
        {
            let warning = Warning::new(
                format!("TZ is not a time zone: \"{zone}\", so times are in UTC"),
                "use a name such as Asia/Shanghai; --time-zone overrides TZ",
            );
            warning.report(console, MessageFormat::Text);
        }
        Self { console, output, reader: show.reader(), is_single, printed: 0 }
    }

    /// Returns the format of failures that goes with this output.
    pub(super) fn message_format(&self) -> MessageFormat {
        if self.output == Output::Json { MessageFormat::Json } else { MessageFormat::Text }
    }

    /// Prints the ticket of a record, or its responses.
    pub(super) fn show(&mut self, record: &Record) -> io::Result<()> {
        let is_first = self.printed == 0;
        self.printed += 1;
        let Record { ticket, diagnostics: _, origin } = record;
        match self.output {
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
                let mut text = markdown::markdown(ticket);
                if !is_first {
                    text.insert_str(0, "\n---\n\n");
                }
                print_bytes(text.as_bytes())
            }
        }
    }
}
