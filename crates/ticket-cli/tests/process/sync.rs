//! `ticket sync`: complete or not, interrupted or not.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use ticket_sandbox::{Builder, FaultRule};

use crate::config::Config;
use crate::front::Front;
use crate::harness::{ENGAGELAB, Run, TestServer, run, run_with_input, ticket};
use crate::killed::{Event, WatchedDesk};

/// The time at which the sandbox shows its tickets, in milliseconds since 1970: the current time of the binary.
pub(crate) const NOW: i64 = 1_770_681_600_000;
/// A day in milliseconds.
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1_000;

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
    front: Option<Front>,
    config: Config,
    pub(crate) mirror: PathBuf,
}

impl Desk {
    pub(crate) fn new(change: impl FnOnce(Builder) -> Builder) -> Self {
        let server = TestServer::start(|builder| change(builder.epoch(NOW).rate_limit_scale(0)));
        let config = Config::new(FAST, 0o600);
        let mirror = config.folder.path().join("mirror.db");
        Self { server, front: None, config, mirror }
    }

    /// Returns a desk whose sandbox can be replaced.
    pub(crate) fn changing(change: impl FnOnce(Builder) -> Builder) -> Self {
        let desk = Self::new(change);
        let front = Some(Front::start(desk.server.sandbox.address()));
        Self { front, ..desk }
    }

    pub(crate) fn with_tickets(count: usize) -> Self {
        Self::new(|builder| builder.tickets(count, 1))
    }

    /// Replaces the sandbox by another one, at the same address for the binary. Needs [`Self::changing`].
    pub(crate) fn restart(&mut self, change: impl FnOnce(Builder) -> Builder) {
        self.server = TestServer::start(|builder| change(builder.epoch(NOW).rate_limit_scale(0)));
        self.front.as_ref().unwrap().lead_to(self.server.sandbox.address());
    }

    /// Writes a file beside the mirror and returns its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.mirror.with_file_name(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Returns the lines that a command prints as JSON.
    pub(crate) fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let run = self.run(&[arguments, &["--output", "json"]].concat());
        assert_eq!((run.code, &*run.err), (0, ""), "{arguments:?}");
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
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
        for name in ["ENGAGELAB_BASE_URL", "FEISHU_BASE_URL"] {
            command.envs(self.front.iter().map(|front| (name, front.base_url())));
        }
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
        self.lines(&["sql", query])
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
    assert_eq!(
        error["message"],
        "the mirror is not complete: 1 part of the list changed while it was read"
    );
    let text = desk.run(&["mirror", "status"]).out;
    assert!(
        text.contains("not complete")
            && text.contains("999 of 1000 tickets created from the beginning to "),
        "{text}"
    );
    // The next run reads the window again and finds the row.
    desk.server.sandbox.clear_faults();
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!((code, &receipt["new"]), (0, &1.into()), "{receipt}");
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket"), 1_000);
}

#[test]
fn one_program_writes_and_others_read() {
    let watched = WatchedDesk::with_tickets(1_000);
    let desk = &watched.desk;
    let mut first = watched.start(&["sync", "feishu", "-o", "json"], "feishu.list", 4, true);
    let Event::Reached(resume) = first.events.recv().unwrap() else { panic!("it ended") };

    for (arguments, is_json) in
        [(&["sync", "feishu"][..], false), (&["mirror", "repair", "feishu"], true)]
    {
        let format = if is_json { "json" } else { "text" };
        let second = desk.run(&[arguments, &["--output", format]].concat());
        assert_eq!((second.code, &*second.out), (5, ""), "{second:?}");
        let message = format!("another program is writing to {}", desk.mirror.display());
        if is_json {
            assert_eq!(second.error(0)["message"], message, "{second:?}");
        } else {
            let hint = "hint: wait until it has ended, or name another file with --mirror";
            assert_eq!(second.err, format!("error: {message}\n{hint}\n"));
        }
    }
    // Three pages are there, each with everything that belongs to it.
    let state = "SELECT (SELECT count(*) FROM ticket) AS tickets, (SELECT sum(tickets) FROM window) AS listed,
                        (SELECT count(*) FROM text_index_docsize) AS indexed, (SELECT count(*) FROM raw) AS pages";
    let expected = json!({"tickets": 600, "listed": 600, "indexed": 600, "pages": 3});
    assert_eq!(desk.sql(state), [expected]);
    let found = desk.run(&["search", "VPN", "--limit", "1000", "-o", "ids"]);
    assert!(found.code == 0 && found.out.lines().count() > 10, "{found:?}");
    let status = &desk.lines(&["mirror", "status"])[0]["sources"][0];
    assert_eq!((&status["tickets"], &status["is_unfinished"]), (&json!(600), &json!(true)));
    // The files of a mirror in use are as private as the mirror.
    let mut names = Vec::new();
    for file in fs::read_dir(desk.mirror.parent().unwrap()).unwrap().map(Result::unwrap) {
        let name = file.file_name().into_string().unwrap();
        if name.starts_with("mirror.db") {
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{name}");
            names.push(name);
        }
    }
    names.sort();
    assert_eq!(names, ["mirror.db", "mirror.db-shm", "mirror.db-wal", "mirror.db.lock"]);

    drop(resume);
    let Event::Ended(output) = first.events.recv().unwrap() else { panic!("a second request") };
    assert_eq!(first.child.wait().unwrap().code(), Some(0));
    let receipt: Value = serde_json::from_str(&output).unwrap();
    assert_eq!((&receipt["complete"], &receipt["unique"]), (&json!(true), &json!(1_000)));
}

