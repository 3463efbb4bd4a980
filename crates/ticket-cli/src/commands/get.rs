//! `ticket get`: fetches tickets and prints them.

use std::io;

use super::configuration::Configuration;
use super::fetch;
use super::show::TicketPrinter;
use crate::arguments::Get;
use crate::console::Console;
use crate::outcome::Failures;

/// Prints the tickets in the order of the ids, and a summary if one of several failed.
///
/// The exit code is that of the first failure in this order.
pub(crate) async fn run(arguments: &Get, console: &Console) -> io::Result<u8> {
    let mut printer = TicketPrinter::new(console, &arguments.show, arguments.ids.len());
    let configuration = match Configuration::open(
        &arguments.configuration,
        console,
        printer.message_format(),
    )
    .await
    {
        Ok(configuration) => configuration,
        Err(failure) => return Ok(failure.end(console, printer.message_format())),
    };
    let mut failures = Failures::default();
    let names = arguments.ids.iter().map(String::as_str);
    fetch::in_order(names, &configuration, |outcome| match outcome {
        Ok(fetched) => printer.show(&fetched.record),
        Err(missed) => {
            missed.failure.report(console, printer.message_format());
            failures.add(&missed.failure);
            Ok(())
        }
    })
    .await?;
    if arguments.ids.len() > 1 {
        failures.report_summary(arguments.ids.len(), console, printer.message_format());
    }
    Ok(failures.exit())
}
