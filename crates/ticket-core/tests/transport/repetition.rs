//! What is sent again, and how often.

use std::time::Duration;

use ticket_core::ErrorKind;
use ticket_core::transport::{Transport, TransportConfig};

use crate::desk::{client, judge, quick};
use crate::raw::{After, Raw, response};

/// What becomes of a call to a service that responds like this, and how many attempts it took.
async fn persistent(
    responses: &[&str],
    after: After,
    settings: TransportConfig,
) -> (Result<(), ErrorKind>, u64) {
    let responses = responses
        .iter()
        .map(|head| if head.is_empty() { Vec::new() } else { response(head, "{}").into() });
    let server = Raw::script(responses.collect(), after).await;
    let transport = Transport::new(settings);
    let outcome = client(&transport).call(&server.request(), judge).await;
    match outcome {
        Ok(_) => (Ok(()), transport.stats().attempts),
        Err(error) => (Err(error.kind()), error.stats().attempts),
    }
}

fn patient() -> TransportConfig {
    TransportConfig {
        initial_backoff: Duration::from_millis(2),
        attempt_timeout: Duration::from_millis(300),
        ..TransportConfig::default()
    }
}

#[tokio::test]
async fn what_time_can_mend_is_tried_again_and_nothing_else() {
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
        assert_eq!(persistent(responses, after, patient()).await, outcome, "{responses:?}");
    }
}

#[tokio::test]
async fn a_rate_limit_that_names_its_wait_is_no_attempt() {
    let limited = "429 Slowly\r\nx-ogw-ratelimit-reset: 0.01";
    let responses = [&[limited; 6][..], &["503 Down", limited, "200 OK"]].concat();
    let settings = TransportConfig { max_attempts: 2, ..patient() };
    assert_eq!(persistent(&responses, After::KeepOpen, settings).await, (Ok(()), 9));
    // The service that never lets anybody through is asked until the deadline, and never in haste.
    let settings = TransportConfig {
        call_timeout: Duration::from_millis(700),
        initial_backoff: Duration::ZERO,
        max_attempts: 1,
        ..patient()
    };
    let forever = ["429 Slowly\r\nRetry-After: 0"];
    let (outcome, sent) = persistent(&forever, After::KeepOpen, settings).await;
    assert_eq!(outcome, Err(ErrorKind::RateLimited));
    assert!((2..=7).contains(&sent), "{sent}");
}

#[tokio::test]
async fn an_attempt_that_cannot_begin_in_time_is_not_waited_for() {
    let settings = TransportConfig { call_timeout: Duration::from_secs(5), ..patient() };
    let outcome = persistent(&["429 Slowly\r\nRetry-After: 200"], After::KeepOpen, settings).await;
    assert_eq!(outcome, (Err(ErrorKind::RateLimited), 1));
}

#[tokio::test]
async fn where_the_time_runs_out_the_last_failure_is_told() {
    let settings = TransportConfig {
        call_timeout: Duration::from_millis(900),
        attempt_timeout: Duration::from_millis(300),
        max_attempts: 1_000,
        ..patient()
    };
    let (outcome, sent) = persistent(&["503 Down", ""], After::StaySilent, settings).await;
    assert!(matches!(outcome, Err(ErrorKind::Timeout | ErrorKind::Unavailable)), "{outcome:?}");
    assert!(sent > 1);
}

#[tokio::test]
async fn all_calls_together_repeat_only_so_often() {
    let server = Raw::start(response("503 Down", "{}"), After::KeepOpen).await;
    let transport = Transport::new(TransportConfig { retry_budget: 5, ..patient() });
    for _ in 0..10 {
        assert!(client(&transport).call(&server.request(), judge).await.is_err());
    }
    assert_eq!(server.heads().len(), 10 + 5);
}

#[tokio::test]
async fn credentials_that_cannot_change_are_sent_once() {
    let server = Raw::start(response("401 No", "{}"), After::KeepOpen).await;
    let error = client(&quick()).call(&server.request(), judge).await.unwrap_err();
    assert_eq!((error.kind(), server.heads().len()), (ErrorKind::Unauthenticated, 1));
}
