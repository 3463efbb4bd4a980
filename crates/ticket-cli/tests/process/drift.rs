//! `ticket mapping drift`: over files, folders, lines and fetched tickets.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{ENGAGELAB, FEISHU, Run, answering, run, run_with_input, ticket};

const SECOND: &str = r#"{"code":0,"data":{"ticket":{"ticket_id":"2","status":77,"later":true}}}"#;
const THIRD: &str = r#"{"code":0,"data":{"ticket":{"ticket_id":"3","status":77,"score":9}}}"#;

/// The entries without those that never came: kind, place, count, name of the example.
fn entries(report: &Value) -> Vec<(String, String, u64, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["entries"].as_array().unwrap().iter();
    all.filter(|it| it["kind"] != "never_came")
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
fn a_broken_line_in_the_middle_is_counted_and_the_rest_is_read() {
    let input = format!("{SECOND}\n\n{{\"code\":0,\"da\n{THIRD}\r\n   \n{SECOND}");
    let report =
        report(&run_with_input(&mut ticket(&["mapping", "drift", "feishu"]), input.as_bytes()));
    assert_eq!((&report["responses"], &report["tickets"]), (&json!(4), &json!(3)));
    assert_eq!(
        entries(&report),
        [
            owned("no_ticket", "", 1, "stdin:3"),
            owned("unknown_key", "/data/ticket/later", 2, "stdin:1"),
            owned("unknown_word", "/data/ticket/status", 3, "stdin:1"),
            owned("invalid_value", "/data/ticket/score", 1, "stdin:4"),
        ]
    );
}

#[test]
fn what_raw_prints_of_any_number_of_tickets_goes_into_drift() {
    for ids in [&[FEISHU][..], &[FEISHU, "feishu:7571630063010326872", FEISHU]] {
        let raw = run(&mut ticket(&[&["get", "-o", "raw", "--sandbox"], ids].concat()));
        assert_eq!((raw.code, raw.err.as_str()), (0, ""));
        // As it comes, and as what a tool makes of it that leaves out all white space.
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
fn files_folders_and_lines_can_be_mixed() {
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
fn what_cannot_be_read_is_named_and_the_rest_is_read() {
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
    assert!(run.error(1)["message"].as_str().unwrap().contains("has no file *.json"));
}

#[test]
fn what_is_for_fetched_tickets_is_refused_beside_saved_responses() {
    for (command, more, told) in [
        ("drift", "feishu:123", "there is no file feishu:123"),
        ("explain", "feishu:123", "there is no file feishu:123"),
        ("drift", "--sandbox", "--sandbox is for tickets"),
        ("explain", "--timeout=3", "--timeout is for tickets"),
    ] {
        let run = run(&mut ticket(&["mapping", command, "feishu", more]));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{command} {more}");
        assert!(run.error(0)["message"].as_str().unwrap().starts_with(told), "{run:?}");
        assert!(run.error(0)["hint"].as_str().unwrap().contains("write feishu:"), "{run:?}");
    }
}

#[test]
fn no_response_at_all_is_a_matter_of_usage() {
    for input in ["", "\n\n"] {
        let run = run_with_input(&mut ticket(&["mapping", "drift", "feishu"]), input.as_bytes());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{input:?}");
        assert_eq!(run.error(0)["message"], "there is no response to read");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty.ndjson");
    fs::write(&file, "").unwrap();
    let run = run(&mut ticket(&["mapping", "drift", "feishu", file.to_str().unwrap()]));
    assert_eq!(run.error(0)["message"], "there is no response to read");
    assert!(!run.error(0)["hint"].as_str().unwrap().contains("standard input"), "{run:?}");
}

#[test]
fn the_exit_code_says_what_was_asked() {
    for (kinds, code) in [
        ("", 0),
        ("unknown_key", 1),
        ("no_ticket", 0),
        ("no_ticket,unknown_word", 1),
        ("lone_surrogate,shape", 0),
        ("never_came", 1),
        ("any", 1),
    ] {
        let arguments = ["mapping", "drift", "feishu", "--fail-on", kinds];
        let arguments = if kinds.is_empty() { &arguments[..2] } else { &arguments };
        let run = run_with_input(&mut ticket(arguments), SECOND.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (code, ""), "{kinds}");
        assert_eq!(run.out.lines().count(), 1, "the report is printed all the same");
    }
    let wrong = run_with_input(&mut ticket(&["mapping", "drift", "feishu", "--fail-on", "x"]), b"");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("unknown_key") && wrong.err.contains("any"), "{}", wrong.err);
}

#[test]
fn fetched_tickets_are_counted_and_failures_are_told() {
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
fn a_response_that_came_and_is_no_ticket_is_drift() {
    let url = answering("200 OK", br#"{"code":0,"data":{}}"#);
    let run = run(ticket(&["mapping", "drift", "engagelab:1"])
        .env("ENGAGELAB_API_KEY", "k")
        .env("ENGAGELAB_API_SECRET", "s")
        .env("ENGAGELAB_BASE_URL", url));
    let entries = entries(&report(&run));
    assert_eq!(entries, [owned("no_ticket", "/data/ticket_id", 1, "engagelab:1")]);
}

#[test]
fn the_table_says_the_same_in_a_narrow_window_too() {
    let input = format!("{SECOND}\nnonsense\n{THIRD}\n");
    for (columns, name) in [("100", "drift_wide"), ("50", "drift_narrow")] {
        let mut command = ticket(&["mapping", "drift", "feishu", "-o", "table"]);
        let run = run_with_input(command.env("COLUMNS", columns), input.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        insta::assert_snapshot!(name, run.out);
    }
}

#[test]
fn hostile_keys_and_words_are_shown() {
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
fn thousands_of_responses_are_counted() {
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
fn what_is_too_much_to_be_told_is_counted() {
    let keys: Vec<_> = (0..10_007).map(|number| format!("\"made_up_{number}\":1")).collect();
    let body = format!("{{\"code\":0,\"data\":{{\"ticket_id\":\"1\",{}}}}}", keys.join(","));
    let run = run_with_input(
        &mut ticket(&["mapping", "drift", "engagelab", "-o", "table"]),
        body.as_bytes(),
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("\n7 more of what was noticed is left out"), "not told");
}
