//! `ticket mirror`: what it checks, repairs, maps again and removes.

use std::time::Duration;

use serde_json::{Value, json};
use ticket_sandbox::Builder;

use crate::config::{Config, profile};
use crate::harness::{TestServer, run, ticket};
use crate::sync::{DAY, Desk, NOW};

/// Runs a command of the group with JSON, and returns its exit code and the object that it prints.
fn report(desk: &Desk, arguments: &[&str]) -> (i32, Value) {
    let run = desk.run(&[&["mirror"], arguments, &["--output", "json"]].concat());
    (run.code, serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}")))
}

#[test]
fn finds_what_is_missing_and_repairs_it() {
    let mut desk = Desk::changing(|builder| builder.tickets(290, 1));
    assert_eq!(desk.sync(&["feishu"]).0, 0);
    let same = desk.run(&["mirror", "check", "feishu"]);
    assert_eq!(
        (same.code, &*same.out),
        (0, "290 tickets reported by the service, 290 in the mirror; 1 request\n")
    );

    // Ten more, of any time: an incremental run does not see those that were not changed since.
    desk.restart(|builder| builder.tickets(300, 1));
    let checked = desk.run(&["mirror", "check", "feishu", "-o", "json"]);
    let found: Value = serde_json::from_str(&checked.out).unwrap();
    assert_eq!((checked.code, &found["claimed"], &found["tickets"]), (7, &json!(300), &json!(290)));
    let different = found["different"].as_array().unwrap();
    let sum = |key: &str| different.iter().map(|it| it[key].as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum("claimed") - sum("tickets"), 10);
    let error = checked.error(0);
    let periods = if different.len() == 1 { "period" } else { "periods" };
    assert_eq!(error["message"], format!("the mirror differs in {} {periods}", different.len()));
    assert_eq!(error["hint"], "to read them again, run: ticket mirror repair feishu");

    let before = desk.requests("feishu.list");
    let repaired = desk.run(&["mirror", "repair", "feishu", "-o", "json"]);
    let receipt: Value = serde_json::from_str(&repaired.out).unwrap();
    assert_eq!((repaired.code, &*repaired.err), (0, ""), "{receipt}");
    assert_eq!(
        (&receipt["kind"], &receipt["complete"], &receipt["new"]),
        (&json!("repair"), &json!(true), &json!(10))
    );
    assert_eq!(desk.requests("feishu.list") - before, different.len() as u64);
    assert_eq!(desk.run(&["mirror", "check", "feishu"]).code, 0);
    // Nothing is left to repair. Without a check before it, a repair compares first.
    let (code, receipt) = report(&desk, &["repair", "feishu"]);
    assert_eq!((code, &receipt["complete"], &receipt["requests"]), (0, &json!(true), &json!(0)));
    desk.restart(|builder| builder.tickets(310, 1));
    let (code, receipt) = report(&desk, &["repair", "feishu"]);
    assert_eq!((code, &receipt["complete"], &receipt["new"]), (0, &json!(true), &json!(10)));

    let unknown = desk.run(&["mirror", "check", "feishu@other", "-o", "json"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    // Without a list nothing can be compared, whatever the settings are.
    for command in ["check", "repair"] {
        let no_list = run(&mut ticket(&["mirror", command, "engagelab", "-o", "json"]));
        assert_eq!(no_list.code, 2, "{no_list:?}");
        let error = no_list.error(0);
        assert_eq!(error["message"], "its API has no list to compare the mirror with");
        assert_eq!(error["hint"], "to read its tickets again, run: ticket sync engagelab");
    }
}

#[test]
fn checks_everything_that_any_run_has_read() {
    let desk = Desk::with_tickets(300);
    assert_eq!(desk.sync(&["feishu", "--since", "2026-01-01"]).0, 0);
    let (code, since) = report(&desk, &["check", "feishu"]);
    assert_eq!((code, since["claimed"] == since["tickets"]), (0, true), "{since}");
    assert!(since["since"].is_string() && since["tickets"].as_u64() < Some(300), "{since}");
    assert_eq!(desk.sync(&["feishu", "--full"]).0, 0);
    assert_eq!(desk.sync(&["feishu", "--full", "--since", "2026-01-01"]).0, 0);
    let (code, all) = report(&desk, &["check", "feishu"]);
    assert_eq!((code, &all["since"], &all["tickets"]), (0, &Value::Null, &json!(300)), "{all}");
}

#[test]
fn an_id_that_the_service_refuses_is_not_asked_for_again() {
    let desk = Desk::with_tickets(20);
    assert_eq!(desk.sync(&["feishu"]).0, 0);
    let file = desk.file("ids", "abc\n");
    let wrong = desk.run(&["sync", "feishu", "--ids", &file]);
    assert_eq!(wrong.code, 7, "{wrong:?}");
    let hint =
        "hint: the service has no such tickets: check the ids, or the address of the service\n";
    assert!(wrong.err.ends_with(hint), "{}", wrong.err);
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!((code, &receipt["complete"]), (0, &json!(true)), "{receipt}");
}

#[test]
fn a_mirror_of_the_sandbox_is_not_used_for_a_helpdesk() {
    let desk = Desk::with_tickets(20);
    assert_eq!(desk.run(&["sync", "feishu", "--sandbox"]).code, 0);
    let refused = desk.run(&["sync", "feishu"]);
    assert_eq!((refused.code, &*refused.out), (2, ""), "{refused:?}");
    let hint = "hint: its tickets come from the sandbox: name another file with --mirror, or remove them with:\n  \
                ticket mirror forget feishu --all\n";
    assert!(refused.err.ends_with(hint), "{}", refused.err);
}

#[test]
fn repair_marks_what_the_service_no_longer_has() {
    let mut desk = Desk::changing(|builder| builder.tickets(300, 1));
    assert_eq!(desk.sync(&["feishu"]).0, 0);
    desk.restart(|builder| builder.tickets(290, 1));
    let (code, report) = report(&desk, &["check", "feishu"]);
    assert_eq!((code, &report["claimed"], &report["tickets"]), (7, &json!(290), &json!(300)));
    let repaired = desk.run(&["mirror", "repair", "feishu", "-o", "json"]);
    let receipt: Value = serde_json::from_str(&repaired.out).unwrap();
    assert_eq!((repaired.code, &receipt["missing"]), (0, &json!(10)), "{receipt}");
    assert_eq!(desk.run(&["mirror", "check", "feishu"]).code, 0);
}

#[test]
fn shows_what_the_mirror_holds() {
    let desk = Desk::with_tickets(30);
    assert_eq!(desk.sync(&["feishu", "--conversation"]).0, 0);
    let ids: Vec<_> = desk.server.sandbox.generated_ids("engagelab").take(2).collect();
    let file = desk.file("ids", &ids.join("\n"));
    assert_eq!(desk.sync(&["engagelab", "--ids", &file]).0, 0);
    let (code, status) = report(&desk, &["status"]);
    assert_eq!((code, &status["schema"]), (0, &json!(2)));
    assert_eq!(status["file"], desk.mirror.to_str().unwrap());
    let sources = status["sources"].as_array().unwrap();
    let facts: Vec<_> = sources
        .iter()
        .map(|it| {
            json!([
                it["source"],
                it["tickets"],
                it["with_conversation"],
                it["to_fetch"],
                it["is_unfinished"],
                it["last"]["complete"]
            ])
        })
        .collect();
    assert_eq!(sources[0]["last_full"], Value::Null);
    assert_eq!(sources[1]["last_full"], sources[1]["last"]);
    assert_eq!(facts[0], json!(["engagelab", 2, 2, 0, false, null]), "{status}");
    assert_eq!(facts[1], json!(["feishu", 30, 30, 0, false, true]), "{status}");
    let text = desk.run(&["mirror", "status"]);
    assert_eq!((text.code, &*text.err), (0, ""));
    for part in [
        "\nengagelab\n",
        "\nfeishu\n",
        "  30 tickets · 30 with conversation\n",
        "last run: everything · complete · 20",
    ] {
        assert!(text.out.contains(part), "{part}: {}", text.out);
    }
    assert!(!text.out.contains("last run of everything"), "{}", text.out);

    // A run for wrong ids does not hide that the last full run was complete.
    let file = desk.file("wrong", "1\n");
    let (code, receipt) = desk.sync(&["feishu", "--ids", &file]);
    assert_eq!((code, &receipt["kind"]), (7, &json!("ids")));
    let text = desk.run(&["mirror", "status"]).out;
    for part in
        ["  last run of everything · complete · 20", "  last run: given ids · not complete · 20"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn creates_no_folder_for_a_mirror_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("typo/mirror.db");
    let arguments = ["sync", "feishu", "--sandbox", "--mirror", file.to_str().unwrap()];
    let refused = run(&mut ticket(&arguments));
    assert_eq!((refused.code, &*refused.out), (2, ""), "{refused:?}");
    let expected = format!(
        "error: the folder {} cannot be used: No such file or directory (os error 2)\nhint: check the path, or create its folder\n",
        file.parent().unwrap().display()
    );
    assert_eq!(refused.err, expected);
    assert!(!folder.path().join("typo").exists());
    let mut command = ticket(&["sync", "feishu", "--sandbox"]);
    let created = run(command.env("XDG_DATA_HOME", folder.path().join("data")));
    assert_eq!(created.code, 0, "{created:?}");
    assert!(folder.path().join("data/ticket/mirror.db").exists());
}

#[test]
fn shows_the_versions_of_a_ticket() {
    // Much happens in six hours of these two days.
    let tickets =
        |builder: Builder| builder.tickets(200, 1).created_within(Duration::from_hours(48));
    let mut desk = Desk::changing(tickets);
    assert_eq!(desk.sync(&["feishu"]).0, 0);
    desk.restart(|builder| tickets(builder).epoch(NOW + DAY / 4));
    let (code, receipt) = desk.sync(&["feishu"]);
    assert_eq!(code, 0, "{receipt}");
    let rows = desk.sql(
        "SELECT ticket.id, version_at FROM ticket JOIN ticket_version ON ticket.key = ticket_version.ticket
         WHERE ticket.version = 2 AND status = 'closed' AND ticket_version.json NOT LIKE '%\"value\":\"closed\"%' ORDER BY ticket.id",
    );
    let id = rows[0]["id"].as_str().unwrap();
    let name = format!("feishu:{id}");
    let (code, history) = report(&desk, &["history", &name]);
    assert_eq!((code, &history["ticket"]), (0, &json!(name)));
    let versions = history["versions"].as_array().unwrap();
    assert_eq!((versions.len(), &versions[0]["changes"]), (2, &json!([])), "{history}");
    assert_eq!(versions[1]["seen_at"], rows[0]["version_at"]);
    let changes = versions[1]["changes"].as_array().unwrap();
    let status =
        changes.iter().find(|it| it["field"] == "status.value").expect("a ticket was closed");
    assert_eq!(status["to"], "\"closed\"", "{history}");
    let text = desk.run(&["mirror", "history", &name]);
    assert_eq!((text.code, &*text.err), (0, ""));
    assert!(text.out.starts_with("version 1 · first seen 20"), "{}", text.out);
    assert!(text.out.contains("\nversion 2 · first seen 20"), "{}", text.out);
    assert!(text.out.contains(" → \"closed\"\n"), "{}", text.out);
    let unknown = desk.run(&["mirror", "history", "feishu:1", "-o", "json"]);
    assert_eq!(
        (unknown.code, &unknown.error(0)["message"]),
        (3, &json!("the mirror has no ticket feishu:1"))
    );
}

#[test]
fn maps_again_without_changes_and_without_the_service() {
    let mut desk = Desk::changing(|builder| builder.tickets(250, 1));
    assert_eq!(desk.sync(&["feishu", "--conversation"]).0, 0);
    let ids: Vec<_> = desk.server.sandbox.generated_ids("engagelab").take(2).collect();
    let file = desk.file("ids", &ids.join("\n"));
    assert_eq!(desk.sync(&["engagelab", "--ids", &file]).0, 0);
    let state = "SELECT id, version, version_at, last_seen_at, json FROM ticket ORDER BY key";
    let before = desk.sql(state);
    let requests = desk.server.sandbox.requests().len();
    for (source, tickets) in [("feishu", 250), ("engagelab", 2)] {
        let (code, report) = report(&desk, &["remap", source]);
        assert_eq!((code, report), (0, json!({"tickets": tickets, "changed": 0, "failed": 0})));
    }
    assert_eq!(desk.server.sandbox.requests().len(), requests);
    assert!(desk.sql(state) == before);
    let text = desk.run(&["mirror", "remap", "feishu"]);
    assert_eq!((text.code, &*text.out), (0, "250 tickets mapped again, 0 changed\n"));
    let unknown = desk.run(&["mirror", "remap", "rt", "-o", "json"]);
    assert_eq!(
        (unknown.code, &unknown.error(0)["message"]),
        (2, &json!("the mirror has no source rt"))
    );
    // A hint names the file that the command was about.
    let file = desk.mirror.to_str().unwrap();
    let named = ["mirror", "remap", "rt", "-o", "json", "--mirror", file];
    let named = run(desk.command(&named).env_remove("TICKET_MIRROR")).error(0);
    assert_eq!(
        named["hint"],
        format!("for its sources, run: ticket mirror status --mirror {file}")
    );
    // A run after it finds nothing new.
    desk.restart(|builder| builder.tickets(250, 1));
    let (code, receipt) = desk.sync(&["feishu", "--full"]);
    assert_eq!((code, &receipt["unchanged"], &receipt["fetched"]), (0, &json!(250), &json!(0)));
}

#[test]
fn forgets_a_ticket() {
    let desk = Desk::with_tickets(40);
    assert_eq!(desk.sync(&["feishu"]).0, 0);
    let id = desk.server.sandbox.generated_ids("feishu").nth(3).unwrap();
    let name = format!("feishu:{id}");
    for (arguments, message) in [
        (&["feishu"][..], "hint: write SOURCE:ID; to remove the whole source, add --all"),
        (&[&*name, "--all"], "expected a source without an id, such as feishu"),
    ] {
        let refused = desk.run(&[&["mirror", "forget"], arguments].concat());
        assert!(refused.code == 2 && refused.err.contains(message), "{refused:?}");
    }
    let repaired = desk.run(&["mirror", "repair", "feishu", "-o", "text"]);
    assert!(repaired.out.contains("\n  nothing to repair\n"), "{repaired:?}");
    let forgotten = desk.run(&["mirror", "forget", &name]);
    let text = format!(
        "Removed {name} from the mirror. The next full run brings it back if the service still has it.\n"
    );
    assert_eq!((forgotten.code, &*forgotten.out, &*forgotten.err), (0, &*text, ""));
    assert_eq!(desk.run(&["search", &id, "-o", "ids"]).out, "");
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket"), 39);
    for (ticket, message) in [
        (&*name, format!("the mirror has no ticket {name}")),
        ("rt:1", "the mirror has no source rt".to_owned()),
    ] {
        let again = desk.run(&["mirror", "forget", ticket]);
        assert!(again.code == if ticket == name { 3 } else { 2 }, "{again:?}");
        assert!(again.err.contains(&message), "{}", again.err);
        let hint =
            "hint: to list the tickets of the mirror, run:\n  ticket list --offline feishu\n";
        assert_eq!(again.err.ends_with(hint), ticket == name, "{}", again.err);
    }
    // The others can still be mapped again, and the service still has it.
    let (code, mapped) = report(&desk, &["remap", "feishu"]);
    assert_eq!((code, mapped), (0, json!({"tickets": 39, "changed": 0, "failed": 0})));
    let (code, receipt) = desk.sync(&["feishu", "--full"]);
    assert_eq!((code, &receipt["new"]), (0, &json!(1)), "{receipt}");
}

#[test]
fn finds_the_source_of_a_profile() {
    let server = TestServer::start(|builder| builder.tickets(20, 1).rate_limit_scale(0));
    let config = Config::new(&(profile("prod", &server) + &profile("test", &server)), 0o600);
    let mirror = config.folder.path().join("mirror.db");
    let run = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = ticket(arguments);
        command.env("XDG_CONFIG_HOME", config.folder.path()).env("TICKET_MIRROR", &mirror);
        let run = run(command.envs(environment.iter().copied()));
        assert_eq!((run.code, &*run.err), (0, ""), "{arguments:?}");
        run.out
    };
    assert!(
        run(&["sync", "feishu", "--profile", "prod"], &[]).starts_with("feishu@prod · complete")
    );
    let id = server.sandbox.generated_ids("feishu").next().unwrap();
    let (plain, named) = (format!("feishu:{id}"), format!("feishu@prod:{id}"));
    let (prod, none) = ([("TICKET_PROFILE", "prod")], [("TICKET_PROFILE", "")]);
    for (profile, environment) in [(&["--profile", "prod"][..], &none[..]), (&[], &prod)] {
        for command in [
            &["mirror", "check", "feishu"][..],
            &["mirror", "remap", "feishu"],
            &["list", "feishu", "--offline"],
        ] {
            run(&[command, profile].concat(), environment);
        }
    }
    // Without a profile it is the only source of its provider.
    assert!(run(&["search", "VPN", "--source", "feishu"], &none).contains("feishu@prod"));
    for environment in [&none, &prod] {
        for ticket in [&plain, &named] {
            assert!(run(&["mirror", "history", ticket], environment).starts_with("version 1"));
        }
    }
    assert_eq!(run(&["list", "--offline", "feishu", "-o", "ids"], &none).lines().count(), 20);
    assert_eq!(
        run(&["mirror", "forget", &plain], &none),
        format!(
            "Removed {named} from the mirror. The next full run brings it back if the service still has it.\n"
        )
    );
    let removed = run(&["mirror", "forget", "feishu@prod", "--all"], &none);
    assert_eq!(removed, "Removed 19 tickets and everything else of feishu@prod from the mirror.\n");
    let status = run(&["mirror", "status", "-o", "json"], &none);
    assert_eq!(serde_json::from_str::<Value>(&status).unwrap()["sources"], json!([]));
}
