//! Services that are too slow.

use std::time::Duration;

use scripted_server::{Reply, Requests};
use ticket_core::ErrorKind;
use ticket_core::transport::TransportConfig;

use super::harness::{Harness, Problems, Scenario, TestResult};
use crate::SourceUnderTest;

/// A short deadline. Nothing has to succeed within it.
const SHORT: Duration = Duration::from_millis(100);
/// A deadline that is never reached.
const NEVER: Duration = Duration::from_hours(24);

/// Faults without an end.
const ENDLESS: [&str; 3] = ["silence", "stall", "drip 60s"];

pub(super) async fn call_ends_at_its_deadline(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    let usual = Scenario::default().settings;
    let of_attempt = TransportConfig {
        max_attempts: 2,
        attempt_timeout: SHORT,
        call_timeout: NEVER,
        ..usual.clone()
    };
    let of_call = TransportConfig { attempt_timeout: NEVER, call_timeout: SHORT, ..usual.clone() };
    let mut scenarios = Vec::new();
    for route in subject.route_names()? {
        for fault in ENDLESS {
            for (settings, scope) in [(&of_attempt, "an attempt"), (&of_call, "the call")] {
                let situation =
                    format!("`{fault}` at `{route}`, with a deadline of {SHORT:?} for {scope}");
                let scenario = Scenario::fault(route, Requests::All, fault);
                scenarios.push((situation, Scenario { settings: settings.clone(), ..scenario }));
            }
        }
    }
    let persistent = TransportConfig {
        max_attempts: u32::MAX,
        retry_budget: u32::MAX,
        call_timeout: SHORT,
        ..usual
    };
    let situation =
        format!("a gateway that always fails, with a deadline of {SHORT:?} for the call");
    let scenario = Scenario::ticket_reply(Requests::All, Reply::gateway_page(503));
    scenarios.push((situation, Scenario { settings: persistent, ..scenario }));

    for (situation, scenario) in scenarios {
        let harness = Harness::start(subject, scenario).await?;
        let outcome = harness.fetch(id).await;
        let kinds = [ErrorKind::Timeout, ErrorKind::Unavailable];
        let kinds = if situation.starts_with('`') { &kinds[..1] } else { &kinds };
        problems.add(&situation, outcome.expect_error(kinds, harness.source.provider()));
        // The server notices a closed connection only at the next byte.
        if !situation.contains("drip") {
            let closed = harness.wait_until(
                |harness| harness.server.unanswered() == 0,
                "a connection is still open",
            );
            problems.add(&situation, closed.await);
        }
    }
    Ok(problems)
}
