//! The contract tests, with responses of Acorn Desk.
#![cfg(feature = "http")]

use std::time::Duration;

use acorn_provider::{AcornDesk, AcornDeskSource};
use ticket_core::mapping::Limit;
use ticket_testkit::{Reply, Route, SourceUnderTest, contract_tests, run_contract_tests};

const TOKEN: &str = "canary/token+1";

fn refusal(http_status: u16, code: &str) -> Reply {
    Reply::json(http_status, format!(r#"{{"error": {{"code": "{code}", "message": "no"}}}}"#))
}

fn source() -> SourceUnderTest {
    SourceUnderTest::over_http(|base_url, transport| {
        let builder = AcornDeskSource::builder().base_url(base_url).token(TOKEN);
        builder.transport(transport).build()
    })
    .rejects_configuration("no token", |base_url, _| {
        AcornDeskSource::builder().base_url(base_url).build()
    })
    .rejects_configuration("an empty token", |base_url, _| {
        AcornDeskSource::builder().base_url(base_url).token("").build()
    })
    .secret(TOKEN)
    .ticket_route(Route::get("ticket", "/v1/tickets/{id}"))
    .rate_limit(Limit { requests: 5, seconds: 1 })
    .ticket("42", include_bytes!("responses/42.json"))
    .ticket("43", include_bytes!("responses/43.json"))
    .invalid_request_response(refusal(400, "bad_id"))
    .invalid_credentials_response(refusal(401, "bad_token"))
    .permission_denied_response(refusal(403, "other_desk"))
    .unknown_ticket_response(refusal(404, "no_such_ticket"))
    .unknown_ticket_response(refusal(409, "ticket_erased"))
    .rate_limited_response(
        refusal(429, "slow_down").with_header("Retry-After", "1"),
        Some(Duration::from_secs(1)),
    )
    .unavailable_response(refusal(503, "maintenance"))
    .decoder(&AcornDesk)
}

#[test]
fn meets_the_contract() {
    let passed = run_contract_tests(&source());
    assert_eq!(passed.len(), contract_tests().len() - 2, "all but those for tokens");
}
