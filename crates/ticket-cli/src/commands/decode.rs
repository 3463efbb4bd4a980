//! `ticket decode`: shows tickets from saved responses, offline.

mod batches;
mod events;
mod in_order;
mod lines;

use std::io;
use std::sync::Arc;

use ticket_core::{Account, CallStats, Origin, Record, VocabularyOverrides};

use super::saved;
use super::show::{TicketPrinter, message_format};
use crate::address::SourceAddress;
use crate::arguments::Decode;
use crate::console::Console;
use crate::outcome::{DONE, Failure};
use crate::providers::Provider;
use crate::settings;

/// Reads a response, decodes it and prints the ticket; with `--lines` any number of them.
pub(crate) fn run(arguments: &Decode, console: &Console) -> io::Result<u8> {
    if arguments.event {
        return events::run(arguments, console);
    }
    if arguments.lines {
        return lines::run(arguments, console);
    }
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
    let (provider, overrides) = provider(arguments)?;
    let responses = saved::responses(provider, &arguments.file)?;
    let decoded = provider
        .decoder
        .decode(&responses, &overrides)
        .map_err(|error| saved::undecodable(provider, &error))?;
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

/// Returns the provider of the command line, and what its tenant's words mean.
fn provider(arguments: &Decode) -> Result<(&'static Provider, VocabularyOverrides), Failure> {
    let source = SourceAddress::parse(&arguments.provider)?;
    let selector = arguments.profile.selector().with_profile(source.profile.as_deref());
    Ok((source.provider, settings::vocabulary(source.provider, &selector)?))
}