#[test]
fn the_receipt_is_one_object_or_a_text() {
    let desk = Desk::with_tickets(200);
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!(code, 0);
    let mut numbers = serde_json::Map::new();
    for key in ["complete", "claimed", "read", "unique", "duplicates", "failed", "gaps", "unstable"]
    {
        numbers.insert(key.to_owned(), receipt.get(key).expect(key).clone());
    }
    assert_eq!(
        Value::Object(numbers),
        json!({"complete": true, "claimed": 200, "read": 200, "unique": 200, "duplicates": 0, "failed": [], "gaps": [], "unstable": []})
    );
    let text = desk.run(&["sync", "feishu", "--full"]);
    assert_eq!((text.code, &*text.err), (0, ""));
    assert!(
        text.out.starts_with(
            "feishu · complete · run 2: everything\n  200 tickets reported by the service"
        ),
        "{}",
        text.out
    );
    assert!(text.out.contains("\n  200 unchanged\n"), "{}", text.out);
    let wrong = desk.run(&["sync", "zendesk", "--output", "json"]);
    assert_eq!((wrong.code, &*wrong.out), (2, ""));
    assert_eq!(wrong.error(0)["message"], "unknown provider \"zendesk\"");
    let account = run(desk.command(&["sync", "feishu"]).env("FEISHU_HELPDESK_ID", "7"));
    assert_eq!((account.code, &*account.out), (2, ""), "{account:?}");
    assert!(
        account.err.contains("mirror.db knows feishu as another account: feishu http"),
        "{}",
        account.err
    );
    // A call that fails for good ends the run; its receipt says so.
    desk.inject("feishu.list: status 400 code 99991663");
    let failed = desk.run(&["sync", "feishu", "--full", "--output", "json"]);
    assert_eq!(failed.code, 4, "{failed:?}");
    let receipt: Value = serde_json::from_str(&failed.out).unwrap();
    assert_eq!(receipt["complete"], false, "{receipt}");
    assert!(receipt["error"].is_string(), "{receipt}");
    assert_eq!(failed.error(0)["kind"], "unauthenticated");
}

