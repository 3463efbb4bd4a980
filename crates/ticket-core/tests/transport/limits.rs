//! The concurrency limit and rate limits, which calls share.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use ticket_core::Response;
use ticket_core::mapping::Limit;
use ticket_core::transport::{Transport, TransportConfig};
use tokio::task::yield_now;
use tokio::time::{advance, pause, resume};

use crate::fake_provider::{check, client, limited};
use crate::raw::{After, RawServer, response};

/// A rate limit that no test reaches.
const HIGH_LIMIT: Limit = Limit { requests: 100, seconds: 1 };

#[tokio::test]
async fn limits_concurrent_requests() {
    let server = RawServer::start("", After::StaySilent).await;
    let transport =
        Transport::new(TransportConfig { concurrency: 3, ..TransportConfig::default() });
    let client = client(&transport);
    let request = server.request();
    let calls = (0..7).map(|_| client.call(&request, check));
    let seen = async {
        while server.heads().len() < 3 {
            yield_now().await;
        }
        // The runtime has one thread: every call that can send does so meanwhile.
        for _ in 0..10_000 {
            yield_now().await;
        }
        server.heads().len()
    };
    tokio::select! {
        _ = join_all(calls) => panic!("the server is silent"),
        seen = seen => assert_eq!(seen, 3),
    }
}

#[tokio::test]
async fn cancelled_call_releases_its_permit() {
    let silent = RawServer::start("", After::StaySilent).await;
    let quick = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport =
        Transport::new(TransportConfig { concurrency: 1, ..TransportConfig::default() });
    let client = client(&transport);
    let request = silent.request();
    for _ in 0..5 {
        tokio::select! {
            _ = client.call(&request, check) => panic!("the server is silent"),
            () = silent.requested() => {}
        }
    }
    client.call(&quick.request(), check).await.unwrap();
    assert_eq!(transport.stats().attempts, 6, "cancelled attempts count too");
}

#[tokio::test]
async fn two_clients_that_share_a_rate_limit_both_succeed() {
    // Every second request is rejected, as if the other client had used up the limit.
    let rejected = response("429 Slowly\r\nx-ogw-ratelimit-reset: 0.02", "{}").into_bytes();
    let accepted = response("200 OK", "{}").into_bytes();
    let script = (0..1_000).map(|number| [&rejected, &accepted][number % 2].clone()).collect();
    let server = RawServer::script(script, After::KeepOpen).await;
    let settings = || TransportConfig {
        max_attempts: 1,
        initial_backoff: Duration::from_millis(1),
        max_backoff: Duration::from_millis(10),
        ..TransportConfig::default()
    };
    let clients = [(), ()].map(|()| limited(&Transport::new(settings()), HIGH_LIMIT));
    let rejections = AtomicUsize::new(0);
    let read = |response: &Response| {
        rejections.fetch_add(usize::from(response.http_status == Some(429)), Ordering::SeqCst);
        check(response)
    };
    let request = server.request();
    let calls = clients.iter().flat_map(|client| (0..20).map(|_| client.call(&request, read)));
    for outcome in join_all(calls).await {
        outcome.unwrap();
    }
    let rejections = rejections.load(Ordering::SeqCst);
    assert!(rejections >= 40 && server.heads().len() == 40 + rejections, "{rejections}");
}

#[tokio::test]
async fn waits_for_the_reset_if_another_client_used_up_the_limit() {
    let rejected = response("429 Slowly\r\nx-ogw-ratelimit-reset: 60", "{}").into();
    let server =
        RawServer::script(vec![rejected, response("200 OK", "{}").into()], After::KeepOpen).await;
    let client = limited(&Transport::default(), HIGH_LIMIT);
    let request = server.request();
    let is_rejected = AtomicBool::new(false);
    let read = |response: &Response| {
        is_rejected.fetch_or(response.http_status == Some(429), Ordering::SeqCst);
        check(response)
    };
    let others = async {
        while !is_rejected.load(Ordering::SeqCst) {
            yield_now().await;
        }
        let waiting = join_all((0..5).map(|_| client.call(&request, check)));
        let watch = async {
            // The runtime has one thread: every call that can send does so meanwhile.
            for _ in 0..10_000 {
                yield_now().await;
            }
            assert_eq!(server.heads().len(), 1, "no request before the reset");
            // The clock is paused only for the jump, because sockets need it to run.
            pause();
            advance(Duration::from_secs(61)).await;
            resume();
        };
        tokio::join!(waiting, watch).0
    };
    let (first, others) = tokio::join!(client.call(&request, read), others);
    assert!(first.is_ok() && others.iter().all(Result::is_ok), "{first:?} {others:?}");
    assert_eq!(server.heads().len(), 1 + 6, "one retry and five first attempts");
}
