//! What can be asked for at the start, and what is refused.

use std::sync::mpsc;
use std::time::Duration;

use ticket_sandbox::{Credentials, Sandbox, StartError};

use crate::client::{Client, basic, call, engagelab, request, token_response};

#[tokio::test]
async fn only_loopback_addresses_are_listened_on() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0", "[2001:db8::1]:0"] {
        let address = address.parse().expect(address);
        let refusal = Sandbox::builder()
            .address(address)
            .start()
            .await
            .expect_err("it is no loopback address");
        assert!(matches!(refusal, StartError::NotLoopback(other) if other == address));
        assert!(refusal.to_string().contains(&address.to_string()), "{refusal}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let first = Sandbox::start().await.expect("a free port");
    let refusal =
        Sandbox::builder().address(first.address()).start().await.expect_err("the port is taken");
    assert!(refusal.to_string().ends_with(&first.address().to_string()), "{refusal}");
    assert!(std::error::Error::source(&refusal).is_some());
}

#[tokio::test]
async fn a_token_lives_for_two_hours_at_most() {
    for seconds in [0, 7201] {
        let lifetime = Duration::from_secs(seconds);
        let refusal = Sandbox::builder()
            .token_lifetime(lifetime)
            .start()
            .await
            .expect_err("no such lifetime");
        assert!(matches!(refusal, StartError::TokenLifetime(other) if other == lifetime));
    }
    let sandbox = Sandbox::builder()
        .token_lifetime(Duration::from_secs(7))
        .start()
        .await
        .expect("a free port");
    assert_eq!(token_response(&sandbox).await["expire"], 7);
}

#[tokio::test]
async fn the_environment_points_a_client_at_it() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let environment = sandbox.environment();
    let names: Vec<_> = environment.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "ENGAGELAB_API_KEY",
            "ENGAGELAB_API_SECRET",
            "ENGAGELAB_BASE_URL",
            "FEISHU_APP_ID",
            "FEISHU_APP_SECRET",
            "FEISHU_HELPDESK_ID",
            "FEISHU_HELPDESK_TOKEN",
            "FEISHU_BASE_URL"
        ]
    );
    let value = |name| &environment.iter().find(|(other, _)| *other == name).expect(name).1;
    assert_eq!(*value("FEISHU_BASE_URL"), format!("http://127.0.0.1:{}", sandbox.address().port()));
    assert_eq!(value("FEISHU_HELPDESK_ID"), "6626871355780366330");
    let header = basic(value("ENGAGELAB_API_KEY"), value("ENGAGELAB_API_SECRET"));
    let reply =
        call(&sandbox, "GET", "/api/v2/accounts/tickets/tk_20251104_789abc", &[header], "").await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn whoever_follows_is_told_of_each_request_in_a_line() {
    let (told, lines) = mpsc::channel();
    let sandbox = Sandbox::builder()
        .fault("engagelab.ticket 2: status 503".parse().expect("a rule"))
        .fault("engagelab.ticket 3: close".parse().expect("a rule"))
        .follower(move |seen| told.send(seen.to_string()).expect("the test listens"))
        .start()
        .await
        .expect("a free port");
    let path = "/api/v2/accounts/tickets/tk_20251104_789abc";
    for (target, line) in [
        ("/elsewhere?secret=1", "GET /elsewhere: 404".to_owned()),
        (path, format!("GET {path}: 200")),
        (path, format!("GET {path}: 503 by status")),
        (path, format!("GET {path}: no response by close")),
        ("elsewhere", "no request: 400".to_owned()),
    ] {
        let mut client = Client::connect(&sandbox).await;
        client.send(request("GET", target, &engagelab(), "")).await;
        client.reply().await;
        assert_eq!(lines.try_iter().collect::<Vec<_>>(), [line]);
    }
}

#[tokio::test]
async fn other_credentials_replace_the_default_ones() {
    let credentials =
        Credentials { engagelab_api_secret: "another".to_owned(), ..Credentials::default() };
    let sandbox = Sandbox::builder().credentials(credentials).start().await.expect("a free port");
    let path = "/api/v2/accounts/tickets/tk_20251104_789abc";
    assert_eq!(call(&sandbox, "GET", path, &engagelab(), "").await.status, 401);
    assert_eq!(
        call(&sandbox, "GET", path, &[basic("sandbox-key", "another")], "").await.status,
        200
    );
    assert_eq!(sandbox.credentials().engagelab_api_secret, "another");
}
