//! A long run: thousands of fetches from both desks while one request in twenty meets a fault of any kind.
//!
//! Every ticket must come, or its failure must be told; no connection, file or memory may be left behind. In every test run it
//! is short; `SOAK_FETCHES=100000 cargo test --release -p ticket-reliability --test soak -- --nocapture` is the
//! long one, and prints what the page about reliability shows.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use engagelab_provider::EngageLabSource;
use feishu_provider::FeishuSource;
use futures_util::stream::{self, StreamExt as _};
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{ErrorKind, TicketId, TicketSource};
use ticket_sandbox::{Fault, Rule, Sandbox};

/// How many tickets are asked for where nobody says otherwise.
const FETCHES: usize = 2_000;
/// How many of them at a time.
const CONCURRENCY: usize = 64;
/// How many requests of a million meet a fault.
const FAULTS: usize = 50_000;
/// From how many fetches on the memory is judged.
const LONG: usize = 20_000;
/// How much more the process may hold at the end than in the first half, in bytes: a few large bodies at the same time.
const GROWTH: u64 = 64 << 20;

/// One rule for each kind of fault, all of them together for so many of a million requests.
fn rules() -> Vec<Rule> {
    // A spoilt token stays refused for hours: whatever follows would only repeat that.
    let faults: Vec<_> = Fault::catalogue().iter().filter(|entry| entry.name != "spoil").collect();
    let share = FAULTS / faults.len();
    let rule = |(seed, example): (usize, &str)| {
        let rule = format!("* 0.{share:04}% seed {seed}: {example}");
        rule.parse().expect("a rule")
    };
    faults.iter().map(|entry| entry.example).enumerate().map(rule).collect()
}

/// Both desks at the stand-in, over one transport.
fn desks(sandbox: &Sandbox, transport: &Transport) -> [Box<dyn TicketSource>; 2] {
    let known = sandbox.credentials();
    let engagelab = EngageLabSource::builder()
        .base_url(sandbox.base_url())
        .credentials(&*known.engagelab_api_key, &*known.engagelab_api_secret)
        .transport(transport.clone());
    let feishu = FeishuSource::builder()
        .base_url(sandbox.base_url())
        .app(&*known.feishu_app_id, &*known.feishu_app_secret)
        .helpdesk(&*known.feishu_helpdesk_id, &*known.feishu_helpdesk_token)
        .transport(transport.clone());
    [Box::new(engagelab.build().expect("settings")), Box::new(feishu.build().expect("settings"))]
}

/// The memory that the process holds, in bytes; `None` where the system does not tell.
fn memory() -> Option<u64> {
    let pages: u64 =
        fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4_096)
}

/// How many files and sockets are open; `None` where the system does not tell.
fn open_files() -> Option<usize> {
    Some(fs::read_dir("/proc/self/fd").ok()?.count())
}

/// Waits until something has become true; a minute is more than any machine needs.
async fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    let watchdog = Instant::now() + Duration::from_mins(1);
    while !is_true() {
        assert!(Instant::now() < watchdog, "{what} within a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn every_ticket_comes_or_its_failure_is_told_and_nothing_is_left_behind() {
    let fetches = std::env::var("SOAK_FETCHES")
        .map_or(FETCHES, |number| number.parse().expect("SOAK_FETCHES is a number"));
    let files_before = open_files();
    let mut builder = Sandbox::builder().requests_per_second(1_000_000);
    for rule in rules() {
        builder = builder.fault(rule);
    }
    let sandbox = builder.start().await.expect("a free port");
    let transport = Transport::new(TransportConfig {
        attempt_timeout: Duration::from_secs(2),
        rate_limit_fraction: 1_000.0,
        concurrency: CONCURRENCY,
        ..TransportConfig::default()
    });
    let desks = desks(&sandbox, &transport);
    let ids: Vec<(usize, TicketId)> = ["engagelab", "feishu"]
        .iter()
        .enumerate()
        .flat_map(|(desk, name)| {
            let ids = Sandbox::ticket_ids(name);
            ids.into_iter().map(move |id| (desk, TicketId::new(id).expect("an id")))
        })
        .collect();

    let start = Instant::now();
    let mut arrived = 0;
    let mut failed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut examples = BTreeMap::new();
    let mut resident = Vec::new();
    let mut most_open = 0;
    let mut outcomes = stream::iter(0..fetches)
        .map(|number| {
            let (desk, id) = &ids[number % ids.len()];
            let desk = &desks[*desk];
            async move { (id, desk.fetch(id).await) }
        })
        .buffer_unordered(CONCURRENCY);
    let mut ended = 0;
    while let Some((id, outcome)) = outcomes.next().await {
        match outcome {
            Ok(record) => {
                assert_eq!(record.ticket.id, id.as_str());
                arrived += 1;
            }
            Err(error) => {
                // What only wrong settings or a wrong request can cause must not come of a fault.
                let kind = error.kind();
                let is_cause = !matches!(kind, ErrorKind::Configuration | ErrorKind::NotFound);
                assert!(is_cause, "{id}: {error:?}");
                // Whoever waited for somebody else's token call has sent nothing.
                let was_sent = error.stats().attempts > 0;
                let is_shared = error.operation() == Some(feishu_provider::GET_TOKEN);
                assert!(was_sent || is_shared, "{id}: {error:?}");
                *failed.entry(kind.as_str()).or_default() += 1;
                examples.entry(kind.as_str()).or_insert(error);
            }
        }
        ended += 1;
        if ended % (fetches / 10).max(1) == 0 {
            resident.extend(memory());
            most_open = most_open.max(sandbox.open_connections());
        }
    }
    drop(outcomes);
    let time = start.elapsed();
    assert_eq!(arrived + failed.values().sum::<usize>(), fetches);

    let stats = transport.stats();
    drop((desks, transport));
    until("every connection is closed", || sandbox.open_connections() == 0).await;
    sandbox.stop().await;
    until("every file is closed", || open_files() <= files_before).await;

    println!("fetches {fetches}, fetched {arrived}, failed {failed:?}");
    for (kind, example) in examples {
        println!("{kind}: {example:?}");
    }
    println!("requests {}, waits {}, waited {:?}", stats.attempts, stats.waits, stats.waited);
    println!("most connections {most_open}, time {time:?}");
    let mebibytes: Vec<_> = resident.iter().map(|bytes| bytes >> 20).collect();
    println!("memory after each tenth, MiB: {mebibytes:?}");
    assert!(failed.values().sum::<usize>() > 0, "some faults cannot be mended");
    // A short run ends before the buffers have grown to their size, and what it could leak is less than they are.
    if fetches >= LONG && resident.len() >= 10 {
        let settled = resident[..5].iter().max().copied().unwrap_or_default();
        assert!(resident[9] < settled + GROWTH, "memory grows: {mebibytes:?} MiB");
    }
}
