//! `ticket sync`: complete or not, interrupted or not.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use ticket_sandbox::{Builder, FaultRule};

use crate::config::Config;
use crate::harness::{Run, TestServer, run, ticket};

/// The time at which the sandbox shows its tickets, in milliseconds since 1970: the current time of the binary.
const NOW: i64 = 1_770_681_600_000;

/// Waits neither for the documented rate limits nor before a retry, and fetches few tickets at a time.
const FAST: &str = "\
[profiles.default.transport]
rate_limit_fraction = 1000
initial_backoff = 0
retry_budget = 1000
concurrency = 4
";

/// A sandbox without rate limits, settings for it, and the file of a mirror.
pub(crate) struct Desk {
    pub(crate) server: TestServer,
    config: Config,
    pub(crate) mirror: PathBuf,
}

impl Desk {
    pub(crate) fn new(change: impl FnOnce(Builder) -> Builder) -> Self {
        let server = TestServer::start(|builder| change(builder.epoch(NOW).rate_limit_scale(0)));
        let config = Config::new(FAST, 0o600);
        let mirror = config.folder.path().join("mirror.db");
        Self { server, config, mirror }
    }

    pub(crate) fn with_tickets(count: usize) -> Self {
        Self::new(|builder| builder.tickets(count, 1))
    }

    pub(crate) fn inject(&self, rule: &str) {
        self.server.sandbox.inject(rule.parse::<FaultRule>().unwrap()).unwrap();
    }

    /// Returns how many requests of a route were answered.
    pub(crate) fn requests(&self, route: &str) -> u64 {
        let log = self.server.sandbox.requests();
        log.iter().filter(|request| request.route == Some(route)).count() as u64
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = ticket(arguments);
        command.envs(self.server.environment());
        command.env("XDG_CONFIG_HOME", self.config.folder.path());
        command.env("TICKET_MIRROR", &self.mirror);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(&mut self.command(arguments))
    }

    /// Runs `ticket sync` and returns its exit code and the receipt.
    pub(crate) fn sync(&self, arguments: &[&str]) -> (i32, Value) {
        let run = self.run(&[&["sync", "--output", "json"], arguments].concat());
        let receipt = serde_json::from_str(&run.out);
        (run.code, receipt.unwrap_or_else(|error| panic!("{error}: {run:?}")))
    }

    /// Returns the rows of a query.
    pub(crate) fn sql(&self, query: &str) -> Vec<Value> {
        let run = self.run(&["sql", "--output", "json", query]);
        assert_eq!((run.code, &*run.err), (0, ""), "{query}");
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Returns the one number that a query selects as `n`.
    pub(crate) fn number(&self, query: &str) -> u64 {
        self.sql(query)[0]["n"].as_u64().unwrap()
    }
}

#[test]
fn bursts_are_read_completely_or_named_as_a_gap() {
    let desk = Desk::new(|builder| {
        builder
            .tickets(25_000, 1)
            .burst(12_000, Duration::from_mins(1))
            .burst(10_400, Duration::ZERO)
    });
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!((code, &receipt["complete"]), (7, &Value::Bool(false)), "{receipt}");
    // Of one millisecond, the service lists 10,000 tickets. Everything else is there.
    let gap = &receipt["gaps"][0];
    assert_eq!(receipt["gaps"].as_array().unwrap().len(), 1, "{receipt}");
    assert_eq!((gap["claimed"].as_u64(), gap["tickets"].as_u64()), (Some(10_000), Some(10_000)));
    assert_eq!(gap["since"], gap["until"]);
    assert_eq!(receipt["unstable"], Value::Array(Vec::new()));
    for key in ["claimed", "unique", "new"] {
        assert_eq!(receipt[key], 24_600, "{key}: {receipt}");
    }
    assert_eq!(receipt["duplicates"], 0);
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket"), 24_600);
    let calls = desk.requests("feishu.list");
    assert!((123..300).contains(&calls), "{calls}");
}

#[test]
fn faults_of_every_seventh_call_lose_nothing() {
    // With fourteen pages, each pass would meet the fault at the same pages.
    let tickets = 2_800;
    for fault in ["status 429", "status 500", "status 200 code 99991400", "cut", "empty-page"] {
        let desk = Desk::with_tickets(tickets);
        desk.inject(&format!("feishu.list every 7: {fault}"));
        let (code, receipt) = desk.sync(&["feishu"]);
        assert_eq!((code, &receipt["complete"]), (0, &Value::Bool(true)), "{fault}: {receipt}");
        assert_eq!(receipt["unique"], tickets, "{fault}: {receipt}");
        assert_eq!(desk.number("SELECT count(*) AS n FROM ticket"), tickets as u64, "{fault}");
        let log = desk.server.sandbox.requests();
        assert!(log.iter().filter(|request| request.fault.is_some()).count() > 1, "{fault}");
    }
}

#[test]
fn a_row_that_never_comes_makes_the_window_unstable() {
    let desk = Desk::with_tickets(1_000);
    desk.inject("feishu.list: lost-row");
    let run = desk.run(&["sync", "feishu", "--output", "json"]);
    let receipt: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &receipt["complete"]), (7, &Value::Bool(false)), "{run:?}");
    let window = &receipt["unstable"][0];
    assert_eq!((&window["claimed"], &window["tickets"]), (&1_000.into(), &999.into()), "{receipt}");
    assert_eq!(window["since"], "1970-01-01T00:00:00.000Z");
    assert_eq!(window["until"], receipt["until"]);
    let error = run.error(0);
    assert_eq!(error["kind"], "incomplete");
    assert_eq!(error["message"], "the mirror is not complete: 1 unstable window");
    let text = desk.run(&["mirror", "status"]).out;
    assert!(text.contains("not complete") && text.contains(": 999 tickets of 1000"), "{text}");
    // The next run reads the window again and finds the row.
    desk.server.sandbox.clear_faults();
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!((code, &receipt["new"]), (0, &1.into()), "{receipt}");
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket"), 1_000);
}
