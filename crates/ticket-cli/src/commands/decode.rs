//! `ticket decode`: shows a ticket from a saved answer, offline.

use std::io;

use ticket_core::{Effort, Origin, Record};

use super::saved;
use super::show::TicketPrinter;
use crate::arguments::Decode;
use crate::console::Console;
use crate::outcome::{DONE, Failure};
use crate::{providers, settings};

/// Reads the answer, decodes it and shows it.
pub(crate) fn run(arguments: &Decode, console: &Console) -> io::Result<u8> {
    let mut printer = TicketPrinter::new(console, &arguments.show, 1);
    match decode(arguments) {
        Ok(record) => {
            printer.show(&record)?;
            Ok(DONE)
        }
        Err(failure) => Ok(failure.end(console, printer.telling())),
    }
}

fn decode(arguments: &Decode) -> Result<Record, Failure> {
    let provider = providers::named(&arguments.provider)?;
    let reading = settings::reading(provider, &arguments.profile.choice())?;
    let answers = vec![saved::answer(provider, &arguments.file)?];
    let decoded = provider
        .dialect
        .decode(&answers, &reading)
        .map_err(|error| Failure::of(&error).with_provider(provider.name))?;
    Ok(Record {
        ticket: decoded.ticket,
        report: decoded.report,
        origin: Origin { provider: provider.name, asked: None, answers, effort: Effort::default() },
    })
}
