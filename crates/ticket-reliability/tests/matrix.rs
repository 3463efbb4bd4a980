//! Runs the table: every fault, once and for ever, against every operation of both providers.

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
use ticket_reliability::{ATTEMPTS, Operation, Outcome, ROWS, Row};
use ticket_sandbox::{Credentials, Fault, Requests, Rule, Sandbox};

/// How many calls that are to be quick go on at the same time.
const CONCURRENCY: usize = 8;
/// The origin in the table to which nobody may follow.
const ELSEWHERE: &str = "http://127.0.0.1:4000";

/// One half of a cell, to be run.
#[derive(Clone, Copy)]
struct Case {
    row: &'static Row,
    operation: Operation,
    is_lasting: bool,
    expected: Outcome,
}

fn cases(runs_out: bool) -> impl Iterator<Item = Case> {
    ROWS.iter().filter(move |row| row.runs_out == runs_out).flat_map(|row| {
        let cells = Operation::ALL.into_iter().zip(row.cells);
        cells.filter_map(|(operation, cell)| Some((operation, cell?))).flat_map(
            move |(operation, cell)| {
                [(false, cell.once), (true, cell.always)].map(|(is_lasting, expected)| Case {
                    row,
                    operation,
                    is_lasting,
                    expected,
                })
            },
        )
    })
}

fn settings(case: Case) -> TransportConfig {
    let attempt_timeout = match (case.row.runs_out, case.is_lasting) {
        (false, _) => Duration::from_mins(1),
        // The second attempt has to succeed within it, on any machine.
        (true, false) => Duration::from_secs(5),
        (true, true) => Duration::from_secs(1),
    };
    TransportConfig {
        attempt_timeout,
        initial_backoff: Duration::from_millis(1),
        ..TransportConfig::default()
    }
}

/// Fetches or checks, and says what it took where that is known.
async fn call(
    operation: Operation,
    sandbox: &Sandbox,
    transport: Transport,
) -> Result<Option<CallStats>, Error> {
    let known = sandbox.credentials();
    if operation == Operation::EngageLabTicket {
        let desk = EngageLabSource::builder()
            .base_url(sandbox.base_url())
            .credentials(&*known.engagelab_api_key, &*known.engagelab_api_secret)
            .transport(transport)
            .build()?;
        let record = desk.fetch(&TicketId::new("tk_20251104_789abc")?).await?;
        return Ok(Some(record.origin.stats));
    }
    let desk = FeishuSource::builder()
        .base_url(sandbox.base_url())
        .app(&*known.feishu_app_id, &*known.feishu_app_secret)
        .helpdesk(&*known.feishu_helpdesk_id, &*known.feishu_helpdesk_token)
        .transport(transport)
        .build()?;
    if operation == Operation::FeishuList {
        return desk.check().await.map(|()| None);
    }
    let record = desk.fetch(&TicketId::new("6626871355780366331")?).await?;
    Ok(Some(record.origin.stats))
}

/// What is different from the table, in a line; `None` where nothing is.
async fn run(case: Case) -> Option<String> {
    let Case { row, operation, is_lasting, expected } = case;
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = format!("http://{}", elsewhere.local_addr().unwrap());
    let fault: Fault = row.fault.replace(ELSEWHERE, &address).parse().unwrap();
    let requests: Requests = if is_lasting { "" } else { "1" }.parse().unwrap();
    let rule = Rule::new(operation.route(), requests, fault.clone());
    let sandbox = Sandbox::builder().fault(rule).start().await.unwrap();

    let outcome = call(operation, &sandbox, Transport::new(settings(case))).await;
    let seen = sandbox.requests();
    let at_route = seen.iter().filter(|seen| seen.route == Some(operation.route())).count();
    let found = Outcome {
        kind: outcome.as_ref().err().map(Error::kind),
        requests: u32::try_from(at_route).unwrap(),
    };
    let mut faults = Vec::new();
    if found != expected {
        faults.push(format!("{found:?} instead of {expected:?}: {outcome:?}"));
    }
    if seen.iter().any(|seen| seen.route.is_none()) || elsewhere.accept().is_ok() {
        faults.push("a redirect was followed".to_owned());
    }
    if let Err(error) = &outcome {
        faults.extend(told_secrets(error).map(|secret| format!("{secret} is told in {error:?}")));
        let attempts = error.stats().attempts;
        if attempts != u64::from(found.requests) {
            faults.push(format!("{attempts} attempts are told: {error:?}"));
        }
    }
    // A delay listens to nobody before it is over.
    if !matches!(fault, Fault::Delay(_)) {
        until_closed(&sandbox).await;
    }
    let when = if is_lasting { "always" } else { "once" };
    let place = format!("{} {when}: {}", operation.route(), row.fault);
    (!faults.is_empty()).then(|| format!("{place}: {}", faults.join("; ")))
}

