//! Ids that look like something else.

use scripted_server::ScriptedServer;
use ticket_core::ErrorKind;

use super::harness::{Harness, Problems, Scenario, TestResult, fetch};
use super::outcome::Outcome;
use crate::SourceUnderTest;

/// Valid ids that look like parts of URLs, options, numbers or words.
const UNUSUAL: [&str; 18] = [
    "...", "....", ".a", "a.", "a..b", "-", "--help", "_", ":", "::1", "http:", "a:b", "x:80", "0",
    "-1", "1e3", "null", "tickets",
];

pub(super) async fn unusual_id_stays_in_its_path(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let longest = "9".repeat(128);
    if subject.is_in_memory {
        let source = subject.source("", Scenario::default().settings)?;
        for id in UNUSUAL.into_iter().chain([longest.as_str()]) {
            let outcome = fetch(&*source, id, subject.timeout).await;
            problems.add(&format!("{id:?}"), expect_rejection(&outcome, source.provider()));
        }
        return Ok(problems);
    }
    let elsewhere = ScriptedServer::start([]).await.map_err(|error| error.to_string())?;
    let address = elsewhere.address().to_string();
    let harness = Harness::start(subject, Scenario::default()).await?;
    let host = format!("host: {}\r\n", harness.server.address());
    for id in UNUSUAL.into_iter().chain([longest.as_str(), &address]) {
        let situation = format!("{id:?}");
        let before = harness.server.received().len();
        let outcome = harness.fetch(id).await;
        problems.add(&situation, expect_rejection(&outcome, harness.source.provider()));
        for sent in &harness.server.received()[before..] {
            let is_other = sent.id.as_deref().is_some_and(|other| other != id);
            if sent.route.is_none() || is_other || !sent.text.to_lowercase().contains(&host) {
                let line = sent.text.lines().next().unwrap_or_default();
                problems.add(&situation, [format!("sent `{}`", line.escape_debug())]);
            }
        }
    }
    if elsewhere.connections() > 0 {
        problems.add(&address, ["connected to that address".to_owned()]);
    }
    Ok(problems)
}

fn expect_rejection(outcome: &Outcome, provider: &str) -> Option<String> {
    outcome.expect_error(&[ErrorKind::NotFound, ErrorKind::InvalidRequest], provider)
}
