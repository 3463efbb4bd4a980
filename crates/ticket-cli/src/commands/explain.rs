//! `ticket mapping explain`: shows the source and the rule of each field of a ticket.

pub(super) mod field_query;

use std::io;

use ticket_core::mapping::Rule;
use ticket_core::mapping::explain::explain;
use ticket_core::mapping::inconsistencies::inconsistencies;
use ticket_core::{Error, Response, VocabularyOverrides};

use super::configuration::Configuration;
use super::fetch::{self, Fetched, options};
use super::input::Input;
use super::listing::ListPrinter;
use super::saved;
use crate::arguments::Explain;
use crate::console::Console;
use crate::outcome::{DONE, Failure};
use crate::providers::Provider;
use crate::settings;
use crate::view::explanation::{self, Explanation};
use field_query::FieldQuery;

/// Explains each ticket in the order of the arguments. The exit code is that of the first failure.
pub(crate) async fn run(arguments: &Explain, console: &Console) -> io::Result<u8> {
    let is_single = arguments.rest.len() <= 1;
    let mut printer = Printer {
        list: ListPrinter::new(console, arguments.output, is_single),
        console,
        shows_all: arguments.all || arguments.field.is_some(),
        first_failure: None,
    };
    let query = arguments.field.as_deref().map(FieldQuery::read).transpose();
    let of_calls = arguments.configuration.of_calls(arguments.conversation);
    let prepared = query
        .and_then(|query| Ok((query, Input::of(&arguments.subject, &arguments.rest, of_calls)?)));
    match prepared {
        Err(failure) => printer.fail(&failure),
        Ok((query, Input::Tickets(names))) => {
            let message_format = printer.list.message_format();
            let opened =
                Configuration::open(&arguments.configuration, console, message_format).await;
            let configuration = match opened {
                Ok(configuration) => configuration,
                Err(failure) => return Ok(failure.end(console, message_format)),
            };
            fetch::in_order(
                names.iter().map(String::as_str),
                options(arguments.conversation),
                &configuration,
                |outcome| {
                    let outcome = outcome.map_err(Failure::from);
                    printer.print(outcome.and_then(|fetched| of_fetched(&fetched, query.as_ref())))
                },
            )
            .await?;
        }
        Ok((query, Input::Saved(source, files))) => {
            let provider = source.provider;
            let selector = arguments.configuration.profile.selector();
            let selector = selector.with_profile(source.profile.as_deref());
            match settings::vocabulary(provider, &selector) {
                Err(failure) => printer.fail(&failure),
                Ok(overrides) => {
                    for file in &files {
                        // The failure to read a file names it already.
                        let outcome = saved::responses(provider, file).and_then(|responses| {
                            let outcome =
                                of_saved(provider, &responses, &overrides, query.as_ref());
                            outcome.map_err(|failure| match files.len() {
                                1 => failure,
                                _ => failure.about(&saved::name(file)),
                            })
                        });
                        printer.print(outcome)?;
                    }
                }
            }
        }
    }
    Ok(printer.first_failure.unwrap_or(DONE))
}

/// Prints the explanation or the failure of each ticket.
struct Printer<'c> {
    list: ListPrinter<'c>,
    console: &'c Console,
    shows_all: bool,
    first_failure: Option<u8>,
}

impl Printer<'_> {
    fn print(&mut self, outcome: Result<Explanation, Failure>) -> io::Result<()> {
        match outcome {
            Ok(explanation) => self.list.print(&explanation, |columns| {
                explanation::table(&explanation, self.shows_all, columns)
            }),
            Err(failure) => {
                self.fail(&failure);
                Ok(())
            }
        }
    }

    fn fail(&mut self, failure: &Failure) {
        let exit = failure.end(self.console, self.list.message_format());
        self.first_failure.get_or_insert(exit);
    }
}

fn of_fetched(fetched: &Fetched, query: Option<&FieldQuery>) -> Result<Explanation, Failure> {
    let Fetched { address, overrides, record } = fetched;
    of(address.provider, &record.origin.responses, overrides, query)
        .map_err(|failure| failure.with_source(address).with_id(&record.ticket.id))
}

fn of_saved(
    provider: &'static Provider,
    responses: &[Response],
    overrides: &VocabularyOverrides,
    query: Option<&FieldQuery>,
) -> Result<Explanation, Failure> {
    of(provider, responses, overrides, query)
        .map_err(|failure| failure.with_provider(provider.name))
}

/// Explains the ticket of these responses, or a field of it.
///
/// # Errors
/// If the responses cannot be decoded, or the ticket has no such field.
pub(super) fn of(
    provider: &'static Provider,
    responses: &[Response],
    overrides: &VocabularyOverrides,
    query: Option<&FieldQuery>,
) -> Result<Explanation, Failure> {
    let decoder = provider.decoder;
    let failed = |error: Error| Failure::of(&error);
    let ticket = decoder.decode(responses, overrides).map_err(failed)?.ticket;
    let mut fields = explain(decoder, responses, overrides).map_err(failed)?;
    let mut inconsistencies = inconsistencies(&ticket);
    if let Some(query) = query {
        fields = query.pick(fields)?;
        inconsistencies.retain(|found| query.touches(&found.fields));
    }
    Ok(Explanation {
        provider: provider.name,
        title: decoder.title(),
        base: base(decoder.rules()),
        id: ticket.id,
        fields,
        inconsistencies,
    })
}

/// Returns the longest pointer that all pointers to values of a ticket begin with, in the response of the ticket call.
fn base(rules: &[Rule]) -> String {
    let sources =
        rules.iter().filter(|rule| !rule.targets.is_empty()).flat_map(|rule| rule.sources);
    let sources = sources.filter(|source| source.starts_with('/'));
    let around = sources.map(|source| source.rsplit_once('/').map_or("", |(around, _)| around));
    let shared = |one: &str, other: &str| {
        let steps = one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other);
        steps.map(|(step, _)| step).collect::<Vec<_>>().join("/")
    };
    around.map(str::to_owned).reduce(|one, other| shared(&one, &other)).unwrap_or_default()
}
