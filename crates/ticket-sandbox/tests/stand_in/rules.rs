//! Rules: which requests faults strike, and what else changes with them.

use std::time::Duration;

use ticket_sandbox::{Sandbox, StartError};

use crate::client::{Client, call, engagelab, feishu, request, token};

const TICKET: &str = "/api/v2/accounts/tickets/tk_20251104_789abc";
const FEISHU: &str = "/open-apis/helpdesk/v1/tickets/6626871355780366331";
const LIST: &str = "/open-apis/helpdesk/v1/tickets";

/// The statuses of so many requests for the ticket of EngageLab.
async fn statuses(sandbox: &Sandbox, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(call(sandbox, "GET", TICKET, &engagelab(), "").await.status);
    }
    statuses
}

/// Waits, without a clock, until so many connections are open.
async fn until_open(sandbox: &Sandbox, count: usize) {
    let watchdog = Duration::from_mins(1);
    let waiting = async {
        while sandbox.open_connections() != count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(watchdog, waiting).await.expect("connections open and close");
}

#[tokio::test]
async fn a_fault_strikes_the_requests_of_its_rule_and_no_others() {
    for (requests, expected) in [
        ("", [503, 503, 503, 503]),
        ("2", [200, 503, 200, 200]),
        ("2-3", [200, 503, 503, 200]),
        ("3-", [200, 200, 503, 503]),
        ("every 2", [200, 503, 200, 503]),
        ("100%", [503, 503, 503, 503]),
    ] {
        let rule = format!("engagelab.ticket {requests}: status 503").parse().expect(requests);
        let sandbox = Sandbox::builder().fault(rule).start().await.expect("a free port");
        assert_eq!(statuses(&sandbox, 4).await, expected, "{requests}");
    }
}

#[tokio::test]
async fn each_route_counts_by_itself_and_is_told() {
    let rule = "* 1: status 503".parse().expect("a rule");
    let sandbox = Sandbox::builder().fault(rule).start().await.expect("a free port");
    let paths = [
        ("GET", TICKET, Some("engagelab.ticket")),
        ("POST", "/open-apis/auth/v3/tenant_access_token/internal", Some("feishu.token")),
        ("GET", FEISHU, Some("feishu.ticket")),
        ("GET", LIST, Some("feishu.list")),
        ("GET", "/nowhere", None),
        ("GET", "/open-apis/nowhere", None),
    ];
    let mut routes = Vec::new();
    for (method, path, route) in paths {
        routes.extend(route);
        let statuses = [
            call(&sandbox, method, path, &[], "").await.status,
            call(&sandbox, method, path, &[], "").await.status,
        ];
        let seen = sandbox.requests();
        let [.., first, second] = &seen[..] else { panic!("two requests") };
        assert_eq!((first.route, second.route), (route, route));
        assert_eq!([first.status, second.status], statuses);
        // Whatever is at no route is one for the counting.
        let is_first = path != "/open-apis/nowhere";
        assert_eq!((first.fault, second.fault), (is_first.then_some("status"), None), "{path}");
    }
    assert_eq!(routes, Sandbox::routes());
}

#[tokio::test]
async fn rules_come_and_go_while_it_runs() {
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
async fn a_route_that_there_is_not_is_refused_before_anything_starts() {
    let rule = || "feishu.tickets: reset".parse().expect("a rule");
    let refusal = Sandbox::builder().fault(rule()).start().await.expect_err("no such route");
    assert!(matches!(refusal, StartError::Rule(_)), "{refusal:?}");
    let sandbox = Sandbox::start().await.expect("a free port");
    let other = sandbox.inject(rule()).expect_err("no such route");
    assert_eq!(refusal.to_string(), other.to_string());
    assert_eq!(
        other.to_string(),
        "there is no route `feishu.tickets`; there are engagelab.ticket, feishu.token, feishu.ticket, feishu.list, \
         and * for all of them"
    );
}

#[tokio::test]
async fn tokens_end_before_the_request_is_answered() {
    for (fault, is_replaced) in [("expire", true), ("revoke", true), ("spoil", false)] {
        for (route, path) in [("feishu.ticket", FEISHU), ("feishu.list", LIST)] {
            let rule = format!("{route} 2: {fault}").parse().expect(fault);
            let sandbox = Sandbox::builder().fault(rule).start().await.expect("a free port");
            let first = token(&sandbox).await;
            let reply = call(&sandbox, "GET", path, &feishu(&first), "").await;
            assert_eq!(reply.status, 200);
            for _ in 0..2 {
                let reply = call(&sandbox, "GET", path, &feishu(&first), "").await;
                assert_eq!(reply.refusal(), (400, 99_991_663), "{fault}");
            }
            let second = token(&sandbox).await;
            assert_eq!(second != first, is_replaced, "{fault}");
            let reply = call(&sandbox, "GET", path, &feishu(&second), "").await;
            assert_eq!(reply.status == 200, is_replaced, "{fault}");
        }
    }
}

#[tokio::test]
async fn a_response_that_is_kept_back_has_happened_all_the_same() {
    let rule = "feishu.token 1: cut".parse().expect("a rule");
    let sandbox = Sandbox::builder().fault(rule).start().await.expect("a free port");
    let body = r#"{"app_id":"cli_sandbox","app_secret":"sandbox-app-secret"}"#;
    let path = "/open-apis/auth/v3/tenant_access_token/internal";
    let mut client = Client::connect(&sandbox).await;
    client.send(request("POST", path, &[], body)).await;
    let (bytes, _) = client.everything().await;
    let cut = String::from_utf8(bytes).expect("text");
    let issued = token(&sandbox).await;
    // The first half ends within the token.
    let begun = cut.rsplit_once('"').expect("a text that was begun").1;
    assert!(!begun.is_empty() && issued.starts_with(begun), "{begun} {issued}");
}

#[tokio::test]
async fn open_connections_are_counted_until_they_are_over() {
    let rule = "engagelab.ticket: silence".parse().expect("a rule");
    let sandbox = Sandbox::builder().fault(rule).start().await.expect("a free port");
    assert_eq!(sandbox.open_connections(), 0);
    let mut clients = Vec::new();
    for count in 1..=3 {
        let mut client = Client::connect(&sandbox).await;
        client.send(request("GET", TICKET, &engagelab(), "")).await;
        clients.push(client);
        until_open(&sandbox, count).await;
    }
    clients.pop();
    until_open(&sandbox, 2).await;
    clients.clear();
    until_open(&sandbox, 0).await;
}

#[tokio::test]
async fn a_client_that_leaves_a_huge_or_a_dripping_response_is_noticed() {
    for fault in ["huge 1GiB", "huge-chunked 1GiB", "drip 1ms"] {
        let rule = format!("engagelab.ticket: {fault}").parse().expect(fault);
        let sandbox = Sandbox::builder().fault(rule).start().await.expect("a free port");
        let mut client = Client::connect(&sandbox).await;
        client.send(request("GET", TICKET, &engagelab(), "")).await;
        client.first_byte().await;
        drop(client);
        until_open(&sandbox, 0).await;
    }
}
