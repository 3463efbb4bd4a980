//! What calls share: the requests that may be open, and the limit of a service.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use ticket_core::Response;
use ticket_core::mapping::Limit;
use ticket_core::transport::{Transport, TransportConfig};
use tokio::task::yield_now;
use tokio::time::{advance, pause, resume};

use crate::desk::{client, judge, limited};
use crate::raw::{After, Raw, response};

const NOBODY_REACHES: Limit = Limit { requests: 100, seconds: 1 };

#[tokio::test]
async fn no_more_requests_are_open_at_a_time_than_the_settings_allow() {
    let server = Raw::start("", After::StaySilent).await;
    let transport =
        Transport::new(TransportConfig { concurrency: 3, ..TransportConfig::default() });
    let client = client(&transport);
    let request = server.request();
    let calls = (0..7).map(|_| client.call(&request, judge));
    let seen = async {
        while server.heads().len() < 3 {
            yield_now().await;
        }
        // All is one thread here: whoever could send does so meanwhile.
        for _ in 0..10_000 {
            yield_now().await;
        }
        server.heads().len()
    };
    tokio::select! {
        _ = join_all(calls) => panic!("nobody responds"),
        seen = seen => assert_eq!(seen, 3),
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_no_permit_behind() {
    let silent = Raw::start("", After::StaySilent).await;
    let quick = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport =
        Transport::new(TransportConfig { concurrency: 1, ..TransportConfig::default() });
    let client = client(&transport);
    let request = silent.request();
    for _ in 0..5 {
        tokio::select! {
            _ = client.call(&request, judge) => panic!("nobody responds"),
            () = silent.asked() => {}
        }
    }
    client.call(&quick.request(), judge).await.unwrap();
    assert_eq!(transport.stats().attempts, 6, "what was given up counts as well");
}

#[tokio::test]
async fn two_programs_that_share_a_limit_lose_nothing() {
    // Whoever comes second is refused, as the other one has used up the limit.
    let refused = response("429 Slowly\r\nx-ogw-ratelimit-reset: 0.02", "{}").into_bytes();
    let taken = response("200 OK", "{}").into_bytes();
    let script = (0..1_000).map(|number| [&refused, &taken][number % 2].clone()).collect();
    let server = Raw::script(script, After::KeepOpen).await;
    let settings = || TransportConfig {
        max_attempts: 1,
        initial_backoff: Duration::from_millis(1),
        max_backoff: Duration::from_millis(10),
        ..TransportConfig::default()
    };
    let programs = [(), ()].map(|()| limited(&Transport::new(settings()), NOBODY_REACHES));
    let refusals = AtomicUsize::new(0);
    let read = |response: &Response| {
        refusals.fetch_add(usize::from(response.http_status == Some(429)), Ordering::SeqCst);
        judge(response)
    };
    let request = server.request();
    let calls = programs.iter().flat_map(|program| (0..20).map(|_| program.call(&request, read)));
    for outcome in join_all(calls).await {
        outcome.unwrap();
    }
    let refusals = refusals.load(Ordering::SeqCst);
    assert!(refusals >= 40 && server.heads().len() == 40 + refusals, "{refusals}");
}

#[tokio::test]
async fn when_another_program_uses_up_the_limit_all_wait_until_it_recovers_and_then_go_on() {
    let refused = response("429 Slowly\r\nx-ogw-ratelimit-reset: 60", "{}").into();
    let server = Raw::script(vec![refused, response("200 OK", "{}").into()], After::KeepOpen).await;
    let client = limited(&Transport::default(), NOBODY_REACHES);
    let request = server.request();
    let is_refused = AtomicBool::new(false);
    let read = |response: &Response| {
        is_refused.fetch_or(response.http_status == Some(429), Ordering::SeqCst);
        judge(response)
    };
    let others = async {
        while !is_refused.load(Ordering::SeqCst) {
            yield_now().await;
        }
        let waiting = join_all((0..5).map(|_| client.call(&request, judge)));
        let watch = async {
            // All is one thread here: whoever could send does so meanwhile.
            for _ in 0..10_000 {
                yield_now().await;
            }
            assert_eq!(server.heads().len(), 1, "nobody sends anything before the reset");
            // Time stands still for the jump only: sockets need it to go on.
            pause();
            advance(Duration::from_secs(61)).await;
            resume();
        };
        tokio::join!(waiting, watch).0
    };
    let (first, others) = tokio::join!(client.call(&request, read), others);
    assert!(first.is_ok() && others.iter().all(Result::is_ok), "{first:?} {others:?}");
    assert_eq!(server.heads().len(), 1 + 6, "each was sent once more, or for the first time");
}
