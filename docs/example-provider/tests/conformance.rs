//! Everything that a provider promises, tried against a server that answers as Acorn Desk does.
#![cfg(feature = "http")]

use std::time::Duration;

use acorn_provider::{AcornDesk, AcornDeskSource};
use ticket_conformance::{Reply, Route, Subject, keep_all, promises};
use ticket_core::capabilities::Limit;

const TOKEN: &str = "canary/token+1";

fn subject() -> Subject {
    Subject::over_http(|base_url, transport| {
        let desk = AcornDeskSource::builder().base_url(base_url).token(TOKEN);
        desk.transport(transport).build()
    })
    .not_built("no token", |base_url, _| AcornDeskSource::builder().base_url(base_url).build())
    .not_built("an empty token", |base_url, _| {
        AcornDeskSource::builder().base_url(base_url).token("").build()
    })
    .secret(TOKEN)
    .ticket_route(Route::get("ticket", "/v1/tickets/{id}"))
    .limit(Limit { requests: 5, seconds: 1 })
    .ticket("42", include_bytes!("answers/42.json"))
    .ticket("43", include_bytes!("answers/43.json"))
    .when_unknown(Reply::json(404, r#"{"error": "no such ticket"}"#))
    .when_refused(Reply::json(401, r#"{"error": "bad token"}"#))
    .when_forbidden(Reply::json(403, r#"{"error": "not your ticket"}"#))
    .when_limited(
        Reply::json(429, r#"{"error": "slow down"}"#).with_header("Retry-After", "1"),
        Some(Duration::from_secs(1)),
    )
    .when_overloaded(Reply::json(503, r#"{"error": "maintenance"}"#))
    .dialect(&AcornDesk)
}

#[test]
fn it_keeps_what_every_provider_promises() {
    let kept = keep_all(&subject());
    assert_eq!(kept.len(), promises().len() - 2, "all but those about tokens");
}
