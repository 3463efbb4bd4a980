//! `ticket get`: fetches tickets and shows them.

use std::io;

use super::configuration::Configuration;
use super::fetch;
use super::show::TicketPrinter;
use crate::arguments::Get;
use crate::console::Console;
use crate::outcome::DONE;

/// Prints them in the order asked; the first failure in that order is the exit code.
pub(crate) async fn run(arguments: &Get, console: &Console) -> io::Result<u8> {
    let mut printer = TicketPrinter::new(console, &arguments.show, arguments.ids.len());
    let configuration =
        match Configuration::open(&arguments.configuration, console, printer.telling()).await {
            Ok(configuration) => configuration,
            Err(failure) => return Ok(failure.end(console, printer.telling())),
        };
    let mut first_failure = None;
    let names = arguments.ids.iter().map(String::as_str);
    fetch::in_order(names, &configuration, |outcome| match outcome {
        Ok(fetched) => printer.show(&fetched.record),
        Err(missed) => {
            let exit = missed.failure.end(console, printer.telling());
            first_failure.get_or_insert(exit);
            Ok(())
        }
    })
    .await?;
    Ok(first_failure.unwrap_or(DONE))
}
