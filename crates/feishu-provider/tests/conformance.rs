//! Everything that a provider promises, tried against a server that responds as Feishu does.
#![cfg(feature = "http")]

use std::time::Duration;

use feishu_provider::{Builder, Feishu, FeishuSource};
use ticket_conformance::{Case, Reply, Route, Subject, keep_all, promises};
use ticket_core::mapping::Limit;
use ticket_fixtures::Case as Fixture;

/// With what JSON, Base64 and addresses have to escape.
const APP_SECRET: &str = "canary/\"app\"+1";
const HELPDESK_TOKEN: &str = "canary/helpdesk+1>?>?>?";

fn fixture(name: &str) -> &'static Fixture {
    ticket_fixtures::case("feishu", name).expect(name)
}

fn reply(name: &str) -> Reply {
    let Fixture { http_status, body, .. } = fixture(name);
    Reply::json(*http_status, *body)
}

fn grant(token: &str) -> Reply {
    let body =
        format!(r#"{{"code": 0, "msg": "ok", "tenant_access_token": "{token}", "expire": 7200}}"#);
    Reply::json(200, body)
}

/// The response of a code that only the table of the pages knows.
fn code(code: u64) -> Reply {
    Reply::json(400, format!(r#"{{"code": {code}, "msg": "as documented"}}"#))
}

/// A way to say too little, or something that cannot be.
type Wrong = fn(Builder) -> Builder;

/// Settings from which no source may be built.
const WRONG: [(&str, Wrong); 8] = [
    ("nothing at all", |desk| desk),
    ("no helpdesk", |desk| desk.app("cli_x", APP_SECRET)),
    ("an empty token of the helpdesk", |desk| desk.app("cli_x", APP_SECRET).helpdesk("667", "")),
    ("a colon in the helpdesk's id", |desk| {
        desk.app("cli_x", APP_SECRET).helpdesk("6:6", HELPDESK_TOKEN)
    }),
    ("neither an app nor a token", |desk| desk.helpdesk("667", HELPDESK_TOKEN)),
    ("both an app and a token", |desk| {
        let desk = desk.app("cli_x", APP_SECRET).tenant_access_token("t-canary");
        desk.helpdesk("667", HELPDESK_TOKEN)
    }),
    ("an empty secret", |desk| desk.app("cli_x", "").helpdesk("667", HELPDESK_TOKEN)),
    ("an empty token", |desk| desk.tenant_access_token("").helpdesk("667", HELPDESK_TOKEN)),
];

fn subject() -> Subject {
    let wait = Duration::from_millis(50);
    let reset = |reply: Reply| reply.with_header("x-ogw-ratelimit-reset", "0.05");
    let subject = Subject::over_http(|base_url, transport| {
        let desk = FeishuSource::builder().base_url(base_url).transport(transport);
        desk.app("cli_x", APP_SECRET).helpdesk("667", HELPDESK_TOKEN).build()
    });
    let subject = WRONG.into_iter().fold(subject, |subject, (what, wrong)| {
        subject.not_built(what, move |base_url, transport| {
            wrong(FeishuSource::builder().base_url(base_url).transport(transport)).build()
        })
    });
    let subject = subject
        .secret(APP_SECRET)
        .secret(HELPDESK_TOKEN)
        .ticket_route(Route::get("ticket", "/open-apis/helpdesk/v1/tickets/{id}"))
        .token_route(Route::post("token", "/open-apis/auth/v3/tenant_access_token/internal"), grant)
        .limit(Limit { requests: 10, seconds: 1 })
        .ticket("6626871355780366331", fixture("documented").body)
        .ticket("7571630046010262663", fixture("rich").body)
        // What these two do not have.
        .cases(
            ["dissatisfaction_reason_mixed", "dissatisfaction_reason_texts", "comments_list"]
                .map(|name| Case { name, body: fixture(name).body }),
        )
        .decoder(&Feishu)
        .when_limited(reset(reply("error_99991400")), Some(wait))
        .when_limited(reset(reply("error_99991400_with_http_400")), Some(wait))
        .when_limited(reset(Reply::json(429, r#"{"code": 7, "msg": "a gateway"}"#)), Some(wait))
        .when_used_up(reply("error_99991403"));
    [
        (UNKNOWN, Subject::when_unknown as fn(Subject, Reply) -> Subject),
        (CREDENTIALS, Subject::when_refused),
        (ACCESS, Subject::when_forbidden),
        (OVERLOAD, Subject::when_overloaded),
        (REQUEST, Subject::when_not_understood),
        (OTHERWISE, Subject::when_refused_otherwise),
        (TOKEN, Subject::when_token_refused),
        (TOKEN_CALL, Subject::when_token_call_refused),
    ]
    .into_iter()
    .fold(subject, |subject, (names, when)| {
        names.iter().map(|name| reply(name)).fold(subject, when)
    })
    // What nobody has published.
    .when_unknown(code(99_992_381))
    .when_refused(code(99_991_677))
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
fn passes_the_contract_tests() {
    assert_eq!(keep_all(&subject()).len(), promises().len());
}
