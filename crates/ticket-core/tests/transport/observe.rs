//! The `tracing` events of calls, and their statistics.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use ticket_core::mapping::Limit;
use ticket_core::transport::{Transport, TransportConfig};
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::fake_provider::{CANARY, check, client, limited};
use crate::raw::{After, RawServer, response};

/// Records the events and spans of all crates at every level.
#[derive(Clone, Default)]
struct Observer(Arc<Mutex<Vec<String>>>);

/// The fields of a span or an event, each as ` name=value`.
struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").expect("writing to a string succeeds");
    }
}

impl Observer {
    fn keep(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Fields<'_>)) {
        let mut line = format!("{} {}", metadata.level(), metadata.target());
        record(&mut Fields(&mut line));
        self.0.lock().unwrap().push(line);
    }

    /// Returns the lines of the transport, without durations.
    fn transport_lines(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap();
        let lines = lines.iter().filter_map(|line| {
            let (level, rest) = line.split_once(" ticket_core::transport ")?;
            let is_stable = |word: &&str| !word.contains("_ms=");
            let words: Vec<_> = rest.split(' ').filter(is_stable).collect();
            Some(format!("{level} {}", words.join(" ")))
        });
        lines.collect()
    }
}

impl Subscriber for Observer {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.keep(span.metadata(), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        self.keep(event.metadata(), |fields| event.record(fields));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Installs a global subscriber. `tracing` caches for each callsite whether it is enabled; with concurrent tests, the cache
/// could be wrong unless some subscriber enables everything.
pub(crate) fn install_global_subscriber() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Observer::default()).unwrap());
}

fn quick() -> Transport {
    Transport::new(TransportConfig {
        initial_backoff: Duration::from_millis(3),
        ..TransportConfig::default()
    })
}

#[tokio::test]
async fn logs_every_attempt_and_retry() {
    let server = RawServer::script(
        vec![
            response("503 Down\r\nX-Request-Id: r1", "E5").into(),
            response("429 Slowly\r\nX-Request-Id: r2\r\nRetry-After: 0", "E4").into(),
            response("200 OK\r\nX-Request-Id: r3", "{}").into(),
        ],
        After::KeepOpen,
    )
    .await;
    let (observer, transport) = (Observer::default(), quick());
    let client = client(&transport);
    client.call(&server.request(), check).with_subscriber(observer.clone()).await.unwrap();
    let lines: Vec<_> = observer
        .transport_lines()
        .into_iter()
        .filter(|line| !line.contains("message=waited"))
        .collect();
    assert_eq!(
        lines,
        [
            r#"INFO provider="fake" operation="get_ticket""#,
            r#"DEBUG message=attempt attempt=1 kind="unavailable" http_status=503 code="E5" request_id="r1""#,
            r#"WARN message=retrying attempt=1 kind="unavailable" http_status=503 code="E5" request_id="r1""#,
            r#"DEBUG message=attempt attempt=2 kind="rate_limited" http_status=429 code="E4" request_id="r2""#,
            r#"WARN message=retrying attempt=2 kind="rate_limited" http_status=429 code="E4" request_id="r2""#,
            r#"DEBUG message=attempt attempt=3 http_status=200 request_id="r3" bytes=2"#,
            "INFO message=done attempts=3",
        ]
    );
}

#[tokio::test]
async fn logs_failed_and_cancelled_calls() {
    let (observer, transport) = (Observer::default(), quick());
    let server = RawServer::start(response("404 Nothing", "E1"), After::KeepOpen).await;
    let client = client(&transport);
    let outcome = client.call(&server.request(), check).with_subscriber(observer.clone()).await;
    assert!(outcome.is_err());
    assert_eq!(
        observer.transport_lines().last().unwrap(),
        r#"WARN message=failed kind="not_found" http_status=404 code="E1" attempts=1"#
    );

    let silent = RawServer::start("", After::StaySilent).await;
    let request = silent.request();
    let _observed = tracing::subscriber::set_default(observer.clone());
    tokio::select! {
        _ = client.call(&request, check) => panic!("the server is silent"),
        () = silent.requested() => {}
    }
    assert_eq!(observer.transport_lines().last().unwrap(), "INFO message=cancelled attempts=1");
}

#[tokio::test]
async fn logs_no_secret_that_the_response_repeats() {
    let (observer, transport) = (Observer::default(), quick());
    for status in ["200 OK", "401 No", "503 Down"] {
        let head = format!("{status}\r\nX-Request-Id: {CANARY}\r\nRetry-After: {CANARY}");
        let server = RawServer::start(response(&head, CANARY), After::KeepOpen).await;
        let client = client(&transport);
        // Only the events matter, not the result.
        let _ = client.call(&server.request(), check).with_subscriber(observer.clone()).await;
    }
    let all = observer.0.lock().unwrap().join("\n");
    assert!(!all.contains(CANARY), "{all}");
    assert!(all.contains(r#"request_id="***""#), "{all}");
}

#[tokio::test]
async fn counts_attempts_and_waits_of_one_call_and_of_all_calls() {
    let down = RawServer::start(response("503 Down", "{}"), After::KeepOpen).await;
    let up = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = quick();
    let failure = client(&transport).call(&down.request(), check).await.unwrap_err();
    assert_eq!(failure.stats().attempts, 4);
    assert_eq!(transport.stats(), failure.stats());
    let limited = limited(&transport, Limit { requests: 1, seconds: 1 });
    for _ in 0..2 {
        limited.call(&up.request(), check).await.unwrap();
    }
    let stats = transport.stats();
    assert_eq!(stats.attempts, 6);
    assert_eq!(stats.waits, failure.stats().waits + 1, "the second call waited for the rate limit");
    let waited = stats.waited.saturating_sub(failure.stats().waited);
    assert!(waited >= Duration::from_millis(900), "the window is one second: {waited:?}");
}
