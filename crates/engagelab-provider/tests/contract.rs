//! The contract tests, with responses of LiveDesk.
#![cfg(feature = "http")]

use std::time::Duration;

use engagelab_provider::{EngageLab, EngageLabSource};
use ticket_fixtures::Case as Fixture;
use ticket_testkit::{
    Reply, Route, SampleResponse, SourceUnderTest, contract_tests, run_contract_tests,
};

/// With characters that JSON, Base64 and URLs escape.
const KEY: &str = "canary/key+1";
const SECRET: &str = "canary/\"secret\"+1?>~";

fn fixture(name: &str) -> &'static Fixture {
    ticket_fixtures::case("engagelab", name).expect(name)
}

fn reply(name: &str) -> Reply {
    let Fixture { http_status, body, .. } = fixture(name);
    Reply::json(*http_status, *body)
}

fn source() -> SourceUnderTest {
    SourceUnderTest::over_http(|base_url, transport| {
        let builder = EngageLabSource::builder().base_url(base_url).credentials(KEY, SECRET);
        builder.transport(transport).build()
    })
    .rejects_configuration("no credentials", |base_url, _| {
        EngageLabSource::builder().base_url(base_url).build()
    })
    .rejects_configuration("an empty secret", |base_url, _| {
        EngageLabSource::builder().base_url(base_url).credentials(KEY, "").build()
    })
    .rejects_configuration("a colon in the key", |base_url, _| {
        EngageLabSource::builder().base_url(base_url).credentials("canary:key", SECRET).build()
    })
    .rejects_configuration("a path prefix with `..`", |base_url, _| {
        let builder = EngageLabSource::builder().base_url(base_url).credentials(KEY, SECRET);
        builder.path_prefix("/api/../v2").build()
    })
    .secret(KEY)
    .secret(SECRET)
    .ticket_route(Route::get("ticket", "/api/v2/accounts/tickets/{id}"))
    .ticket("tk_20251104_789abc", fixture("documented").body)
    .ticket("tk_20251112_9f3c21", fixture("rich").body)
    // Fields that the two tickets do not have.
    .samples(
        [
            "submitter_name",
            "message_kinds",
            "file_size_forms",
            "assignment_team_name",
            "followers_mixed",
            "sender_is_requester_by_contact_id",
        ]
        .map(|name| SampleResponse { name, body: fixture(name).body }),
    )
    .unknown_ticket_response(reply("error_404_code_message"))
    .unknown_ticket_response(reply("error_chatwoot_404"))
    .invalid_credentials_response(reply("error_2001_wrong_credentials"))
    .invalid_credentials_response(reply("error_chatwoot_401"))
    .invalid_credentials_response(reply("error_nested_21004"))
    .permission_denied_response(reply("error_2004_no_permission"))
    .rate_limited_response(reply("error_429_code_message"), None)
    .rate_limited_response(
        reply("error_429_plain").with_header("Retry-After", "1"),
        Some(Duration::from_secs(1)),
    )
    .unavailable_response(reply("error_1000_internal"))
    .invalid_request_response(reply("error_3002_bad_parameters"))
    .invalid_request_response(reply("error_chatwoot_422"))
    .invalid_request_response(reply("error_nested_23008"))
    .rejected_response(reply("error_4001_with_http_200"))
    .rejected_response(reply("error_405_method"))
    .decoder(&EngageLab)
}

#[test]
fn meets_the_contract() {
    let passed = run_contract_tests(&source());
    // Two tests are about tokens, three about conversations that need more calls, and four about lists.
    assert_eq!(passed.len(), contract_tests().len() - 9, "{passed:?}");
}
