//! Cancelled calls.

use std::time::Duration;

use scripted_server::Requests;
use ticket_core::TicketId;
use tokio::time::timeout;

use super::harness::{Harness, Problems, Scenario, TestResult, fetch};
use crate::SourceUnderTest;

/// The number of cancelled calls, one after the other.
const CALLS: usize = 3;

pub(super) async fn cancelled_call_releases_resources(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    let id_to_fetch = TicketId::new(id).map_err(|error| error.to_string())?;
    if subject.is_in_memory {
        let source = subject.source("", Scenario::default().settings)?;
        for _ in 0..CALLS {
            // Cancels the call where it first waits.
            let _ = timeout(Duration::ZERO, source.fetch(&id_to_fetch)).await;
        }
        let next = fetch(&*source, id, subject.timeout).await;
        problems.add("the next call", next.expect_ticket(id));
        return Ok(problems);
    }
    for route in subject.route_names()? {
        let mut scenario = Scenario::fault(route, Requests::All, "silence");
        // With one permit, a leaked permit blocks the next call.
        scenario.settings.concurrency = 1;
        let harness = Harness::start(subject, scenario).await?;
        for number in 1..=CALLS {
            let situation = format!("call {number}, cancelled while `{route}` is silent");
            let sent = harness
                .wait_until(|harness| harness.server.count(route) == number, "no request was sent");
            tokio::select! {
                _ = harness.source.fetch(&id_to_fetch) => {
                    return Err(format!("{situation}: the call ended before it was cancelled"));
                }
                problem = sent => problems.add(&situation, problem),
            }
            // A task of the HTTP client closes the connection.
            let closed = harness.wait_until(
                |harness| harness.server.unanswered() == 0,
                "the connection is still open",
            );
            problems.add(&situation, closed.await);
        }
        harness.server.clear_faults();
        let next = harness.fetch(id).await;
        problems
            .add(&format!("the call after those cancelled at `{route}`"), next.expect_ticket(id));
    }
    Ok(problems)
}
