//! HTTP: connections, limits and malformed requests.

use std::time::Duration;

use scripted_server::{ScriptedServer, ServerConfig, StartError};
use tokio::net::TcpStream;

use crate::client::{Client, call, get_ticket, request};
use crate::start;

#[tokio::test]
async fn connection_is_reused() {
    let server = start().await;
    let mut client = Client::connect(&server).await;
    for (path, expected) in [("/tickets/1", 200), ("/tickets/9", 404), ("/tickets/1", 200)] {
        client.send(request("GET", path, &[], "ignored body")).await;
        let response = client.response().await.expect("a response");
        assert_eq!(
            (response.status, response.header("Connection")),
            (expected, Some("keep-alive"))
        );
    }
}

#[tokio::test]
async fn separates_pipelined_and_split_requests() {
    let server = start().await;
    let mut client = Client::connect(&server).await;
    let three = request("POST", "/a", &[], "GET /x HTTP/1.1\r\n\r\n")
        + &request("GET", "/b?c", &[], "")
        + &request("GET", "/d", &[], "");
    let (one, other) = three.split_at(three.len() - 5);
    client.send(one).await;
    for _ in 0..2 {
        assert_eq!(client.response().await.expect("a response").status, 404);
    }
    client.send(other).await;
    assert_eq!(client.response().await.expect("a response").status, 404);
    let paths: Vec<_> = server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/a", "/b", "/d"]);
}

#[tokio::test]
async fn closes_the_connection_on_request() {
    let server = start().await;
    for head in ["GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"] {
        let mut client = Client::connect(&server).await;
        client.send(head).await;
        let response = client.response().await.expect("a response");
        assert_eq!((response.status, response.header("Connection")), (404, Some("close")));
        client.finish().await;
        assert!(client.response().await.is_none());
    }
}

#[tokio::test]
async fn sends_100_continue() {
    let server = start().await;
    let mut client = Client::connect(&server).await;
    client.send("POST /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").await;
    assert_eq!(client.response().await.expect("a response").status, 100);
    client.send("{}").await;
    assert_eq!(client.response().await.expect("a response").status, 404);
}

#[tokio::test]
async fn malformed_requests_are_answered_and_the_connection_is_closed() {
    let server = start().await;
    let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "b".repeat(70_000));
    let body =
        format!("POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n{}", "b".repeat(1_048_577));
    for (text, status) in [
        ("\u{1}\u{2}\u{3}\r\n\r\n", 400),
        ("GET nowhere HTTP/1.1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (&body, 413),
        (&long, 431),
        ("GET / HTTP/3.0\r\n\r\n", 505),
    ] {
        let mut client = Client::connect(&server).await;
        client.send(text).await;
        client.finish().await;
        let response = client.response().await.expect("a response before any reset");
        assert_eq!(
            (response.status, response.header("Connection")),
            (status, Some("close")),
            "{text:.60}"
        );
        assert!(client.response().await.is_none());
    }
    let requests = server.requests();
    assert_eq!(
        (requests.len(), &*requests[0].method, &*requests[0].path, requests[0].status),
        (7, "", "", 400)
    );
}

#[tokio::test]
async fn survives_incomplete_requests() {
    let server = start().await;
    for part in ["", "GET", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"]
    {
        let mut client = Client::connect(&server).await;
        client.send(part).await;
        client.finish().await;
        assert!(client.response().await.is_none(), "{part}");
    }
    assert_eq!(get_ticket(&server).await.status, 200);
    assert_eq!(server.requests().len(), 1);
}

// A paused clock advances to the next timer when all tasks wait: here, the idle timeout.
#[tokio::test(start_paused = true)]
async fn idle_client_is_disconnected_and_slow_request_gets_408() {
    let idle_timeout = Some(Duration::from_secs(5));
    let config = ServerConfig { idle_timeout, ..ServerConfig::default() };
    let server = ScriptedServer::start_with([], config).await.expect("a free port");
    let mut silent = Client::connect(&server).await;
    assert!(silent.response().await.is_none());
    for part in ["GET / HT", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"] {
        let mut slow = Client::connect(&server).await;
        slow.send(part).await;
        let response = slow.response().await.expect("a response");
        assert_eq!(
            (response.status, response.header("Connection")),
            (408, Some("close")),
            "{part}"
        );
    }
}

#[tokio::test]
async fn drop_closes_connections_and_frees_the_port() {
    let server = start().await;
    let address = server.address();
    let mut client = Client::connect(&server).await;
    client.send(request("GET", "/tickets/1", &[], "")).await;
    assert_eq!(client.response().await.expect("a response").status, 200);
    drop(server);
    assert!(client.response().await.is_none());
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn stop_waits_until_the_port_is_free() {
    let server = start().await;
    let address = server.address();
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn log_has_no_headers_bodies_and_queries() {
    let server = start().await;
    call(&server, "GET", "/tickets/1?key=canary", &["Authorization: canary"], "canary").await;
    let requests = server.requests();
    let logged = &requests[0];
    assert_eq!((&*logged.method, &*logged.path, logged.status), ("GET", "/tickets/1", 200));
    assert!(!format!("{requests:?} {server:?}").contains("canary"));
}

#[tokio::test]
async fn listens_on_loopback_addresses_only() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0", "[2001:db8::1]:0"] {
        let address = address.parse().expect(address);
        let config = ServerConfig { address, ..ServerConfig::default() };
        let error = ScriptedServer::start_with([], config).await.expect_err("not loopback");
        assert!(matches!(error, StartError::NotLoopback(other) if other == address));
        assert!(error.to_string().contains(&address.to_string()), "{error}");
    }
}

#[tokio::test]
async fn error_names_a_port_in_use() {
    let first = start().await;
    let config = ServerConfig { address: first.address(), ..ServerConfig::default() };
    let error = ScriptedServer::start_with([], config).await.expect_err("the port is in use");
    assert!(error.to_string().ends_with(&first.address().to_string()), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}
