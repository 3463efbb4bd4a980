//! How long a call may take: a connection, an attempt, and all of it.

use std::time::Duration;

use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{BaseUrl, ErrorKind, Request};
use tokio::task::yield_now;

use crate::desk::{call, client, failure, judge, settings};
use crate::raw::{After, Raw, response};

#[tokio::test]
async fn silence_before_and_within_the_body_ends_at_the_deadline() {
    for bytes in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\""] {
        let error = failure(bytes, After::StaySilent).await;
        assert_eq!(error.kind(), ErrorKind::Timeout, "{bytes:?}");
        assert_eq!(error.message(), "no whole response came within 0.5 s");
    }
}

#[tokio::test]
async fn a_drip_of_bytes_does_not_put_off_the_deadline() {
    let drip = After::Drip(Duration::from_millis(10));
    let server = Raw::start("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", drip).await;
    let transport = Transport::new(TransportConfig {
        attempt_timeout: Duration::from_millis(300),
        call_timeout: Duration::from_secs(3),
        ..settings()
    });
    let error = call(&transport, &server).await.unwrap_err();
    assert_eq!(error.message(), "no whole response came within 0.3 s");
}

/// Linux leaves a connection unanswered where so many wait to be accepted already; other systems refuse it, or take it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_nobody_accepts_ends_at_its_own_deadline() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let waiting: Vec<_> =
        (0..8).map(|_| tokio::spawn(tokio::net::TcpStream::connect(address))).collect();
    // All is one thread here: each of them begins now.
    yield_now().await;
    let base = BaseUrl::new(&format!("http://{address}")).unwrap();
    let request = Request::get("get_ticket", base.join(&["tickets", "7"]).unwrap());
    let transport = Transport::new(TransportConfig {
        connect_timeout: Duration::from_millis(200),
        attempt_timeout: Duration::from_secs(2),
        ..settings()
    });
    let error = client(&transport).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Timeout, "no connection could be made in time")
    );
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn the_whole_call_has_a_deadline_of_its_own() {
    let server = Raw::start("", After::StaySilent).await;
    let transport = Transport::new(TransportConfig {
        call_timeout: Duration::from_millis(300),
        attempt_timeout: Duration::from_secs(2),
        ..settings()
    });
    let error = call(&transport, &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.message(), "the call did not end within 0.3 s");
    assert_eq!(error.stats().attempts, 1);
}

#[tokio::test]
async fn times_without_end_do_not_overflow_a_clock() {
    let server = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = Transport::new(TransportConfig {
        connect_timeout: Duration::MAX,
        attempt_timeout: Duration::MAX,
        call_timeout: Duration::MAX,
        initial_backoff: Duration::MAX,
        max_backoff: Duration::MAX,
        max_attempts: 0,
        concurrency: 0,
        ..TransportConfig::default()
    });
    client(&transport).call(&server.request(), judge).await.unwrap();
}