#[test]
fn a_source_without_a_list_reads_named_tickets_and_then_those_of_the_mirror() {
    let desk = Desk::with_tickets(20);
    let none = desk.run(&["sync", "engagelab"]);
    assert_eq!((none.code, &*none.out), (2, ""));
    assert_eq!(
        none.err,
        "error: engagelab: its API has no list of tickets, and there is no mirror yet\nhint: to read tickets by their ids, one a line in a file, run:\n  ticket sync engagelab --ids FILE\n"
    );
    let ids: Vec<_> = desk.server.sandbox.generated_ids("engagelab").collect();
    let file = desk.file("ids", &format!("{}\n\n  {ENGAGELAB}  \r\n{}\n", ids[0], ids[0]));
    let (code, receipt) = desk.sync(&["engagelab", "--ids", &file]);
    assert_eq!(
        (code, &receipt["complete"], &receipt["new"]),
        (0, &Value::Null, &json!(2)),
        "{receipt}"
    );
    let arguments = ["sync", "engagelab", "--ids", "-", "--output", "json"];
    let lines = ids.join("\nengagelab:");
    let piped = run_with_input(&mut desk.command(&arguments), lines.as_bytes());
    let receipt: Value = serde_json::from_str(&piped.out).unwrap();
    assert_eq!((piped.code, &receipt["new"], &receipt["unchanged"]), (0, &json!(19), &json!(1)));

    let (code, receipt) = desk.sync(&["engagelab"]);
    assert_eq!((code, &receipt["fetched"], &receipt["unchanged"]), (0, &json!(21), &json!(21)));
    let (code, receipt) = desk.sync(&["engagelab", "--require-complete"]);
    assert_eq!((code, &receipt["complete"]), (7, &Value::Null));
    let text = desk.run(&["sync", "engagelab", "--require-complete"]);
    let head = "engagelab · every requested ticket was read; the service may have others · run ";
    assert!(text.out.starts_with(head), "{}", text.out);
    let message = "error: engagelab: the service does not say how many tickets it has, so that the mirror may not be complete\n";
    assert_eq!((text.code, &*text.err), (7, message));

    // A ticket that does not exist is a failure of the run that names it, and not asked for again.
    let file = desk.file("none", "tk_none\n");
    let (code, receipt) = desk.sync(&["engagelab", "--ids", &file]);
    assert_eq!((code, &receipt["complete"]), (7, &json!(false)));
    assert_eq!(
        receipt["failed"],
        json!([{"id": "tk_none", "kind": "not_found", "message": "ticket not found: \"ticket not found\""}])
    );
    let (code, receipt) = desk.sync(&["engagelab"]);
    assert_eq!((code, &receipt["fetched"]), (0, &json!(21)));
    for (text, message) in [
        ("feishu:1", "it is a ticket of feishu, not of engagelab"),
        ("engagelab:", "invalid ticket id: empty"),
        ("tk_1\n\nhello world", "line 3 of "),
    ] {
        let file = desk.file("wrong", text);
        let wrong = desk.run(&["sync", "engagelab", "--ids", &file]);
        assert!(wrong.code == 2 && wrong.err.contains(message), "{text}: {wrong:?}");
    }
}

#[test]
fn creates_no_mirror_for_a_file_of_ids_that_is_missing_nor_a_lock_beside_another_file() {
    let desk = Desk::with_tickets(20);
    let missing = desk.run(&["sync", "engagelab", "--ids", "/nowhere/ids"]);
    assert_eq!((missing.code, &*missing.out), (2, ""), "{missing:?}");
    assert!(!desk.mirror.exists());
    let other = desk.file("notes.txt", "no mirror");
    let refused = desk.run(&["sync", "feishu", "--mirror", &other]);
    assert!(refused.code == 2 && refused.err.contains("notes.txt is not a mirror"), "{refused:?}");
    assert!(!std::path::Path::new(&format!("{other}.lock")).exists());
}

#[test]
fn a_second_run_fetches_only_the_conversations_of_tickets_that_changed() {
    let mut desk = Desk::changing(|builder| builder.tickets(150, 1));
    let before = desk.lines(&["list", "feishu"]);
    let (code, receipt) = desk.sync(&["feishu", "--conversation"]);
    assert_eq!((code, &receipt["new"], &receipt["fetched"]), (0, &json!(150), &json!(150)));
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket WHERE conversation_complete"), 150);
    let (code, receipt) = desk.sync(&["feishu", "--conversation"]);
    assert_eq!((code, &receipt["fetched"]), (0, &json!(0)), "{receipt}");

    desk.restart(|builder| builder.tickets(150, 1).epoch(NOW + 10 * DAY));
    let after = run(desk
        .command(&["list", "feishu", "-o", "json"])
        .env("TICKET_NOW", "2026-02-20T00:00:00Z"));
    let after: Vec<Value> =
        after.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let changed = after.iter().filter(|ticket| !before.contains(ticket)).count();
    assert!((3..50).contains(&changed), "{changed}");
    // Without the option, too: these tickets have their conversation.
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!(
        (code, &receipt["fetched"], &receipt["changed"]),
        (0, &changed.into(), &changed.into()),
        "{receipt}"
    );
    assert_eq!(desk.requests("feishu.messages"), changed as u64);
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket WHERE conversation_complete"), 150);
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket WHERE version = 2"), changed as u64);
}

