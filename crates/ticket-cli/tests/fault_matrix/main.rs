//! Tests the table of faults in `docs/reliability.md`: every fault, once and permanently, against every operation of both
//! providers.

mod table;

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::time::Duration;

use engagelab_provider::EngageLabSource;
use feishu_provider::FeishuSource;
use futures_util::stream::{self, StreamExt as _};
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{CallStats, Error, TicketId, TicketSource as _};
use ticket_sandbox::{Credentials, Fault, FaultRule, Requests, Sandbox};

use table::{Case, MAX_ATTEMPTS, Operation, Outcome, cases};

/// The number of concurrent calls that do not wait for a timeout.
const CONCURRENCY: usize = 8;
/// The origin in the table that redirects lead to.
const OTHER_ORIGIN: &str = "http://127.0.0.1:4000";

fn settings(case: Case) -> TransportConfig {
    let attempt_timeout = match (case.times_out(), case.is_permanent) {
        (false, _) => Duration::from_mins(1),
        // The second attempt has to succeed within it, also on a slow machine.
        (true, false) => Duration::from_secs(5),
        (true, true) => Duration::from_secs(1),
    };
    let mut settings = TransportConfig {
        attempt_timeout,
        initial_backoff: Duration::from_millis(1),
        ..TransportConfig::default()
    };
    if case.expected.ends_at_the_deadline() {
        settings.call_timeout = Duration::from_secs(3);
    }
    settings
}

/// Calls an operation. The check of credentials has no statistics.
async fn call(
    operation: Operation,
    sandbox: &Sandbox,
    transport: Transport,
) -> Result<Option<CallStats>, Error> {
    let credentials = sandbox.credentials();
    if operation == Operation::EngageLabTicket {
        let source = EngageLabSource::builder()
            .base_url(sandbox.base_url())
            .credentials(&*credentials.engagelab_api_key, &*credentials.engagelab_api_secret)
            .transport(transport)
            .build()?;
        let record = source.fetch(&TicketId::new("tk_20251104_789abc")?).await?;
        return Ok(Some(record.origin.stats));
    }
    let source = FeishuSource::builder()
        .base_url(sandbox.base_url())
        .app(&*credentials.feishu_app_id, &*credentials.feishu_app_secret)
        .helpdesk(&*credentials.feishu_helpdesk_id, &*credentials.feishu_helpdesk_token)
        .transport(transport)
        .build()?;
    if operation == Operation::FeishuList {
        return source.check().await.map(|()| None);
    }
    let record = source.fetch(&TicketId::new("6626871355780366331")?).await?;
    Ok(Some(record.origin.stats))
}

/// Runs a case; returns the differences from the table.
async fn run(case: Case) -> Option<String> {
    let Case { fault, operation, is_permanent, expected } = case;
    let other_origin = TcpListener::bind("127.0.0.1:0").unwrap();
    other_origin.set_nonblocking(true).unwrap();
    let address = format!("http://{}", other_origin.local_addr().unwrap());
    let injected: Fault = fault.replace(OTHER_ORIGIN, &address).parse().unwrap();
    let requests: Requests = if is_permanent { "" } else { "1" }.parse().unwrap();
    let rule = FaultRule::new(operation.route(), requests, injected.clone());
    let sandbox = Sandbox::builder().fault(rule).start().await.unwrap();

    let result = call(operation, &sandbox, Transport::new(settings(case))).await;
    let log = sandbox.requests();
    let at_route = log.iter().filter(|logged| logged.route == Some(operation.route())).count();
    let requests = u32::try_from(at_route).unwrap();
    let outcome = Outcome {
        error: result.as_ref().err().map(Error::kind),
        requests: if expected.ends_at_the_deadline() { Outcome::AT_THE_DEADLINE } else { requests },
    };
    let mut problems = Vec::new();
    if outcome != expected {
        problems.push(format!("{outcome:?}; expected {expected:?}: {result:?}"));
    }
    if log.iter().any(|logged| logged.route.is_none()) || other_origin.accept().is_ok() {
        problems.push("a redirect was followed".to_owned());
    }
    if let Err(error) = &result {
        problems.extend(secrets_in(error).map(|secret| format!("{secret} in {error:?}")));
        let attempts = error.stats().attempts;
        if attempts != u64::from(requests) {
            problems.push(format!("the error counts {attempts} attempts: {error:?}"));
        }
    }
    // The sandbox does not notice a closed connection during a delay.
    if !matches!(injected, Fault::Delay(_)) {
        until_closed(&sandbox).await;
    }
    let when = if is_permanent { "always" } else { "once" };
    (!problems.is_empty())
        .then(|| format!("{} {when}: {fault}: {}", operation.route(), problems.join("; ")))
}

