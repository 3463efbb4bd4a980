//! The token cache: one call for all waiting callers, expiry, refresh.
#![cfg(feature = "http")]

use std::time::Duration;

use feishu_provider::{Builder, FeishuSource};
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{Error, ErrorKind, Record, TicketId, TicketSource, TicketSourceExt};
use ticket_sandbox::Sandbox;
use tokio::task::yield_now;

/// The service does not return the same token twice if so little of its lifetime is left.
const SHORT: Duration = Duration::from_secs(1_799);

async fn sandbox(lifetime: Duration, faults: &[&str]) -> Sandbox {
    let builder = Sandbox::builder().requests_per_second(10_000).token_lifetime(lifetime);
    let faults = faults.iter().map(|fault| fault.parse().unwrap());
    faults.fold(builder, ticket_sandbox::Builder::fault).start().await.unwrap()
}

fn helpdesk(sandbox: &Sandbox) -> Builder {
    let credentials = sandbox.credentials();
    FeishuSource::builder()
        .base_url(sandbox.base_url())
        .helpdesk(&*credentials.feishu_helpdesk_id, &*credentials.feishu_helpdesk_token)
}

fn desk(sandbox: &Sandbox, settings: TransportConfig) -> FeishuSource {
    let credentials = sandbox.credentials();
    helpdesk(sandbox)
        .app(&*credentials.feishu_app_id, &*credentials.feishu_app_secret)
        .transport(Transport::new(settings))
        .build()
        .unwrap()
}

fn patient() -> TransportConfig {
    TransportConfig {
        initial_backoff: Duration::from_millis(2),
        rate_limit_fraction: 1_000.0,
        ..TransportConfig::default()
    }
}

fn id() -> TicketId {
    TicketId::new("6626871355780366331").unwrap()
}

async fn fetch(desk: &FeishuSource) -> Result<Record, Error> {
    desk.fetch(&id()).await
}

/// Counts the requests to a route.
fn calls(sandbox: &Sandbox, route: &str) -> usize {
    sandbox.requests().iter().filter(|seen| seen.route == Some(route)).count()
}

fn both(sandbox: &Sandbox) -> (usize, usize) {
    (calls(sandbox, "feishu.token"), calls(sandbox, "feishu.ticket"))
}

/// Time is paused only for the jump, since sockets need it.
async fn jump(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn concurrent_callers_share_one_token_call() {
    let sandbox = sandbox(SHORT, &[]).await;
    let desk = desk(&sandbox, patient());
    assert!(desk.fetch_all(&vec![id(); 64], 64).await.iter().all(Result::is_ok));
    assert_eq!(calls(&sandbox, "feishu.token"), 1);
}

#[tokio::test]
async fn waiting_callers_share_a_failed_token_call() {
    for (fault, requests) in [("status 401", 1), ("status 503", 4)] {
        let sandbox = sandbox(SHORT, &[&format!("feishu.token: {fault}")]).await;
        let desk = desk(&sandbox, patient());
        let outcomes = desk.fetch_all(&vec![id(); 64], 64).await;
        let errors: Vec<_> = outcomes.into_iter().map(Result::unwrap_err).collect();
        assert!(errors.iter().all(|error| error.kind() == errors[0].kind()), "{errors:?}");
        assert_eq!(both(&sandbox), (requests, 0), "{fault}");
        let told: u64 = errors.iter().map(|error| error.stats().attempts).sum();
        assert_eq!(told, requests as u64, "each request is told by the one who made it");
        // A later caller tries again.
        fetch(&desk).await.unwrap_err();
        assert_eq!(both(&sandbox), (2 * requests, 0), "{fault}");
    }
}

#[tokio::test]
async fn cancelled_caller_lets_the_next_one_fetch_the_token() {
    let sandbox = sandbox(SHORT, &["feishu.token 1: silence"]).await;
    let desk =
        desk(&sandbox, TransportConfig { call_timeout: Duration::from_secs(20), ..patient() });
    let first = async {
        tokio::select! {
            _ = fetch(&desk) => panic!("nobody responds"),
            () = async { while calls(&sandbox, "feishu.token") == 0 { yield_now().await } } => {}
        }
    };
    let waiting = fetch(&desk);
    let ((), waiting) = tokio::join!(first, waiting);
    assert!(waiting.is_ok(), "{waiting:?}");
    assert!(fetch(&desk).await.is_ok());
    assert_eq!(both(&sandbox), (2, 2), "the cancelled call, and one call for all others");
}

#[tokio::test]
async fn refreshes_the_token_on_every_token_code() {
    for code in ["99991663", "99991664", "99991671"] {
        for status in [200, 400, 401] {
            let fault = format!("feishu.ticket 1: status {status} code {code}");
            let sandbox = sandbox(SHORT, &[&fault]).await;
            let outcome = fetch(&desk(&sandbox, patient())).await;
            assert!(outcome.is_ok(), "{fault}: {outcome:?}");
            assert_eq!(both(&sandbox), (2, 2), "{fault}");
        }
    }
}

#[tokio::test]
async fn gives_up_when_a_new_token_is_rejected() {
    let sandbox = sandbox(SHORT, &["feishu.ticket: status 400 code 99991663"]).await;
    let settings = TransportConfig { call_timeout: Duration::from_secs(3), ..patient() };
    let error = fetch(&desk(&sandbox, settings)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("99991663")));
    assert_eq!(both(&sandbox), (2, 2));
}

