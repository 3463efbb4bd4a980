//! Base URLs, configurations and redirects.

use scripted_server::{Reply, Requests, Route, ScriptedServer};
use ticket_core::transport::Transport;
use ticket_core::{Error, ErrorKind};

use super::harness::{Harness, Problems, Scenario, TestResult};
use super::outcome::Outcome;
use crate::SourceUnderTest;
use crate::source_under_test::DebugSource;

/// Base URLs that must be rejected. Nothing is sent to them.
const UNSAFE: [&str; 6] = [
    "http://helpdesk.example",
    "http://127.0.0.1.helpdesk.example",
    "https://user:password@helpdesk.example",
    "ftp://helpdesk.example",
    "helpdesk.example",
    "",
];

/// A valid base URL.
const SAFE: &str = "https://helpdesk.example";

pub(super) async fn unsafe_base_url_is_rejected(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let provider = provider(subject)?;
    for address in UNSAFE {
        let built = (subject.build)(address, Transport::default());
        problems.add(&format!("{address:?}"), expect_rejection(built, provider));
    }
    Ok(problems)
}

pub(super) async fn invalid_configuration_is_rejected(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let provider = provider(subject)?;
    if subject.invalid.is_empty() {
        let problem = "an invalid configuration is missing: add `.rejects_configuration(…)`";
        return Err(problem.to_owned());
    }
    for (description, build) in &subject.invalid {
        problems.add(description, expect_rejection(build(SAFE, Transport::default()), provider));
    }
    Ok(problems)
}

/// Returns the name of the provider.
fn provider(subject: &SourceUnderTest) -> Result<&'static str, String> {
    let built = (subject.build)(SAFE, Transport::default());
    built
        .map(|source| source.provider())
        .map_err(|error| format!("the source cannot be built for {SAFE}: {error}"))
}

/// Returns a problem unless the configuration was rejected.
fn expect_rejection(built: Result<Box<dyn DebugSource>, Error>, provider: &str) -> Option<String> {
    match built {
        Ok(_) => Some("the configuration was accepted".to_owned()),
        Err(error) => Outcome::Failed(error).expect_error(&[ErrorKind::Configuration], provider),
    }
}

pub(super) async fn redirect_is_not_followed(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, body) = subject.first_ticket()?;
    let ticket = Reply::json(200, body);
    // A client that follows the redirect gets a ticket.
    let elsewhere = [
        Route::get("ticket", "{id}").default_reply(ticket.clone()),
        Route::post("token", "{id}").default_reply(ticket),
    ];
    let elsewhere = ScriptedServer::start(elsewhere).await.map_err(|error| error.to_string())?;
    let origin = elsewhere.base_url();
    for route in subject.route_names()? {
        for status in [301, 302, 303, 307, 308] {
            for fault in [format!("redirect {status}"), format!("redirect {status} to {origin}")] {
                let situation =
                    format!("`{}` at `{route}`", fault.replace(&origin, "another origin"));
                let before = elsewhere.connections();
                let harness =
                    Harness::start(subject, Scenario::fault(route, Requests::All, &fault)).await?;
                let outcome = harness.fetch(id).await;
                let provider = harness.source.provider();
                problems.add(&situation, outcome.expect_error(&[ErrorKind::Rejected], provider));
                let sent = harness.server.received();
                let other = sent.iter().find(|sent| sent.route.is_none());
                problems.add(&situation, other.map(|sent| format!("requested `{}`", sent.path)));
                let count = harness.server.count(route);
                problems.add(&situation, (count > 1).then(|| "the request was retried".to_owned()));
                let is_followed = elsewhere.connections() > before;
                problems.add(
                    &situation,
                    is_followed.then(|| "connected to the other origin".to_owned()),
                );
            }
        }
    }
    Ok(problems)
}
