//! Everything that a provider promises, tried against a server that responds as LiveDesk does.
#![cfg(feature = "http")]

use std::time::Duration;

use engagelab_provider::{EngageLab, EngageLabSource};
use ticket_conformance::{Case, Reply, Route, Subject, keep_all, promises};
use ticket_fixtures::Case as Fixture;

/// With what JSON, Base64 and addresses have to escape.
const KEY: &str = "canary/key+1";
const SECRET: &str = "canary/\"secret\"+1?>~";

fn fixture(name: &str) -> &'static Fixture {
    ticket_fixtures::case("engagelab", name).expect(name)
}

fn reply(name: &str) -> Reply {
    let Fixture { http_status, body, .. } = fixture(name);
    Reply::json(*http_status, *body)
}

fn subject() -> Subject {
    Subject::over_http(|base_url, transport| {
        let desk = EngageLabSource::builder().base_url(base_url).credentials(KEY, SECRET);
        desk.transport(transport).build()
    })
    .not_built("nothing at all", |base_url, _| {
        EngageLabSource::builder().base_url(base_url).build()
    })
    .not_built("an empty secret", |base_url, _| {
        EngageLabSource::builder().base_url(base_url).credentials(KEY, "").build()
    })
    .not_built("a colon in the key", |base_url, _| {
        EngageLabSource::builder().base_url(base_url).credentials("canary:key", SECRET).build()
    })
    .not_built("a path that leads elsewhere", |base_url, _| {
        let desk = EngageLabSource::builder().base_url(base_url).credentials(KEY, SECRET);
        desk.path_prefix("/api/../v2").build()
    })
    .secret(KEY)
    .secret(SECRET)
    .ticket_route(Route::get("ticket", "/api/v2/accounts/tickets/{id}"))
    .ticket("tk_20251104_789abc", fixture("documented").body)
    .ticket("tk_20251112_9f3c21", fixture("rich").body)
    // What these two do not have.
    .cases(
        [
            "submitter_name",
            "message_kinds",
            "file_size_forms",
            "assignment_team_name",
            "followers_mixed",
            "sender_is_requester_by_contact_id",
        ]
        .map(|name| Case { name, body: fixture(name).body }),
    )
    .when_unknown(reply("error_404_code_message"))
    .when_unknown(reply("error_chatwoot_404"))
    .when_refused(reply("error_2001_wrong_credentials"))
    .when_refused(reply("error_chatwoot_401"))
    .when_refused(reply("error_nested_21004"))
    .when_forbidden(reply("error_2004_no_permission"))
    .when_limited(reply("error_429_code_message"), None)
    .when_limited(
        reply("error_429_plain").with_header("Retry-After", "1"),
        Some(Duration::from_secs(1)),
    )
    .when_overloaded(reply("error_1000_internal"))
    .when_not_understood(reply("error_3002_bad_parameters"))
    .when_not_understood(reply("error_chatwoot_422"))
    .when_not_understood(reply("error_nested_23008"))
    .when_refused_otherwise(reply("error_4001_with_http_200"))
    .when_refused_otherwise(reply("error_405_method"))
    .decoder(&EngageLab)
}

#[test]
fn passes_the_contract_tests() {
    let kept = keep_all(&subject());
    assert_eq!(kept.len(), promises().len() - 2, "all but those about tokens");
}
