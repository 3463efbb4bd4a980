//! `ticket get`: fetches tickets and prints them.

use std::io;

use ticket_core::model::{Conversation, Ticket};

use super::configuration::Configuration;
use super::fetch::{self, Order, Sources};
use super::ids::Ids;
use super::show::{TicketPrinter, message_format};
use crate::address::SourceAddress;
use crate::arguments::Get;
use crate::console::Console;
use crate::console::progress::Progress;
use crate::outcome::{DONE, Failure, Failures};
use crate::view::amount::counted;

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
    fetch::run(fetch::wanted(ids, &configuration), order, options, sources, |position, outcome| {
        requested += 1;
        progress.add(outcome.is_ok());
        match outcome {
            Ok(fetched) => {
                printer.show(&fetched.record)?;
                if let Some(failure) = incomplete(&fetched.address, &fetched.record.ticket) {
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

/// Returns the failure of a ticket whose conversation is not complete, or not known to be.
fn incomplete(source: &SourceAddress, ticket: &Ticket) -> Option<Failure> {
    let Conversation { messages, complete } = ticket.conversation.as_ref()?;
    if *complete != Some(false) {
        return None;
    }
    let count = counted(messages.len() as u64, "message");
    let without_id = messages.iter().filter(|message| message.id.is_none()).count();
    let (message, hint) = match without_id {
        0 => (format!("the conversation is incomplete: {count} came"), "fetch the ticket again"),
        some => (
            format!(
                "the conversation may be incomplete: {count} came, {some} without an id, so repeated ones cannot be recognized"
            ),
            "compare the messages with those in the helpdesk",
        ),
    };
    let failure = Failure::incomplete(message).with_hint(hint);
    Some(failure.with_source(source).with_id(&ticket.id))
}

#[cfg(test)]
mod tests {
    use ticket_core::model::{Conversation, Message, Ticket};

    use super::incomplete;
    use crate::address::SourceAddress;

    #[test]
    fn says_what_is_known_about_a_conversation_that_is_not_complete() {
        let message =
            |id: Option<&str>| Message { id: id.map(str::to_owned), ..Message::default() };
        for (ids, complete, expected) in [
            (
                vec![Some("om_1"), Some("om_2")],
                Some(false),
                Some("the conversation is incomplete: 2 messages came"),
            ),
            (
                vec![Some("om_1"), None, None],
                Some(false),
                Some(
                    "the conversation may be incomplete: 3 messages came, 2 without an id, so repeated ones cannot be recognized",
                ),
            ),
            (vec![Some("om_1")], Some(true), None),
            (vec![None], None, None),
        ] {
            let messages = ids.into_iter().map(message).collect();
            let conversation = Some(Conversation { messages, complete });
            let ticket = Ticket { conversation, ..Ticket::new("feishu", "1") };
            let source = SourceAddress::parse("feishu").unwrap();
            let failure = incomplete(&source, &ticket).map(|it| serde_json::to_value(it).unwrap());
            let shown = failure.as_ref().and_then(|failure| failure["message"].as_str());
            assert_eq!(shown, expected);
        }
    }
}
