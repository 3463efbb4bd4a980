//! `ticket decode`, from a file and from stdin.

use crate::harness::{FEISHU, run, run_with_input, ticket};

#[test]
fn decode_and_get_print_the_same_ticket() {
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
fn raw_output_is_the_response() {
    let body = ticket_fixtures::case("engagelab", "documented").unwrap().body;
    let run = run_with_input(&mut ticket(&["decode", "engagelab", "-o", "raw"]), body);
    assert_eq!(run.out.as_bytes(), body);
}

#[test]
fn decodes_every_fixture_or_reports_an_error() {
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
fn reports_a_response_without_ticket() {
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
fn a_missing_file_or_provider_is_a_usage_error() {
    for arguments in [&["decode", "feishu", "/nowhere/at/all"][..], &["decode", "zendesk", "-"]] {
        let run = run(&mut ticket(arguments));
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert_eq!(run.error(0)["kind"], "invalid_request");
    }
}

#[test]
fn refuses_responses_above_64_mib() {
    let limit = 64 << 20;
    let mut body = ticket_fixtures::case("feishu", "documented").unwrap().body.to_vec();
    body.resize(limit, b' ');
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("response.json");
    let both = |body: &[u8]| {
        std::fs::write(&file, body).unwrap();
        let from_file = run(&mut ticket(&["decode", "feishu", file.to_str().unwrap()]));
        [from_file, run_with_input(&mut ticket(&["decode", "feishu"]), body)]
    };
    for run in both(&body) {
        assert_eq!((run.code, run.err.as_str()), (0, ""));
    }
    body.push(b' ');
    for run in both(&body) {
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        let error = run.error(0);
        assert_eq!(error["kind"], "invalid_request");
        assert!(error["message"].as_str().unwrap().contains("larger than 64 MiB"), "{error}");
    }
}

/// Encodes the text in this encoding.
fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let (width, is_little_endian, bom) = match encoding {
        "UTF-16LE" => (2, true, None),
        "UTF-16BE" => (2, false, None),
        "UTF-32LE" => (4, true, None),
        "UTF-16LE with BOM" => (2, true, Some('\u{feff}')),
        "UTF-16BE with BOM" => (2, false, Some('\u{feff}')),
        _ => unreachable!("{encoding}"),
    };
    let text: String = bom.into_iter().chain(text.chars()).collect();
    let units: Vec<u32> = match width {
        2 => text.encode_utf16().map(u32::from).collect(),
        _ => text.chars().map(u32::from).collect(),
    };
    let bytes = units.into_iter().flat_map(|unit| {
        let bytes = unit.to_be_bytes()[4 - width..].to_vec();
        if is_little_endian { bytes.into_iter().rev().collect() } else { bytes }
    });
    bytes.collect()
}

#[test]
fn names_the_encoding_and_how_to_convert_it() {
    let text = String::from_utf8_lossy(ticket_fixtures::case("feishu", "documented").unwrap().body);
    assert!(text.lines().count() > 2, "the text must have several lines");
    for (encoding, name) in [
        ("UTF-16LE", "UTF-16LE"),
        ("UTF-16BE", "UTF-16BE"),
        ("UTF-32LE", "UTF-32LE"),
        ("UTF-16LE with BOM", "UTF-16"),
        ("UTF-16BE with BOM", "UTF-16"),
    ] {
        let body = encoded(&text, encoding);
        let message = format!("the response is {name} text, not UTF-8");
        for command in [&["decode"][..], &["mapping", "explain"]] {
            let run = run_with_input(&mut ticket(&[command, &["feishu"]].concat()), &body);
            assert_eq!((run.code, run.out.as_str()), (6, ""), "{encoding}");
            let error = run.error(0);
            assert_eq!(error["message"], message);
            assert!(error["hint"].as_str().unwrap().contains(&format!("iconv -f {name} -t UTF-8")));
        }
        let run = run_with_input(&mut ticket(&["mapping", "drift", "feishu"]), &body);
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(report["entries"].as_array().unwrap().len(), 1, "{encoding}: {report}");
        assert_eq!(report["entries"][0]["detail"], format!("invalid_response: {message}"));
    }
}

#[test]
fn names_an_event_or_a_list_and_what_to_do_instead() {
    for (provider, body, what, hint) in [
        (
            "feishu",
            r#"{"schema":"2.0","header":{"event_type":"helpdesk.ticket.created_v1","token":"s3cret"},"event":{"ticket_id":"66","guest":{"id":{"open_id":"ou"}}}}"#,
            "the body of an event (\"helpdesk.ticket.created_v1\")",
            "fetch the ticket by its id, \"66\"",
        ),
        (
            "feishu",
            r#"{"schema":"2.0","header":{"event_type":"helpdesk.ticket.updated_v1"},"event":{"object":{"ticket_id":"66"},"old_object":{"status":1}}}"#,
            "the body of an event (\"helpdesk.ticket.updated_v1\")",
            "fetch the ticket by its id, \"66\"",
        ),
        (
            "feishu",
            r#"{"schema":"2.0","header":{"event_type":"helpdesk.ticket_message.created_v1"},"event":{"ticket":{"ticket_id":"66"},"text":"a"}}"#,
            "the body of an event (\"helpdesk.ticket_message.created_v1\")",
            "fetch the ticket by its id, \"66\"",
        ),
        (
            "feishu",
            r#"{"uuid":"u","token":"s3cret","ts":"1.0","type":"event_callback","event":{"type":"approval"}}"#,
            "the body of an event (\"approval\")",
            "fetch the ticket by its id",
        ),
        (
            "feishu",
            r#"{"challenge":"c","token":"s3cret","type":"url_verification"}"#,
            "the URL verification of an event subscription",
            "fetch the ticket by its id",
        ),
        (
            "feishu",
            r#"{"encrypt":"s3cret"}"#,
            "the body of an encrypted event",
            "decrypt it with the Encrypt Key of the app, then fetch the ticket that it names",
        ),
        (
            "feishu",
            r#"{"code":0,"msg":"success","data":{"total":1,"tickets":[{"ticket_id":"66"}]}}"#,
            "the response of the list call with 1 ticket",
            "fetch each ticket by its id: \"66\"",
        ),
        (
            "feishu",
            r#"{"code":0,"data":{"tickets":[{"ticket_id":"1"},{"ticket_id":"2"},{"ticket_id":"3"},{"ticket_id":"4"},{"ticket_id":"5"},{"ticket_id":"6"}]}}"#,
            "the response of the list call with 6 tickets",
            "fetch each ticket by its id: \"1\", \"2\", \"3\", \"4\", \"5\", …",
        ),
        (
            "feishu",
            r#"{"code":0,"data":{"total":0,"tickets":[]}}"#,
            "the response of the list call with 0 tickets",
            "fetch the ticket by its id",
        ),
        (
            "feishu",
            r#"{"code":0,"data":{"total":1,"messages":[{"id":"1"}]}}"#,
            "the response of the messages call",
            "fetch the ticket by its id",
        ),
        (
            "engagelab",
            r#"{"event":"conversation_created","id":5}"#,
            "the body of an event (\"conversation_created\")",
            "fetch the ticket by its id",
        ),
        (
            "engagelab",
            r#"{"code":0,"data":[{"ticket_id":"tk_1"}]}"#,
            "the response of a list call",
            "fetch the ticket by its id",
        ),
    ] {
        let run = run_with_input(&mut ticket(&["decode", provider]), body.as_bytes());
        assert_eq!((run.code, run.out.as_str()), (6, ""), "{body}");
        let error = run.error(0);
        assert_eq!(error["kind"], "invalid_response");
        assert_eq!(
            error["message"],
            format!("this is {what}, not the response of the ticket call")
        );
        assert_eq!(error["hint"], hint, "{body}");
        assert!(!run.err.contains("s3cret"), "{}", run.err);
    }
    // Any other invalid response has its own message.
    let run =
        run_with_input(&mut ticket(&["decode", "feishu"]), br#"{"event":{"ticket_id":"66"}}"#);
    assert!(run.error(0)["message"].as_str().unwrap().contains("has no valid `code`"), "{run:?}");
}

#[test]
fn prints_valid_json_for_any_response() {
    let feishu = |members: &str| {
        format!(r#"{{"code":0,"data":{{"ticket":{{"ticket_id":"1","status":1{members}}}}}}}"#)
    };
    for (members, pointers) in [
        (
            r#","customized_fields":[{"id":"1","value":"half \ud83d"}]"#,
            &["/data/ticket/customized_fields/0/value"][..],
        ),
        (
            r#","customized_fields":[{"id":"1","value":{"a\ude00":["\ud83d"]}}]"#,
            &["/data/ticket/customized_fields/0/value"],
        ),
        (r#","key_\ud83d":1"#, &["/data/ticket/key_\u{fffd}"]),
        (r#","new":{"\ud83d\ud83d":"\ud83d\ude00"}"#, &["/data/ticket/new"]),
        (
            r#","guest":{"name":"A\ud83d","email":"b\ude00"}"#,
            &["/data/ticket/guest/name", "/data/ticket/guest/email"],
        ),
        (r#","tags":"\ud83d","n":1e400"#, &["/data/ticket/tags"]),
        (r#","tags":[{"id":"1","name":"\ud83d\ude00"}]"#, &[]),
    ] {
        let body = feishu(members);
        for command in [&["decode"][..], &["mapping", "explain"]] {
            let arguments = [command, &["feishu", "-", "-o", "json"]].concat();
            let run = run_with_input(&mut ticket(&arguments), body.as_bytes());
            assert_eq!((run.code, run.err.as_str()), (0, ""), "{body}");
            let halves: Vec<_> = ticket_model::unpaired_surrogates(&run.out).collect();
            assert_eq!(halves, [0; 0], "{command:?}: {}", run.out);
            let is_replaced = run.out.contains('\u{fffd}') || run.out.contains(r"\ufffd");
            assert_eq!(is_replaced, !pointers.is_empty(), "{command:?}: {}", run.out);
        }
        let raw =
            run_with_input(&mut ticket(&["decode", "feishu", "-", "-o", "raw"]), body.as_bytes());
        assert_eq!(raw.out, body, "raw output is unchanged");
        let drift = run_with_input(
            &mut ticket(&["mapping", "drift", "feishu", "-", "-o", "json"]),
            body.as_bytes(),
        );
        let report: serde_json::Value = serde_json::from_str(&drift.out).unwrap();
        let mut reported: Vec<_> = report["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["kind"] == "lone_surrogate")
            .map(|entry| entry["example"]["pointer"].as_str().unwrap())
            .collect();
        reported.sort_unstable();
        let mut pointers = pointers.to_vec();
        pointers.sort_unstable();
        assert_eq!(reported, pointers, "{body}");
    }
}

#[test]
fn reports_a_leap_second_and_keeps_its_text() {
    for (sent, instant, is_reported) in [
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", true),
        ("2017-01-01T07:59:60+08:00", "2016-12-31T23:59:59Z", true),
        ("2016-12-31T23:59:59Z", "2016-12-31T23:59:59Z", false),
    ] {
        let body = format!(r#"{{"code":0,"data":{{"ticket_id":"1","created_at":"{sent}"}}}}"#);
        let run = run_with_input(&mut ticket(&["decode", "engagelab"]), body.as_bytes());
        let read: ticket_model::Ticket = serde_json::from_str(&run.out).unwrap();
        assert_eq!(read.created_at.unwrap().to_string(), instant);
        let kept = read.extra.get("/data/created_at").and_then(ticket_model::Json::to_text);
        assert_eq!(kept.as_deref(), is_reported.then_some(sent));
        let fail_on = ["mapping", "drift", "engagelab", "-", "--fail-on", "leap_second"];
        let drift = run_with_input(&mut ticket(&fail_on), body.as_bytes());
        assert_eq!(drift.code, i32::from(is_reported), "{}", drift.out);
    }
}
