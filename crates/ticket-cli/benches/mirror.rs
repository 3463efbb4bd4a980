//! Synchronization, compared with a bare program that fetches the same pages and inserts the raw rows and twelve columns:
//! `cargo bench -p ticket-cli --bench mirror -- 50000`, with a second number for how often each program runs.
//!
//! The fake server is a process of its own; what is compared is the processor time of this one. Linux only.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::{collections::HashMap, fs, path::Path};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use feishu_provider::FeishuSource;
use reqwest::Client;
use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::value::RawValue;
use ticket_core::TicketSource;
use ticket_core::transport::{Transport, TransportConfig};
use ticket_mirror::{Mirror, SourceIdentity, SqlValue, SyncJob, SyncOptions};
use tokio::runtime::Builder;

type Environment = HashMap<String, String>;

fn main() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<u32>().ok());
    let tickets = numbers.next().unwrap_or(50_000);
    // The programs alternate.
    let runs = numbers.next().unwrap_or(3);
    let (mut server, environment) = serve(tickets);
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut results: [Vec<f64>; 3] = Default::default();
    for run in 0..runs {
        let [with, without, bare_file] =
            ["with", "without", "bare"].map(|name| folder.path().join(name));
        let mut windows = Vec::new();
        results[1].push(measure(tickets, || {
            windows = runtime.block_on(sync(&environment, &with, true));
        }));
        results[0]
            .push(measure(tickets, || runtime.block_on(bare(&environment, &bare_file, &windows))));
        results[2]
            .push(measure(tickets, || drop(runtime.block_on(sync(&environment, &without, false)))));
        if run == 0 {
            report_files(&with, &bare_file);
        }
        for file in [with, without, bare_file] {
            fs::remove_file(file).expect("a file");
        }
    }
    let [bare, with, without] = results.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    println!("{tickets} tickets, processor time per ticket, median of {runs} runs");
    println!("bare                    {bare:6.1} µs");
    println!("sync with full text     {with:6.1} µs  {:.1} times", with / bare);
    println!("sync without full text  {without:6.1} µs  {:.1} times", without / bare);
    server.kill().expect("the server runs");
    server.wait().expect("the server runs");
}

/// Starts a sandbox without rate limits, and returns its environment.
fn serve(tickets: u32) -> (Child, Environment) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ticket"))
        .args(["sandbox", "--rate-limit-scale", "0", "--tickets", &tickets.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the sandbox starts");
    let lines = BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines();
    let mut environment = Environment::new();
    for line in lines.map_while(Result::ok) {
        if let Some((name, value)) = line.strip_prefix("export ").and_then(|it| it.split_once('='))
        {
            environment.insert(name.to_owned(), value.trim_matches('\'').to_owned());
            if name == "FEISHU_BASE_URL" {
                break;
            }
        }
    }
    (child, environment)
}

/// Returns the processor time of a program per ticket, in microseconds.
fn measure(tickets: u32, program: impl FnOnce()) -> f64 {
    let before = processor_milliseconds();
    program();
    (processor_milliseconds() - before) * 1_000.0 / f64::from(tickets)
}

fn processor_milliseconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux has it");
    let (_, rest) = stat.rsplit_once(')').expect("the name of the program");
    let mut fields = rest.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|it| it.parse::<f64>().ok()).expect("a number");
    (ticks() + ticks()) * 10.0
}

/// Synchronizes all tickets, and returns the ranges of time that were read.
async fn sync(environment: &Environment, file: &Path, index: bool) -> Vec<(String, String, u32)> {
    let get = |name: &str| environment[name].clone();
    let transport = Transport::new(TransportConfig {
        rate_limit_fraction: 100_000.0,
        ..TransportConfig::default()
    });
    let source = FeishuSource::builder()
        .app(get("FEISHU_APP_ID"), get("FEISHU_APP_SECRET"))
        .helpdesk(get("FEISHU_HELPDESK_ID"), get("FEISHU_HELPDESK_TOKEN"))
        .base_url(get("FEISHU_BASE_URL"))
        .transport(transport)
        .build()
        .expect("the settings are valid");
    let mut mirror = Mirror::open(file).expect("a mirror");
    let identity = SourceIdentity::new("feishu", &source.account());
    let options = SyncOptions { index, ..SyncOptions::default() };
    let job = SyncJob::new(&mut mirror, &source, &identity, options).expect("a job");
    let outcome = job.run(|_| {}).await.expect("a run");
    assert_eq!(outcome.receipt.complete, Some(true));
    let mut windows = Vec::new();
    let query = "SELECT since, until, tickets FROM window WHERE state = 'complete'";
    mirror
        .sql(query, std::time::Duration::from_mins(1), |_, values| {
            if let [since, until, SqlValue::Integer(count)] = &values[..] {
                let count = u32::try_from(*count).unwrap_or_default();
                windows.push((since.to_text(), until.to_text(), count));
            }
            Ok::<_, ticket_mirror::MirrorError>(true)
        })
        .expect("a query");
    windows
}

