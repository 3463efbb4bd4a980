//! Everything that a provider promises, tried against a server that answers as Feishu does.
#![cfg(feature = "http")]

use std::time::Duration;

use feishu_provider::{Feishu, FeishuSource};
use ticket_conformance::{Reply, Route, Subject, keep_all, promises};
use ticket_fixtures::Case as Fixture;

const APP_SECRET: &str = "canary/app+1";
const HELPDESK_TOKEN: &str = "canary/helpdesk+1";

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

fn subject() -> Subject {
    let wait = Duration::from_millis(50);
    let reset = |reply: Reply| reply.with_header("x-ogw-ratelimit-reset", "0.05");
    Subject::over_http(|base_url, transport| {
        let desk = FeishuSource::builder().base_url(base_url).transport(transport);
        desk.app("cli_x", APP_SECRET).helpdesk("66", HELPDESK_TOKEN).build()
    })
    .secret(APP_SECRET)
    .secret(HELPDESK_TOKEN)
    .ticket_route(Route::get("ticket", "/open-apis/helpdesk/v1/tickets/{id}"))
    .token_route(Route::post("token", "/open-apis/auth/v3/tenant_access_token/internal"), grant)
    .ticket("6626871355780366331", fixture("documented").body)
    .ticket("7571630046010262663", fixture("rich").body)
    .when_unknown(reply("error_154004"))
    .when_refused(reply("error_154001"))
    .when_forbidden(reply("error_99991672"))
    .when_forbidden(reply("error_154003_with_http_401"))
    .when_limited(reset(reply("error_99991400")), Some(wait))
    .when_limited(reset(reply("error_99991400_with_http_400")), Some(wait))
    .when_overloaded(reply("error_155000"))
    .when_overloaded(reply("error_155000_with_http_200"))
    .when_token_refused(reply("error_99991663"))
    .when_token_refused(reply("error_99991663_with_http_200"))
    .when_token_call_refused(reply("error_token_10014"))
    .dialect(&Feishu)
}

#[test]
fn it_keeps_what_every_provider_promises() {
    assert_eq!(keep_all(&subject()).len(), promises().len());
}
