//! Faults that depend on the services: error formats, tokens, other tickets, routes.

use serde_json::json;
use ticket_sandbox::{Sandbox, StartError};

use crate::client::{call, engagelab, exchange, feishu, request, token};

const ENGAGELAB: &str = "/api/v2/accounts/tickets/tk_20251104_789abc";
const FEISHU: &str = "/open-apis/helpdesk/v1/tickets/6626871355780366331";
const LIST: &str = "/open-apis/helpdesk/v1/tickets";
const MESSAGES: &str = "/open-apis/helpdesk/v1/tickets/6626871355780366331/messages";
const IMAGE: &str = "/open-apis/helpdesk/v1/ticket_images";
const FIELDS: &str = "/open-apis/helpdesk/v1/ticket_customized_fields";
const TOKEN: &str = "/open-apis/auth/v3/tenant_access_token/internal";

async fn start_with_fault(rule: &str) -> Sandbox {
    let rule = rule.parse().expect(rule);
    Sandbox::builder().fault(rule).start().await.expect("a free port")
}

/// The statuses of this many requests for EngageLab's ticket.
async fn statuses(sandbox: &Sandbox, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(call(sandbox, "GET", ENGAGELAB, &engagelab(), "").await.status);
    }
    statuses
}

#[tokio::test]
async fn error_with_code_has_the_format_of_its_service() {
    let sandbox = start_with_fault("*: status 200 code 3004").await;
    let response = call(&sandbox, "GET", ENGAGELAB, &engagelab(), "").await;
    let body = json!({"code": 3004, "message": "injected fault"});
    assert_eq!((response.status, response.json()), (200, body));
    assert!(response.header("X-Request-Id").is_some());

    let rule = "*: status 400 code 99991400 with x-ogw-ratelimit-reset: 0.5";
    for (method, path) in
        [("GET", FEISHU), ("GET", LIST), ("GET", MESSAGES), ("GET", FIELDS), ("POST", TOKEN)]
    {
        let response = call(&start_with_fault(rule).await, method, path, &[], "").await;
        let body = json!({"code": 99_991_400, "msg": "injected fault"});
        assert_eq!((response.status, response.json()), (400, body));
        assert_eq!(response.header("x-ogw-ratelimit-reset"), Some("0.5"));
        assert!(response.header("X-Tt-Logid").is_some());
    }

    let sandbox = start_with_fault("*: status 410 code 7").await;
    let response = call(&sandbox, "GET", "/unknown", &[], "").await;
    assert_eq!((response.status, &response.body[..]), (410, &b"injected fault\n"[..]));
}

#[tokio::test]
async fn echo_with_code_repeats_the_request_in_the_message() {
    let sandbox = start_with_fault("*: echo 400 code 7").await;
    let response = call(&sandbox, "GET", ENGAGELAB, &engagelab(), "").await;
    let message = response.json()["message"].as_str().expect("a message").to_owned();
    assert_eq!(response.error(), (400, 7));
    assert!(message.contains(&engagelab()[0]), "{message}");
}

#[tokio::test]
async fn another_ticket_is_complete_and_has_another_id() {
    let sandbox = start_with_fault("*: another-ticket").await;
    let response = call(&sandbox, "GET", ENGAGELAB, &engagelab(), "").await;
    let id = response.json()["data"]["ticket_id"].clone();
    assert!(response.status == 200 && id.is_string() && id != "tk_20251104_789abc", "{id}");

    // The token call is not about a ticket, so that it works as usual.
    let token = token(&sandbox).await;
    let response = call(&sandbox, "GET", FEISHU, &feishu(&token), "").await;
    let id = response.json()["data"]["ticket"]["ticket_id"].clone();
    assert!(id.is_string() && id != "6626871355780366331", "{id}");
}

