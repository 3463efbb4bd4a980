//! `ticket mapping drift`, over files, folders, streams and fetched tickets.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{ENGAGELAB, FEISHU, Run, run, run_with_input, serve_response, ticket};

const SECOND: &str = r#"{"code":0,"data":{"ticket":{"ticket_id":"2","status":77,"later":true}}}"#;
const THIRD: &str = r#"{"code":0,"data":{"ticket":{"ticket_id":"3","status":77,"score":9}}}"#;

/// Returns kind, path, count and example name of each entry, without `never_seen`.
fn entries(report: &Value) -> Vec<(String, String, u64, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["entries"].as_array().unwrap().iter();
    all.filter(|it| it["kind"] != "never_seen")
        .map(|it| {
            let count = it["count"].as_u64().unwrap();
            (text(&it["kind"]), text(&it["path"]), count, text(&it["example"]["response"]))
        })
        .collect()
}

fn report(run: &Run) -> Value {
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    serde_json::from_str(&run.out).unwrap()
}

fn owned(kind: &str, path: &str, count: u64, example: &str) -> (String, String, u64, String) {
    (kind.into(), path.into(), count, example.into())
}

#[test]
fn counts_a_broken_line_and_reads_the_rest() {
    let input = format!("{SECOND}\n\n{{\"code\":0,\"da\n{THIRD}\r\n   \n{SECOND}");
    let report =
        report(&run_with_input(&mut ticket(&["mapping", "drift", "feishu"]), input.as_bytes()));
    assert_eq!((&report["responses"], &report["tickets"]), (&json!(4), &json!(3)));
    assert_eq!(
        entries(&report),
        [
            owned("not_a_ticket", "", 1, "stdin:3"),
            owned("unknown_key", "/data/ticket/later", 2, "stdin:1"),
            owned("unknown_word", "/data/ticket/status", 3, "stdin:1"),
            owned("invalid_value", "/data/ticket/score", 1, "stdin:4"),
        ]
    );
}

#[test]
fn reads_the_raw_output_of_get() {
    for ids in [&[FEISHU][..], &[FEISHU, "feishu:7571630063010326872", FEISHU]] {
        let raw = run(&mut ticket(&[&["get", "-o", "raw", "--sandbox"], ids].concat()));
        assert_eq!((raw.code, raw.err.as_str()), (0, ""));
        // As printed, and without white space.
        let dense: String = raw.out.lines().map(str::trim).collect();
        for input in [raw.out, dense] {
            let run =
                run_with_input(&mut ticket(&["mapping", "drift", "feishu"]), input.as_bytes());
            let report = report(&run);
            let count = json!(ids.len());
            assert_eq!((&report["responses"], &report["tickets"]), (&count, &count), "{input}");
        }
    }
}

#[test]
fn reads_files_folders_and_streams_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(path("all")).unwrap();
    fs::create_dir(path("all/deep.json")).unwrap();
    for (name, body) in [
        ("one.txt", SECOND),
        ("all/b.json", SECOND),
        ("all/a.JSON", THIRD),
        ("all/notes.txt", "no response"),
        ("lines.ndjson", &format!("{SECOND}\n{THIRD}\n")),
    ] {
        fs::write(path(name), body).unwrap();
    }
    let inputs = [path("all"), path("one.txt"), path("lines.ndjson")];
    let arguments = ["mapping", "drift", "feishu", &inputs[0], &inputs[1], &inputs[2], "-"];
    let report = report(&run_with_input(&mut ticket(&arguments), THIRD.as_bytes()));
    assert_eq!((&report["responses"], &report["tickets"]), (&json!(6), &json!(6)));
    let first = Path::new(&inputs[0]).join("a.JSON");
    let word = entries(&report).into_iter().find(|it| it.0 == "unknown_word").unwrap();
    assert_eq!(word, owned("unknown_word", "/data/ticket/status", 6, first.to_str().unwrap()));
}

#[test]
fn names_unreadable_inputs_and_reads_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().to_str().unwrap();
    let run = run_with_input(
        &mut ticket(&["mapping", "drift", "feishu", "/nowhere/at/all.json", empty, "-"]),
        SECOND.as_bytes(),
    );
    assert_eq!((run.code, run.err.lines().count(), run.out.lines().count()), (2, 2, 1), "{run:?}");
    assert!(
        run.error(0)["message"]
            .as_str()
            .unwrap()
            .starts_with("/nowhere/at/all.json cannot be read")
    );
    assert!(run.error(1)["message"].as_str().unwrap().contains("contains no *.json file"));
}

#[test]
fn refuses_tickets_and_their_options_beside_saved_responses() {
    for (command, more, message) in [
        ("drift", "feishu:123", "file not found: feishu:123"),
        ("explain", "feishu:123", "file not found: feishu:123"),
        ("drift", "--sandbox", "--sandbox applies to fetched tickets"),
        ("explain", "--timeout=3", "--timeout applies to fetched tickets"),
    ] {
        let run = run(&mut ticket(&["mapping", command, "feishu", more]));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{command} {more}");
        assert!(run.error(0)["message"].as_str().unwrap().starts_with(message), "{run:?}");
        assert!(run.error(0)["hint"].as_str().unwrap().contains("write feishu:"), "{run:?}");
    }
}

