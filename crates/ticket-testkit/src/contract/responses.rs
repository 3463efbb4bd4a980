//! The requested ticket, another ticket, and an unknown id.

use std::iter;

use scripted_server::{Reply, Requests};
use ticket_core::{ErrorKind, Record, Response, TicketId, VocabularyOverrides};

use super::harness::{Harness, Problems, Scenario, TestResult, fetch};
use super::outcome::Outcome;
use crate::SourceUnderTest;
use crate::source_under_test::ErrorCase;

pub(super) async fn returns_the_requested_ticket(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    subject.ids()?;
    if subject.is_in_memory {
        let source = subject.source("", Scenario::default().settings)?;
        for (id, _) in &subject.tickets {
            let outcome = fetch(&*source, id, subject.timeout).await;
            problems.add(
                id,
                outcome.expect_ticket(id).or(wrong_origin(&outcome, id, source.provider(), None)),
            );
        }
        return Ok(problems);
    }
    for (index, (id, body)) in subject.tickets.iter().enumerate() {
        // The ticket route serves the first of several responses for one id.
        let is_repeated = subject.tickets[..index].iter().any(|(other, _)| other == id);
        let scenario = if is_repeated {
            Scenario::ticket_reply(Requests::All, Reply::json(200, body.unwrap_or_default()))
        } else {
            Scenario::default()
        };
        let harness = Harness::start(subject, scenario).await?;
        let outcome = harness.fetch(id).await;
        let provider = harness.source.provider();
        problems.add(id, outcome.expect_ticket(id).or(wrong_origin(&outcome, id, provider, *body)));
        problems.add(id, harness.expect_ticket_requests(1));
        problems
            .add(id, harness.server.received().iter().find_map(|sent| invalid_json(&sent.text)));
    }
    Ok(problems)
}

/// Returns a problem if the body of a request has the media type of JSON but is invalid.
fn invalid_json(request: &str) -> Option<String> {
    let (head, body) = request.split_once("\r\n\r\n")?;
    let is_json = head.to_lowercase().contains("content-type: application/json");
    if !is_json || body.is_empty() {
        return None;
    }
    let error = serde_json::from_str::<serde_json::Value>(body).err()?;
    Some(format!("a request with the media type of JSON has an invalid body: {error}"))
}

/// Returns what is wrong with the origin of a ticket.
fn wrong_origin(
    outcome: &Outcome,
    id: &str,
    provider: &str,
    sent: Option<&[u8]>,
) -> Option<String> {
    let Outcome::Ticket(record) = outcome else { return None };
    let Record { ticket, origin, .. } = &**record;
    if ticket.provider != provider || origin.account.provider != provider {
        return Some(format!(
            "the provider is `{provider}`, but `{}` in the ticket and `{}` in the origin",
            ticket.provider, origin.account.provider
        ));
    }
    if origin.requested.as_ref().map(AsRef::as_ref) != Some(id) {
        return Some(format!("the requested id is {:?} in the origin", origin.requested));
    }
    let sent = sent?;
    if !origin.responses.iter().any(|response| response.body == sent) {
        return Some("no response of the origin has the sent bytes".to_owned());
    }
    (origin.stats.attempts == 0).then(|| "the statistics of the origin count no request".to_owned())
}

pub(super) async fn other_ticket_is_an_error(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let ids = subject.ids()?;
    let (first, _) = subject.first_ticket()?;
    let others = iter::zip(ids, &subject.tickets).filter(|(id, _)| *id != first);
    for (other, (_, body)) in others.take(1) {
        let reply = Reply::json(200, body.unwrap_or_default());
        let harness = Harness::start(subject, Scenario::ticket_reply(Requests::All, reply)).await?;
        let outcome = harness.fetch(first).await;
        let situation = format!("requested {first} and got {other}");
        let problem = match accepted(subject, first, body.unwrap_or_default()) {
            Some(other) => outcome.expect_ticket(&other),
            None => outcome.expect_error(&[ErrorKind::TicketMismatch], harness.source.provider()),
        };
        problems.add(&situation, problem);
        problems.add(&situation, harness.expect_ticket_requests(1));
    }
    Ok(problems)
}

/// Returns the id of the ticket in a response if the decoder accepts it as the requested one.
fn accepted(subject: &SourceUnderTest, requested: &str, body: &'static [u8]) -> Option<String> {
    let decoder = subject.decoder?;
    let response = Response::saved(decoder.ticket_operation(), body);
    let read = decoder.decode(&[response], &VocabularyOverrides::default()).ok()?;
    let requested = TicketId::new(requested).ok()?;
    decoder.is_requested(&read.ticket, &requested).then_some(read.ticket.id)
}

pub(super) async fn unknown_id_is_not_found(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let unknown = subject.unknown_id()?;
    if subject.is_in_memory {
        let source = subject.source("", Scenario::default().settings)?;
        let outcome = fetch(&*source, &unknown, subject.timeout).await;
        problems.add(&unknown, outcome.expect_error(&[ErrorKind::NotFound], source.provider()));
        return Ok(problems);
    }
    for response in subject.required_error_responses(ErrorCase::UnknownTicket)? {
        let situation = super::harness::describe(&response.reply);
        let scenario = Scenario { unknown: Some(response.reply), ..Scenario::default() };
        let harness = Harness::start(subject, scenario).await?;
        let outcome = harness.fetch(&unknown).await;
        problems.add(
            &situation,
            outcome.expect_error(&[ErrorKind::NotFound], harness.source.provider()),
        );
        problems.add(&situation, harness.expect_ticket_requests(1));
    }
    Ok(problems)
}
