//! Prints values as tables or as JSON.

use std::io;

use serde::Serialize;

use crate::arguments::Listing;
use crate::console::Console;
use crate::outcome::MessageFormat;
use crate::view::json;

/// Prints one value after another.
pub(super) struct ListPrinter<'c> {
    console: &'c Console,
    output: Listing,
    is_single: bool,
    printed: usize,
}

impl<'c> ListPrinter<'c> {
    /// Creates a printer. A single JSON value is indented on a terminal.
    pub(super) fn new(console: &'c Console, output: Option<Listing>, is_single: bool) -> Self {
        let default = if console.is_terminal { Listing::Table } else { Listing::Json };
        Self { console, output: output.unwrap_or(default), is_single, printed: 0 }
    }

    /// Returns the format of failures that goes with this output.
    pub(super) fn message_format(&self) -> MessageFormat {
        if self.output == Listing::Json { MessageFormat::Json } else { MessageFormat::Text }
    }

    /// Prints one value; `table` formats it as a table of this width.
    pub(super) fn print(
        &mut self,
        value: &impl Serialize,
        table: impl FnOnce(usize) -> String,
    ) -> io::Result<()> {
        let is_first = self.printed == 0;
        self.printed += 1;
        match self.output {
            Listing::Table => {
                let mut text = table(self.console.columns);
                if !is_first {
                    text.insert(0, '\n');
                }
                self.console.print_styled(&text)
            }
            Listing::Json if self.is_single && self.console.is_terminal => {
                self.console.print_json(&json::pretty(value))
            }
            Listing::Json => self.console.print_json(&json::compact(value)),
        }
    }
}
