//! Fetches over HTTP from the fake server.
#![cfg(feature = "http")]

use feishu_provider::{Builder, FeishuSource};
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{Error, ErrorKind, TicketId, TicketSource, TicketSourceExt};
use ticket_sandbox::Sandbox;

const DOCUMENTED: &str = "6626871355780366331";

fn builder(sandbox: &Sandbox) -> Builder {
    let credentials = sandbox.credentials();
    FeishuSource::builder()
        .base_url(sandbox.base_url())
        .app(&*credentials.feishu_app_id, &*credentials.feishu_app_secret)
        .helpdesk(&*credentials.feishu_helpdesk_id, &*credentials.feishu_helpdesk_token)
}

async fn fetch(builder: Builder, id: &str) -> Result<String, Error> {
    let desk = builder.build()?;
    Ok(desk.fetch(&TicketId::new(id)?).await?.ticket.id)
}

fn token_calls(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|seen| seen.path.contains("tenant_access_token")).count()
}

#[tokio::test]
async fn keeps_the_exact_response() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = builder(&sandbox).build().unwrap();
    let record = desk.fetch(&TicketId::new(DOCUMENTED).unwrap()).await.unwrap();
    assert_eq!(record.ticket.helpdesk_id.as_deref(), Some("6626871355780366330"));
    let [response] = &record.origin.responses[..] else { panic!("one response") };
    assert_eq!(response.body, ticket_fixtures::case("feishu", "documented").unwrap().body);
}

#[tokio::test]
async fn fetches_the_requested_tickets() {
    let sandbox = Sandbox::builder().requests_per_second(1_000).start().await.unwrap();
    let desk = builder(&sandbox).build().unwrap();
    // The rate limit is ten per second, so only some are fetched; the snapshots cover all.
    let ids: Vec<_> = Sandbox::ticket_ids("feishu")
        .into_iter()
        .step_by(3)
        .map(|id| TicketId::new(id).unwrap())
        .collect();
    let outcomes = desk.fetch_all(&ids, 8).await;
    assert!(!ids.is_empty());
    assert_eq!(outcomes.len(), ids.len());
    for (id, outcome) in ids.iter().zip(outcomes) {
        assert_eq!(outcome.unwrap().ticket.id, id.as_str());
    }
    assert_eq!(token_calls(&sandbox), 1, "eight cold callers share one token");
}

#[tokio::test]
async fn maps_error_responses_to_kind_and_code() {
    let sandbox = Sandbox::start().await.unwrap();
    let good = || builder(&sandbox);
    let helpdesk = &sandbox.credentials().feishu_helpdesk_id;
    let without_app = || {
        FeishuSource::builder()
            .base_url(sandbox.base_url())
            .helpdesk(&**helpdesk, &*sandbox.credentials().feishu_helpdesk_token)
    };
    for (builder, id, kind, code) in [
        (good(), "6626871355780300000", ErrorKind::NotFound, "154004"),
        (good(), "not-a-number", ErrorKind::InvalidRequest, "154000"),
        (good().helpdesk(&**helpdesk, "wrong"), DOCUMENTED, ErrorKind::Unauthenticated, "154001"),
        (good().app("cli_unknown", "wrong"), DOCUMENTED, ErrorKind::Unauthenticated, "10014"),
        (
            without_app().tenant_access_token("t-stale"),
            DOCUMENTED,
            ErrorKind::Unauthenticated,
            "99991663",
        ),
        (
            without_app().tenant_access_token("stale"),
            DOCUMENTED,
            ErrorKind::Unauthenticated,
            "99991671",
        ),
    ] {
        let error = fetch(builder, id).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.code(), Some(code), "{error}");
        assert_eq!(error.provider(), Some("feishu"));
    }
}

#[tokio::test]
async fn sandbox_enforces_the_rate_limit() {
    let sandbox = Sandbox::builder().requests_per_second(0).start().await.unwrap();
    // It is waited for until the deadline.
    let call_timeout = std::time::Duration::from_secs(2);
    let transport = Transport::new(TransportConfig { call_timeout, ..TransportConfig::default() });
    let error = fetch(builder(&sandbox).transport(transport), DOCUMENTED).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::RateLimited, Some("99991400")));
    assert!(error.is_retryable());
    assert!(error.retry_after().is_some(), "the service says when it recovers");
}

