//! The fake EngageLab LiveDesk.

use ticket_sandbox::Sandbox;

use crate::client::{basic, call, engagelab};

const TICKET: &str = "/api/v2/accounts/tickets/tk_20251104_789abc";

#[tokio::test]
async fn serves_fixtures_byte_for_byte() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let served: Vec<_> = ticket_fixtures::of("engagelab").filter(|case| case.served).collect();
    let ids = Sandbox::ticket_ids("engagelab");
    assert!(ids.contains(&"tk_20251104_789abc"));
    assert_eq!(served.len(), ids.len());
    for (case, id) in served.into_iter().zip(ids) {
        let response =
            call(&sandbox, "GET", &format!("/api/v2/accounts/tickets/{id}"), &engagelab(), "")
                .await;
        assert_eq!((response.status, &response.body[..]), (200, case.body), "{}", case.file);
        assert_eq!(response.header("Content-Type"), Some("application/json; charset=utf-8"));
    }
}

#[tokio::test]
async fn rejects_wrong_credentials() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let right = engagelab();
    for headers in [
        vec![],
        vec![basic("sandbox-key", "wrong")],
        vec![basic("wrong", "sandbox-secret")],
        vec![basic("sandbox-key:", "sandbox-secret")],
        vec![right[0].replace("Basic", "Bearer")],
        vec!["Authorization: Basic sandbox-key:sandbox-secret".to_owned()],
        vec!["Authorization: Basic".to_owned()],
        vec![right[0].clone(), right[0].clone()],
    ] {
        let response = call(&sandbox, "GET", TICKET, &headers, "").await;
        assert_eq!(response.error(), (401, 2001), "{headers:?}");
        assert!(response.json()["message"].is_string());
    }
}

#[tokio::test]
async fn unknown_ticket_is_404_with_4001() {
    let sandbox = Sandbox::start().await.expect("a free port");
    for id in ["tk_unheard", "", "..", "6626871355780366331"] {
        let response =
            call(&sandbox, "GET", &format!("/api/v2/accounts/tickets/{id}"), &engagelab(), "")
                .await;
        assert_eq!(response.error(), (404, 4001), "{id}");
    }
}

#[tokio::test]
async fn checks_credentials_before_the_id() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let response = call(&sandbox, "GET", "/api/v2/accounts/tickets/tk_unheard", &[], "").await;
    assert_eq!(response.error(), (401, 2001));
}

#[tokio::test]
async fn rejects_other_methods() {
    let sandbox = Sandbox::start().await.expect("a free port");
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let response = call(&sandbox, method, TICKET, &engagelab(), "").await;
        assert_eq!(
            (response.error(), response.header("Allow")),
            ((405, 405), Some("GET")),
            "{method}"
        );
    }
    let response = call(&sandbox, "HEAD", TICKET, &engagelab(), "").await;
    assert_eq!((response.status, response.body.len()), (405, 0));
}

#[tokio::test]
async fn request_ids_are_unique() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let first = call(&sandbox, "GET", TICKET, &engagelab(), "").await;
    let second = call(&sandbox, "GET", TICKET, &[], "").await;
    let ids = [
        first.header("X-Request-Id").expect("an id"),
        second.header("X-Request-Id").expect("an id"),
    ];
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn rejects_other_paths() {
    let sandbox = Sandbox::start().await.expect("a free port");
    for path in [
        "/",
        "/v2/accounts/tickets/tk_20251104_789abc",
        "/api/v2/accounts/tickets",
        "/api/v2/accounts/tickets/a/b",
    ] {
        let response = call(&sandbox, "GET", path, &engagelab(), "").await;
        assert_eq!(
            (response.status, &response.body[..]),
            (404, &b"404 page not found\n"[..]),
            "{path}"
        );
    }
}
