//! Feishu Helpdesk, as a client meets it.

use std::time::Duration;

use ticket_sandbox::Sandbox;

use crate::client::{Reply, call, feishu, helpdesk, token, token_response};

const TOKEN: &str = "/open-apis/auth/v3/tenant_access_token/internal";
const TICKET: &str = "/open-apis/helpdesk/v1/tickets/6626871355780366331";

/// Asks for a ticket as whoever has this token.
async fn ticket(sandbox: &Sandbox, token: &str, id: &str) -> Reply {
    call(sandbox, "GET", &format!("/open-apis/helpdesk/v1/tickets/{id}"), &feishu(token), "").await
}

async fn start() -> (Sandbox, String) {
    let sandbox =
        Sandbox::builder().requests_per_second(u32::MAX).start().await.expect("a free port");
    let token = token(&sandbox).await;
    (sandbox, token)
}

#[tokio::test]
async fn every_served_ticket_comes_byte_for_byte() {
    let (sandbox, token) = start().await;
    let served = ticket_fixtures::of("feishu").filter(|case| case.served);
    let ids = Sandbox::ticket_ids("feishu");
    assert!(ids.contains(&"6626871355780366331"));
    for (case, id) in served.zip(ids) {
        let reply = ticket(&sandbox, &token, id).await;
        assert_eq!((reply.status, &reply.body[..]), (200, case.body), "{}", case.file);
    }
}

#[tokio::test]
async fn the_token_call_responses_flat() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let response = token_response(&sandbox).await;
    assert_eq!((&response["code"], &response["msg"]), (&0.into(), &"ok".into()));
    assert!(
        response["tenant_access_token"]
            .as_str()
            .is_some_and(|token| token.starts_with("t-") && token.len() == 42)
    );
    assert!(response["expire"].as_u64().is_some_and(|seconds| (1800..=7200).contains(&seconds)));
    assert_eq!(response.as_object().map(serde_json::Map::len), Some(4));
}

