//! `ticket mapping explain`, for fetched tickets and saved responses, as a table and as JSON.

use serde_json::Value;

use crate::harness::{ENGAGELAB, FEISHU, Run, run, run_with_input, ticket};

/// Returns the field of this name in an explanation.
fn field<'j>(explanation: &'j Value, name: &str) -> &'j Value {
    let fields = explanation["fields"].as_array().unwrap();
    fields.iter().find(|field| field["field"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn lines(run: &Run) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn prints_one_explanation_on_each_line_in_a_pipe() {
    let run = run(&mut ticket(&["mapping", "explain", FEISHU, ENGAGELAB, "--sandbox"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let explanations = lines(&run);
    let names: Vec<_> = explanations
        .iter()
        .map(|it| format!("{}:{}", it["provider"].as_str().unwrap(), it["id"].as_str().unwrap()))
        .collect();
    assert_eq!(names, [FEISHU, ENGAGELAB]);
    let status = field(&explanations[0], "status.value");
    assert_eq!(status["value"], "closed");
    assert_eq!(status["how"], "converted");
    assert_eq!(
        status["sources"],
        serde_json::json!([{"pointer": "/data/ticket/status", "native": 50}])
    );
    assert_eq!(field(&explanations[0], "title")["how"], "not_provided");
    let inconsistencies = explanations[0]["inconsistencies"].as_array().unwrap();
    assert!(inconsistencies.iter().any(|it| it["fields"][0] == "metrics.first_response_seconds"));
}

#[test]
fn explains_saved_and_fetched_tickets_the_same() {
    let body = ticket_fixtures::case("feishu", "documented").unwrap().body;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("response.json");
    std::fs::write(&file, body).unwrap();
    let fetched = run(&mut ticket(&["mapping", "explain", FEISHU, "--sandbox"]));
    let from_file = run(&mut ticket(&["mapping", "explain", "feishu", file.to_str().unwrap()]));
    assert_eq!(fetched.code, 0);
    assert_eq!(fetched.out, from_file.out);
    for arguments in [&["mapping", "explain", "feishu"][..], &["mapping", "explain", "feishu", "-"]]
    {
        assert_eq!(fetched.out, run_with_input(&mut ticket(arguments), body).out);
    }
}

#[test]
fn prints_the_table_of_each_documented_ticket() {
    for (id, name, columns) in [
        (FEISHU, "explain_feishu", "100"),
        (FEISHU, "explain_feishu_narrow", "60"),
        (ENGAGELAB, "explain_engagelab", "120"),
    ] {
        let arguments = ["mapping", "explain", id, "--sandbox", "--output", "table"];
        let run = run(ticket(&arguments).env("COLUMNS", columns));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        insta::assert_snapshot!(name, run.out);
    }
}

#[test]
fn counts_or_lists_fields_that_are_not_provided() {
    let table = |more: &[&str]| {
        let arguments =
            [&["mapping", "explain", FEISHU, "--sandbox", "-o", "table"], more].concat();
        run(&mut ticket(&arguments)).out
    };
    let (some, all) = (table(&[]), table(&["--all"]));
    assert!(!some.contains("not_provided") && some.contains("that Feishu Helpdesk does not have"));
    assert!(some.contains("use --all"), "{some}");
    assert!(all.contains("not_provided") && !all.contains("use --all"));
    assert!(table(&["--field", "title"]).contains("not_provided"), "the field was requested");
}

#[test]
fn selects_a_field_and_everything_below_it() {
    let ask = |field: &str| {
        let run = run(&mut ticket(&["mapping", "explain", FEISHU, "--sandbox", "--field", field]));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{field}");
        let explanation = lines(&run).remove(0);
        let fields = explanation["fields"].as_array().unwrap().clone();
        let names = fields.iter().map(|it| it["field"].as_str().unwrap_or("-").to_owned());
        (names.collect::<Vec<_>>(), explanation["inconsistencies"].as_array().unwrap().len())
    };
    assert_eq!(ask("status").0, ["status.value", "status.native"]);
    assert_eq!(ask("status.native").0, ["status.native"]);
    assert_eq!(ask("agents[0].name").0, ["agents[0].name"]);
    assert_eq!(ask("notes[i].body").0, ["notes[0].body"]);
    assert_eq!(ask("sla.breached").0, ["sla"], "the absent object is explained");
    assert_eq!(ask("extra").0, [""; 0]);
    let body = br#"{"code":0,"data":{"ticket":{"ticket_id":"66","later":1}}}"#;
    let extra = &mut ticket(&["mapping", "explain", "feishu", "--field", "extra"]);
    let explained = lines(&run_with_input(extra, body)).remove(0);
    assert_eq!(explained["fields"].as_array().unwrap().len(), 1, "{explained}");
    assert_eq!(explained["fields"][0]["sources"][0]["pointer"], "/data/ticket/later");
    assert_eq!(ask("metrics.bot_service_seconds").1, 1, "only inconsistencies of the field");
}

#[test]
fn refuses_an_unknown_field_before_any_request() {
    let run =
        run(&mut ticket(&["mapping", "explain", "feishu:1", "--sandbox", "--field", "statsu"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err.lines().count(), 1);
    let error = run.error(0);
    assert_eq!(error["kind"], "invalid_request");
    assert!(error["hint"].as_str().unwrap().contains("status"), "{error}");
}

#[test]
fn a_missing_item_is_a_failure_of_its_ticket() {
    let ids = ["mapping", "explain", FEISHU, ENGAGELAB, "--sandbox", "--field", "notes[0].body"];
    let run = run(&mut ticket(&ids));
    assert_eq!((run.code, run.out.lines().count()), (0, 2), "{run:?}");
    let ids = ["mapping", "explain", FEISHU, "--sandbox", "--field", "agents[9].name"];
    let run = crate::harness::run(&mut ticket(&ids));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.error(0)["message"], "this ticket has no agents[9].name");
}

#[test]
fn reports_the_result_of_each_ticket() {
    let ids = ["mapping", "explain", "--sandbox", "feishu:404", FEISHU, "nonsense"];
    let run = run(&mut ticket(&ids));
    assert_eq!((run.code, run.out.lines().count(), run.err.lines().count()), (3, 1, 2));
    assert_eq!(run.error(1)["kind"], "invalid_request");
}

#[test]
fn names_the_invalid_file_of_several() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, body: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, body).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let good = write("good.json", ticket_fixtures::case("feishu", "minimal").unwrap().body);
    let bad = write("bad.json", b"<html>");
    let run = run(&mut ticket(&["mapping", "explain", "feishu", &bad, &good, "/nowhere.json"]));
    assert_eq!((run.code, run.out.lines().count()), (6, 1));
    let message = |line: usize| run.error(line)["message"].as_str().unwrap().to_owned();
    assert!(message(0).starts_with(&format!("{bad}: ")), "{run:?}");
    assert!(
        message(1).starts_with("/nowhere.json cannot be read: "),
        "the name occurs once: {run:?}"
    );
}

#[test]
fn the_table_escapes_hostile_text_and_cuts_long_text() {
    let long = "x".repeat(5_000);
    let body = format!(
        r#"{{"code":0,"data":{{"ticket_id":"1","title":"\u001b[2J{}\u009b{long}","\u001b]0;k":1,"description":"{}"}}}}"#,
        '\u{202e}', '\u{200b}'
    );
    for columns in ["60", "120"] {
        let arguments = ["mapping", "explain", "engagelab", "-", "-o", "table"];
        let run = run_with_input(ticket(&arguments).env("COLUMNS", columns), body.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        let acts = |it: char| it.is_control() && it != '\n' || "\u{202e}\u{200b}".contains(it);
        assert!(!run.out.contains(acts), "{:?}", run.out);
        assert!(
            run.out.contains(r"\u001b[2J\u{202e}") && run.out.contains(r"\u{200b}"),
            "{}",
            run.out
        );
        assert!(run.out.contains("characters") && run.out.len() < 20_000);
    }
    let run = run_with_input(&mut ticket(&["mapping", "explain", "engagelab"]), body.as_bytes());
    let title = field(&lines(&run)[0], "title")["value"].as_str().unwrap().to_owned();
    assert!(title.starts_with("\u{1b}[2J\u{202e}\u{9b}") && title.ends_with(&long));
}
