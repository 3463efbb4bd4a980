//! Runs the contract tests against a fake server, and verifies the mapping.
#![cfg(feature = "http")]

use std::time::Duration;

use acorn_provider::{AcornDesk, AcornDeskSource};
use ticket_testkit::{
    Reply, Route, SampleResponse, SourceUnderTest, check_mutated_responses, contract_tests,
    run_contract_tests, verify_mapping,
};

const TICKET: &[u8] = include_bytes!("responses/ticket.json");
const ANOTHER_TICKET: &[u8] = include_bytes!("responses/another_ticket.json");
const TOKEN: &str = "canary/token+1";

/// Returns an error response, as the service sends it.
fn rejection(http_status: u16, code: &str) -> Reply {
    Reply::json(http_status, format!(r#"{{"error": {{"code": "{code}", "message": "no"}}}}"#))
}

fn source() -> SourceUnderTest {
    SourceUnderTest::over_http(|base_url, transport| {
        AcornDeskSource::builder().base_url(base_url).token(TOKEN).transport(transport).build()
    })
    .rejects_configuration("no token", |base_url, _| {
        AcornDeskSource::builder().base_url(base_url).build()
    })
    .rejects_configuration("an empty token", |base_url, _| {
        AcornDeskSource::builder().base_url(base_url).token("").build()
    })
    .secret(TOKEN)
    .ticket_route(Route::get("ticket", "/v1/tickets/{id}"))
    .rate_limit(ticket_core::mapping::Limit { requests: 5, seconds: 1 }) // example only
    .ticket("42", TICKET)
    .ticket("43", ANOTHER_TICKET)
    .invalid_request_response(rejection(400, "bad_id"))
    .invalid_credentials_response(rejection(401, "bad_token"))
    .permission_denied_response(rejection(403, "other_desk"))
    .unknown_ticket_response(rejection(404, "no_such_ticket"))
    .unknown_ticket_response(rejection(409, "ticket_erased")) // example only
    .rate_limited_response(
        rejection(429, "slow_down").with_header("Retry-After", "1"),
        Some(Duration::from_secs(1)),
    )
    .unavailable_response(rejection(503, "maintenance"))
    .decoder(&AcornDesk)
}

#[test]
fn passes_the_contract_tests() {
    let passed = run_contract_tests(&source());
    // Two tests are about tokens, three about conversations that need more calls, and four about lists.
    assert_eq!(passed.len(), contract_tests().len() - 9, "{passed:?}");
}

const SAMPLES: [SampleResponse; 2] = [
    SampleResponse { name: "42", body: TICKET },
    SampleResponse { name: "43", body: ANOTHER_TICKET },
];

#[test]
fn table_has_the_rows_of_the_mapping() {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mapping.json");
    verify_mapping(&AcornDesk, &SAMPLES, table);
}

#[test]
fn decodes_or_rejects_mutated_responses() {
    check_mutated_responses(&AcornDesk, &SAMPLES);
}
