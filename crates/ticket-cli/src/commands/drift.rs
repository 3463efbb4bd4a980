//! `ticket mapping drift`: counts how responses differ from their documentation.
//!
//! Only one response is in memory at a time, plus the counts.

mod inputs;
mod stream;

use std::io;
use std::path::PathBuf;

use ticket_core::mapping::drift::{Drift, DriftReport};
use ticket_core::{ErrorKind, FetchOptions};

use super::configuration::Configuration;
use super::fetch::{self, Fetched, Missed, options};
use super::input::Input;
use super::listing::ListPrinter;
use crate::address::{SourceAddress, parse_ticket};
use crate::arguments::{self, ANY_KIND};
use crate::console::Console;
use crate::outcome::{ANYTHING_ELSE, DONE, Failure};
use crate::providers::Provider;
use crate::settings::ProfileSelector;
use crate::{settings, view};

/// Reads all responses and prints the report.
///
/// The exit code is that of the first failure, or else the one that `--fail-on` asks for.
pub(crate) async fn run(arguments: &arguments::Drift, console: &Console) -> io::Result<u8> {
    let mut printer = ListPrinter::new(console, arguments.output, true);
    let message_format = printer.message_format();
    let mut first_failure = None;
    let mut fail = |failure: Failure| {
        first_failure.get_or_insert(failure.end(console, message_format));
    };
    let of_calls = arguments.configuration.of_calls(arguments.conversation);
    let read = match Input::of(&arguments.subject, &arguments.rest, of_calls) {
        Ok(Input::Tickets(names)) => {
            match Configuration::open(&arguments.configuration, console, message_format).await {
                Ok(configuration) => {
                    let options = options(arguments.conversation);
                    of_tickets(&names, options, &configuration, &mut fail).await
                }
                Err(failure) => Err(failure),
            }
        }
        Ok(Input::Saved(source, inputs)) => {
            of_saved(&source, &inputs, &arguments.configuration, &mut fail)
        }
        Err(failure) => Err(failure),
    };
    match read {
        Ok(report) if report.responses > 0 || !report.entries.is_empty() => {
            printer.print(&report, |columns| view::drift::table(&report, columns))?;
            let drifted =
                if is_drifted(&report, &arguments.fail_on) { ANYTHING_ELSE } else { DONE };
            Ok(first_failure.unwrap_or(drifted))
        }
        Ok(_) => Ok(first_failure.unwrap_or_else(|| {
            let failure = Failure::new(ErrorKind::InvalidRequest, "no responses to read");
            let hint = "the input must be JSON responses, one after another";
            failure.with_hint(hint).end(console, message_format)
        })),
        Err(failure) => Ok(failure.end(console, message_format)),
    }
}

/// Returns whether the report has an entry of one of these kinds.
fn is_drifted(report: &DriftReport, kinds: &[String]) -> bool {
    let is_named = |kind: &str| kinds.iter().any(|named| named == kind || named == ANY_KIND);
    report.entries.iter().any(|entry| is_named(entry.kind.as_str()))
}

fn of_saved(
    source: &SourceAddress,
    inputs: &[PathBuf],
    configuration: &arguments::Configuration,
    fail: &mut impl FnMut(Failure),
) -> Result<DriftReport, Failure> {
    let provider = source.provider;
    let selector = configuration.profile.selector().with_profile(source.profile.as_deref());
    let overrides = settings::vocabulary(provider, &selector)?;
    let mut drift = Drift::new(provider.decoder);
    for input in inputs {
        let read = inputs::each(provider, input, |name, responses| match responses {
            Ok(responses) => drift.add(name, &responses, &overrides),
            Err(failure) => fail(failure),
        });
        read.unwrap_or_else(&mut *fail);
    }
    Ok(drift.report())
}

async fn of_tickets(
    names: &[String],
    options: FetchOptions,
    configuration: &Configuration,
    fail: &mut impl FnMut(Failure),
) -> Result<DriftReport, Failure> {
    let provider = only_provider(names, &configuration.selector())?;
    let mut drift = Drift::new(provider.decoder);
    let fetching =
        fetch::in_order(names.iter().map(String::as_str), options, configuration, |outcome| {
            match outcome {
                Ok(Fetched { overrides, record, .. }) => {
                    let name = format!("{}:{}", provider.name, record.ticket.id);
                    drift.add(&name, &record.origin.responses, &overrides);
                }
                // A response that is not the requested ticket counts as drift.
                Err(Missed { name, error: Some(error), .. })
                    if matches!(
                        error.kind(),
                        ErrorKind::InvalidResponse | ErrorKind::TicketMismatch
                    ) =>
                {
                    drift.add_error(&name, &error);
                }
                Err(missed) => fail(missed.failure),
            }
            Ok(())
        });
    fetching.await.expect("nothing is printed while tickets are fetched");
    Ok(drift.report())
}

/// Returns the provider that all these tickets have in common.
///
/// # Errors
/// If a name is invalid, or the tickets are from several providers.
fn only_provider(
    names: &[String],
    selector: &ProfileSelector,
) -> Result<&'static Provider, Failure> {
    let mut only: Option<&'static Provider> = None;
    for name in names {
        let (SourceAddress { provider, .. }, _) = parse_ticket(name, selector)?;
        match only {
            Some(only) if only.name != provider.name => {
                let message =
                    "the tickets are from several providers; drift can be counted for only one";
                let failure = Failure::new(ErrorKind::InvalidRequest, message);
                return Err(failure.with_hint("run the command once for each provider"));
            }
            _ => only = Some(provider),
        }
    }
    only.ok_or_else(|| Failure::new(ErrorKind::InvalidRequest, "no ticket given"))
}
