//! Retries: which failures, and how often.

use std::time::Duration;

use ticket_core::ErrorKind;
use ticket_core::transport::{Transport, TransportConfig};

use crate::fake_provider::{check, client, one_attempt};
use crate::raw::{After, RawServer, response};

/// Returns the outcome and the number of attempts of a call to a service with these responses.
async fn attempts(
    responses: &[&str],
    after: After,
    settings: TransportConfig,
) -> (Result<(), ErrorKind>, u64) {
    let responses = responses
        .iter()
        .map(|head| if head.is_empty() { Vec::new() } else { response(head, "{}").into() });
    let server = RawServer::script(responses.collect(), after).await;
    let transport = Transport::new(settings);
    let outcome = client(&transport).call(&server.request(), check).await;
    match outcome {
        Ok(_) => (Ok(()), transport.stats().attempts),
        Err(error) => (Err(error.kind()), error.stats().attempts),
    }
}

fn short_backoff() -> TransportConfig {
    TransportConfig {
        initial_backoff: Duration::from_millis(2),
        attempt_timeout: Duration::from_millis(300),
        ..TransportConfig::default()
    }
}

#[tokio::test]
async fn retries_only_transient_failures() {
    use ErrorKind::{Connection, InvalidRequest, NotFound, RateLimited, Timeout, Unavailable};
    for (responses, after, outcome) in [
        (&["503 Down", "502 Down", "200 OK"][..], After::KeepOpen, (Ok(()), 3)),
        (&["429 Slowly\r\nx-ogw-ratelimit-reset: 0.01", "200 OK"], After::KeepOpen, (Ok(()), 2)),
        (&["", "", "200 OK"], After::Close, (Ok(()), 3)),
        (&["500 Down"], After::KeepOpen, (Err(Unavailable), 4)),
        (&["429 Slowly"], After::KeepOpen, (Err(RateLimited), 4)),
        (&[""], After::Close, (Err(Connection), 4)),
        (&[""], After::StaySilent, (Err(Timeout), 4)),
        (&["404 Nothing"], After::KeepOpen, (Err(NotFound), 1)),
        (&["400 Nonsense"], After::KeepOpen, (Err(InvalidRequest), 1)),
        (&["503 Down", "404 Nothing"], After::KeepOpen, (Err(NotFound), 2)),
    ] {
        assert_eq!(attempts(responses, after, short_backoff()).await, outcome, "{responses:?}");
    }
}

#[tokio::test]
async fn rate_limit_with_a_wait_does_not_count_as_an_attempt() {
    let limited = "429 Slowly\r\nx-ogw-ratelimit-reset: 0.01";
    let responses = [&[limited; 6][..], &["503 Down", limited, "200 OK"]].concat();
    let settings = TransportConfig { max_attempts: 2, ..short_backoff() };
    assert_eq!(attempts(&responses, After::KeepOpen, settings).await, (Ok(()), 9));
    // A service that always limits is retried until the deadline, with a pause before each retry.
    let settings = TransportConfig {
        call_timeout: Duration::from_millis(700),
        initial_backoff: Duration::ZERO,
        max_attempts: 1,
        ..short_backoff()
    };
    let always = ["429 Slowly\r\nRetry-After: 0"];
    let (outcome, sent) = attempts(&always, After::KeepOpen, settings).await;
    assert_eq!(outcome, Err(ErrorKind::RateLimited));
    assert!((2..=7).contains(&sent), "{sent}");
}

#[tokio::test]
async fn does_not_wait_for_a_retry_after_the_deadline() {
    let settings = TransportConfig { call_timeout: Duration::from_secs(5), ..short_backoff() };
    let outcome = attempts(&["429 Slowly\r\nRetry-After: 200"], After::KeepOpen, settings).await;
    assert_eq!(outcome, (Err(ErrorKind::RateLimited), 1));
}

#[tokio::test]
async fn returns_the_last_failure_at_the_deadline() {
    let settings = TransportConfig {
        call_timeout: Duration::from_millis(900),
        attempt_timeout: Duration::from_millis(300),
        max_attempts: 1_000,
        ..short_backoff()
    };
    let (outcome, sent) = attempts(&["503 Down", ""], After::StaySilent, settings).await;
    assert!(matches!(outcome, Err(ErrorKind::Timeout | ErrorKind::Unavailable)), "{outcome:?}");
    assert!(sent > 1);
}

#[tokio::test]
async fn all_calls_share_a_retry_budget() {
    let server = RawServer::start(response("503 Down", "{}"), After::KeepOpen).await;
    let transport = Transport::new(TransportConfig { retry_budget: 5, ..short_backoff() });
    for _ in 0..10 {
        assert!(client(&transport).call(&server.request(), check).await.is_err());
    }
    assert_eq!(server.heads().len(), 10 + 5);
}

#[tokio::test]
async fn does_not_retry_rejected_static_credentials() {
    let server = RawServer::start(response("401 No", "{}"), After::KeepOpen).await;
    let error = client(&one_attempt()).call(&server.request(), check).await.unwrap_err();
    assert_eq!((error.kind(), server.heads().len()), (ErrorKind::Unauthenticated, 1));
}
