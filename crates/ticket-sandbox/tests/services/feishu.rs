//! The fake Feishu Helpdesk.

use std::time::Duration;

use ticket_sandbox::Sandbox;

use crate::client::{Response, call, feishu, helpdesk, token, token_response};

const TOKEN: &str = "/open-apis/auth/v3/tenant_access_token/internal";
const TICKET: &str = "/open-apis/helpdesk/v1/tickets/6626871355780366331";

/// Requests a ticket with this token.
async fn ticket(sandbox: &Sandbox, token: &str, id: &str) -> Response {
    call(sandbox, "GET", &format!("/open-apis/helpdesk/v1/tickets/{id}"), &feishu(token), "").await
}

async fn start() -> (Sandbox, String) {
    let sandbox =
        Sandbox::builder().requests_per_second(u32::MAX).start().await.expect("a free port");
    let token = token(&sandbox).await;
    (sandbox, token)
}

#[tokio::test]
async fn serves_fixtures_byte_for_byte() {
    let (sandbox, token) = start().await;
    let served: Vec<_> = ticket_fixtures::of("feishu").filter(|case| case.served).collect();
    let ids = Sandbox::ticket_ids("feishu");
    assert!(ids.contains(&"6626871355780366331"));
    assert_eq!(served.len(), ids.len());
    for (case, id) in served.into_iter().zip(ids) {
        let response = ticket(&sandbox, &token, id).await;
        assert_eq!((response.status, &response.body[..]), (200, case.body), "{}", case.file);
    }
}

#[tokio::test]
async fn token_response_has_no_envelope() {
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
async fn token_errors_have_http_200() {
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
        let response = call(&sandbox, "POST", TOKEN, &[], body).await;
        assert_eq!(response.error(), (200, code), "{body}");
        assert_eq!(response.json()["msg"], msg, "{body}");
        assert_eq!(response.json().get("data").is_some(), code == 10003, "{body}");
    }
}

#[tokio::test]
async fn gateway_rejects_invalid_tokens() {
    let (sandbox, token) = start().await;
    let helpdesk_header = feishu(&token).remove(1);
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
        let headers: Vec<_> = authorization.iter().chain([&helpdesk_header]).cloned().collect();
        let response = call(&sandbox, "GET", TICKET, &headers, "").await;
        assert_eq!(response.error(), (400, code), "{authorization:?}");
        assert_eq!(
            response.json()["error"]["log_id"].as_str(),
            response.header("X-Tt-Logid"),
            "{authorization:?}"
        );
    }
}

#[tokio::test]
async fn helpdesk_header_is_the_base64_of_the_pair() {
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
        let response = call(&sandbox, "GET", TICKET, &[right[0].clone(), wrong.clone()], "").await;
        assert_eq!(response.error(), (401, 154_001), "{wrong}");
    }
    let twice = [right[0].clone(), right[1].clone(), right[1].clone()];
    assert_eq!(call(&sandbox, "GET", TICKET, &twice, "").await.error(), (401, 154_001));
}

#[tokio::test]
async fn unknown_id_is_404_and_malformed_id_is_400() {
    let (sandbox, token) = start().await;
    for (id, error) in [
        ("6626871355780366332", (404, 154_004)),
        ("1", (404, 154_004)),
        ("123abc", (400, 154_000)),
        ("-1", (400, 154_000)),
        ("tk_20251104_789abc", (400, 154_000)),
        ("%31", (400, 154_000)),
        ("", (400, 154_000)),
    ] {
        let response = ticket(&sandbox, &token, id).await;
        assert_eq!(response.error(), error, "{id}");
        assert!(response.json()["msg"].is_string() && response.json().get("data").is_none());
    }
}

