//! `ticket decode`: saved responses, from a file and from stdin.

use crate::harness::{FEISHU, run, run_with_input, ticket};

#[test]
fn a_file_stdin_and_the_service_give_the_same_ticket() {
    let body = ticket_fixtures::case("feishu", "documented").unwrap().body;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("response.json");
    std::fs::write(&file, body).unwrap();
    let fetched = run(&mut ticket(&["get", FEISHU, "--sandbox"]));
    let from_file = run(&mut ticket(&["decode", "feishu", file.to_str().unwrap()]));
    let from_stdin = run_with_input(&mut ticket(&["decode", "feishu"]), body);
    let from_dash = run_with_input(&mut ticket(&["decode", "feishu", "-"]), body);
    assert_eq!(fetched.code, 0);
    assert_eq!(fetched.out, from_file.out);
    assert_eq!(fetched.out, from_stdin.out);
    assert_eq!(fetched.out, from_dash.out);
}

#[test]
fn raw_gives_back_what_was_read() {
    let body = ticket_fixtures::case("engagelab", "documented").unwrap().body;
    let run = run_with_input(&mut ticket(&["decode", "engagelab", "-o", "raw"]), body);
    assert_eq!(run.out.as_bytes(), body);
}

#[test]
fn every_saved_response_ends_as_its_kind_says() {
    for case in ticket_fixtures::all() {
        let run = run_with_input(&mut ticket(&["decode", case.provider]), case.body);
        if run.code == 0 {
            serde_json::from_str::<ticket_model::Ticket>(run.out.trim_end()).unwrap();
            assert_eq!(run.err, "", "{}", case.file);
            assert!(!case.name.starts_with("error_"), "{}", case.file);
        } else {
            assert_eq!(run.out, "", "{}", case.file);
            let error = run.error(0);
            assert_eq!(error["provider"], case.provider, "{}", case.file);
            assert!(!error["message"].as_str().unwrap().is_empty(), "{}", case.file);
        }
        let is_ticket = !case.name.starts_with("broken_") && !case.name.starts_with("error_");
        if is_ticket && case.http_status == 200 && !case.name.starts_with("duplicate") {
            assert_eq!(run.code, 0, "{}: {}", case.file, run.err);
        }
    }
}

#[test]
fn what_is_no_ticket_is_told_with_its_place() {
    for (body, expected) in
        [("", "empty"), ("null", ""), ("[]", ""), ("<html>", ""), ("{\"code\":0", "")]
    {
        let run = run_with_input(&mut ticket(&["decode", "engagelab"]), body.as_bytes());
        assert_eq!((run.code, run.out.as_str()), (6, ""), "{body:?}");
        let error = run.error(0);
        assert_eq!(error["kind"], "invalid_response", "{body:?}");
        assert!(error["message"].as_str().unwrap().contains(expected), "{error}");
    }
    let body = br#"{"code":0,"data":{"title":"no id"}}"#;
    let run = run_with_input(&mut ticket(&["decode", "engagelab"]), body);
    assert_eq!(run.code, 6);
    assert!(run.error(0)["message"].as_str().unwrap().contains("/data/ticket_id"), "{run:?}");
}

#[test]
fn a_file_or_a_provider_that_is_not_there_is_a_matter_of_usage() {
    for arguments in [&["decode", "feishu", "/nowhere/at/all"][..], &["decode", "zendesk", "-"]] {
        let run = run(&mut ticket(arguments));
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert_eq!(run.error(0)["kind"], "invalid_request");
    }
}

#[test]
fn a_response_may_have_eight_mebibytes_and_no_more() {
    let limit = 8 << 20;
    let mut body = ticket_fixtures::case("feishu", "documented").unwrap().body.to_vec();
    body.resize(limit, b' ');
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("response.json");
    let both = |body: &[u8]| {
        std::fs::write(&file, body).unwrap();
        let of_file = run(&mut ticket(&["decode", "feishu", file.to_str().unwrap()]));
        [of_file, run_with_input(&mut ticket(&["decode", "feishu"]), body)]
    };
    for run in both(&body) {
        assert_eq!((run.code, run.err.as_str()), (0, ""));
    }
    body.push(b' ');
    for run in both(&body) {
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        let error = run.error(0);
        assert_eq!(error["kind"], "invalid_request");
        assert!(error["message"].as_str().unwrap().contains("larger than 8 MiB"), "{error}");
    }
}
