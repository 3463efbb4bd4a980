//! Everything that a provider promises, tried against a server that responds as Acorn Desk does.
#![cfg(feature = "http")]

use std::time::Duration;

use acorn_provider::{AcornDesk, AcornDeskSource};
use ticket_conformance::{Reply, Route, Subject, keep_all, promises};
use ticket_core::mapping::Limit;

const TOKEN: &str = "canary/token+1";

fn refusal(http_status: u16, code: &str) -> Reply {
    Reply::json(http_status, format!(r#"{{"error": {{"code": "{code}", "message": "no"}}}}"#))
}

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
    .ticket("42", include_bytes!("responses/42.json"))
    .ticket("43", include_bytes!("responses/43.json"))
    .when_not_understood(refusal(400, "bad_id"))
    .when_refused(refusal(401, "bad_token"))
    .when_forbidden(refusal(403, "other_desk"))
    .when_unknown(refusal(404, "no_such_ticket"))
    .when_unknown(refusal(409, "ticket_erased"))
    .when_limited(
        refusal(429, "slow_down").with_header("Retry-After", "1"),
        Some(Duration::from_secs(1)),
    )
    .when_overloaded(refusal(503, "maintenance"))
    .decoder(&AcornDesk)
}

#[test]
fn passes_the_contract_tests() {
    let kept = keep_all(&subject());
    assert_eq!(kept.len(), promises().len() - 2, "all but those about tokens");
}