#[test]
fn an_empty_input_is_a_usage_error() {
    for input in ["", "\n\n"] {
        let run = run_with_input(&mut ticket(&["mapping", "drift", "feishu"]), input.as_bytes());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{input:?}");
        assert_eq!(run.error(0)["message"], "no responses to read");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty.ndjson");
    fs::write(&file, "").unwrap();
    let run = run(&mut ticket(&["mapping", "drift", "feishu", file.to_str().unwrap()]));
    assert_eq!(run.error(0)["message"], "no responses to read");
    assert!(!run.error(0)["hint"].as_str().unwrap().contains("standard input"), "{run:?}");
}

#[test]
fn fail_on_sets_the_exit_code() {
    for (kinds, code) in [
        ("", 0),
        ("unknown_key", 1),
        ("not_a_ticket", 0),
        ("not_a_ticket,unknown_word", 1),
        ("lone_surrogate,unexpected_type", 0),
        ("never_seen", 1),
        ("any", 1),
    ] {
        let arguments = ["mapping", "drift", "feishu", "--fail-on", kinds];
        let arguments = if kinds.is_empty() { &arguments[..3] } else { &arguments };
        let run = run_with_input(&mut ticket(arguments), SECOND.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (code, ""), "{kinds}");
        assert_eq!(run.out.lines().count(), 1, "the report is always printed");
    }
    let wrong = run_with_input(&mut ticket(&["mapping", "drift", "feishu", "--fail-on", "x"]), b"");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("unknown_key") && wrong.err.contains("any"), "{}", wrong.err);
}

#[test]
fn counts_fetched_tickets_and_reports_failures() {
    let ok = run(&mut ticket(&["mapping", "drift", ENGAGELAB, ENGAGELAB, "--sandbox"]));
    let report = report(&ok);
    assert_eq!((&report["provider"], &report["tickets"]), (&json!("engagelab"), &json!(2)));

    let missed = run(&mut ticket(&["mapping", "drift", FEISHU, "feishu:404", "--sandbox"]));
    assert_eq!((missed.code, missed.out.lines().count()), (3, 1));
    assert_eq!(missed.error(0)["kind"], "not_found");

    let mixed = run(&mut ticket(&["mapping", "drift", FEISHU, ENGAGELAB, "--sandbox"]));
    assert_eq!((mixed.code, mixed.out.as_str()), (2, ""));
    assert!(mixed.error(0)["message"].as_str().unwrap().contains("several providers"));
}

#[test]
fn a_response_without_ticket_is_drift() {
    let url = serve_response("200 OK", br#"{"code":0,"data":{}}"#);
    let run = run(ticket(&["mapping", "drift", "engagelab:1"])
        .env("ENGAGELAB_API_KEY", "k")
        .env("ENGAGELAB_API_SECRET", "s")
        .env("ENGAGELAB_BASE_URL", url));
    let entries = entries(&report(&run));
    assert_eq!(entries, [owned("not_a_ticket", "/data/ticket_id", 1, "engagelab:1")]);
}

#[test]
fn prints_a_wide_and_a_narrow_table() {
    let input = format!("{SECOND}\nnonsense\n{THIRD}\n");
    for (columns, name) in [("100", "drift_wide"), ("50", "drift_narrow")] {
        let mut command = ticket(&["mapping", "drift", "feishu", "-o", "table"]);
        let run = run_with_input(command.env("COLUMNS", columns), input.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        insta::assert_snapshot!(name, run.out);
    }
}

#[test]
fn escapes_hostile_keys_and_words() {
    let body = "{\"code\":0,\"data\":{\"ticket_id\":\"1\",\"\\u001b[2J\u{202e}\":1,\"status\":\"\u{9b}\u{200b}x\"}}";
    let run = run_with_input(
        &mut ticket(&["mapping", "drift", "engagelab", "-o", "table"]),
        body.as_bytes(),
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let acts = |it: char| it.is_control() && it != '\n' || "\u{202e}\u{200b}".contains(it);
    assert!(!run.out.contains(acts), "{:?}", run.out);
    assert!(run.out.contains(r"\u{1b}[2J\u{202e}"), "{}", run.out);
}

#[test]
fn counts_thousands_of_responses() {
    let input = format!("{SECOND}\n").repeat(5_000);
    let report =
        report(&run_with_input(&mut ticket(&["mapping", "drift", "feishu"]), input.as_bytes()));
    assert_eq!(report["tickets"], json!(5_000));
    assert!(entries(&report).contains(&owned(
        "unknown_key",
        "/data/ticket/later",
        5_000,
        "stdin:1"
    )));
}

#[test]
fn counts_omitted_entries() {
    let keys: Vec<_> = (0..10_007).map(|number| format!("\"made_up_{number}\":1")).collect();
    let body = format!("{{\"code\":0,\"data\":{{\"ticket_id\":\"1\",{}}}}}", keys.join(","));
    let run = run_with_input(
        &mut ticket(&["mapping", "drift", "engagelab", "-o", "table"]),
        body.as_bytes(),
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("\n7 more omitted"), "{}", run.out);
}
