//! Fetching a ticket over loopback, compared with the bare HTTP client: `cargo bench -p ticket-cli --bench fetch`.
//!
//! The sandbox responds from a thread of its own.

#[path = "plain/engagelab.rs"]
mod plain;

use std::hint::black_box;
use std::sync::mpsc;
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use divan::Bencher;
use divan::counter::ItemsCount;
use engagelab_provider::EngageLabSource;
use futures_util::future::join_all;
use reqwest::Client;
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{TicketId, TicketSource};
use ticket_sandbox::{Credentials, Sandbox};
use tokio::runtime::{Builder, Runtime};

const ID: &str = "tk_20251104_789abc";

/// How many tickets are fetched at once.
const CONCURRENCY: [usize; 2] = [1, 16];

fn main() {
    divan::main();
}

#[divan::bench(args = CONCURRENCY)]
fn fetch_ours(bencher: Bencher<'_, '_>, concurrency: usize) {
    let (base, Credentials { engagelab_api_key, engagelab_api_secret, .. }) = serve();
    // The documented rate limit would make the benchmark wait.
    let transport = Transport::new(TransportConfig {
        rate_limit_fraction: 1000.0,
        ..TransportConfig::default()
    });
    let source = EngageLabSource::builder()
        .credentials(engagelab_api_key.as_str(), engagelab_api_secret.as_str())
        .base_url(&base)
        .transport(transport)
        .build()
        .expect("the settings are valid");
    let id = TicketId::new(ID).expect("the id is valid");
    let runtime = runtime();
    bencher.counter(ItemsCount::new(concurrency)).bench_local(|| {
        let records = runtime.block_on(join_all((0..concurrency).map(|_| source.fetch(&id))));
        for record in records {
            black_box(record.expect("a ticket"));
        }
    });
}

#[divan::bench(args = CONCURRENCY)]
fn fetch_bare_client(bencher: Bencher<'_, '_>, concurrency: usize) {
    let (base, Credentials { engagelab_api_key, engagelab_api_secret, .. }) = serve();
    let client = Client::builder().no_proxy().tls_certs_only([]).build().expect("a client");
    let pair = BASE64_STANDARD.encode(format!("{engagelab_api_key}:{engagelab_api_secret}"));
    let authorization = format!("Basic {pair}");
    let url = format!("{base}/api/v2/accounts/tickets/{ID}");
    let fetch = async || {
        let request = client.get(&url).header("authorization", &authorization);
        let text = request.send().await.expect("a response").text().await.expect("a body");
        serde_json::from_str::<plain::Envelope>(&text).expect("a ticket")
    };
    let runtime = runtime();
    bencher
        .counter(ItemsCount::new(concurrency))
        .bench_local(|| black_box(runtime.block_on(join_all((0..concurrency).map(|_| fetch())))));
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Starts a sandbox that responds until the process ends.
fn serve() -> (String, Credentials) {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        runtime().block_on(async {
            let sandbox = Sandbox::builder().requests_per_second(u32::MAX).start().await;
            let sandbox = sandbox.expect("a free port");
            sender.send((sandbox.base_url(), sandbox.credentials().clone())).expect("a receiver");
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().expect("the sandbox starts")
}
