//! Errors that are retried.

use std::time::Duration;

use scripted_server::{Reply, Requests};
use ticket_core::ErrorKind;
use ticket_core::transport::TransportConfig;

use super::harness::{Harness, ONCE, Problems, Scenario, TestResult, describe};
use super::outcome::Outcome;
use crate::SourceUnderTest;
use crate::source_under_test::{ErrorCase, ErrorResponse};

/// Error statuses of a gateway.
const GATEWAY: [u16; 3] = [502, 503, 504];

pub(super) async fn waits_for_the_rate_limit(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    for ErrorResponse { reply, wait, .. } in
        subject.required_error_responses(ErrorCase::RateLimited)?
    {
        let situation = format!("{}, once", describe(&reply));
        let harness = Harness::start(subject, Scenario::ticket_reply(ONCE, reply.clone())).await?;
        let outcome = harness.fetch(id).await;
        problems.add(&situation, outcome.expect_ticket(id).or(waited_too_little(&outcome, wait)));
        problems.add(&situation, harness.expect_ticket_requests(2));

        let situation = format!("{}, always", describe(&reply));
        let mut scenario = Scenario::ticket_reply(Requests::All, reply);
        scenario.settings.max_attempts = 2;
        if let Some(wait) = wait {
            // A rate limit that names its wait is waited for until the deadline of the call.
            scenario.settings.call_timeout = wait * 2 + Duration::from_secs(1);
        }
        let harness = Harness::start(subject, scenario).await?;
        let outcome = harness.fetch(id).await;
        let provider = harness.source.provider();
        let problem = outcome.expect_error(&[ErrorKind::RateLimited], provider);
        problems.add(&situation, problem.or(wrong_retry_after(&outcome, wait)));
        if wait.is_none() {
            problems.add(&situation, harness.expect_ticket_requests(2));
        }
    }
    Ok(problems)
}

fn waited_too_little(outcome: &Outcome, wait: Option<Duration>) -> Option<String> {
    let Outcome::Ticket(record) = outcome else { return None };
    let waited = record.origin.stats.waited;
    let is_less = wait.is_some_and(|wait| waited < wait);
    is_less.then(|| format!("the call waited {waited:?}; the response asks for {wait:?}"))
}

fn wrong_retry_after(outcome: &Outcome, wait: Option<Duration>) -> Option<String> {
    let retry_after = outcome.error()?.retry_after();
    (retry_after != wait).then(|| {
        format!("`retry_after` of the error is {retry_after:?}; the response asks for {wait:?}")
    })
}

pub(super) async fn retries_when_unavailable(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let own = subject
        .required_error_responses(ErrorCase::Unavailable)?
        .into_iter()
        .map(|response| response.reply);
    let replies: Vec<_> = own.chain(GATEWAY.map(Reply::gateway_page)).collect();
    for reply in &replies {
        let situation = describe(reply);
        check_once_and_always(
            subject,
            &situation,
            |requests| Scenario::ticket_reply(requests, reply.clone()),
            false,
            &mut problems,
        )
        .await?;
    }
    if subject.token.is_some() {
        for reply in GATEWAY.map(Reply::gateway_page) {
            let situation = format!("at the token route, {}", describe(&reply));
            let scenario = |requests| Scenario::token_reply(requests, reply.clone());
            check_once_and_always(subject, &situation, scenario, true, &mut problems).await?;
        }
    }
    Ok(problems)
}

/// Checks a failure of the first request, and of all requests.
async fn check_once_and_always(
    subject: &SourceUnderTest,
    situation: &str,
    scenario: impl Fn(Requests) -> Scenario,
    is_token_call: bool,
    problems: &mut Problems,
) -> Result<(), String> {
    let (id, _) = subject.first_ticket()?;
    for (requests, when) in [(ONCE, "once"), (Requests::All, "always")] {
        let situation = format!("{situation}, {when}");
        let scenario = scenario(requests);
        let TransportConfig { max_attempts, .. } = scenario.settings;
        let harness = Harness::start(subject, scenario).await?;
        let outcome = harness.fetch(id).await;
        let (problem, expected) = match requests {
            Requests::All => {
                let kinds = [ErrorKind::Unavailable];
                (outcome.expect_error(&kinds, harness.source.provider()), max_attempts as usize)
            }
            _ => (outcome.expect_ticket(id), 2),
        };
        problems.add(&situation, problem);
        let count =
            if is_token_call { harness.token_requests() } else { harness.ticket_requests() };
        let other = count != expected;
        problems
            .add(&situation, other.then(|| format!("sent {count} requests; expected {expected}")));
    }
    Ok(())
}
