//! Conversations that need further calls.

use std::num::NonZeroU64;
use std::time::Duration;

use scripted_server::{Reply, Requests};
use ticket_core::{ErrorKind, Record, VocabularyOverrides, saved};

use super::harness::{Harness, Problems, Scenario, TestResult, describe};
use super::outcome::Outcome;
use crate::SourceUnderTest;
use crate::source_under_test::{ConversationUnderTest, ErrorCase};

/// A deadline for each page, up to two. The calls with [`DELAY`] exceed it: one for the ticket and one for each page. A single one is far
/// from it, also on a busy machine.
const DEADLINE: Duration = Duration::from_millis(1_500);
const DELAY: &str = "delay 1100ms";
/// A short deadline. Nothing has to succeed within it.
const SHORT: Duration = Duration::from_millis(500);

/// Replies and faults of a page that is not one.
const FAULTS: [&str; 5] = ["html", "empty", "null", "cut", "status 502"];

impl SourceUnderTest {
    /// Returns the conversation, which has a page.
    fn described_conversation(&self) -> Result<&ConversationUnderTest, String> {
        let conversation = self.conversation.as_ref().ok_or("there is no conversation")?;
        if conversation.pages.is_empty() {
            return Err("the conversation has no page: add `.page(…)`".to_owned());
        }
        Ok(conversation)
    }
}

impl ConversationUnderTest {
    /// Returns the requests that fail: all but the first, or all if there is one page.
    fn failing(&self) -> (Requests, String) {
        let name = self.route.name();
        if self.pages.len() == 1 {
            return (Requests::All, format!("at every request of `{name}`"));
        }
        let later = Requests::Range(NonZeroU64::MIN.saturating_add(1), None);
        (later, format!("at `{name}` after its first request"))
    }
}

pub(super) async fn conversation_is_whole_and_keeps_its_responses(
    subject: &SourceUnderTest,
) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    let conversation = subject.described_conversation()?;
    let harness = Harness::start(subject, Scenario::default()).await?;
    let outcome = harness.fetch_conversation(id).await;
    problems.add(id, outcome.expect_ticket(id));
    let Outcome::Ticket(record) = outcome else { return Ok(problems) };
    problems.add(id, wrong_messages(&record, conversation.messages));
    let responses = &record.origin.responses;
    for (page, body) in &conversation.pages {
        let is_missing = responses.iter().all(|response| response.body != body);
        let problem = format!("no response of the origin has the bytes of page {page}");
        problems.add(id, is_missing.then_some(problem));
    }
    let requests = harness.requests();
    if record.origin.stats.attempts != requests as u64 {
        let attempts = record.origin.stats.attempts;
        let problem = format!("the statistics count {attempts} requests; sent {requests}");
        problems.add(id, [problem]);
    }
    problems.add(id, changed_by_saving(subject, &record));
    let before = harness.server.count(conversation.route.name());
    let outcome = harness.fetch(id).await;
    let after = harness.server.count(conversation.route.name());
    problems.add("without the option", outcome.expect_ticket(id));
    let asked = after > before;
    problems.add("without the option", asked.then(|| "requested the conversation".to_owned()));
    Ok(problems)
}

/// Returns what is wrong with the messages of a whole conversation.
fn wrong_messages(record: &Record, expected: usize) -> Option<String> {
    let Some(conversation) = &record.ticket.conversation else {
        return Some("the ticket has no conversation".to_owned());
    };
    let count = conversation.messages.len();
    let is_wrong = count != expected || conversation.complete == Some(false);
    is_wrong.then(|| {
        let complete = conversation.complete;
        format!("{count} messages with `complete` {complete:?}; expected all {expected}")
    })
}

/// Returns a problem if the saved responses decode to another ticket.
fn changed_by_saving(subject: &SourceUnderTest, record: &Record) -> Option<String> {
    let decoder = subject.decoder?;
    let text = saved::write(&record.origin.responses);
    let again = saved::read(text, decoder)
        .and_then(|responses| decoder.decode(&responses, &VocabularyOverrides::default()));
    match again {
        Ok(again) if again.ticket == record.ticket => None,
        Ok(_) => Some("the saved responses decode to another ticket".to_owned()),
        Err(error) => Some(format!("the saved responses cannot be decoded: {error}")),
    }
}

