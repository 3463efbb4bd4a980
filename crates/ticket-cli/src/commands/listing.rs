//! Prints what is a table for people and JSON for programs.

use std::io;

use serde::Serialize;

use crate::arguments::Listing;
use crate::console::Console;
use crate::outcome::Telling;
use crate::view::json;

/// Prints one thing after the other.
pub(super) struct ListPrinter<'c> {
    console: &'c Console,
    output: Listing,
    is_single: bool,
    printed: usize,
}

impl<'c> ListPrinter<'c> {
    /// Prepares for one thing, or for several.
    pub(super) fn new(console: &'c Console, output: Option<Listing>, is_single: bool) -> Self {
        let usual = if console.is_terminal { Listing::Table } else { Listing::Json };
        Self { console, output: output.unwrap_or(usual), is_single, printed: 0 }
    }

    /// How failures are told beside this output.
    pub(super) fn telling(&self) -> Telling {
        if self.output == Listing::Json { Telling::Json } else { Telling::Sentence }
    }

    /// Prints one thing; `table` makes its table for so many columns.
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