#[tokio::test]
async fn the_token_call_fails_with_http_200() {
    let sandbox = Sandbox::start().await.expect("a free port");
    for (body, code, msg) in [
        ("", 10003, "invalid param"),
        ("app_id=cli_sandbox", 10003, "invalid param"),
        ("[]", 10003, "invalid param"),
        (r#"{"app_id":"cli_sandbox"}"#, 10003, "invalid param"),
        (r#"{"app_id":"","app_secret":""}"#, 10003, "invalid param"),
        (r#"{"app_id":1,"app_secret":"sandbox-app-secret"}"#, 10003, "invalid param"),
        (r#"{"app_id":"cli_other","app_secret":"sandbox-app-secret"}"#, 10014, "app id not exists"),
        (r#"{"app_id":"cli_sandbox","app_secret":"wrong"}"#, 10014, "app secret invalid"),
    ] {
        let reply = call(&sandbox, "POST", TOKEN, &[], body).await;
        assert_eq!(reply.refusal(), (200, code), "{body}");
        assert_eq!(reply.json()["msg"], msg, "{body}");
        assert_eq!(reply.json().get("data").is_some(), code == 10003, "{body}");
    }
}

#[tokio::test]
async fn tokens_that_are_none_are_refused_by_the_gateway() {
    let (sandbox, token) = start().await;
    let desk = feishu(&token).remove(1);
    for (authorization, code) in [
        (None, 99_991_661),
        (Some("Authorization:".to_owned()), 99_991_661),
        (Some(format!("Authorization: {token}")), 99_991_671),
        (Some(format!("Authorization: Bearer x{token}")), 99_991_671),
        (Some("Authorization: Basic dDp0".to_owned()), 99_991_671),
        (Some("Authorization: Bearer u-sandbox".to_owned()), 99_991_668),
        (Some("Authorization: Bearer t-unheard".to_owned()), 99_991_663),
        (Some(format!("Authorization: Bearer {token}0")), 99_991_663),
    ] {
        let headers: Vec<_> = authorization.iter().chain([&desk]).cloned().collect();
        let reply = call(&sandbox, "GET", TICKET, &headers, "").await;
        assert_eq!(reply.refusal(), (400, code), "{authorization:?}");
        assert_eq!(
            reply.json()["error"]["log_id"].as_str(),
            reply.header("X-Tt-Logid"),
            "{authorization:?}"
        );
    }
}

#[tokio::test]
async fn the_helpdesk_header_is_the_bare_base64_of_the_pair() {
    let (sandbox, token) = start().await;
    let right = feishu(&token);
    let pair = "6626871355780366330:ht-00000000-0000-0000-0000-000000000000";
    assert_eq!(right[1], helpdesk(pair));
    for wrong in [
        "X-Other: 1".to_owned(),
        helpdesk(&pair.replace("6626", "6627")),
        helpdesk(&pair.replace("ht-0", "ht-1")),
        helpdesk(&format!("{pair}\n")),
        right[1].replace(": ", ": Bearer "),
        right[1].replace('=', ""),
        format!("X-Lark-Helpdesk-Authorization: {pair}"),
    ] {
        let reply = call(&sandbox, "GET", TICKET, &[right[0].clone(), wrong.clone()], "").await;
        assert_eq!(reply.refusal(), (401, 154_001), "{wrong}");
    }
    let twice = [right[0].clone(), right[1].clone(), right[1].clone()];
    assert_eq!(call(&sandbox, "GET", TICKET, &twice, "").await.refusal(), (401, 154_001));
}

#[tokio::test]
async fn an_unknown_id_is_not_found_and_a_malformed_one_is_a_bad_request() {
    let (sandbox, token) = start().await;
    for (id, refusal) in [
        ("6626871355780366332", (404, 154_004)),
        ("1", (404, 154_004)),
        ("123abc", (400, 154_000)),
        ("-1", (400, 154_000)),
        ("tk_20251104_789abc", (400, 154_000)),
        ("%31", (400, 154_000)),
        ("", (400, 154_000)),
    ] {
        let reply = ticket(&sandbox, &token, id).await;
        assert_eq!(reply.refusal(), refusal, "{id}");
        assert!(reply.json()["msg"].is_string() && reply.json().get("data").is_none());
    }
}

#[tokio::test]
async fn every_response_has_a_log_id_of_its_own() {
    let (sandbox, token) = start().await;
    let mut ids = Vec::new();
    for (method, path) in
        [("GET", TICKET), ("POST", TOKEN), ("DELETE", TICKET), ("GET", "/open-apis/unheard")]
    {
        let reply = call(&sandbox, method, path, &feishu(&token), "").await;
        ids.push(reply.header("X-Tt-Logid").expect("a log id").to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn other_methods_and_paths_are_refused() {
    let (sandbox, token) = start().await;
    for (method, path, allowed) in [
        ("GET", TOKEN, "POST"),
        ("PUT", TICKET, "GET"),
        ("POST", "/open-apis/helpdesk/v1/tickets", "GET"),
    ] {
        let reply = call(&sandbox, method, path, &feishu(&token), "").await;
        assert_eq!(
            (reply.refusal(), reply.header("Allow")),
            ((405, 99_991_301), Some(allowed)),
            "{method} {path}"
        );
    }
    let reply = call(&sandbox, "HEAD", TICKET, &feishu(&token), "").await;
    assert_eq!((reply.status, reply.body.len()), (405, 0));
    let reply =
        call(&sandbox, "GET", "/open-apis/helpdesk/v1/tickets/1/messages", &feishu(&token), "")
            .await;
    assert_eq!(reply.status, 404);
}

// With no idle timeout there is no timer at all, so that paused time stands still whatever the sockets do.
#[tokio::test(start_paused = true)]
async fn ten_tickets_a_second_and_no_more() {
    let sandbox = Sandbox::builder().idle_timeout(None).start().await.expect("a free port");
    let headers = feishu(&token(&sandbox).await);
    for _ in 0..10 {
        assert_eq!(call(&sandbox, "GET", TICKET, &headers, "").await.status, 200);
    }
    tokio::time::advance(Duration::from_millis(300)).await;
    let reply = call(&sandbox, "GET", TICKET, &headers, "").await;
    assert_eq!(reply.refusal(), (429, 99_991_400));
    assert_eq!(reply.json()["msg"], "request trigger frequency limit");
    assert_eq!(reply.header("x-ogw-ratelimit-limit"), Some("10"));
    assert_eq!(reply.header("x-ogw-ratelimit-reset"), Some("1"));
    // The list counts for itself, and so does the server's own clock.
    assert_eq!(
        call(&sandbox, "GET", "/open-apis/helpdesk/v1/tickets", &headers, "").await.status,
        200
    );
    sandbox.advance(Duration::from_millis(700));
    assert_eq!(call(&sandbox, "GET", TICKET, &headers, "").await.status, 200);
}

#[tokio::test]
async fn a_call_that_the_gateway_does_not_let_in_is_not_counted() {
    let sandbox = Sandbox::builder().requests_per_second(0).start().await.expect("a free port");
    let stale = call(&sandbox, "GET", TICKET, &feishu("t-unheard"), "").await;
    assert_eq!(stale.refusal(), (400, 99_991_663));
    // One that the helpdesk refuses comes later than the limit.
    let only_token = feishu(&token(&sandbox).await).remove(0);
    assert_eq!(call(&sandbox, "GET", TICKET, &[only_token], "").await.refusal(), (429, 99_991_400));
}

#[tokio::test(start_paused = true)]
async fn a_token_ends_when_it_said_that_it_would() {
    let sandbox = Sandbox::builder().idle_timeout(None).start().await.expect("a free port");
    let first = token_response(&sandbox).await;
    let token = first["tenant_access_token"].as_str().expect("a token");
    assert_eq!(first["expire"], 7200);
    sandbox.advance(Duration::from_mins(90));
    let again = token_response(&sandbox).await;
    assert_eq!(
        (&again["tenant_access_token"], &again["expire"]),
        (&first["tenant_access_token"], &1800.into())
    );
    sandbox.advance(Duration::from_secs(1));
    let second = token_response(&sandbox).await;
    assert_ne!(second["tenant_access_token"], first["tenant_access_token"]);
    sandbox.advance(Duration::from_secs(1798));
    assert_eq!(call(&sandbox, "GET", TICKET, &feishu(token), "").await.status, 200);
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(
        call(&sandbox, "GET", TICKET, &feishu(token), "").await.refusal(),
        (400, 99_991_663)
    );
}

#[tokio::test]
async fn revoked_tokens_are_replaced_and_spoilt_ones_are_handed_out_again() {
    let (sandbox, first) = start().await;
    sandbox.revoke_tokens();
    assert_eq!(
        call(&sandbox, "GET", TICKET, &feishu(&first), "").await.refusal(),
        (400, 99_991_663)
    );
    let second = token(&sandbox).await;
    assert_ne!(second, first);
    assert_eq!(call(&sandbox, "GET", TICKET, &feishu(&second), "").await.status, 200);
    sandbox.spoil_tokens();
    assert_eq!(
        call(&sandbox, "GET", TICKET, &feishu(&second), "").await.refusal(),
        (400, 99_991_663)
    );
    assert_eq!(token(&sandbox).await, second);
}
