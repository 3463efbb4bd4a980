//! Timeouts of connections, attempts and calls.

use std::time::Duration;

use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{BaseUrl, ErrorKind, Request};
use tokio::task::yield_now;

use crate::fake_provider::{call, check, client, failure, settings};
use crate::raw::{After, RawServer, response};

#[tokio::test]
async fn times_out_if_the_response_stops() {
    for bytes in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\""] {
        let error = failure(bytes, After::StaySilent).await;
        assert_eq!(error.kind(), ErrorKind::Timeout, "{bytes:?}");
        assert_eq!(error.message(), "no complete response within 0.5 s");
    }
}

#[tokio::test]
async fn slow_body_does_not_extend_the_attempt_timeout() {
    let after = After::Drip(Duration::from_millis(10));
    let server = RawServer::start("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", after).await;
    let transport = Transport::new(TransportConfig {
        attempt_timeout: Duration::from_millis(300),
        call_timeout: Duration::from_secs(3),
        ..settings()
    });
    let error = call(&transport, &server).await.unwrap_err();
    assert_eq!(error.message(), "no complete response within 0.3 s");
}

/// Linux leaves a connection pending if the backlog is full; other systems refuse or accept it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn unaccepted_connection_ends_at_the_connect_timeout() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let pending: Vec<_> =
        (0..8).map(|_| tokio::spawn(tokio::net::TcpStream::connect(address))).collect();
    // The runtime has one thread: each task starts now.
    yield_now().await;
    let base = BaseUrl::new(&format!("http://{address}")).unwrap();
    let request = Request::get("get_ticket", base.join(&["tickets", "7"]).unwrap());
    let transport = Transport::new(TransportConfig {
        connect_timeout: Duration::from_millis(200),
        attempt_timeout: Duration::from_secs(2),
        ..settings()
    });
    let error = client(&transport).call(&request, |_| Ok(())).await.unwrap_err();
    let message = format!("cannot connect to {address} in time");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Timeout, message.as_str()));
    pending.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn call_timeout_limits_the_whole_call() {
    let server = RawServer::start("", After::StaySilent).await;
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
async fn huge_durations_do_not_overflow() {
    let server = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
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
    client(&transport).call(&server.request(), check).await.unwrap();
}
