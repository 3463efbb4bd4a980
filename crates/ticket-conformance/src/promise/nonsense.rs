//! Bodies that are no response, and bodies that are too much of one.

use ticket_core::ErrorKind;
use ticket_core::mapping::tree::Tree;
use ticket_sandbox::{Reply, Requests};

use super::scene::{Faults, Found, Play, Scene, TOKEN, described};
use crate::Subject;

/// Responses of HTTP 200 that hold no ticket, as faults.
const FAULTS: [&str; 5] = ["html", "empty", "null", "nested 100000", "gzip-garbage"];

/// What another service might say.
const FOREIGN: [&str; 5] = [
    r#"{"status": "UP"}"#,
    r#"{"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}}"#,
    "[]",
    "7",
    r#""a ticket""#,
];

pub(super) async fn what_is_no_response_is_unreadable(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, body) = subject.first()?;
    let names = subject.route_names()?;
    let mut plays = Vec::new();
    for route in &names {
        for fault in FAULTS {
            let place = format!("`{fault}` at every request of `{route}`");
            plays.push((place, Play::struck(route, Requests::All, fault)));
        }
    }
    let half = String::from_utf8_lossy(&body[..body.len() / 2]).into_owned();
    let longer = [body, b"}"].concat();
    let own = [half.into_bytes(), longer];
    for body in FOREIGN.map(|text| text.as_bytes().to_vec()).into_iter().chain(own) {
        let reply = Reply::json(200, body);
        let place = described(&reply);
        if subject.token.is_some() {
            let place = format!("at the route of the token, {place}");
            plays.push((place, Play::with_token(Requests::All, reply.clone())));
        }
        plays.push((place, Play::with(Requests::All, reply)));
    }
    if let Some(token) = &subject.token {
        for (what, body) in without_token((token.grant)(TOKEN).body()) {
            let place = format!("at the route of the token, a success with {what}");
            plays.push((place, Play::with_token(Requests::All, Reply::json(200, body))));
        }
    }
    for (place, play) in plays {
        let scene = Scene::of(subject, play).await?;
        let outcome = scene.fetch(id).await;
        faults.add(
            &place,
            outcome.unless_failed(&[ErrorKind::InvalidResponse], scene.source.provider()),
        );
        let again = [scene.tickets(), scene.tokens()].into_iter().any(|count| count > 1);
        faults.add(&place, again.then(|| "it was tried again".to_owned()));
    }
    // Whatever stands in a field that nobody knows, the program has to survive it.
    let scene =
        Scene::of(subject, Play::struck(names[0], Requests::All, "nested-field 100000")).await?;
    let outcome = scene.fetch(id).await;
    let provider = scene.source.provider();
    if outcome.unless_ticket(id).is_some() {
        let fault = outcome.unless_failed(&[ErrorKind::InvalidResponse], provider);
        faults.add("`nested-field 100000`", fault);
    }
    Ok(faults)
}

/// The response that brings this token, with what is none in its place.
fn without_token(grant: &[u8]) -> Vec<(&'static str, String)> {
    let Ok(tree) = Tree::parse(&String::from_utf8_lossy(grant)) else { return Vec::new() };
    let is_token = |leaf: &Tree| serde_json::from_str(&leaf.to_string()).ok() == Some(TOKEN);
    let token = tree.leaves().into_iter().find(|(_, leaf)| is_token(leaf));
    let Some((path, _)) = token else { return Vec::new() };
    let empty = [
        ("an empty token", "\"\""),
        ("`null` for a token", "null"),
        ("a token that no header can carry", "\"t-a\\nb\""),
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

pub(super) async fn a_huge_response_is_not_read(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, body) = subject.first()?;
    let limit = body.len() + 4_096;
    for (size, is_read) in [(limit, true), (limit + 1, false)] {
        let mut padded = body.to_vec();
        padded.resize(size, b' ');
        let reply = Reply::json(200, padded);
        for (reply, how) in [(reply.clone(), "told ahead"), (reply.in_chunks(), "not told ahead")] {
            let place = format!("{size} bytes, {how}, where {limit} are allowed");
            let mut play = Play::with(Requests::All, reply);
            play.settings.max_body_bytes = limit;
            let scene = Scene::of(subject, play).await?;
            let outcome = scene.fetch(id).await;
            let provider = scene.source.provider();
            let fault = if is_read {
                outcome.unless_ticket(id)
            } else {
                outcome.unless_failed(&[ErrorKind::InvalidResponse], provider)
            };
            faults.add(&place, fault);
        }
    }
    Ok(faults)
}
