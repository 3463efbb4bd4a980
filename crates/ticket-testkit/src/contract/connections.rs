//! Broken connections.

use scripted_server::Requests;
use ticket_core::ErrorKind;

use super::harness::{Harness, ONCE, Problems, Scenario, TestResult, fetch};
use crate::SourceUnderTest;

const FAULTS: [&str; 5] = ["close", "reset", "cut", "cut-chunk", "garbage"];

pub(super) async fn retries_broken_connections(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    for route in subject.route_names()? {
        for fault in FAULTS {
            let situation = format!("`{fault}` at the first request of `{route}`");
            let harness = Harness::start(subject, Scenario::fault(route, ONCE, fault)).await?;
            problems.add(&situation, harness.fetch(id).await.expect_ticket(id));

            let situation = format!("`{fault}` at every request of `{route}`");
            let harness =
                Harness::start(subject, Scenario::fault(route, Requests::All, fault)).await?;
            let outcome = harness.fetch(id).await;
            let provider = harness.source.provider();
            problems.add(&situation, outcome.expect_error(&[ErrorKind::Connection], provider));
            let count = harness.server.count(route);
            problems.add(&situation, (count < 2).then(|| "the request was not retried".to_owned()));
        }
    }
    let Harness { server, source, .. } = Harness::start(subject, Scenario::default()).await?;
    server.stop().await;
    let outcome = fetch(&*source, id, subject.timeout).await;
    let problem = outcome.expect_error(&[ErrorKind::Connection], source.provider());
    problems.add("no server", problem);
    Ok(problems)
}
