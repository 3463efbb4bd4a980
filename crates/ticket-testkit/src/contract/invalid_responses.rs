//! Invalid and oversized responses.

use scripted_server::{Reply, Requests};
use ticket_core::ErrorKind;
use ticket_core::mapping::tree::Tree;

use super::harness::{Harness, Problems, Scenario, TOKEN, TestResult, describe};
use crate::SourceUnderTest;

/// Faults that send HTTP 200 without a ticket.
const FAULTS: [&str; 5] = ["html", "empty", "null", "nested 100000", "gzip-garbage"];

/// Responses of other services.
const FOREIGN: [&str; 5] = [
    r#"{"status": "UP"}"#,
    r#"{"jsonrpc": "2.0", "id": null, "error": {"code": -32601, "message": "Method not found"}}"#,
    "[]",
    "7",
    r#""a ticket""#,
];

pub(super) async fn invalid_response_is_an_error(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, body) = subject.first_ticket()?;
    let names = subject.route_names()?;
    let mut scenarios = Vec::new();
    for route in &names {
        for fault in FAULTS {
            let situation = format!("`{fault}` at every request of `{route}`");
            scenarios.push((situation, Scenario::fault(route, Requests::All, fault)));
        }
    }
    let half = String::from_utf8_lossy(&body[..body.len() / 2]).into_owned();
    let longer = [body, b"}"].concat();
    let own = [half.into_bytes(), longer];
    for body in FOREIGN.map(|text| text.as_bytes().to_vec()).into_iter().chain(own) {
        let reply = Reply::json(200, body);
        let situation = describe(&reply);
        if subject.token.is_some() {
            let situation = format!("at the token route, {situation}");
            scenarios.push((situation, Scenario::token_reply(Requests::All, reply.clone())));
        }
        scenarios.push((situation, Scenario::ticket_reply(Requests::All, reply)));
    }
    if let Some(token) = &subject.token {
        for (what, body) in without_token((token.response)(TOKEN).body()) {
            let situation = format!("at the token route, a success with {what}");
            scenarios
                .push((situation, Scenario::token_reply(Requests::All, Reply::json(200, body))));
        }
    }
    for (situation, scenario) in scenarios {
        let harness = Harness::start(subject, scenario).await?;
        let outcome = harness.fetch(id).await;
        problems.add(
            &situation,
            outcome.expect_error(&[ErrorKind::InvalidResponse], harness.source.provider()),
        );
        let again = [harness.ticket_requests(), harness.token_requests()]
            .into_iter()
            .any(|count| count > 1);
        problems.add(&situation, again.then(|| "the request was retried".to_owned()));
    }
    // Deep nesting in an unknown field must not crash the program.
    let harness =
        Harness::start(subject, Scenario::fault(names[0], Requests::All, "nested-field 100000"))
            .await?;
    let outcome = harness.fetch(id).await;
    let provider = harness.source.provider();
    if outcome.expect_ticket(id).is_some() {
        let problem = outcome.expect_error(&[ErrorKind::InvalidResponse], provider);
        problems.add("`nested-field 100000`", problem);
    }
    Ok(problems)
}

/// Returns the token response with invalid values instead of the token.
fn without_token(response: &[u8]) -> Vec<(&'static str, String)> {
    let Ok(tree) = Tree::parse(&String::from_utf8_lossy(response)) else { return Vec::new() };
    let is_token = |leaf: &Tree| serde_json::from_str(&leaf.to_string()).ok() == Some(TOKEN);
    let token = tree.leaves().into_iter().find(|(_, leaf)| is_token(leaf));
    let Some((path, _)) = token else { return Vec::new() };
    let empty = [
        ("an empty token", "\"\""),
        ("`null` as token", "null"),
        ("a token that no header can contain", "\"t-a\\nb\""),
    ];
    let emptied = empty.map(|(what, json)| {
        let mut other = tree.clone();
        if let Some(leaf) = other.at_mut(&path) {
            *leaf = Tree::Scalar(json.into());
        }
        (what, other.to_string())
    });
    emptied.into()
}

pub(super) async fn oversized_response_is_an_error(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, body) = subject.first_ticket()?;
    // No other response of the fetch may exceed it.
    let limit = subject.largest_response() + 4_096;
    for (size, is_valid) in [(limit, true), (limit + 1, false)] {
        let mut padded = body.to_vec();
        padded.resize(size, b' ');
        let reply = Reply::json(200, padded);
        for (reply, how) in [(reply.clone(), "with Content-Length"), (reply.chunked(), "chunked")] {
            let situation = format!("{size} bytes, {how}, with a limit of {limit} bytes");
            let mut scenario = Scenario::ticket_reply(Requests::All, reply);
            scenario.settings.max_body_bytes = limit;
            let harness = Harness::start(subject, scenario).await?;
            let outcome = harness.fetch(id).await;
            let provider = harness.source.provider();
            let problem = if is_valid {
                outcome.expect_ticket(id)
            } else {
                outcome.expect_error(&[ErrorKind::InvalidResponse], provider)
            };
            problems.add(&situation, problem);
        }
    }
    Ok(problems)
}
