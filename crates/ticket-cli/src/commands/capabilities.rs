//! `ticket mapping capabilities`: the capabilities of the providers.

use std::io;

use crate::arguments;
use crate::console::Console;
use crate::outcome::DONE;
use crate::providers::{self, PROVIDERS};
use crate::view::capabilities::{Overview, table};

use super::listing::ListPrinter;

/// Prints the capabilities of one provider, or of all of them.
pub(crate) fn run(arguments: &arguments::Capabilities, console: &Console) -> io::Result<u8> {
    let named = arguments.provider.as_deref().map(providers::named).transpose();
    let mut printer = ListPrinter::new(console, arguments.output, matches!(named, Ok(Some(_))));
    let providers: Vec<_> = match named {
        Ok(Some(provider)) => vec![provider],
        Ok(None) => PROVIDERS.iter().collect(),
        Err(failure) => return Ok(failure.end(console, printer.message_format())),
    };
    for provider in providers {
        let overview = Overview::of(provider.decoder);
        printer.print(&overview, |columns| table(&overview, columns))?;
    }
    Ok(DONE)
}
