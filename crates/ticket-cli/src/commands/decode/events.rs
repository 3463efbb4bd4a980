//! `ticket decode --event`: prints the tickets of events.

use std::io;

use ticket_core::ErrorKind;

use super::batches::{Batch, Batches, Line};
use crate::address::SourceAddress;
use crate::arguments::Decode;
use crate::commands::saved::{self, LARGEST};
use crate::console::{Console, print_bytes};
use crate::outcome::{DONE, Failure, INCOMPLETE, MessageFormat, Warning};
use crate::providers::{EventSubject, Events, PROVIDERS};
use crate::setting::Values;
use crate::settings;

/// Prints the ticket of an event; with `--lines`, of one event a line.
///
/// The exit code is 7 if a line is not an event.
pub(super) fn run(arguments: &Decode, console: &Console) -> io::Result<u8> {
    let end = |failure: Failure| Ok(failure.end(console, MessageFormat::Text));
    let reader = match EventReader::new(arguments, console) {
        Ok(reader) => reader,
        Err(failure) => return end(failure),
    };
    let provider = reader.source.provider;
    let file = &arguments.file;
    if arguments.lines {
        return match saved::open(provider, file) {
            Ok(input) => reader.print_lines(Batches::new(input, LARGEST), &saved::name(file)),
            Err(failure) => end(failure),
        };
    }
    let subject = saved::body(provider, file)
        .and_then(|body| reader.read(&body).map_err(|it| it.about(&saved::name(file))));
    match subject {
        Ok(subject) => reader.print(&subject, &saved::name(file)).map(|()| DONE),
        Err(failure) => end(failure),
    }
}

/// Reads events of a source.
struct EventReader<'c> {
    source: SourceAddress,
    events: &'static Events,
    values: Values,
    console: &'c Console,
}

impl<'c> EventReader<'c> {
    /// # Errors
    /// If the provider sends no events, or its settings are not usable.
    fn new(arguments: &Decode, console: &'c Console) -> Result<Self, Failure> {
        let source = SourceAddress::parse(&arguments.provider)?;
        let provider = source.provider;
        let Some(events) = &provider.events else {
            let with = PROVIDERS.iter().filter(|it| it.events.is_some()).map(|it| it.name);
            let message = "events of this provider cannot be read";
            let hint = format!("--event reads events of {}", with.collect::<Vec<_>>().join(", "));
            return Err(Failure::new(ErrorKind::InvalidRequest, message)
                .with_source(&source)
                .with_hint(hint));
        };
        let selector = arguments.profile.selector().with_profile(source.profile.as_deref());
        let values = settings::find(provider, &selector)?;
        let values = settings::resolve(provider, values, events.keys.iter().copied())?;
        let proof = provider.settings.iter().find(|it| Some(&it.key) == events.keys.first());
        if let Some(proof) = proof.filter(|proof| !values.has(proof.key)) {
            let name = values.origin().name_of(proof);
            let message = format!("it is not verified that the events are from {}", provider.name);
            Warning::new(message, format!("set {name} to check it"))
                .report(console, MessageFormat::Text);
        }
        Ok(Self { source, events, values, console })
    }

    fn read(&self, body: &[u8]) -> Result<EventSubject, Failure> {
        (self.events.read)(&self.values, body).map_err(|failure| failure.with_source(&self.source))
    }

    /// Prints the ticket; says on stderr if there is none.
    fn print(&self, subject: &EventSubject, place: &str) -> io::Result<()> {
        let (message, hint) = match subject {
            EventSubject::Ticket(id) => {
                return print_bytes(format!("{}:{id}\n", self.source).as_bytes());
            }
            EventSubject::Challenge => (
                format!("{place} is a URL challenge, not an event"),
                "the server at this URL has to answer it; there is no ticket to read",
            ),
            EventSubject::Other(event_type) => (
                format!("{place} is an event without a ticket: {event_type}"),
                "there is no ticket to read",
            ),
        };
        Warning::new(message, hint).report(self.console, MessageFormat::Text);
        Ok(())
    }

    fn print_lines(&self, batches: impl Iterator<Item = Batch>, input: &str) -> io::Result<u8> {
        let report = |failure: Failure| failure.end(self.console, MessageFormat::Text);
        let mut code = DONE;
        for batch in batches {
            for Line { number, text } in batch.lines {
                let place = format!("line {number} of {input}");
                let too_large =
                    || Err(saved::unreadable(self.source.provider, &place, &saved::too_large()));
                let read = text.map_or_else(too_large, |text| {
                    self.read(&text).map_err(|failure| failure.about(&place))
                });
                match read {
                    Ok(subject) => self.print(&subject, &place)?,
                    Err(failure) => {
                        report(failure);
                        code = INCOMPLETE;
                    }
                }
            }
            if let Some(error) = batch.failure {
                return Ok(report(saved::unreadable(self.source.provider, input, &error)));
            }
        }
        Ok(code)
    }
}
