//! The contract tests, with responses of Feishu.
#![cfg(feature = "http")]

use std::time::Duration;

use feishu_provider::{Builder, Feishu, FeishuSource};
use ticket_core::mapping::Limit;
use ticket_fixtures::Case as Fixture;
use ticket_testkit::{
    ConversationUnderTest, ListUnderTest, Reply, Route, SampleResponse, SourceUnderTest,
    contract_tests, run_contract_tests,
};

/// With characters that JSON, Base64 and URLs escape.
const APP_SECRET: &str = "canary/\"app\"+1";
const HELPDESK_TOKEN: &str = "canary/helpdesk+1>?>?>?";

fn fixture(name: &str) -> &'static Fixture {
    ticket_fixtures::case("feishu", name).expect(name)
}

fn reply(name: &str) -> Reply {
    let Fixture { http_status, body, .. } = fixture(name);
    Reply::json(*http_status, *body)
}

fn token_response(token: &str) -> Reply {
    let body =
        format!(r#"{{"code": 0, "msg": "ok", "tenant_access_token": "{token}", "expire": 7200}}"#);
    Reply::json(200, body)
}

/// Returns an error response with a code that is documented without an example.
fn code(code: u64) -> Reply {
    Reply::json(400, format!(r#"{{"code": {code}, "msg": "as documented"}}"#))
}

/// Configures a builder incompletely or wrongly.
type Configure = fn(Builder) -> Builder;

/// Invalid configurations.
const INVALID: [(&str, Configure); 8] = [
    ("no credentials", |builder| builder),
    ("no helpdesk", |builder| builder.app("cli_x", APP_SECRET)),
    ("an empty token of the helpdesk", |builder| {
        builder.app("cli_x", APP_SECRET).helpdesk("667", "")
    }),
    ("a colon in the helpdesk's id", |builder| {
        builder.app("cli_x", APP_SECRET).helpdesk("6:6", HELPDESK_TOKEN)
    }),
    ("neither an app nor a token", |builder| builder.helpdesk("667", HELPDESK_TOKEN)),
    ("both an app and a token", |builder| {
        let builder = builder.app("cli_x", APP_SECRET).tenant_access_token("t-canary");
        builder.helpdesk("667", HELPDESK_TOKEN)
    }),
    ("an empty secret", |builder| builder.app("cli_x", "").helpdesk("667", HELPDESK_TOKEN)),
    ("an empty token", |builder| builder.tenant_access_token("").helpdesk("667", HELPDESK_TOKEN)),
];

/// Returns a page of rows with these keys and ids.
fn page(rows: &str, total: usize, key: &str, ids: impl Iterator<Item = usize>) -> &'static [u8] {
    let ids: Vec<_> = ids.map(|id| format!(r#"{{"{key}":"{id}"}}"#)).collect();
    let rows = format!(r#""{rows}":[{}],"total":{total}"#, ids.join(","));
    let body = format!(r#"{{"code":0,"msg":"success","data":{{{rows}}}}}"#);
    body.leak().as_bytes()
}

/// Returns 201 messages: one more than fit on a page.
fn conversation() -> ConversationUnderTest {
    let path = "/open-apis/helpdesk/v1/tickets/6626871355780366331/messages?page={id}";
    ConversationUnderTest::new(Route::get("messages", path), 201)
        .page("1", page("messages", 201, "id", 1..201))
        .page("2", page("messages", 201, "id", 201..202))
}

fn list() -> ListUnderTest {
    ListUnderTest::over_http(Route::get("list", "/open-apis/helpdesk/v1/tickets?page={id}"))
        .page_size(2)
        .page("1", page("tickets", 5, "ticket_id", 1..3))
        .page("2", page("tickets", 5, "ticket_id", 3..5))
        .page("3", page("tickets", 5, "ticket_id", 5..6))
        .ids(["1", "2", "3", "4", "5"])
}

fn source() -> SourceUnderTest {
    let wait = Duration::from_millis(50);
    let reset = |reply: Reply| reply.with_header("x-ogw-ratelimit-reset", "0.05");
    let source = SourceUnderTest::over_http(|base_url, transport| {
        let builder = FeishuSource::builder().base_url(base_url).transport(transport);
        builder.app("cli_x", APP_SECRET).helpdesk("667", HELPDESK_TOKEN).build()
    });
    let source = INVALID.into_iter().fold(source, |source, (description, configure)| {
        source.rejects_configuration(description, move |base_url, transport| {
            configure(FeishuSource::builder().base_url(base_url).transport(transport)).build()
        })
    });
    let source = source
        .secret(APP_SECRET)
        .secret(HELPDESK_TOKEN)
        .ticket_route(Route::get("ticket", "/open-apis/helpdesk/v1/tickets/{id}"))
        .token_route(
            Route::post("token", "/open-apis/auth/v3/tenant_access_token/internal"),
            token_response,
        )
        .rate_limit(Limit { requests: 10, seconds: 1 })
        .ticket("6626871355780366331", fixture("documented").body)
        .conversation(conversation())
        .list(list())
        .ticket("7571630046010262663", fixture("rich").body)
        // Fields that the two tickets do not have.
        .samples(
            [
                "dissatisfaction_reason_mixed",
                "dissatisfaction_reason_texts",
                "comments_list",
                "conversation",
            ]
            .map(|name| SampleResponse { name, body: fixture(name).body }),
        )
        .decoder(&Feishu)
        .rate_limited_response(reset(reply("error_99991400")), Some(wait))
        .rate_limited_response(reset(reply("error_99991400_with_http_400")), Some(wait))
        .rate_limited_response(
            reset(Reply::json(429, r#"{"code": 7, "msg": "a gateway"}"#)),
            Some(wait),
        )
        .quota_exhausted_response(reply("error_99991403"));
    [
        (
            UNKNOWN,
            SourceUnderTest::unknown_ticket_response
                as fn(SourceUnderTest, Reply) -> SourceUnderTest,
        ),
        (CREDENTIALS, SourceUnderTest::invalid_credentials_response),
        (ACCESS, SourceUnderTest::permission_denied_response),
        (OVERLOAD, SourceUnderTest::unavailable_response),
        (REQUEST, SourceUnderTest::invalid_request_response),
        (OTHERWISE, SourceUnderTest::rejected_response),
        (TOKEN, SourceUnderTest::expired_token_response),
        (TOKEN_CALL, SourceUnderTest::token_rejected_response),
    ]
    .into_iter()
    .fold(source, |source, (names, add)| names.iter().map(|name| reply(name)).fold(source, add))
    // Codes without a published example.
    .unknown_ticket_response(code(99_992_381))
    .invalid_credentials_response(code(99_991_677))
}

const UNKNOWN: &[&str] = &["error_154004", "error_99992351"];
const CREDENTIALS: &[&str] =
    &["error_154001", "error_99991543", "error_99991661", "error_99991665", "error_99991668"];
const ACCESS: &[&str] = &[
    "error_154003",
    "error_154003_with_http_401",
    "error_99991401",
    "error_99991662",
    "error_99991672",
    "error_99991672_as_documented",
    "error_99991673",
    "error_99991676",
    "error_99991679",
];
const OVERLOAD: &[&str] = &["error_155000", "error_155000_with_http_200", "error_2200"];
const REQUEST: &[&str] = &["error_154000", "error_9499", "error_99992402"];
const OTHERWISE: &[&str] = &["error_unknown_code", "error_154005"];
const TOKEN: &[&str] =
    &["error_99991663", "error_99991663_with_http_200", "error_99991664", "error_99991671"];
const TOKEN_CALL: &[&str] = &["error_token_10014", "error_token_10003", "error_token_10015"];

#[test]
fn meets_the_contract() {
    assert_eq!(run_contract_tests(&source()).len(), contract_tests().len());
}