/// The secrets of the stand-in that an error repeats.
fn told_secrets(error: &Error) -> impl Iterator<Item = String> {
    let mut told = format!("{error} {error:?} {:?} {:?}", error.hint(), error.code());
    let mut source = error.source();
    while let Some(error) = source {
        write!(told, " {error} {error:?}").unwrap();
        source = error.source();
    }
    let known = Credentials::default();
    let secrets = [
        known.engagelab_api_secret,
        known.feishu_app_secret,
        known.feishu_helpdesk_token,
        // How every token of the stand-in begins, and what both pairs are in base64.
        "t-sandbox".to_owned(),
        "c2FuZGJveC1rZXk6c2FuZGJveC1zZWNyZXQ".to_owned(),
        "NjYyNjg3MTM1NTc4MDM2NjMzMDpodC0wMDAw".to_owned(),
    ];
    secrets.into_iter().filter(move |secret| told.contains(secret.as_str()))
}

/// Waits until no connection is open: whatever went wrong, nobody holds on to it.
async fn until_closed(sandbox: &Sandbox) {
    let closed = async {
        while sandbox.open_connections() > 0 {
            tokio::task::yield_now().await;
        }
    };
    let watchdog = Duration::from_mins(2);
    tokio::time::timeout(watchdog, closed).await.expect("a connection is left open");
}

async fn all(cases: impl Iterator<Item = Case>, concurrency: usize) {
    let runs = stream::iter(cases).map(run).buffer_unordered(concurrency);
    let faults: Vec<_> = runs.filter_map(std::future::ready).collect().await;
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test]
async fn each_fault_has_the_outcome_of_the_table() {
    all(cases(false), CONCURRENCY).await;
}

#[tokio::test]
async fn each_fault_that_lets_a_deadline_pass_has_the_outcome_of_the_table() {
    // They do nothing but wait, so all of them wait together.
    all(cases(true), usize::MAX).await;
}

#[tokio::test]
async fn a_connection_that_ends_between_two_calls_is_replaced() {
    for fault in ["close", "reset"] {
        let rule = format!("engagelab.ticket 2: {fault}").parse().unwrap();
        let sandbox = Sandbox::builder().fault(rule).start().await.unwrap();
        let transport = Transport::new(TransportConfig::default());
        for attempts in [1, 2, 1] {
            let outcome = call(Operation::EngageLabTicket, &sandbox, transport.clone()).await;
            assert_eq!(outcome.unwrap().map(|stats| stats.attempts), Some(attempts), "{fault}");
        }
        assert_eq!(sandbox.requests().len(), 4, "{fault}");
    }
}

#[test]
fn every_fault_of_the_catalogue_has_a_row() {
    let names: BTreeSet<_> =
        ROWS.iter().map(|row| row.fault.parse::<Fault>().expect(row.fault).name()).collect();
    let known: BTreeSet<_> = Fault::catalogue().iter().map(|entry| entry.name).collect();
    assert_eq!(names, known);
}

#[test]
fn the_table_counts_as_the_library_does() {
    assert_eq!(ATTEMPTS, TransportConfig::default().max_attempts);
}