#[tokio::test]
async fn waits_for_the_rate_limit_so_that_no_request_is_rejected() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = builder(&sandbox).build().unwrap();
    let ids = vec![TicketId::new(DOCUMENTED).unwrap(); 12];
    // Clones share the rate limit, as they share the credentials.
    let other = desk.clone();
    let (one, two) = tokio::join!(desk.fetch_all(&ids, 12), other.fetch_all(&ids, 12));
    assert_eq!((one.len(), two.len()), (ids.len(), ids.len()));
    assert!(one.iter().chain(&two).all(Result::is_ok), "{one:?} {two:?}");
    assert!(sandbox.requests().iter().all(|seen| seen.status == 200), "nothing had to be repeated");
}

/// Starts a sandbox without rate limits and a source that does not wait for them.
async fn quick_desk() -> (Sandbox, FeishuSource) {
    let sandbox = Sandbox::builder().requests_per_second(10_000).start().await.unwrap();
    let transport = Transport::new(TransportConfig {
        rate_limit_fraction: 1_000.0,
        ..TransportConfig::default()
    });
    let desk = builder(&sandbox).transport(transport).build().unwrap();
    (sandbox, desk)
}

#[tokio::test]
async fn refreshes_a_revoked_token_once_for_a_thousand_fetches() {
    let (sandbox, desk) = quick_desk().await;
    let ids = vec![TicketId::new(DOCUMENTED).unwrap(); 1_000];
    let revoked = async {
        while sandbox.requests().len() < 500 {
            tokio::task::yield_now().await;
        }
        sandbox.revoke_tokens();
    };
    let (outcomes, ()) = tokio::join!(desk.fetch_all(&ids, 1_000), revoked);
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(token_calls(&sandbox), 2);
    let refused = sandbox.requests().iter().filter(|seen| seen.status != 200).count();
    assert!(refused > 0, "somebody met the refusal");
}

#[tokio::test]
async fn gives_up_when_the_same_token_is_issued_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = builder(&sandbox).build().unwrap();
    let id = TicketId::new(DOCUMENTED).unwrap();
    desk.fetch(&id).await.unwrap();
    sandbox.spoil_tokens();
    let error = desk.fetch(&id).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("99991663")));
    assert_eq!(error.stats().attempts, 1, "the same token is not sent again");
    assert_eq!(token_calls(&sandbox), 2);
}

#[tokio::test]
async fn check_tests_the_credentials_without_a_ticket() {
    let sandbox = Sandbox::start().await.unwrap();
    builder(&sandbox).build().unwrap().check().await.unwrap();
    let wrong = builder(&sandbox).helpdesk("6626871355780366330", "wrong").build().unwrap();
    let error = wrong.check().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("154001")));
}

#[tokio::test]
async fn check_reports_every_failure() {
    for (fault, kind) in [
        ("feishu.list: status 403 code 0", ErrorKind::PermissionDenied),
        ("feishu.list: status 200 code 7", ErrorKind::Rejected),
    ] {
        let sandbox = Sandbox::start().await.unwrap();
        sandbox.inject(fault.parse().unwrap()).unwrap();
        let error = builder(&sandbox).build().unwrap().check().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}");
    }
}

#[tokio::test]
async fn does_not_retry_an_exhausted_quota() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject("feishu.ticket: status 400 code 99991403".parse().unwrap()).unwrap();
    let error = fetch(builder(&sandbox), DOCUMENTED).await.unwrap_err();
    assert_eq!((error.kind(), error.stats().attempts), (ErrorKind::QuotaExhausted, 1));
}

#[tokio::test]
async fn rejects_another_ticket_than_requested() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject("feishu.ticket: another-ticket".parse().unwrap()).unwrap();
    let error = fetch(builder(&sandbox), DOCUMENTED).await.unwrap_err();
    assert_eq!((error.kind(), error.stats().attempts), (ErrorKind::TicketMismatch, 1));
}
