//! `ticket decode`: shows a ticket from a saved response, offline.

use std::io;
use std::sync::Arc;

use ticket_core::{Account, CallStats, Origin, Record};

use super::saved;
use super::show::{TicketPrinter, message_format};
use crate::address::SourceAddress;
use crate::arguments::Decode;
use crate::console::Console;
use crate::outcome::{DONE, Failure};
use crate::settings;

/// Reads a response, decodes it and prints the ticket.
pub(crate) fn run(arguments: &Decode, console: &Console) -> io::Result<u8> {
    let decoded = TicketPrinter::new(console, &arguments.show, true)
        .and_then(|printer| Ok((printer, decode(arguments)?)));
    match decoded {
        Ok((mut printer, record)) => {
            printer.show(&record)?;
            printer.finish()?;
            Ok(DONE)
        }
        Err(failure) => Ok(failure.end(console, message_format(console, &arguments.show))),
    }
}

fn decode(arguments: &Decode) -> Result<Record, Failure> {
    let source = SourceAddress::parse(&arguments.provider)?;
    let provider = source.provider;
    let selector = arguments.profile.selector().with_profile(source.profile.as_deref());
    let overrides = settings::vocabulary(provider, &selector)?;
    let responses = saved::responses(provider, &arguments.file)?;
    let decoded = provider
        .decoder
        .decode(&responses, &overrides)
        .map_err(|error| Failure::of(&error).with_provider(provider.name))?;
    Ok(Record {
        ticket: decoded.ticket,
        diagnostics: decoded.diagnostics,
        origin: Origin {
            account: Arc::new(Account::of(provider.name)),
            requested: None,
            responses,
            stats: CallStats::default(),
        },
    })
}
