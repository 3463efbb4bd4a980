//! `--fields`: selected fields as JSON and as a table.

use serde_json::{Value, json};

use crate::harness::{ENGAGELAB, FEISHU, run, run_with_input, ticket};

#[test]
fn prints_exactly_the_selected_fields() {
    let fields = "id,status.value,tags[].name,requester,agents[0].name,agents[9].name";
    let run = run(&mut ticket(&["get", FEISHU, ENGAGELAB, "--sandbox", "--fields", fields]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!("fields", run.out);
    let whole = ["get", FEISHU, ENGAGELAB, "--sandbox"];
    let whole = crate::harness::run(&mut ticket(&whole)).out;
    for (selected, ticket) in run.out.lines().zip(whole.lines()) {
        let (selected, ticket): (Value, Value) =
            (serde_json::from_str(selected).unwrap(), serde_json::from_str(ticket).unwrap());
        assert_eq!(selected["id"], ticket["id"]);
        assert_eq!(selected["status.value"], ticket["status"]["value"]);
        assert_eq!(selected["requester"], ticket["requester"]);
        assert_eq!(selected["agents[0].name"], ticket["agents"][0]["name"]);
        assert_eq!(selected["agents[9].name"], Value::Null);
    }
}

#[test]
fn keeps_numbers_exact() {
    let body = br#"{"code":0,"data":{"ticket_id":"1","custom_fields":{"serial":12345678901234567890123}}}"#;
    for output in ["json", "csv"] {
        let arguments = ["decode", "engagelab", "--fields", "custom_fields[0].value", "-o", output];
        let run = run_with_input(&mut ticket(&arguments), body);
        assert!(run.code == 0 && run.out.contains("12345678901234567890123"), "{run:?}");
    }
}

#[test]
fn suggests_fields_for_an_unknown_one() {
    for (fields, message, hint) in [
        ("statsu", "a ticket has no field \"statsu\"", "did you mean status"),
        ("tags.name", "a ticket has no field \"tags.name\"", "did you mean tags[].name?"),
        ("id, requester.emial", "no field \"requester.emial\"", "requester.email"),
        ("weather", "no field \"weather\"", "ticket schema"),
        ("id,", "no field \"\"", ""),
        ("id,title, id", "--fields has \"id\" twice", "name each field once"),
    ] {
        for command in [&["get", FEISHU, "--sandbox"][..], &["decode", "feishu"]] {
            let run = run(&mut ticket(&[command, &["--fields", fields]].concat()));
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
            let error = run.error(0);
            assert!(error["message"].as_str().unwrap().contains(message), "{error}");
            assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
        }
    }
}

#[test]
fn refuses_fields_where_they_have_no_effect() {
    for output in ["page", "raw", "markdown"] {
        let run = run(&mut ticket(&["get", FEISHU, "--fields", "id", "-o", output]));
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert_eq!(
            run.err,
            format!(
                "error: --fields does not apply to --output {output}\nhint: use --output json, csv or table\n"
            )
        );
    }
}

#[test]
fn prints_a_table_with_one_row_for_each_ticket() {
    let get = |more: &[&str]| {
        let arguments = [&["get", FEISHU, ENGAGELAB, "feishu:1", "--sandbox"], more].concat();
        run(ticket(&arguments).env("COLUMNS", "120"))
    };
    let whole = get(&["--output", "table"]);
    assert_eq!(whole.code, 3, "{whole:?}");
    insta::assert_snapshot!("table", whole.out);
    let selected = get(&["-o", "table", "--fields", "id,tags[].name"]);
    assert_eq!(selected.out.lines().count(), 3);
    assert!(selected.out.starts_with("ID                   TAGS[].NAME\n"), "{}", selected.out);
}

#[test]
fn one_json_object_for_each_ticket_also_without_a_list() {
    let run = run_with_input(
        &mut ticket(&["decode", "engagelab", "--fields", "tags[].name,notes[i].body,extra"]),
        br#"{"code":0,"data":{"ticket_id":"1","other":[1, 2]}}"#,
    );
    assert_eq!(run.code, 0, "{run:?}");
    let printed: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        printed,
        json!({"tags[].name": [], "notes[i].body": [], "extra": {"/data/other": [1, 2]}})
    );
}
