//! `ticket get`: fetches tickets and prints them.

use std::io;

use super::configuration::Configuration;
use super::fetch::{self, Order};
use super::ids::Ids;
use super::show::{TicketPrinter, message_format};
use crate::arguments::Get;
use crate::console::Console;
use crate::console::progress::Progress;
use crate::outcome::Failures;

/// Prints the tickets, and a summary if one of several failed or progress was shown.
///
/// The exit code is that of the first failure in the order of the ids.
pub(crate) async fn run(arguments: &Get, console: &Console) -> io::Result<u8> {
    let message_format = message_format(console, &arguments.show);
    let opened = Ids::open(&arguments.ids, &arguments.files).and_then(|ids| {
        let printer = TicketPrinter::new(console, &arguments.show, ids.total() == Some(1))?;
        Ok((ids, printer))
    });
    let (ids, mut printer) = match opened {
        Ok(opened) => opened,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    let opened = Configuration::open(&arguments.configuration, console, message_format).await;
    let configuration = match opened {
        Ok(configuration) => configuration,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    let order = if arguments.unordered { Order::Finished } else { Order::Requested };
    let progress = Progress::start(ids.total());
    let mut failures = Failures::default();
    let mut requested = 0;
    fetch::run(ids, order, &configuration, |position, outcome| {
        requested += 1;
        progress.add(outcome.is_ok());
        match outcome {
            Ok(fetched) => printer.show(&fetched.record),
            Err(missed) => {
                missed.failure.report(console, message_format);
                failures.add(position, &missed.failure);
                Ok(())
            }
        }
    })
    .await?;
    printer.finish()?;
    let has_summary = progress.is_shown() || !failures.is_empty();
    drop(progress);
    if requested > 1 && has_summary {
        failures.report_summary(requested, console, message_format);
    }
    Ok(failures.exit())
}
