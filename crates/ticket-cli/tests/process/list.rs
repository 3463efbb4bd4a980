//! `ticket list`: filters, outputs, and what faults of the list change.

use std::collections::HashSet;
use std::process::Command;

use serde_json::Value;
use ticket_sandbox::FaultRule;

use crate::config::Config;
use crate::harness::{Run, TestServer, run, run_with_input, ticket};

/// The current time of the binary, in milliseconds since 1970.
const NOW: i64 = 1_770_681_600_000;

/// Waits neither for the documented rate limits nor long before a retry.
const FAST: &str = "[profiles.default.transport]\nrate_limit_fraction = 1000\nconcurrency = 16\n";

/// A sandbox with generated tickets and without rate limits, and settings for it.
struct Desk {
    server: TestServer,
    config: Config,
}

impl Desk {
    fn with_tickets(count: usize) -> Self {
        let server =
            TestServer::start(|builder| builder.tickets(count, 1).epoch(NOW).rate_limit_scale(0));
        let config = Config::new(FAST, 0o600);
        Self { server, config }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = ticket(arguments);
        command.envs(self.server.environment());
        command.env("XDG_CONFIG_HOME", self.config.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        run(&mut self.command(arguments))
    }

    /// Returns the tickets that a command prints as JSON.
    fn tickets(&self, arguments: &[&str]) -> Vec<Value> {
        let run = self.run(&[arguments, &["--output", "json"]].concat());
        assert_eq!((run.code, &*run.err), (0, ""), "{arguments:?}");
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn id(ticket: &Value) -> &str {
    ticket["id"].as_str().unwrap()
}

#[test]
fn ids_of_a_list_are_fetched_with_their_conversations() {
    let desk = Desk::with_tickets(3_000);
    let all = desk.tickets(&["list", "feishu"]);
    assert_eq!(all.iter().map(id).collect::<HashSet<_>>().len(), 3_000);
    let is_wanted = |ticket: &&Value| {
        ticket["status"]["value"] == "closed"
            && ticket["created_at"].as_str().unwrap() >= "2026-01-11T00:00:00Z"
    };
    let wanted: HashSet<&str> = all.iter().filter(is_wanted).map(id).collect();
    assert!(wanted.len() > 100, "{}", wanted.len());

    let filters = ["--status", "closed", "--created-since", "30d", "--output", "ids"];
    let ids = desk.run(&[&["list", "feishu"], &filters[..]].concat());
    assert_eq!(ids.code, 0, "{}", ids.err);
    let listed: HashSet<&str> =
        ids.out.lines().map(|line| line.strip_prefix("feishu:").unwrap()).collect();
    assert_eq!(listed, wanted);

    let mut get = desk.command(&["get", "-", "--conversation", "--output", "json"]);
    let fetched = run_with_input(&mut get, ids.out.as_bytes());
    assert_eq!((fetched.code, &*fetched.err), (0, ""));
    let fetched: Vec<Value> =
        fetched.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let in_order: Vec<_> = fetched.iter().map(|ticket| format!("feishu:{}", id(ticket))).collect();
    assert_eq!(in_order, ids.out.lines().collect::<Vec<_>>());
    assert!(fetched.iter().all(|ticket| ticket["conversation"]["complete"] == true));
}

#[test]
fn a_fault_of_the_list_loses_no_ticket_in_silence() {
    for (rule, code, missing) in [
        ("feishu.list 1: empty-page", 0, 0),
        ("feishu.list 2: shifted-rows", 0, 0),
        ("feishu.list 1: lost-row", 0, 0),
        ("feishu.list: lost-row", 7, 1),
        ("feishu.list: zero-based-pages", 7, 200),
        ("feishu.list 3: status 503", 0, 0),
        ("feishu.list 3: html", 6, 1_000 - 400),
        ("feishu.list 2: status 200 code 99991400", 0, 0),
    ] {
        let desk = Desk::with_tickets(1_000);
        desk.server.sandbox.inject(rule.parse::<FaultRule>().unwrap()).unwrap();
        let run = desk.run(&["list", "feishu", "--output", "ids"]);
        let unique: HashSet<&str> = run.out.lines().collect();
        assert_eq!(unique.len(), run.out.lines().count(), "{rule}: a ticket is listed twice");
        assert_eq!((run.code, 1_000 - unique.len()), (code, missing), "{rule}: {}", run.err);
        if code == 7 {
            let message =
                format!("error: feishu: {} tickets listed, {missing} missing", unique.len());
            assert!(run.err.starts_with(&message), "{rule}: {}", run.err);
        }
    }
}

#[test]
fn more_tickets_than_the_service_lists_are_not_a_complete_list() {
    let desk = Desk::with_tickets(10_500);
    let run = desk.run(&["list", "feishu", "--output", "ids"]);
    assert_eq!((run.code, run.out.lines().count()), (7, 10_000));
    assert_eq!(
        run.err,
        "error: feishu: 10000 tickets listed; the service lists at most 10000, and that many or more match\n\
         hint: narrow the range with --created-since and --created-until\n"
    );
}

#[test]
fn each_filter_selects_tickets() {
    let desk = Desk::with_tickets(400);
    let all = desk.tickets(&["list", "feishu"]);
    let requester = all[7]["requester"]["id"].as_str().unwrap();
    let assignee = all.iter().find_map(|ticket| ticket["assignee"]["id"].as_str()).unwrap();
    let day = "2026-01-20";
    for (arguments, is_wanted) in [
        (
            vec!["--status", "open"],
            Box::new(|it: &Value| it["status"]["value"] == "open") as Box<dyn Fn(&Value) -> bool>,
        ),
        (
            vec!["--status", "new", "--status", "on_hold"],
            Box::new(|it| it["status"]["value"] == "new" || it["status"]["value"] == "on_hold"),
        ),
        (
            vec!["--created-since", day, "--created-until", day],
            Box::new(|it| it["created_at"].as_str().unwrap().starts_with(day)),
        ),
        (vec!["--requester", requester], Box::new(|it| it["requester"]["id"] == *requester)),
        (vec!["--native", "score=1"], Box::new(|it| it["satisfaction"]["score"] == 1)),
    ] {
        let found = desk.tickets(&[&["list", "feishu"], &arguments[..]].concat());
        let found: HashSet<&str> = found.iter().map(id).collect();
        let wanted: HashSet<&str> = all.iter().filter(|it| is_wanted(it)).map(id).collect();
        assert!(!wanted.is_empty(), "{arguments:?}");
        assert_eq!(found, wanted, "{arguments:?}");
    }
    // The service also finds tickets that other agents of the same name handled before.
    let of_agent = desk.tickets(&["list", "feishu", "--assignee", assignee]);
    assert!(of_agent.iter().any(|ticket| ticket["assignee"]["id"] == *assignee));
}

#[test]
fn prints_a_list_in_each_format() {
    let desk = Desk::with_tickets(30);
    let list = |arguments: &[&str]| {
        let run = desk.run(&[&["list", "feishu", "--limit", "2"], arguments].concat());
        assert_eq!((run.code, &*run.err), (0, ""), "{arguments:?}");
        run.out
    };
    let ids = list(&["-o", "ids"]);
    assert!(
        ids.lines().count() == 2 && ids.lines().all(|line| line.starts_with("feishu:7")),
        "{ids}"
    );
    let fields = list(&["--fields", "id,status.value", "-o", "csv"]);
    assert_eq!((fields.lines().count(), fields.lines().next()), (3, Some("id,status.value")));
    let json = list(&[]);
    assert!(json.lines().all(|line| line.starts_with(r#"{"provider":"feishu","id":"7"#)), "{json}");
    let table = list(&["-o", "table"]);
    assert!(table.starts_with("ID") && table.lines().count() == 3, "{table}");
    let profile = run(ticket(&["list", "feishu@prod", "--sandbox", "-o", "ids", "--limit", "1"])
        .env("XDG_CONFIG_HOME", desk.config.folder.path()));
    assert_eq!(profile.code, 2, "{profile:?}");
}

#[test]
fn refuses_what_a_service_cannot_list_and_says_what_it_can() {
    for (arguments, message) in [
        (
            &["engagelab"][..],
            "error: engagelab: its API has no list of tickets\nhint: take the ids from another system, and fetch them with ticket get -\n",
        ),
        (
            &["feishu", "--text", "vpn"],
            "error: feishu: the service cannot search for words\nhint: search the mirror: ticket search WORDS, or ticket list --offline\n",
        ),
        (
            &["feishu", "--native", "stage=1"],
            "error: feishu: the service has no filter \"stage\"\nhint: its own filters are ticket_id, ",
        ),
        (
            &["feishu", "--status", "resolved"],
            "error: feishu: the service has no status that means resolved\nhint: its statuses mean new, ",
        ),
        (
            &["feishu", "--created-since", "1d", "--created-until", "2d"],
            "error: feishu: the created range ends before it begins: 2026-02-09T00:00:00Z to 2026-02-08T00:00:00Z\n",
        ),
        (
            &["feishu", "--created-since", "yesterday"],
            "error: invalid value 'yesterday' for '--created-since <TIME>': expected a date",
        ),
        (&["feishu", "--status", "done"], "error: invalid value 'done' for '--status <VALUE>'"),
        (
            &["feishu", "--fields", "id"],
            "error: --output ids cannot be used with --fields\nhint: use json, csv or table\n",
        ),
        (
            &["feishu", "--created-since", "2030-01-01T00:00:00Z"],
            "error: feishu: the time of --created-since is in the future: 2030-01-01T00:00:00Z\nhint: give an earlier time: now is 2026-02-10T00:00:00Z, ",
        ),
        (
            &["feishu", "--updated-since", "2030-01-01T00:00:00Z"],
            "error: feishu: the time of --updated-since is in the future: 2030-01-01T00:00:00Z\n",
        ),
        (
            &["feishu", "--limit", "x"],
            "error: invalid value 'x' for '--limit <N>': expected a whole number from 1\n",
        ),
        (
            &["feishu", "--limit", "0"],
            "error: invalid value '0' for '--limit <N>': expected a whole number from 1\n",
        ),
        (&["feishu:42"], "error: feishu:42: expected a source without an id, such as feishu\n"),
        (&["feishuu"], "error: unknown provider \"feishuu\"\nhint: did you mean feishu?\n"),
        (&["zendesk"], "error: unknown provider \"zendesk\"\n"),
    ] {
        let run = run(&mut ticket(&[&["list", "--sandbox", "-o", "ids"], arguments].concat()));
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(run.err.starts_with(message), "{arguments:?}: {}", run.err);
    }
}