#[tokio::test]
async fn each_route_is_counted_separately_and_logged() {
    let sandbox = start_with_fault("* 1: status 503").await;
    let paths = [
        ("GET", ENGAGELAB, Some("engagelab.ticket")),
        ("POST", TOKEN, Some("feishu.token")),
        ("GET", FEISHU, Some("feishu.ticket")),
        ("GET", LIST, Some("feishu.list")),
        ("GET", MESSAGES, Some("feishu.messages")),
        ("GET", IMAGE, Some("feishu.image")),
        ("GET", FIELDS, Some("feishu.fields")),
        ("GET", "/unknown", None),
        ("GET", "/open-apis/unknown", None),
    ];
    let mut routes = Vec::new();
    for (method, path, route) in paths {
        routes.extend(route);
        let statuses = [
            call(&sandbox, method, path, &[], "").await.status,
            call(&sandbox, method, path, &[], "").await.status,
        ];
        let requests = sandbox.requests();
        let [.., first, second] = &requests[..] else { panic!("two requests") };
        assert_eq!((first.route, second.route), (route, route));
        assert_eq!([first.status, second.status], statuses);
        // All unknown paths are counted together.
        let is_first = path != "/open-apis/unknown";
        assert_eq!((first.fault, second.fault), (is_first.then_some("status"), None), "{path}");
    }
    assert_eq!(routes, Sandbox::routes());
}

#[tokio::test]
async fn rules_are_added_and_removed_while_it_runs() {
    let sandbox = Sandbox::start().await.expect("a free port");
    assert_eq!(statuses(&sandbox, 1).await, [200]);
    sandbox.inject("* 2: status 503".parse().expect("a rule")).expect("a route");
    assert_eq!(statuses(&sandbox, 3).await, [200, 503, 200]);
    sandbox.inject("*: status 502".parse().expect("a rule")).expect("a route");
    assert_eq!(statuses(&sandbox, 1).await, [502]);
    sandbox.clear_faults();
    assert_eq!(statuses(&sandbox, 1).await, [200]);
}

#[tokio::test]
async fn rejects_unknown_routes() {
    let rule = || "feishu.tickets: reset".parse().expect("a rule");
    let at_start = Sandbox::builder().fault(rule()).start().await.expect_err("unknown route");
    assert!(matches!(at_start, StartError::Server(_)), "{at_start:?}");
    let sandbox = Sandbox::start().await.expect("a free port");
    let later = sandbox.inject(rule()).expect_err("unknown route");
    assert_eq!(at_start.to_string(), later.to_string());
    assert_eq!(
        later.to_string(),
        "unknown route `feishu.tickets`; known routes: engagelab.ticket, feishu.token, feishu.ticket, feishu.list, \
         feishu.messages, feishu.image, feishu.fields, and * for all"
    );
}

#[tokio::test]
async fn tokens_become_invalid_before_the_request_is_answered() {
    for (fault, is_replaced) in [("expire", true), ("revoke", true), ("spoil", false)] {
        for (route, path) in [
            ("feishu.ticket", FEISHU),
            ("feishu.list", LIST),
            ("feishu.messages", MESSAGES),
            ("feishu.fields", FIELDS),
        ] {
            let sandbox = start_with_fault(&format!("{route} 2: {fault}")).await;
            let first = token(&sandbox).await;
            assert_eq!(call(&sandbox, "GET", path, &feishu(&first), "").await.status, 200);
            for _ in 0..2 {
                let response = call(&sandbox, "GET", path, &feishu(&first), "").await;
                assert_eq!(response.error(), (400, 99_991_663), "{fault}");
            }
            let second = token(&sandbox).await;
            assert_eq!(second != first, is_replaced, "{fault}");
            let response = call(&sandbox, "GET", path, &feishu(&second), "").await;
            assert_eq!(response.status == 200, is_replaced, "{fault}");
        }
    }
}

#[tokio::test]
async fn incomplete_response_has_taken_effect() {
    let sandbox = start_with_fault("feishu.token 1: cut").await;
    let body = r#"{"app_id":"cli_sandbox","app_secret":"sandbox-app-secret"}"#;
    let bytes = exchange(&sandbox, &request("POST", TOKEN, &[], body)).await;
    let cut = String::from_utf8(bytes).expect("text");
    let issued = token(&sandbox).await;
    // The first half ends within the token.
    let start = cut.rsplit_once('"').expect("the start of a string").1;
    assert!(!start.is_empty() && issued.starts_with(start), "{start} {issued}");
}
