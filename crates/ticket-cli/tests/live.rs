//! Runs the binary against a real Request Tracker, which `cargo xtask live rt` starts; `xtask/live/rt/tickets.pl` creates the tickets.

use std::env;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs the binary as a user, `ROOT`, `AGENT` or `REQUESTER`, with this input.
fn ticket(user: &str, arguments: &[&str], input: &[u8]) -> Output {
    let variable = |name: &str| {
        env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run cargo xtask live rt"))
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_ticket"))
        .args(arguments)
        .env_clear()
        // The settings of the developer must not matter.
        .env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-config"))
        .env("RT_BASE_URL", variable("RT_BASE_URL"))
        .env("RT_TOKEN", variable(&format!("RT_{user}_TOKEN")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// Returns stdout of a run that succeeds in silence.
fn success(output: Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*error), (Some(0), ""));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn prints_a_ticket_with_its_conversation() {
    let page = success(ticket("AGENT", &["get", "rt:1", "--conversation", "-o", "page"], b""));
    for text in [
        "Router does not start 🔌",
        "林小雨",
        "Hana Nováková",
        "Second level",
        "Account manager",
        "Have you tried another socket?",
        "INTERNAL NOTE",
        "rechnung.pdf",
        "Priority",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let json = success(ticket("REQUESTER", &["get", "rt:1", "--conversation"], b""));
    let json: Value = serde_json::from_str(&json).unwrap();
    let messages = json["conversation"]["messages"].as_array().unwrap();
    assert!(messages.iter().all(|it| it["visibility"] == "public"), "{messages:?}");
    assert_eq!(messages.len(), 3);
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn prints_the_tickets_of_a_list() {
    for (user, expected) in [("AGENT", "1 2 4 5 8 10 11 12"), ("REQUESTER", "1 2 4 8")] {
        let list = ticket(user, &["list", "rt", "--output", "ids"], b"");
        assert_eq!(list.status.code(), Some(0), "{list:?}");
        let tickets = success(ticket(user, &["get", "-", "--output", "json"], &list.stdout));
        let ids = tickets.lines().map(|line| {
            let ticket: Value = serde_json::from_str(line).unwrap();
            ticket["id"].as_str().unwrap().to_owned()
        });
        assert_eq!(ids.collect::<Vec<_>>().join(" "), expected);
    }
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn a_second_synchronization_reads_only_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path().join("mirror.db").display().to_string();
    let sync = |user| {
        let arguments = ["sync", "rt", "--conversation", "--mirror", &mirror, "--output", "json"];
        let output = ticket(user, &arguments, b"");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let first = sync("AGENT");
    assert_eq!((&first["new"], &first["fetched"]), (&8.into(), &8.into()), "{first}");
    let second = sync("AGENT");
    let counts = [&second["new"], &second["changed"], &second["fetched"]];
    assert_eq!(counts, [&Value::from(0); 3], "{second}");
    let arguments = ["search", "socket", "--mirror", &mirror, "--output", "ids"];
    assert_eq!(success(ticket("AGENT", &arguments, b"")), "rt:1\n");
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn downloads_files_of_the_size_that_the_service_says() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path().join("mirror.db").display().to_string();
    let arguments = ["sync", "rt", "--attachments", "--mirror", &mirror, "--output", "json"];
    let output = ticket("ROOT", &arguments, b"");
    let receipt: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = &receipt["files"];
    assert_eq!((&files["named"], &files["stored"]), (&4.into(), &4.into()), "{files}");
    let query = "SELECT attachment.size_bytes AS said, file.size_bytes AS is_, name, extension FROM attachment
        JOIN download ON download.ticket = attachment.ticket AND download.attachment = attachment.id
        JOIN file ON file.key = download.file";
    let rows = success(ticket("ROOT", &["sql", query, "--mirror", &mirror], b""));
    assert_eq!(rows.lines().count(), 4, "{rows}");
    for row in rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        assert_eq!(row["said"], row["is_"], "{row}");
        let name = row["name"].as_str().unwrap();
        assert!(name.ends_with(row["extension"].as_str().unwrap()), "{row}");
    }
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn exit_codes_name_the_failure() {
    for (user, id, code) in [
        ("ROOT", "rt:999999", 3),
        ("AGENT", "rt:3", 4),
        ("REQUESTER", "rt:5", 4),
        ("AGENT", "rt:abc", 2),
    ] {
        let output = ticket(user, &["get", id], b"");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
    }
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn doctor_checks_access_and_a_ticket() {
    let finding = |output: &Output| {
        let out = String::from_utf8_lossy(&output.stdout);
        let line = out.lines().find(|line| line.contains("\"provider\":\"rt\"")).unwrap();
        serde_json::from_str::<Value>(line).unwrap()
    };
    for (user, id, code, expected) in [
        ("AGENT", "rt:1", 0, ["passed", "passed", "passed"]),
        ("AGENT", "rt:3", 4, ["passed", "passed", "failed"]),
    ] {
        let output = ticket(user, &["doctor", "--output", "json", "--id", id], b"");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let finding = finding(&output);
        let results = finding["checks"].as_array().unwrap().iter();
        assert_eq!(results.map(|it| it["result"].as_str().unwrap()).collect::<Vec<_>>(), expected);
    }
}
