//! `ticket mapping drift`: how far responses have moved from their documentation, over one or thousands of them.
//!
//! One response is in memory at a time, and what was noticed so far.

mod inputs;
mod stream;

use std::io;
use std::path::PathBuf;

use ticket_core::ErrorKind;
use ticket_core::mapping::drift::{Drift, DriftReport};

use super::configuration::Configuration;
use super::fetch::{self, Fetched, Missed};
use super::listing::ListPrinter;
use super::subject::Subject;
use crate::arguments::{self, ANY_KIND};
use crate::console::Console;
use crate::outcome::{ANYTHING_ELSE, DONE, Failure};
use crate::providers::Provider;
use crate::{settings, view};

/// Reads everything, prints the report, and ends with the first failure, or else as `--fail-on` says.
pub(crate) async fn run(arguments: &arguments::Drift, console: &Console) -> io::Result<u8> {
    let mut printer = ListPrinter::new(console, arguments.output, true);
    let telling = printer.telling();
    let mut first_failure = None;
    let mut fail = |failure: Failure| {
        first_failure.get_or_insert(failure.end(console, telling));
    };
    let read = match Subject::of(
        &arguments.subject,
        &arguments.rest,
        arguments.configuration.of_calls(),
    ) {
        Ok(Subject::Tickets(names)) => {
            match Configuration::open(&arguments.configuration, console, telling).await {
                Ok(configuration) => of_tickets(&names, &configuration, &mut fail).await,
                Err(failure) => Err(failure),
            }
        }
        Ok(Subject::Saved(provider, inputs)) => {
            of_saved(provider, &inputs, &arguments.configuration, &mut fail)
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
            let failure = Failure::new(ErrorKind::InvalidRequest, "there is no response to read");
            failure.with_hint("responses are JSON, one after the other").end(console, telling)
        })),
        Err(failure) => Ok(failure.end(console, telling)),
    }
}

/// Whether there is something of a kind that was named.
fn is_drifted(report: &DriftReport, kinds: &[String]) -> bool {
    let is_named = |kind: &str| kinds.iter().any(|named| named == kind || named == ANY_KIND);
    report.entries.iter().any(|entry| is_named(entry.kind.as_str()))
}

fn of_saved(
    provider: &Provider,
    inputs: &[PathBuf],
    configuration: &arguments::Configuration,
    fail: &mut impl FnMut(Failure),
) -> Result<DriftReport, Failure> {
    let overrides = settings::vocabulary(provider, &configuration.profile.choice())?;
    let mut drift = Drift::new(provider.decoder);
    for input in inputs {
        let read = inputs::each(provider, input, |name, response| match response {
            Ok(response) => drift.add(name, &response, &overrides),
            Err(failure) => fail(failure),
        });
        read.unwrap_or_else(&mut *fail);
    }
    Ok(drift.report())
}

async fn of_tickets(
    names: &[String],
    configuration: &Configuration,
    fail: &mut impl FnMut(Failure),
) -> Result<DriftReport, Failure> {
    let provider = only_provider(names)?;
    let mut drift = Drift::new(provider.decoder);
    let fetching = fetch::in_order(names.iter().map(String::as_str), configuration, |outcome| {
        match outcome {
            Ok(Fetched { overrides, record, .. }) => {
                for response in &record.origin.responses {
                    drift.add(
                        &format!("{}:{}", provider.name, record.ticket.id),
                        response,
                        &overrides,
                    );
                }
            }
            // A response came, and it is no ticket, or not the one: that is what is looked for here.
            Err(Missed { name, error: Some(error), .. })
                if matches!(
                    error.kind(),
                    ErrorKind::InvalidResponse | ErrorKind::TicketMismatch
                ) =>
            {
                drift.no_ticket(&name, &error);
            }
            Err(missed) => fail(missed.failure),
        }
        Ok(())
    });
    fetching.await.expect("nothing is printed while tickets are fetched");
    Ok(drift.report())
}

/// The one provider of all these tickets.
fn only_provider(names: &[String]) -> Result<&'static Provider, Failure> {
    let mut only: Option<&'static Provider> = None;
    for name in names {
        let (provider, _) = fetch::read_name(name)?;
        match only {
            Some(only) if only.name != provider.name => {
                let message = "the tickets are of several providers, and drift is counted for one";
                let failure = Failure::new(ErrorKind::InvalidRequest, message);
                return Err(failure.with_hint("run it once for each provider"));
            }
            _ => only = Some(provider),
        }
    }
    only.ok_or_else(|| Failure::new(ErrorKind::InvalidRequest, "no ticket was named"))
}
