//! Concurrent calls.

use std::sync::Arc;

use ticket_core::TicketId;
use ticket_core::transport::TransportConfig;
use tokio::task::JoinSet;

use super::harness::{Harness, Problems, Scenario, TestResult, fetch};
use super::outcome::Outcome;
use crate::SourceUnderTest;
use crate::source_under_test::DebugSource;

/// The number of concurrent calls.
pub(super) const CALLS: usize = 64;

pub(super) async fn concurrent_calls_get_their_own_tickets(
    subject: &SourceUnderTest,
) -> TestResult {
    if subject.is_in_memory {
        let source = subject.source("", TransportConfig::default())?;
        return many_calls(subject, &source).await;
    }
    let harness = Harness::start(subject, Scenario::default()).await?;
    let mut problems = many_calls(subject, &harness.source).await?;
    problems.add("all calls", harness.expect_ticket_requests(CALLS));
    Ok(problems)
}

/// Fetches all tickets in turn, from several threads.
pub(super) async fn many_calls(
    subject: &SourceUnderTest,
    source: &Arc<dyn DebugSource>,
) -> TestResult {
    let mut calls = JoinSet::new();
    for id in subject.ids()?.into_iter().cycle().take(CALLS) {
        let id = TicketId::new(id).map_err(|error| error.to_string())?;
        let (source, timeout) = (Arc::clone(source), subject.timeout);
        calls.spawn(async move {
            let outcome: Outcome = fetch(&*source, id.as_str(), timeout).await;
            outcome.expect_ticket(id.as_str())
        });
    }
    let mut problems = Problems::default();
    while let Some(call) = calls.join_next().await {
        problems.add("a concurrent call", call.unwrap_or_else(|error| Some(error.to_string())));
    }
    Ok(problems)
}
