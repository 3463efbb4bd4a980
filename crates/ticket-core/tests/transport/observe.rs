//! What an observer hears of calls, and their stats as numbers.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use ticket_core::mapping::Limit;
use ticket_core::transport::{Transport, TransportConfig};
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::desk::{CANARY, client, judge, limited};
use crate::raw::{After, Raw, response};

/// Keeps all that it is told, by whomever, at every level.
#[derive(Clone, Default)]
struct Observer(Arc<Mutex<Vec<String>>>);

/// The fields of a span or an event, each as ` name=value`.
struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").expect("a text takes everything");
    }
}

impl Observer {
    fn keep(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Fields<'_>)) {
        let mut line = format!("{} {}", metadata.level(), metadata.target());
        record(&mut Fields(&mut line));
        self.0.lock().unwrap().push(line);
    }

    /// What the transport told, without the times.
    fn told(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap();
        let ours = lines.iter().filter_map(|line| {
            let (level, rest) = line.split_once(" ticket_core::transport ")?;
            let is_steady = |word: &&str| !word.contains("_ms=");
            let words: Vec<_> = rest.split(' ').filter(is_steady).collect();
            Some(format!("{level} {}", words.join(" ")))
        });
        ours.collect()
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

/// Whether anybody listens is remembered for each line that tells, and two tests at once can remember it wrongly, unless
/// somebody listens all the time.
pub(crate) fn listen_always() {
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
async fn an_observer_hears_of_every_attempt_and_every_wait() {
    let server = Raw::script(
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
    client.call(&server.request(), judge).with_subscriber(observer.clone()).await.unwrap();
    let told: Vec<_> =
        observer.told().into_iter().filter(|line| !line.contains("message=waited")).collect();
    assert_eq!(
        told,
        [
            r#"INFO provider="desk" operation="get_ticket""#,
            r#"DEBUG message=attempt attempt=1 kind="unavailable" http_status=503 code="E5" request_id="r1""#,
            r#"WARN message=trying again attempt=1 kind="unavailable" http_status=503 code="E5" request_id="r1""#,
            r#"DEBUG message=attempt attempt=2 kind="rate_limited" http_status=429 code="E4" request_id="r2""#,
            r#"WARN message=trying again attempt=2 kind="rate_limited" http_status=429 code="E4" request_id="r2""#,
            r#"DEBUG message=attempt attempt=3 http_status=200 request_id="r3" bytes=2"#,
            "INFO message=done attempts=3",
        ]
    );
}

#[tokio::test]
async fn an_observer_hears_of_failures_and_of_calls_that_are_given_up() {
    let (observer, transport) = (Observer::default(), quick());
    let server = Raw::start(response("404 Nothing", "E1"), After::KeepOpen).await;
    let client = client(&transport);
    let outcome = client.call(&server.request(), judge).with_subscriber(observer.clone()).await;
    assert!(outcome.is_err());
    assert_eq!(
        observer.told().last().unwrap(),
        r#"WARN message=failed kind="not_found" http_status=404 code="E1" attempts=1"#
    );

    let silent = Raw::start("", After::StaySilent).await;
    let request = silent.request();
    let _observed = tracing::subscriber::set_default(observer.clone());
    tokio::select! {
        _ = client.call(&request, judge) => panic!("nobody responds"),
        () = silent.asked() => {}
    }
    assert_eq!(observer.told().last().unwrap(), "INFO message=given up attempts=1");
}

#[tokio::test]
async fn no_level_tells_a_secret_not_even_where_the_response_repeats_it() {
    let (observer, transport) = (Observer::default(), quick());
    for status in ["200 OK", "401 No", "503 Down"] {
        let head = format!("{status}\r\nX-Request-Id: {CANARY}\r\nRetry-After: {CANARY}");
        let server = Raw::start(response(&head, CANARY), After::KeepOpen).await;
        let client = client(&transport);
        // Succeeds or fails; only what is told of it matters here.
        let _ = client.call(&server.request(), judge).with_subscriber(observer.clone()).await;
    }
    let all = observer.0.lock().unwrap().join("\n");
    assert!(!all.contains(CANARY), "{all}");
    assert!(all.contains(r#"request_id="***""#), "{all}");
}

#[tokio::test]
async fn the_effort_of_a_call_and_of_all_calls_is_counted() {
    let down = Raw::start(response("503 Down", "{}"), After::KeepOpen).await;
    let up = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = quick();
    let failure = client(&transport).call(&down.request(), judge).await.unwrap_err();
    assert_eq!(failure.stats().attempts, 4);
    assert_eq!(transport.stats(), failure.stats());
    let limited = limited(&transport, Limit { requests: 1, seconds: 1 });
    for _ in 0..2 {
        limited.call(&up.request(), judge).await.unwrap();
    }
    let stats = transport.stats();
    assert_eq!(stats.attempts, 6);
    assert_eq!(stats.waits, failure.stats().waits + 1, "the second one waited for its turn");
    let waited = stats.waited.saturating_sub(failure.stats().waited);
    assert!(waited >= Duration::from_millis(900), "it was a window of one second: {waited:?}");
}
