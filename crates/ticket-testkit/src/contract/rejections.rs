//! Errors that a retry does not fix.

use scripted_server::{Reply, Requests};
use ticket_core::ErrorKind;

use super::harness::{Harness, Problems, Scenario, TOKEN, TestResult, describe};
use super::outcome::Outcome;
use crate::SourceUnderTest;
use crate::source_under_test::ErrorCase;

pub(super) async fn invalid_credentials_are_reported(subject: &SourceUnderTest) -> TestResult {
    // One retry with a new token is allowed.
    let max = if subject.token.is_some() { 2 } else { 1 };
    let check = |harness: &Harness| {
        let count = harness.ticket_requests();
        (count > max).then(|| format!("sent {count} ticket requests"))
    };
    let kind = ErrorCase::TokenRejected.kind();
    let mut problems = subject.check_error_responses(ErrorCase::InvalidCredentials, check).await?;
    if subject.token.is_none() {
        return Ok(problems);
    }
    let (id, _) = subject.first_ticket()?;
    for response in subject.required_error_responses(ErrorCase::TokenRejected)? {
        let situation = format!("at the token route, {}", describe(&response.reply));
        let harness =
            Harness::start(subject, Scenario::token_reply(Requests::All, response.reply)).await?;
        let outcome = harness.fetch(id).await;
        problems.add(&situation, outcome.expect_error(&[kind], harness.source.provider()));
        problems.add(&situation, harness.expect_ticket_requests(0));
        let count = harness.token_requests();
        problems.add(&situation, (count != 1).then(|| format!("sent {count} token requests")));
    }
    Ok(problems)
}

pub(super) async fn missing_permission_is_reported(subject: &SourceUnderTest) -> TestResult {
    let once = |harness: &Harness| harness.expect_ticket_requests(1);
    subject.check_error_responses(ErrorCase::PermissionDenied, once).await
}

pub(super) async fn other_errors_are_reported(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    for case in [ErrorCase::InvalidRequest, ErrorCase::QuotaExhausted, ErrorCase::Rejected] {
        // A service may have none of these.
        if subject.error_responses(case).next().is_some() {
            let once = |harness: &Harness| harness.expect_ticket_requests(1);
            problems.0.extend(subject.check_error_responses(case, once).await?.0);
        }
    }
    Ok(problems)
}

/// Error statuses; those from 500 are retried.
const STATUSES: [u16; 7] = [400, 401, 403, 404, 500, 502, 503];

pub(super) async fn error_status_is_not_a_success(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, body) = subject.first_ticket()?;
    for status in STATUSES {
        let situation = format!("HTTP {status} with the body of a success");
        let scenario = Scenario::ticket_reply(Requests::All, Reply::json(status, body));
        let outcome = Harness::start(subject, scenario).await?.fetch(id).await;
        problems.add(&situation, expect_status_error(&outcome, status));
        if let Some(token) = &subject.token {
            let situation = format!("at the token route, {situation}");
            let response = (token.response)(TOKEN);
            let reply = Reply::json(status, response.body());
            let harness =
                Harness::start(subject, Scenario::token_reply(Requests::All, reply)).await?;
            let outcome = harness.fetch(id).await;
            problems.add(&situation, expect_status_error(&outcome, status));
            problems.add(&situation, harness.expect_ticket_requests(0));
        }
    }
    Ok(problems)
}

/// Returns a problem unless the outcome is an error that follows the status.
fn expect_status_error(outcome: &Outcome, status: u16) -> Option<String> {
    let Some(error) = outcome.error() else {
        return Some(format!("{outcome}; expected an error"));
    };
    let is_expected = match status {
        500.. => error.kind() == ErrorKind::Unavailable,
        // The body may show that the response is not from the service.
        404 => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidResponse),
        _ => !matches!(error.kind(), ErrorKind::InvalidResponse | ErrorKind::TicketMismatch),
    };
    if !is_expected {
        return Some(format!("{outcome}; expected an error that follows the status"));
    }
    let code = error.code()?;
    Some(format!("the error has the success code {code}"))
}
