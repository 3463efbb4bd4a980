//! A soak test: thousands of fetches from both providers, while one request in twenty has a fault.
//!
//! Every call must return its ticket or an error, without leaking connections, files or memory. Run it longer with
//! `SOAK_FETCHES=100000 cargo test --release -p ticket-cli --test soak -- --nocapture`, which prints the figures of
//! `docs/reliability.md`.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use engagelab_provider::EngageLabSource;
use feishu_provider::FeishuSource;
use futures_util::stream::{self, StreamExt as _};
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{ErrorKind, TicketId, TicketSource};
use ticket_sandbox::{Fault, FaultRule, Sandbox};

/// The default number of fetches.
const FETCHES: usize = 2_000;
/// The number of concurrent fetches.
const CONCURRENCY: usize = 64;
/// The faults per million requests.
const FAULTS: usize = 50_000;
/// The fewest fetches for which the memory is checked.
const LONG: usize = 20_000;
/// The memory that may be added after the first half, in bytes: a few large bodies at the same time.
const GROWTH: u64 = 64 << 20;

/// Returns one rule for each fault.
fn rules() -> Vec<FaultRule> {
    // A spoilt token is rejected for hours, so that all later calls would fail.
    let faults: Vec<_> = Fault::catalogue().iter().filter(|entry| entry.name != "spoil").collect();
    let share = FAULTS / faults.len();
    let rule = |(seed, example): (usize, &str)| {
        let rule = format!("* 0.{share:04}% seed {seed}: {example}");
        rule.parse().expect("a rule")
    };
    faults.iter().map(|entry| entry.example).enumerate().map(rule).collect()
}

/// Builds the sources of both providers with one transport.
fn sources(sandbox: &Sandbox, transport: &Transport) -> [Box<dyn TicketSource>; 2] {
    let credentials = sandbox.credentials();
    let engagelab = EngageLabSource::builder()
        .base_url(sandbox.base_url())
        .credentials(&*credentials.engagelab_api_key, &*credentials.engagelab_api_secret)
        .transport(transport.clone());
    let feishu = FeishuSource::builder()
        .base_url(sandbox.base_url())
        .app(&*credentials.feishu_app_id, &*credentials.feishu_app_secret)
        .helpdesk(&*credentials.feishu_helpdesk_id, &*credentials.feishu_helpdesk_token)
        .transport(transport.clone());
    [Box::new(engagelab.build().expect("settings")), Box::new(feishu.build().expect("settings"))]
}

/// Returns the memory of the process in bytes; `None` if the system does not report it.
fn memory() -> Option<u64> {
    let pages: u64 =
        fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4_096)
}

/// Returns the number of open files and sockets; `None` if the system does not report it.
fn open_files() -> Option<usize> {
    Some(fs::read_dir("/proc/self/fd").ok()?.count())
}

/// Waits until a condition holds, at most a minute.
async fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    let watchdog = Instant::now() + Duration::from_mins(1);
    while !is_true() {
        assert!(Instant::now() < watchdog, "{what} within a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn every_fetch_ends_and_nothing_leaks() {
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
    let sources = sources(&sandbox, &transport);
    let ids: Vec<(usize, TicketId)> = ["engagelab", "feishu"]
        .iter()
        .enumerate()
        .flat_map(|(source, name)| {
            let ids = Sandbox::ticket_ids(name);
            ids.into_iter().map(move |id| (source, TicketId::new(id).expect("an id")))
        })
        .collect();

    let start = Instant::now();
    let mut successful = 0;
    let mut failed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut examples = BTreeMap::new();
    let mut resident = Vec::new();
    let mut most_open = 0;
    let mut outcomes = stream::iter(0..fetches)
        .map(|number| {
            let (source, id) = &ids[number % ids.len()];
            let source = &sources[*source];
            async move { (id, source.fetch(id).await) }
        })
        .buffer_unordered(CONCURRENCY);
    let mut ended = 0;
    while let Some((id, outcome)) = outcomes.next().await {
        match outcome {
            Ok(record) => {
                assert_eq!(record.ticket.id, id.as_str());
                successful += 1;
            }
            Err(error) => {
                // No fault causes these errors.
                let kind = error.kind();
                let is_expected = !matches!(kind, ErrorKind::Configuration | ErrorKind::NotFound);
                assert!(is_expected, "{id}: {error:?}");
                // A call that waited for the token call of another one has sent nothing.
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
    assert_eq!(successful + failed.values().sum::<usize>(), fetches);

    let stats = transport.stats();
    drop((sources, transport));
    until("every connection is closed", || sandbox.open_connections() == 0).await;
    sandbox.stop().await;
    until("every file is closed", || open_files() <= files_before).await;

    println!("fetches {fetches}, successful {successful}, failed {failed:?}");
    for (kind, example) in examples {
        println!("{kind}: {example:?}");
    }
    println!("requests {}, waits {}, waited {:?}", stats.attempts, stats.waits, stats.waited);
    println!("most connections {most_open}, time {time:?}");
    let mebibytes: Vec<_> = resident.iter().map(|bytes| bytes >> 20).collect();
    println!("memory after each tenth, MiB: {mebibytes:?}");
    assert!(failed.values().sum::<usize>() > 0, "some calls fail");
    // In a short run the buffers are still growing, and a leak would be smaller than they are.
    if fetches >= LONG && resident.len() >= 10 {
        let settled = resident[..5].iter().max().copied().unwrap_or_default();
        assert!(resident[9] < settled + GROWTH, "memory grows: {mebibytes:?} MiB");
    }
}