/// A row with twelve columns.
#[derive(Deserialize)]
struct Row {
    ticket_id: String,
    helpdesk_id: Option<String>,
    guest: Option<Guest>,
    status: Option<i64>,
    score: Option<i64>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    closed_at: Option<i64>,
    channel: Option<i64>,
    solve: Option<i64>,
    stage: Option<i64>,
}

#[derive(Deserialize)]
struct Guest {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Page<'t> {
    #[serde(borrow)]
    data: Data<'t>,
}

#[derive(Deserialize)]
struct Data<'t> {
    #[serde(borrow)]
    tickets: Vec<&'t RawValue>,
}

/// Fetches the same pages, and inserts the raw rows and twelve columns.
async fn bare(environment: &Environment, file: &Path, windows: &[(String, String, u32)]) {
    #[derive(Deserialize)]
    struct Token {
        tenant_access_token: String,
    }
    let client = Client::builder().no_proxy().tls_certs_only([]).build().expect("a client");
    let base = &environment["FEISHU_BASE_URL"];
    let body = serde_json::json!({
        "app_id": environment["FEISHU_APP_ID"], "app_secret": environment["FEISHU_APP_SECRET"],
    });
    let url = format!("{base}/open-apis/auth/v3/tenant_access_token/internal");
    let request = client.post(url).header("content-type", "application/json; charset=utf-8");
    let text = request.body(body.to_string()).send().await.expect("a response");
    let text = text.text().await.expect("a body");
    let Token { tenant_access_token } = serde_json::from_str(&text).expect("a token");
    let pair =
        [&*environment["FEISHU_HELPDESK_ID"], &*environment["FEISHU_HELPDESK_TOKEN"]].join(":");
    let pair = BASE64_STANDARD.encode(pair);
    let mut database = Connection::open(file).expect("a database");
    database
        .execute_batch(
            "PRAGMA page_size = 16384; PRAGMA journal_mode = wal; PRAGMA synchronous = normal;
             CREATE TABLE ticket (id TEXT PRIMARY KEY, helpdesk TEXT, guest TEXT, name TEXT, status INTEGER, score INTEGER,
                                  created INTEGER, updated INTEGER, closed INTEGER, channel INTEGER, solve INTEGER,
                                  stage INTEGER, raw TEXT);",
        )
        .expect("a table");
    let milliseconds =
        |text: &str| text.parse::<jiff::Timestamp>().expect("a time").as_millisecond();
    for (since, until, count) in windows {
        let (since, until) = (milliseconds(since), milliseconds(until));
        for page in 1..=count.div_ceil(200) {
            let url = format!(
                "{base}/open-apis/helpdesk/v1/tickets?page={page}&page_size=200&create_time_start={since}&create_time_end={until}"
            );
            let request = client
                .get(url)
                .bearer_auth(&tenant_access_token)
                .header("x-lark-helpdesk-authorization", &pair);
            let body = request.send().await.expect("a response").bytes().await.expect("a body");
            let page: Page<'_> = serde_json::from_slice(&body).expect("a page");
            let transaction = database.transaction().expect("a transaction");
            for raw in page.data.tickets {
                let row: Row = serde_json::from_str(raw.get()).expect("a ticket");
                let guest = row.guest.as_ref();
                transaction
                    .prepare_cached(
                        "INSERT INTO ticket VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    )
                    .expect("a statement")
                    .execute(params![
                        row.ticket_id,
                        row.helpdesk_id,
                        guest.and_then(|guest| guest.id.as_ref()),
                        guest.and_then(|guest| guest.name.as_ref()),
                        row.status,
                        row.score,
                        row.created_at,
                        row.updated_at,
                        row.closed_at,
                        row.channel,
                        row.solve,
                        row.stage,
                        raw.get()
                    ])
                    .expect("an insert");
            }
            transaction.commit().expect("a commit");
        }
    }
}

/// Prints the sizes of the files, and how long a word takes to be found.
fn report_files(mirror: &Path, bare: &Path) {
    let size = |file: &Path| fs::metadata(file).map_or(0, |it| it.len());
    let raw: i64 = Connection::open(bare)
        .and_then(|it| {
            it.query_row("SELECT sum(length(cast(raw AS BLOB))) FROM ticket", [], |row| row.get(0))
        })
        .expect("a sum");
    let megabytes = |bytes: u64| bytes / 1_000_000;
    let raw = raw.cast_unsigned();
    println!(
        "raw rows {} MB, bare {} MB, mirror {} MB",
        megabytes(raw),
        megabytes(size(bare)),
        megabytes(size(mirror))
    );
    let mirror = Mirror::open_read_only(mirror).expect("a mirror");
    for words in ["打印", "VPN", "no-such-word"] {
        let query = ticket_core::ListQuery { text: Some(words.into()), ..Default::default() };
        let start = std::time::Instant::now();
        let mut count = 0;
        mirror
            .find(&query, None, Some(50), |_| {
                count += 1;
                Ok::<_, ticket_mirror::MirrorError>(true)
            })
            .expect("a search");
        println!(
            "search {words}: {count} tickets in {:.1} ms",
            start.elapsed().as_secs_f64() * 1e3
        );
    }
}