#[tokio::test]
async fn keeps_the_token_on_helpdesk_errors() {
    for code in [154_001, 154_003, 154_999] {
        let fault = format!("feishu.ticket: status 401 code {code}");
        let sandbox = sandbox(SHORT, &[&fault]).await;
        let error = fetch(&desk(&sandbox, patient())).await.unwrap_err();
        assert_eq!(error.code(), Some(code.to_string().as_str()));
        assert_eq!(both(&sandbox), (1, 1), "{code}: no other token, and not asked again");
    }
}

#[tokio::test]
async fn drops_a_token_that_stays_rejected() {
    let sandbox = sandbox(Duration::from_hours(2), &[]).await;
    let desk = desk(&sandbox, patient());
    fetch(&desk).await.unwrap();
    sandbox.spoil_tokens();
    fetch(&desk).await.unwrap_err();
    sandbox.revoke_tokens();
    fetch(&desk).await.unwrap();
    let refused = sandbox.requests().iter().filter(|seen| seen.status != 200).count();
    assert_eq!(refused, 1, "what was refused for good is not sent once more");
}

#[tokio::test]
async fn does_not_refresh_a_configured_token() {
    let sandbox = sandbox(SHORT, &[]).await;
    let desk = helpdesk(&sandbox).tenant_access_token("t-stale").build().unwrap();
    let error = fetch(&desk).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("99991663")));
    assert_eq!(both(&sandbox), (0, 1));
}

#[tokio::test]
async fn caches_the_token_until_shortly_before_it_expires() {
    const MINUTE: u64 = 60;
    for (lifetime, steps) in [
        (120 * MINUTE, [(116 * MINUTE, 1), (2 * MINUTE, 2)]),
        (60 * MINUTE, [(56 * MINUTE, 1), (2 * MINUTE, 2)]),
        // For a short lifetime, the margin is half of it.
        (4 * MINUTE, [(MINUTE, 1), (MINUTE + 10, 2)]),
        (100, [(1, 1), (55, 2)]),
    ] {
        let sandbox = sandbox(Duration::from_secs(lifetime), &[]).await;
        let desk = desk(&sandbox, patient());
        fetch(&desk).await.unwrap();
        for (seconds, token_calls) in steps {
            jump(Duration::from_secs(seconds)).await;
            fetch(&desk).await.unwrap();
            assert_eq!(calls(&sandbox, "feishu.token"), token_calls, "{lifetime} s: {seconds} s");
        }
    }
}

#[tokio::test]
async fn caches_short_lived_tokens() {
    let sandbox = sandbox(Duration::from_secs(100), &[]).await;
    let desk = desk(&sandbox, patient());
    for _ in 0..10 {
        fetch(&desk).await.unwrap();
    }
    assert_eq!(both(&sandbox), (1, 10));
}

#[tokio::test]
async fn slow_response_does_not_extend_the_token_lifetime() {
    let sandbox = sandbox(Duration::from_hours(1), &["feishu.token 1: delay 3500s"]).await;
    let (attempt_timeout, call_timeout) = (Duration::from_hours(9), Duration::from_hours(9));
    let desk = desk(&sandbox, TransportConfig { attempt_timeout, call_timeout, ..patient() });
    let slow = async {
        while calls(&sandbox, "feishu.token") == 0 {
            yield_now().await;
        }
        jump(Duration::from_secs(3_500)).await;
    };
    let (outcome, ()) = tokio::join!(fetch(&desk), slow);
    outcome.unwrap();
    fetch(&desk).await.unwrap();
    assert_eq!(both(&sandbox), (2, 2), "the first token was nearly over when it came");
}

#[tokio::test]
async fn token_call_does_not_follow_redirects() {
    for status in [307, 308] {
        let other = sandbox(SHORT, &[]).await;
        let fault = format!("feishu.token: redirect {status} to {}", other.base_url());
        let sandbox = sandbox(SHORT, &[&fault]).await;
        let error = fetch(&desk(&sandbox, patient())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        assert_eq!((both(&sandbox), other.requests().len()), ((1, 0), 0));
    }
}

#[tokio::test]
async fn accepts_a_token_only_with_http_2xx_and_code_0() {
    for (fault, outcome, token_calls) in [
        ("feishu.token 1: status 502 code 0", Ok(()), 2),
        ("feishu.token 1: status 502", Ok(()), 2),
        ("feishu.token: status 200 code 10003", Err(ErrorKind::Unauthenticated), 1),
        ("feishu.token: status 200 code 10014", Err(ErrorKind::Unauthenticated), 1),
        ("feishu.token: html", Err(ErrorKind::InvalidResponse), 1),
        ("feishu.token: null", Err(ErrorKind::InvalidResponse), 1),
        ("feishu.token: status 200 code 0", Err(ErrorKind::InvalidResponse), 1),
    ] {
        let sandbox = sandbox(SHORT, &[fault]).await;
        let fetched = fetch(&desk(&sandbox, patient())).await;
        assert_eq!(fetched.map(drop).map_err(|error| error.kind()), outcome, "{fault}");
        assert_eq!(calls(&sandbox, "feishu.token"), token_calls, "{fault}");
    }
}