pub(super) async fn failing_page_is_no_short_conversation(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let conversation = subject.described_conversation()?;
    let name = conversation.route.name();
    let (failing, place) = conversation.failing();
    let mut scenarios = Vec::new();
    for fault in FAULTS {
        let situation = format!("`{fault}` {place}");
        scenarios.push((situation, Scenario::fault(name, failing, fault)));
    }
    let first = conversation.pages.first().map(|(_, body)| Reply::json(200, *body));
    let errors = [ErrorCase::PermissionDenied, ErrorCase::UnknownTicket, ErrorCase::Unavailable];
    let errors = errors.into_iter().flat_map(|case| subject.error_responses(case));
    for reply in errors.map(|response| response.reply.clone()).chain(first) {
        let situation = format!("{} {place}", describe(&reply));
        scenarios.push((situation, Scenario::reply(name, failing, reply)));
    }
    let (id, _) = subject.first_ticket()?;
    for (situation, scenario) in scenarios {
        let harness = Harness::start(subject, scenario).await?;
        let outcome = harness.fetch_conversation(id).await;
        let provider = harness.source.provider();
        problems.add(
            &situation,
            match &outcome {
                Outcome::Ticket(record) => short_in_silence(record, conversation.messages),
                Outcome::Failed(error) if error.provider() == Some(provider) => {
                    let (attempts, requests) = (error.stats().attempts, harness.requests() as u64);
                    (attempts != requests).then(|| {
                        format!(
                            "the statistics of the error count {attempts} requests; sent {requests}"
                        )
                    })
                }
                _ => Some(format!("{outcome}; expected an error of `{provider}`")),
            },
        );
    }
    Ok(problems)
}

/// Returns a problem if messages are missing and the ticket does not say so.
fn short_in_silence(record: &Record, expected: usize) -> Option<String> {
    let conversation = record.ticket.conversation.as_ref();
    let count = conversation.map_or(0, |conversation| conversation.messages.len());
    let complete = conversation.and_then(|conversation| conversation.complete);
    (count < expected && complete != Some(false)).then(|| {
        format!("{count} of {expected} messages with `complete` {complete:?}; expected an error or `complete: false`")
    })
}

pub(super) async fn conversation_shares_the_deadline_of_its_fetch(
    subject: &SourceUnderTest,
) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    let conversation = subject.described_conversation()?;
    let name = conversation.route.name();
    let deadline = if conversation.pages.len() == 1 { DEADLINE } else { DEADLINE * 2 };
    let (ticket, _) = subject.routes()?;
    let mut scenario = Scenario::fault(ticket.name(), Requests::All, DELAY);
    scenario.faults.extend(Scenario::fault(name, Requests::All, DELAY).faults);
    scenario.settings.call_timeout = deadline;
    let harness = Harness::start(subject, scenario).await?;
    let situation = format!("`{DELAY}` at every request, with a deadline of {deadline:?}");
    let outcome = harness.fetch_conversation(id).await;
    let provider = harness.source.provider();
    problems.add(&situation, outcome.expect_error(&[ErrorKind::Timeout], provider));

    let (failing, place) = conversation.failing();
    let mut scenario = Scenario::fault(name, failing, "silence");
    scenario.settings.call_timeout = SHORT;
    let harness = Harness::start(subject, scenario).await?;
    let situation = format!("`silence` {place}");
    let outcome = harness.fetch_conversation(id).await;
    problems.add(&situation, outcome.expect_error(&[ErrorKind::Timeout], provider));
    let is_closed = |harness: &Harness| harness.server.unanswered() == 0;
    problems.add(&situation, harness.wait_until(is_closed, "a connection is still open").await);
    Ok(problems)
}
