//! Tokens: fetched once, shared, and replaced if rejected.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use scripted_server::{Reply, Requests};
use ticket_core::ErrorKind;

use super::concurrency::{CALLS, many_calls};
use super::harness::{Harness, ONCE, Problems, Scenario, TOKEN, TestResult, describe};
use crate::SourceUnderTest;
use crate::source_under_test::ErrorCase;

pub(super) async fn token_is_shared(subject: &SourceUnderTest) -> TestResult {
    let (id, _) = subject.first_ticket()?;
    let harness = Harness::start(subject, Scenario::default()).await?;
    let mut problems = many_calls(subject, &harness.source).await?;
    problems.add("the call after concurrent calls", harness.fetch(id).await.expect_ticket(id));
    let count = harness.token_requests();
    problems.add("all calls", (count != 1).then(|| format!("fetched {count} tokens")));
    Ok(problems)
}

pub(super) async fn rejected_token_is_replaced_once(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    for response in subject.required_error_responses(ErrorCase::ExpiredToken)? {
        let situation = format!("{}, once", describe(&response.reply));
        let harness =
            Harness::start(subject, Scenario::ticket_reply(ONCE, response.reply.clone())).await?;
        problems.add(&situation, harness.fetch(id).await.expect_ticket(id));
        problems.add(&situation, expect_requests(&harness, 2));
        let sent = harness.server.received();
        let last = sent.iter().rfind(|sent| sent.id.is_some()).map_or("", |sent| &sent.text);
        let is_new = !last.contains(&format!("{TOKEN}1"));
        problems.add(&situation, (!is_new).then(|| "the rejected token was sent again".to_owned()));

        let situation = format!("{}, always", describe(&response.reply));
        let harness =
            Harness::start(subject, Scenario::ticket_reply(Requests::All, response.reply)).await?;
        let outcome = harness.fetch(id).await;
        let provider = harness.source.provider();
        problems.add(&situation, outcome.expect_error(&[ErrorKind::Unauthenticated], provider));
        problems.add(&situation, expect_requests(&harness, 2));
    }
    for response in subject.required_error_responses(ErrorCase::ExpiredToken)?.into_iter().take(1) {
        let reply = response.reply;
        problems.0.extend(replaced_once_for_all_calls(subject, reply.clone()).await?.0);
        problems.0.extend(rejected_token_is_issued_again(subject, reply).await?.0);
    }
    Ok(problems)
}

/// A token is rejected in concurrent calls: it is replaced once, and newer tokens are kept.
async fn replaced_once_for_all_calls(subject: &SourceUnderTest, response: Reply) -> TestResult {
    let mut problems = Problems::default();
    let first = NonZeroU64::new(CALLS as u64).ok_or("there are calls")?;
    let rejected = Requests::Range(NonZeroU64::MIN, Some(first));
    let harness = Harness::start(subject, Scenario::ticket_reply(rejected, response)).await?;
    // A call fails if its retry comes before the first request of another call.
    many_calls(subject, &harness.source).await?;
    let received = harness.server.received();
    let requests = received.iter().filter(|sent| sent.id.is_some()).take(CALLS);
    let rejected: BTreeSet<_> = requests.filter_map(|sent| token_of(&sent.text)).collect();
    // The source sends the token in an encoded form.
    if rejected.is_empty() {
        return Ok(problems);
    }
    // Each rejected token is replaced at most once.
    let (max, count) = (1 + rejected.len(), harness.token_requests());
    let problem = format!("fetched {count} tokens after {} were rejected", rejected.len());
    let is_right = (2..=max).contains(&count);
    problems.add("concurrent calls with one token", (!is_right).then_some(problem));
    Ok(problems)
}

/// The service issues the rejected token again: it is neither sent nor kept.
async fn rejected_token_is_issued_again(subject: &SourceUnderTest, response: Reply) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    let token =
        subject.token.as_ref().ok_or("the token route is missing: add `.token_route(…)`")?;
    let twice = Requests::Range(NonZeroU64::MIN, NonZeroU64::new(2));
    let mut scenario = Scenario::ticket_reply(ONCE, response);
    scenario.token.push((twice, (token.response)(&format!("{TOKEN}1"))));
    let harness = Harness::start(subject, scenario).await?;
    let situation = "the service issues the rejected token again";
    let outcome = harness.fetch(id).await;
    let provider = harness.source.provider();
    problems.add(situation, outcome.expect_error(&[ErrorKind::Unauthenticated], provider));
    problems.add(situation, harness.expect_ticket_requests(1));
    let situation = "the call after that";
    problems.add(situation, harness.fetch(id).await.expect_ticket(id));
    let received = harness.server.received();
    let last = received.iter().rfind(|sent| sent.id.is_some());
    let is_old = last.and_then(|sent| token_of(&sent.text)) == Some('1');
    problems.add(situation, is_old.then(|| "the rejected token was sent again".to_owned()));
    Ok(problems)
}

/// Returns the number of the token in a request.
fn token_of(request: &str) -> Option<char> {
    request.split_once(TOKEN)?.1.chars().next()
}

/// Returns a problem unless this many token requests and ticket requests were sent.
fn expect_requests(harness: &Harness, expected: usize) -> Option<String> {
    let (tokens, tickets) = (harness.token_requests(), harness.ticket_requests());
    ((tokens, tickets) != (expected, expected)).then(|| {
        format!(
            "sent {tokens} token requests and {tickets} ticket requests; expected {expected} each"
        )
    })
}
