//! The count of open connections, and which requests a fault affects.

use std::time::Duration;

use scripted_server::ScriptedServer;

use crate::client::{Client, get_ticket, request};
use crate::start_with_fault;

/// Waits until this many connections are open.
async fn until_open(server: &ScriptedServer, count: usize) {
    let reached = async {
        while server.open_connections() != count {
            tokio::task::yield_now().await;
        }
    };
    let watchdog = Duration::from_mins(1);
    tokio::time::timeout(watchdog, reached).await.expect("connections open and close");
}

#[tokio::test]
async fn rule_affects_only_its_requests() {
    for (requests, expected) in [
        ("", [503, 503, 503, 503]),
        ("2", [200, 503, 200, 200]),
        ("2-3", [200, 503, 503, 200]),
        ("3-", [200, 200, 503, 503]),
        ("every 2", [200, 503, 200, 503]),
        ("100%", [503, 503, 503, 503]),
    ] {
        let server = start_with_fault(&format!("ticket {requests}: status 503")).await;
        let mut statuses = Vec::new();
        for _ in 0..4 {
            statuses.push(get_ticket(&server).await.status);
        }
        assert_eq!(statuses, expected, "{requests}");
    }
}

#[tokio::test]
async fn counts_open_connections() {
    let server = start_with_fault("ticket: silence").await;
    assert_eq!(server.open_connections(), 0);
    let mut clients = Vec::new();
    for count in 1..=3 {
        let mut client = Client::connect(&server).await;
        client.send(request("GET", "/tickets/1", &[], "")).await;
        clients.push(client);
        until_open(&server, count).await;
    }
    clients.pop();
    until_open(&server, 2).await;
    clients.clear();
    until_open(&server, 0).await;
}

#[tokio::test]
async fn notices_a_client_that_leaves_during_a_long_reply() {
    for fault in ["huge 1GiB", "huge-chunked 1GiB", "drip 1ms"] {
        let server = start_with_fault(&format!("ticket: {fault}")).await;
        let mut client = Client::connect(&server).await;
        client.send(request("GET", "/tickets/1", &[], "")).await;
        client.first_byte().await;
        drop(client);
        until_open(&server, 0).await;
    }
}
