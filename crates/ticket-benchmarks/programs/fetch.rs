//! Fetches tickets from a stand-in on loopback: with this repository, and with the HTTP client and serde alone.
//!
//! It prints a line for each desk and concurrency: `DESK CONCURRENCY OURS BARE`, with the nanoseconds of processor time that the
//! client's thread took for one ticket. The stand-in has a thread of its own, which is not counted.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use engagelab_provider::EngageLabSource;
use feishu_provider::FeishuSource;
use reqwest::{Client, RequestBuilder};
use serde::de::DeserializeOwned;
use ticket_benchmarks::plain::{engagelab, feishu};
use ticket_benchmarks::{Desk, cpu_time};
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{Secret, TicketId, TicketSource};
use ticket_sandbox::{Credentials, Sandbox};
use tokio::runtime;
use tokio::task::JoinSet;

/// How many tickets are on their way at once.
const CONCURRENCY: [usize; 3] = [1, 16, 64];
/// How many tickets a turn fetches.
const TURN: usize = 256;
/// How often each way has its turn. The least of its times counts: whatever else the machine does can only add to it.
const ROUNDS: usize = 40;

fn main() {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || serve(&sender));
    let (server, credentials) = receiver.recv().expect("the stand-in starts");
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the system gives a runtime");
    for (name, desk) in [("engagelab", Desk::EngageLab), ("feishu", Desk::Feishu)] {
        let ours = Ours::new(desk, &server, &credentials);
        let bare = runtime.block_on(Bare::new(desk, &server, &credentials));
        for concurrency in CONCURRENCY {
            let mut least = [Duration::MAX; 2];
            for _ in 0..ROUNDS {
                let start = cpu_time();
                runtime.block_on(together(concurrency, &ours, Ours::fetch));
                let between = cpu_time();
                runtime.block_on(together(concurrency, &bare, Bare::fetch));
                let turns = [between.saturating_sub(start), cpu_time().saturating_sub(between)];
                least = [least[0].min(turns[0]), least[1].min(turns[1])];
            }
            let [ours, bare] = least.map(|time| time.as_nanos() / TURN as u128);
            println!("{name} {concurrency} {ours} {bare}");
        }
    }
}

/// Runs the stand-in until the program ends.
fn serve(sender: &mpsc::Sender<(String, Credentials)>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("the system gives a runtime").block_on(async {
        let sandbox = Sandbox::builder().requests_per_second(u32::MAX).start().await;
        let sandbox = sandbox.expect("there is a free port");
        let told = sender.send((sandbox.base_url(), sandbox.credentials().clone()));
        told.expect("somebody waits for it");
        std::future::pending::<()>().await;
    });
}

/// Fetches the tickets of one turn, so many at a time.
async fn together<C, F>(
    concurrency: usize,
    client: &C,
    fetch: impl Fn(C) -> F + Copy + Send + 'static,
) where
    C: Clone + Send + 'static,
    F: Future<Output = ()> + Send,
{
    let mut tasks = JoinSet::new();
    for _ in 0..concurrency {
        let client = client.clone();
        tasks.spawn(async move {
            for _ in 0..TURN / concurrency {
                fetch(client.clone()).await;
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.expect("no fetch fails");
    }
}

/// The whole stack of this repository.
#[derive(Clone)]
struct Ours {
    source: Arc<dyn TicketSource>,
    id: TicketId,
}

impl Ours {
    fn new(desk: Desk, base: &str, credentials: &Credentials) -> Self {
        // The documented limits would make this wait; to wait for one's turn costs next to nothing.
        let transport = Transport::new(TransportConfig {
            rate_limit_fraction: 1000.0,
            ..TransportConfig::default()
        });
        let secret = |text: &String| Secret::from(text.as_str());
        let source: Arc<dyn TicketSource> = match desk {
            Desk::EngageLab => {
                let Credentials { engagelab_api_key, engagelab_api_secret, .. } = credentials;
                let builder = EngageLabSource::builder()
                    .credentials(secret(engagelab_api_key), secret(engagelab_api_secret));
                Arc::new(builder.base_url(base).transport(transport).build().expect("settings"))
            }
            Desk::Feishu => {
                let builder = FeishuSource::builder()
                    .app(&credentials.feishu_app_id, secret(&credentials.feishu_app_secret))
                    .helpdesk(
                        &credentials.feishu_helpdesk_id,
                        secret(&credentials.feishu_helpdesk_token),
                    );
                Arc::new(builder.base_url(base).transport(transport).build().expect("settings"))
            }
        };
        Self { source, id: TicketId::new(id(desk)).expect("an id") }
    }

    async fn fetch(self) {
        let record = self.source.fetch(&self.id).await.expect("the ticket is served");
        std::hint::black_box(record);
    }
}

/// The HTTP client and serde alone, with the headers made once.
#[derive(Clone)]
struct Bare {
    client: Client,
    desk: Desk,
    address: String,
    /// Names and values.
    headers: Arc<[(&'static str, String)]>,
}

impl Bare {
    async fn new(desk: Desk, base: &str, credentials: &Credentials) -> Self {
        let client = Client::builder().no_proxy().tls_certs_only([]).build().expect("a client");
        let base64 = |one: &str, other: &str| {
            Secret::joined(&[one, ":", other]).to_base64().expose().to_owned()
        };
        let (path, headers) = match desk {
            Desk::EngageLab => {
                let Credentials { engagelab_api_key, engagelab_api_secret, .. } = credentials;
                let pair = base64(engagelab_api_key, engagelab_api_secret);
                ("/api/v2/accounts/tickets", vec![("authorization", format!("Basic {pair}"))])
            }
            Desk::Feishu => {
                let token = token(&client, base, credentials).await;
                let pair =
                    base64(&credentials.feishu_helpdesk_id, &credentials.feishu_helpdesk_token);
                (
                    "/open-apis/helpdesk/v1/tickets",
                    vec![
                        ("authorization", format!("Bearer {token}")),
                        ("x-lark-helpdesk-authorization", pair),
                    ],
                )
            }
        };
        let address = format!("{base}{path}/{}", id(desk));
        Self { client, desk, address, headers: headers.into() }
    }

    async fn fetch(self) {
        let mut request = self.client.get(&self.address);
        for (name, value) in &*self.headers {
            request = request.header(*name, value);
        }
        match self.desk {
            Desk::EngageLab => read::<engagelab::Envelope>(request).await,
            Desk::Feishu => read::<feishu::Envelope>(request).await,
        }
    }
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) {
    let response = request.send().await.expect("the stand-in responds");
    let text = response.text().await.expect("the response comes whole");
    std::hint::black_box(serde_json::from_str::<T>(&text).expect("it is a ticket"));
}

/// A tenant access token.
async fn token(client: &Client, base: &str, credentials: &Credentials) -> String {
    let app = serde_json::json!({
        "app_id": credentials.feishu_app_id,
        "app_secret": credentials.feishu_app_secret,
    });
    let request = client
        .post(format!("{base}/open-apis/auth/v3/tenant_access_token/internal"))
        .header("content-type", "application/json; charset=utf-8")
        .body(app.to_string());
    let response = request.send().await.expect("the stand-in responds");
    let text = response.text().await.expect("the response comes whole");
    let response: serde_json::Value = serde_json::from_str(&text).expect("the response is JSON");
    response["tenant_access_token"].as_str().expect("a token is issued").to_owned()
}

/// The documented ticket.
fn id(desk: Desk) -> &'static str {
    match desk {
        Desk::EngageLab => "tk_20251104_789abc",
        Desk::Feishu => "6626871355780366331",
    }
}
