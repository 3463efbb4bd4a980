//! `ticket get`: fetches tickets and prints them.

use std::io;

use ticket_core::model::{Conversation, Ticket};

use super::configuration::Configuration;
use super::fetch::{self, Fetched, Order, Sources};
use super::ids::Ids;
use super::show::{TicketPrinter, message_format};
use crate::arguments::Get;
use crate::console::Console;
use crate::console::progress::Progress;
use crate::outcome::{DONE, Failure, Failures};
use crate::view::time::counted;

/// Prints the tickets, and a summary if one of several failed or progress was shown.
///
/// The exit code is that of the first failure in the order of the ids; without any, 7 if a conversation
/// is incomplete.
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
    let mut incomplete_exit = DONE;
    let options = fetch::options(arguments.conversation);
    let sources = Sources::new(&configuration);
    fetch::run(fetch::wanted(ids), order, options, sources, |position, outcome| {
        requested += 1;
        progress.add(outcome.is_ok());
        match outcome {
            Ok(fetched) => {
                printer.show(&fetched.record)?;
                if let Some(failure) = incomplete(&fetched) {
                    failure.report(console, message_format);
                    incomplete_exit = failure.exit();
                }
                Ok(())
            }
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
    Ok(if failures.is_empty() { incomplete_exit } else { failures.exit() })
}

/// Returns the failure of a ticket whose conversation is not complete.
fn incomplete(fetched: &Fetched) -> Option<Failure> {
    let Ticket { id, conversation, .. } = &fetched.record.ticket;
    let Conversation { messages, complete } = conversation.as_ref()?;
    let count = counted(messages.len() as u64, "message");
    let message =
        format!("the conversation is incomplete: {count} came, and the service claims more");
    let failure = Failure::incomplete(message).with_hint("fetch the ticket again");
    let failure = failure.with_provider(fetched.provider.name).with_id(id);
    (*complete == Some(false)).then_some(failure)
}