#[test]
fn a_period_is_read_first_and_everything_later() {
    let mut desk = Desk::changing(|builder| builder.tickets(300, 1));
    let recent = desk.lines(&["list", "feishu", "--created-since", "30d"]).len();
    assert!((20..200).contains(&recent), "{recent}");
    let (code, receipt) = desk.sync(&["feishu", "--since", "30d"]);
    assert_eq!((code, &receipt["unique"]), (0, &recent.into()), "{receipt}");
    assert_eq!(receipt["since"], "2026-01-11T00:00:00.000Z");
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!(
        (code, &receipt["kind"], &receipt["new"]),
        (0, &json!("full"), &(300 - recent).into())
    );
    let wrong = desk.run(&["sync", "feishu", "--since", "soon"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");

    // The service loses the last ten tickets.
    desk.restart(|builder| builder.tickets(290, 1));
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!((code, &receipt["missing"]), (0, &json!(0)), "{receipt}");
    let (code, receipt) = desk.sync(&["feishu", "--full"]);
    assert_eq!((code, &receipt["missing"], &receipt["unique"]), (0, &json!(10), &json!(290)));
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket WHERE missing_since IS NOT NULL"), 10);
    // They come back.
    desk.restart(|builder| builder.tickets(300, 1));
    assert_eq!(desk.sync(&["feishu", "--full"]).0, 0);
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket WHERE missing_since IS NULL"), 300);
}

#[test]
fn a_file_that_cannot_grow_keeps_what_was_written() {
    let desk = Desk::with_tickets(1_000);
    // The system refuses to let a file of the process grow further: while it is created, before the first page, and later.
    for blocks in [500, 1_000, 4_000] {
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let sync = desk.command(&["sync", "feishu", "--output", "json"]);
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &limited]).arg(sync.get_program()).args(sync.get_args()).env_clear();
        command.envs(sync.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let failed = run(&mut command);
        assert_eq!((failed.code, &*failed.out), (1, ""), "{blocks}: {failed:?}");
        let error = failed.error(0);
        assert_eq!(
            error["message"],
            "the mirror cannot be read or written: disk I/O error; what was written before is complete"
        );
        assert_eq!(error["hint"], "check the disk and its limits, and run the same command again");
    }
    let written = desk.number("SELECT count(*) AS n FROM ticket");
    assert!((200..1_000).contains(&written) && written.is_multiple_of(200), "{written}");

    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!((code, &receipt["unique"], &receipt["run"]), (0, &json!(1_000), &json!(1)));
    assert_eq!(receipt["duplicates"], 0, "{receipt}");
    assert_eq!(desk.sql("PRAGMA integrity_check"), [json!({"integrity_check": "ok"})]);
}

#[test]
fn downloads_files_and_names_those_that_cannot_be_had() {
    let desk = Desk::with_tickets(4);
    desk.server.sandbox.inject("feishu.image 1: status 403".parse().unwrap()).unwrap();
    let arguments = ["feishu", "--attachments"];
    let (code, receipt) = desk.sync(&arguments);
    let files = &receipt["files"];
    let number = |name: &str| files[name].as_u64().unwrap();
    assert_eq!((code, number("left")), (0, 0), "{files}");
    assert!(number("stored") > 20, "{files}");
    assert_eq!(number("stored") + number("failures"), number("named"), "{files}");
    let failed = files["failed"].as_array().unwrap();
    let of_kind = |kind: &str| failed.iter().filter(|it| it["kind"] == kind).count();
    assert!(of_kind("invalid_request") > 0 && of_kind("permission_denied") == 1, "{files}");
    let stored = "SELECT count(*) AS n FROM file WHERE substr(hex(content), 1, 8) = '89504E47'";
    assert_eq!(desk.number(stored), desk.number("SELECT count(*) AS n FROM file"));

    let calls = desk.requests("feishu.image");
    let run = desk.run(&["sync", "feishu", "--attachments"]);
    assert_eq!((run.code, desk.requests("feishu.image")), (0, calls), "{run:?}");
    let lines = format!("{} of {} files in the mirror", number("stored"), number("named"));
    assert!(run.out.contains(&lines), "{run:?}");
    assert!(run.out.contains(": Feishu documents a download only for the images"), "{run:?}");
}

#[test]
fn files_that_failed_for_now_are_not_complete() {
    let desk = Desk::with_tickets(2);
    desk.server.sandbox.inject("feishu.image 1-20: status 503".parse().unwrap()).unwrap();
    let (code, receipt) = desk.sync(&["feishu", "--attachments"]);
    assert!(receipt["files"]["left"].as_u64().unwrap() > 0, "{receipt}");
    assert_eq!((code, &receipt["complete"]), (7, &json!(true)), "{receipt}");
    let (code, receipt) = desk.sync(&["feishu", "--attachments"]);
    assert_eq!((code, &receipt["files"]["left"]), (0, &json!(0)), "{receipt}");
}

#[test]
fn options_of_files_need_attachments_and_valid_values() {
    let desk = Desk::with_tickets(1);
    for arguments in [
        &["--max-attachment-mb", "5"][..],
        &["--attachment-types", "image/*"],
        &["--attachments", "--max-attachment-mb", "0"],
        &["--attachments", "--attachment-types", "image"],
    ] {
        let run = desk.run(&[&["sync", "feishu"], arguments].concat());
        assert_eq!(run.code, 2, "{run:?}");
    }
}
