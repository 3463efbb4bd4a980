//! HTTP itself: connections, limits, and requests that are none.

use std::time::Duration;

use ticket_sandbox::Sandbox;
use tokio::net::TcpStream;

use crate::client::{Client, call, engagelab, request};

const TICKET: &str = "/api/v2/accounts/tickets/tk_20251104_789abc";

#[tokio::test]
async fn one_connection_serves_one_request_after_the_other() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let mut client = Client::connect(&sandbox).await;
    for expected in [200, 401, 200] {
        let headers = if expected == 200 { engagelab() } else { vec![] };
        client.send(request("GET", TICKET, &headers, "ignored body")).await;
        let reply = client.reply().await.expect("a response");
        assert_eq!((reply.status, reply.header("Connection")), (expected, Some("keep-alive")));
    }
}

#[tokio::test]
async fn requests_that_come_at_once_and_in_pieces_are_told_apart() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let mut client = Client::connect(&sandbox).await;
    let three = request("POST", "/a", &[], "GET /x HTTP/1.1\r\n\r\n")
        + &request("GET", "/b?c", &[], "")
        + &request("GET", "/d", &[], "");
    let (one, other) = three.split_at(three.len() - 5);
    client.send(one).await;
    for _ in 0..2 {
        assert_eq!(client.reply().await.expect("a response").status, 404);
    }
    client.send(other).await;
    assert_eq!(client.reply().await.expect("a response").status, 404);
    let paths: Vec<_> = sandbox.requests().into_iter().map(|seen| seen.path).collect();
    assert_eq!(paths, ["/a", "/b", "/d"]);
}

#[tokio::test]
async fn a_client_that_wants_to_close_gets_its_way() {
    let sandbox = Sandbox::start().await.expect("a free port");
    for head in ["GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"] {
        let mut client = Client::connect(&sandbox).await;
        client.send(head).await;
        let reply = client.reply().await.expect("a response");
        assert_eq!((reply.status, reply.header("Connection")), (404, Some("close")));
        client.finish().await;
        assert!(client.reply().await.is_none());
    }
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_for_its_body_is_asked() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let mut client = Client::connect(&sandbox).await;
    client.send("POST /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").await;
    assert_eq!(client.reply().await.expect("a word").status, 100);
    client.send("{}").await;
    assert_eq!(client.reply().await.expect("a response").status, 404);
}

#[tokio::test]
async fn requests_that_cannot_be_read_are_refused_and_the_connection_ends() {
    let sandbox = Sandbox::start().await.expect("a free port");
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
        let mut client = Client::connect(&sandbox).await;
        client.send(text).await;
        client.finish().await;
        let reply = client.reply().await.expect("a response, and no reset before it");
        assert_eq!(
            (reply.status, reply.header("Connection")),
            (status, Some("close")),
            "{text:.60}"
        );
        assert!(client.reply().await.is_none());
    }
    let seen = sandbox.requests();
    assert_eq!(
        (seen.len(), seen[0].method.as_str(), seen[0].path.as_str(), seen[0].status),
        (7, "", "", 400)
    );
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_harms_nobody() {
    let sandbox = Sandbox::start().await.expect("a free port");
    for part in ["", "GET", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"]
    {
        let mut client = Client::connect(&sandbox).await;
        client.send(part).await;
        client.finish().await;
        assert!(client.reply().await.is_none(), "{part}");
    }
    assert_eq!(call(&sandbox, "GET", TICKET, &engagelab(), "").await.status, 200);
    assert_eq!(sandbox.requests().len(), 1);
}

// Paused time goes on by itself when nobody has anything to do, up to the next timer: the patience of the server.
#[tokio::test(start_paused = true)]
async fn a_silent_client_is_left_and_a_slow_one_is_told() {
    let sandbox =
        Sandbox::builder().idle_timeout(Duration::from_secs(5)).start().await.expect("a free port");
    let mut silent = Client::connect(&sandbox).await;
    assert!(silent.reply().await.is_none());
    for part in ["GET / HT", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"] {
        let mut slow = Client::connect(&sandbox).await;
        slow.send(part).await;
        let reply = slow.reply().await.expect("a response");
        assert_eq!((reply.status, reply.header("Connection")), (408, Some("close")), "{part}");
    }
}

#[tokio::test]
async fn dropping_the_sandbox_ends_its_connections_and_frees_its_port() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let address = sandbox.address();
    let mut client = Client::connect(&sandbox).await;
    client.send(request("GET", TICKET, &engagelab(), "")).await;
    assert_eq!(client.reply().await.expect("a response").status, 200);
    drop(sandbox);
    assert!(client.reply().await.is_none());
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn stopping_the_sandbox_waits_until_its_port_is_free() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let address = sandbox.address();
    sandbox.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn requests_are_remembered_without_headers_bodies_and_queries() {
    let sandbox = Sandbox::start().await.expect("a free port");
    call(&sandbox, "GET", TICKET, &engagelab(), "").await;
    call(
        &sandbox,
        "POST",
        "/open-apis/auth/v3/tenant_access_token/internal?app_secret=canary",
        &[],
        "canary",
    )
    .await;
    let seen = sandbox.requests();
    let first = &seen[0];
    assert_eq!((first.method.as_str(), first.path.as_str(), first.status), ("GET", TICKET, 200));
    assert_eq!((seen.len(), seen[1].method.as_str(), seen[1].status), (2, "POST", 200));
    assert!(!format!("{seen:?} {sandbox:?}").contains("canary"));
}
