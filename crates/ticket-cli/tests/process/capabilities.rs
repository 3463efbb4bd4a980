//! `ticket mapping capabilities`, for one provider and for all.

use serde_json::Value;

use crate::harness::{run, ticket};

#[test]
fn prints_one_json_line_for_each_provider() {
    let run = run(&mut ticket(&["mapping", "capabilities"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines: Vec<Value> = run.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let names: Vec<_> = lines.iter().map(|it| it["provider"].as_str().unwrap()).collect();
    assert!(names.starts_with(&["engagelab", "feishu"]), "{names:?}");
    let feishu = &lines[1];
    let get = &feishu["operations"][0];
    assert_eq!((get["name"].as_str(), get["is_used"].as_bool()), (Some("get_ticket"), Some(true)));
    assert_eq!(get["limits"], serde_json::json!([{"requests": 10, "seconds": 1}]));
    for key in ["limitations", "fields", "missing_fields", "doc_conflicts"] {
        assert!(!feishu[key].as_array().unwrap().is_empty(), "{key}");
    }
    let (has, lacks) = (&feishu["fields"], &feishu["missing_fields"]);
    let contains = |list: &Value, name: &str| list.as_array().unwrap().iter().any(|it| it == name);
    assert!(contains(has, "status") && contains(lacks, "title") && !contains(lacks, "extra"));
    let conflict = &feishu["doc_conflicts"][0];
    for key in ["subject", "statements", "read_as"] {
        assert!(!conflict[key].as_str().unwrap().is_empty(), "{key}");
    }
}

#[test]
fn prints_one_provider_as_a_table() {
    let run =
        run(ticket(&["mapping", "capabilities", "engagelab", "-o", "table"]).env("COLUMNS", "100"));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!("capabilities_engagelab", run.out);
}

#[test]
fn an_unknown_provider_lists_the_known_ones() {
    let run = run(&mut ticket(&["mapping", "capabilities", "zendesk"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    let hint = run.error(0)["hint"].to_string();
    assert!(hint.contains("the providers are engagelab, feishu"), "{hint}");
}