/// Returns the secrets of the sandbox that an error contains.
fn secrets_in(error: &Error) -> impl Iterator<Item = String> {
    let mut text = format!("{error} {error:?} {:?} {:?}", error.hint(), error.code());
    let mut source = error.source();
    while let Some(error) = source {
        write!(text, " {error} {error:?}").unwrap();
        source = error.source();
    }
    let credentials = Credentials::default();
    let secrets = [
        credentials.engagelab_api_secret,
        credentials.feishu_app_secret,
        credentials.feishu_helpdesk_token,
        // The start of every token, and both pairs in Base64.
        "t-sandbox".to_owned(),
        "c2FuZGJveC1rZXk6c2FuZGJveC1zZWNyZXQ".to_owned(),
        "NjYyNjg3MTM1NTc4MDM2NjMzMDpodC0wMDAw".to_owned(),
    ];
    secrets.into_iter().filter(move |secret| text.contains(secret.as_str()))
}

/// Waits until all connections are closed.
async fn until_closed(sandbox: &Sandbox) {
    let closed = async {
        while sandbox.open_connections() > 0 {
            tokio::task::yield_now().await;
        }
    };
    let watchdog = Duration::from_mins(2);
    tokio::time::timeout(watchdog, closed).await.expect("a connection is still open");
}

async fn run_all(times_out: bool, concurrency: usize) {
    let cases: Vec<_> = cases().into_iter().filter(|case| case.times_out() == times_out).collect();
    assert!(!cases.is_empty());
    let runs = stream::iter(cases).map(run).buffer_unordered(concurrency);
    let problems: Vec<_> = runs.filter_map(std::future::ready).collect().await;
    assert!(problems.is_empty(), "{} cases differ:\n{}", problems.len(), problems.join("\n"));
}

#[tokio::test]
async fn faults_have_the_documented_outcome() {
    run_all(false, CONCURRENCY).await;
}

#[tokio::test]
async fn faults_that_time_out_have_the_documented_outcome() {
    // These calls only wait.
    run_all(true, usize::MAX).await;
}

#[tokio::test]
async fn connection_closed_between_two_calls_is_replaced() {
    for fault in ["close", "reset"] {
        let rule = format!("engagelab.ticket 2: {fault}").parse().unwrap();
        let sandbox = Sandbox::builder().fault(rule).start().await.unwrap();
        let transport = Transport::new(TransportConfig::default());
        for attempts in [1, 2, 1] {
            let stats = call(Operation::EngageLabTicket, &sandbox, transport.clone()).await;
            assert_eq!(stats.unwrap().map(|stats| stats.attempts), Some(attempts), "{fault}");
        }
        assert_eq!(sandbox.requests().len(), 4, "{fault}");
    }
}

#[test]
fn table_has_every_fault() {
    // 56 rows of 4 operations, once and always; 5 cells do not apply.
    assert_eq!(cases().len(), 2 * (56 * 4 - 5));
    let parse = |case: &Case| case.fault.parse::<Fault>().expect(case.fault).name();
    let names: BTreeSet<_> = cases().iter().map(parse).collect();
    // Faults of pages do not change these operations.
    let is_of_page = |example: &str| matches!(example.parse(), Ok(Fault::Page(_)));
    let known = Fault::catalogue().iter().filter(|entry| !is_of_page(entry.example));
    let known: BTreeSet<_> = known.map(|entry| entry.name).collect();
    assert_eq!(names, known);
}

#[test]
fn table_uses_the_default_number_of_attempts() {
    assert_eq!(MAX_ATTEMPTS, TransportConfig::default().max_attempts);
    let most = cases().iter().map(|case| case.expected.requests).max();
    assert_eq!(most, Some(MAX_ATTEMPTS));
}
