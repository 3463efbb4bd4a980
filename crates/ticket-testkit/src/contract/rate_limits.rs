//! Rate limits.

use std::time::Duration;

use scripted_server::Requests;
use ticket_core::mapping::Limit;
use ticket_core::transport::TransportConfig;

use super::harness::{Harness, Problems, Scenario, TestResult};
use crate::SourceUnderTest;

/// A short deadline. Nothing has to succeed within it.
const SHORT: Duration = Duration::from_millis(300);
/// A deadline that is never reached.
const NEVER: Duration = Duration::from_hours(24);

/// The number of calls; only one request is allowed.
const CALLS: usize = 3;

pub(super) async fn keeps_documented_rate_limits(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    if let Some(limits) = limits_of_capabilities(subject)
        && limits != subject.rate_limits
    {
        let expected = &subject.rate_limits;
        let problem = format!("are {limits:?}, but `.rate_limit(…)` says {expected:?}");
        problems.add("the rate limits of the capabilities", [problem]);
    }
    if subject.rate_limits.is_empty() {
        return Ok(problems);
    }
    let (id, _) = subject.first_ticket()?;
    let (ticket, _) = subject.routes()?;
    // The smallest share of a limit is one request. A silent service may count it at any time, so that it stays counted.
    let scenario = Scenario::fault(ticket.name(), Requests::All, "silence");
    let settings = TransportConfig {
        rate_limit_fraction: 0.0,
        attempt_timeout: NEVER,
        call_timeout: SHORT,
        ..scenario.settings.clone()
    };
    let harness = Harness::start(subject, Scenario { settings, ..scenario }).await?;
    for _ in 0..CALLS {
        harness.fetch(id).await;
    }
    let count = harness.ticket_requests();
    let situation = format!("{CALLS} calls with a limit of one request");
    problems.add(&situation, (count > 1).then(|| format!("sent {count} requests")));
    Ok(problems)
}

/// Returns the rate limits of the ticket call in the capabilities.
fn limits_of_capabilities(subject: &SourceUnderTest) -> Option<Vec<Limit>> {
    let decoder = subject.decoder?;
    let mut operations = decoder.capabilities().operations.iter();
    let operation = operations.find(|operation| operation.name == decoder.ticket_operation());
    Some(operation.map(|operation| operation.limits.to_vec()).unwrap_or_default())
}
