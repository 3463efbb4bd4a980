//! The contract tests, with responses of Request Tracker.
#![cfg(feature = "http")]

use rt_provider::{Builder, Rt, RtSource};
use ticket_fixtures::Case as Fixture;
use ticket_testkit::{
    ConversationUnderTest, ListUnderTest, Reply, Route, SampleResponse, SourceUnderTest,
    contract_tests, run_contract_tests,
};

/// With characters that Base64 and URLs escape.
const TOKEN: &str = "1-14-canary/token+1>?>?";

fn fixture(name: &str) -> &'static Fixture {
    ticket_fixtures::case("rt", name).expect(name)
}

fn reply(name: &str) -> Reply {
    let Fixture { http_status, body, .. } = fixture(name);
    Reply::json(*http_status, *body)
}

/// Returns the response of an operation from the responses of a fetch.
fn part(name: &str, operation: &str) -> &'static [u8] {
    let set: serde_json::Value = serde_json::from_slice(fixture(name).body).expect("it is JSON");
    let responses = set["responses"].as_array().expect("it is a set of responses");
    let found = responses.iter().find(|response| response["operation"] == operation);
    found.expect(operation)["body"].to_string().leak().as_bytes()
}

/// Configures a builder wrongly.
type Configure = fn(Builder) -> Builder;

/// Invalid configurations.
const INVALID: [(&str, Configure); 4] = [
    ("no credentials", |builder| builder),
    ("an empty token", |builder| builder.token("")),
    ("no password", |builder| builder.user("root", "")),
    ("both a token and a user", |builder| builder.token(TOKEN).user("root", "canary-password")),
];

/// Returns a page of these rows.
fn page(rows: impl Iterator<Item = String>, total: usize) -> &'static [u8] {
    let rows: Vec<_> = rows.collect();
    format!(r#"{{"items":[{}],"total":{total},"count":{}}}"#, rows.join(","), rows.len())
        .leak()
        .as_bytes()
}

/// Returns 101 comments without text: one more than fit on a page.
fn conversation() -> ConversationUnderTest {
    let comments = |ids: std::ops::Range<usize>| {
        ids.map(|id| format!(r#"{{"id":"{id}","type":"transaction","Type":"Comment"}}"#))
    };
    ConversationUnderTest::new(Route::get("history", "/REST/2.0/ticket/3/history?page={id}"), 101)
        .page("1", page(comments(1..101), 101))
        .page("2", page(comments(101..102), 101))
}

fn list() -> ListUnderTest {
    let tickets = |ids: &'static [u32]| {
        ids.iter().map(|id| format!(r#"{{"id":"{id}","type":"ticket","Status":"new"}}"#))
    };
    ListUnderTest::over_http(Route::get("list", "/REST/2.0/tickets?orderby=id&page={id}"))
        .page_size(2)
        .page("1", page(tickets(&[1, 2]), 5))
        .page("2", page(tickets(&[3, 4]), 5))
        .page("3", page(tickets(&[5]), 5))
        .ids(["1", "2", "3", "4", "5"])
}

fn source() -> SourceUnderTest {
    let source = SourceUnderTest::over_http(|base_url, transport| {
        RtSource::builder().base_url(base_url).transport(transport).token(TOKEN).build()
    });
    let source = INVALID.into_iter().fold(source, |source, (description, configure)| {
        source.rejects_configuration(description, move |base_url, transport| {
            configure(RtSource::builder().base_url(base_url).transport(transport)).build()
        })
    });
    let fields = "fields=Requestor,Cc,AdminCc,CustomRoles";
    let people = Route::get("people", &format!("/REST/2.0/tickets?{fields}&query={{id}}"))
        .reply("EffectiveId = 1", Reply::json(200, part("conversation", "list_people")))
        .reply("EffectiveId = 3", Reply::json(200, part("minimal", "list_people")));
    let attachments = Route::get("attachments", "/REST/2.0/ticket/3/attachments")
        .default_reply(Reply::json(200, r#"{"items":[],"total":0,"count":0}"#));
    let samples =
        ["conversation_by_mail", "conversation_of_agent", "custom_roles", "links", "merged"];
    source
        .secret(TOKEN)
        .ticket_route(Route::get("ticket", "/REST/2.0/ticket/{id}"))
        .ticket("3", part("minimal", "get_ticket"))
        .ticket("1", fixture("ticket").body)
        .other_route(people)
        .other_route(
            Route::get("role", "/REST/2.0/customrole/{id}")
                .reply("1", Reply::json(200, part("conversation", "get_custom_role"))),
        )
        .other_route(attachments)
        .conversation(conversation())
        .list(list())
        .decoder(&Rt)
        .samples(samples.map(|name| SampleResponse { name, body: fixture(name).body }))
        .unknown_ticket_response(reply("error_404"))
        .invalid_credentials_response(reply("error_401"))
        .permission_denied_response(reply("error_403"))
        .invalid_request_response(reply("error_400"))
        .rejected_response(reply("error_406"))
        .unavailable_response(Reply::json(500, r#"{"message":"Internal Server Error"}"#))
}

#[test]
fn meets_the_contract() {
    let passed = run_contract_tests(&source());
    // Two tests are about tokens that expire.
    assert_eq!(passed.len(), contract_tests().len() - 2, "{passed:?}");
}
