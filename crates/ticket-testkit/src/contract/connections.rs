//! Broken connections.

use std::net::Ipv4Addr;

use scripted_server::Requests;
use ticket_core::ErrorKind;
use tokio::net::TcpSocket;

use super::harness::{Harness, ONCE, Problems, Scenario, TestResult, fetch};
use crate::SourceUnderTest;

const FAULTS: [&str; 5] = ["close", "reset", "cut", "cut-chunk", "garbage"];

pub(super) async fn retries_broken_connections(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let (id, _) = subject.first_ticket()?;
    for route in subject.route_names()? {
        for fault in FAULTS {
            let situation = format!("`{fault}` at the first request of `{route}`");
            let harness = Harness::start(subject, Scenario::fault(route, ONCE, fault)).await?;
            problems.add(&situation, harness.fetch(id).await.expect_ticket(id));

            let situation = format!("`{fault}` at every request of `{route}`");
            let harness =
                Harness::start(subject, Scenario::fault(route, Requests::All, fault)).await?;
            let outcome = harness.fetch(id).await;
            let provider = harness.source.provider();
            problems.add(&situation, outcome.expect_error(&[ErrorKind::Connection], provider));
            let count = harness.server.count(route);
            problems.add(&situation, (count < 2).then(|| "the request was not retried".to_owned()));
        }
    }
    // Without `listen`, the port refuses connections, and no other test gets it.
    let no_port = |error| format!("no port is free: {error}");
    let socket = TcpSocket::new_v4().map_err(no_port)?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).map_err(no_port)?;
    let base_url = format!("http://{}", socket.local_addr().map_err(no_port)?);
    let source = subject.source(&base_url, Scenario::default().settings)?;
    let outcome = fetch(&*source, id, subject.timeout).await;
    let problem = outcome.expect_error(&[ErrorKind::Connection], source.provider());
    problems.add("no server", problem);
    Ok(problems)
}
