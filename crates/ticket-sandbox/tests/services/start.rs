//! The builder: configuration and errors.

use std::sync::mpsc;
use std::time::Duration;

use ticket_sandbox::{Credentials, Sandbox, StartError};

use crate::client::{basic, call, engagelab, exchange, request, token_response};

#[tokio::test]
async fn limits_the_token_lifetime_to_two_hours() {
    for seconds in [0, 7201] {
        let lifetime = Duration::from_secs(seconds);
        let error = Sandbox::builder()
            .token_lifetime(lifetime)
            .start()
            .await
            .expect_err("invalid lifetime");
        assert!(matches!(error, StartError::TokenLifetime(other) if other == lifetime));
    }
    let sandbox = Sandbox::builder()
        .token_lifetime(Duration::from_secs(7))
        .start()
        .await
        .expect("a free port");
    assert_eq!(token_response(&sandbox).await["expire"], 7);
}

#[tokio::test]
async fn environment_directs_a_client_to_the_sandbox() {
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
    let response =
        call(&sandbox, "GET", "/api/v2/accounts/tickets/tk_20251104_789abc", &[header], "").await;
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn observer_sees_each_request_before_its_response() {
    let (sender, lines) = mpsc::channel();
    let sandbox = Sandbox::builder()
        .fault("engagelab.ticket 2: status 503".parse().expect("a rule"))
        .fault("engagelab.ticket 3: close".parse().expect("a rule"))
        .on_request(move |request| sender.send(request.to_string()).expect("the test listens"))
        .start()
        .await
        .expect("a free port");
    let path = "/api/v2/accounts/tickets/tk_20251104_789abc";
    for (target, line) in [
        ("/elsewhere?secret=1", "GET /elsewhere: 404".to_owned()),
        (path, format!("GET {path}: 200")),
        (path, format!("GET {path}: 503 (fault: status)")),
        (path, format!("GET {path}: no reply (fault: close)")),
        ("elsewhere", "malformed request: 400".to_owned()),
    ] {
        exchange(&sandbox, &request("GET", target, &engagelab(), "")).await;
        assert_eq!(lines.try_iter().collect::<Vec<_>>(), [line]);
    }
}

#[tokio::test]
async fn accepts_other_credentials() {
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