#[tokio::test]
async fn log_ids_are_unique() {
    let (sandbox, token) = start().await;
    let mut ids = Vec::new();
    for (method, path) in
        [("GET", TICKET), ("POST", TOKEN), ("DELETE", TICKET), ("GET", "/open-apis/unheard")]
    {
        let response = call(&sandbox, method, path, &feishu(&token), "").await;
        ids.push(response.header("X-Tt-Logid").expect("a log id").to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn rejects_other_methods_and_paths() {
    let (sandbox, token) = start().await;
    for (method, path, allowed) in [
        ("GET", TOKEN, "POST"),
        ("PUT", TICKET, "GET"),
        ("POST", "/open-apis/helpdesk/v1/tickets", "GET"),
    ] {
        let response = call(&sandbox, method, path, &feishu(&token), "").await;
        assert_eq!(
            (response.error(), response.header("Allow")),
            ((405, 99_991_301), Some(allowed)),
            "{method} {path}"
        );
    }
    let response = call(&sandbox, "HEAD", TICKET, &feishu(&token), "").await;
    assert_eq!((response.status, response.body.len()), (405, 0));
    let response =
        call(&sandbox, "GET", "/open-apis/helpdesk/v1/tickets/1/messages", &feishu(&token), "")
            .await;
    assert_eq!(response.status, 404);
}

// Without an idle timeout no timer is pending, so that the paused clock stands still.
#[tokio::test(start_paused = true)]
async fn allows_ten_tickets_per_second() {
    let sandbox = Sandbox::builder().idle_timeout(None).start().await.expect("a free port");
    let headers = feishu(&token(&sandbox).await);
    for _ in 0..10 {
        assert_eq!(call(&sandbox, "GET", TICKET, &headers, "").await.status, 200);
    }
    tokio::time::advance(Duration::from_millis(300)).await;
    let response = call(&sandbox, "GET", TICKET, &headers, "").await;
    assert_eq!(response.error(), (429, 99_991_400));
    assert_eq!(response.json()["msg"], "request trigger frequency limit");
    assert_eq!(response.header("x-ogw-ratelimit-limit"), Some("10"));
    assert_eq!(response.header("x-ogw-ratelimit-reset"), Some("1"));
    // The list has its own limit, and the sandbox its own clock.
    assert_eq!(
        call(&sandbox, "GET", "/open-apis/helpdesk/v1/tickets", &headers, "").await.status,
        200
    );
    sandbox.advance(Duration::from_millis(700));
    assert_eq!(call(&sandbox, "GET", TICKET, &headers, "").await.status, 200);
}

#[tokio::test]
async fn call_with_invalid_token_does_not_count() {
    let sandbox = Sandbox::builder().requests_per_second(0).start().await.expect("a free port");
    let stale = call(&sandbox, "GET", TICKET, &feishu("t-unheard"), "").await;
    assert_eq!(stale.error(), (400, 99_991_663));
    // The helpdesk header is checked after the rate limit.
    let only_token = feishu(&token(&sandbox).await).remove(0);
    assert_eq!(call(&sandbox, "GET", TICKET, &[only_token], "").await.error(), (429, 99_991_400));
}

#[tokio::test(start_paused = true)]
async fn token_expires_as_announced() {
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
    assert_eq!(call(&sandbox, "GET", TICKET, &feishu(token), "").await.error(), (400, 99_991_663));
}

#[tokio::test]
async fn revoked_tokens_are_replaced_and_spoilt_tokens_are_not() {
    let (sandbox, first) = start().await;
    sandbox.revoke_tokens();
    assert_eq!(call(&sandbox, "GET", TICKET, &feishu(&first), "").await.error(), (400, 99_991_663));
    let second = token(&sandbox).await;
    assert_ne!(second, first);
    assert_eq!(call(&sandbox, "GET", TICKET, &feishu(&second), "").await.status, 200);
    sandbox.spoil_tokens();
    assert_eq!(
        call(&sandbox, "GET", TICKET, &feishu(&second), "").await.error(),
        (400, 99_991_663)
    );
    assert_eq!(token(&sandbox).await, second);
}
