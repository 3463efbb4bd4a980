//! `ticket decode --lines`: one response a line, one ticket a line.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::thread;

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use rt_provider::Rt;
use serde_json::{Value, json};
use ticket_core::Decoder;

use crate::harness::{Run, run, run_with_input, ticket};

/// Returns the body of a fixture in one line; the line breaks of JSON are outside its texts.
fn fixture(provider: &str, name: &str) -> String {
    let body = ticket_fixtures::case(provider, name).unwrap().body;
    String::from_utf8(body.to_vec()).unwrap().replace(['\n', '\r'], "")
}

/// Returns a response of Feishu with this ticket.
fn feishu(id: u32) -> String {
    let text = "x".repeat(id as usize % 97 * 30);
    format!(
        r#"{{"code":0,"data":{{"ticket":{{"ticket_id":"{id}","status":50,"more":"{text}"}}}}}}"#
    )
}

fn decode(more: &[&str], input: &str) -> Run {
    let arguments = [&["decode", "feishu", "--lines"], more].concat();
    run_with_input(&mut ticket(&arguments), input.as_bytes())
}

fn ids(run: &Run) -> Vec<String> {
    let tickets = run.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    tickets.map(|ticket| ticket["id"].as_str().unwrap().to_owned()).collect()
}

/// Returns the summary in the last line of stderr.
fn summary(run: &Run) -> Value {
    let line = run.err.lines().last().unwrap();
    serde_json::from_str::<Value>(line).unwrap()["summary"].take()
}

#[test]
fn keeps_the_order_with_several_jobs() {
    let input: String = (1..=900).map(|id| feishu(id) + "\n").collect();
    let expected: Vec<_> = (1..=900).map(|id: u32| id.to_string()).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("responses.ndjson");
    fs::write(&file, &input).unwrap();
    let file = file.to_str().unwrap();
    let one = decode(&["--jobs", "1"], &input);
    for run in
        [&one, &decode(&["--jobs", "4"], &input), &decode(&[file], ""), &decode(&["-"], &input)]
    {
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(ids(run), expected);
        assert_eq!(run.out, one.out);
        assert_eq!(run.err, "{\"summary\":{\"lines\":900,\"tickets\":900,\"failed\":{}}}\n");
    }
}

#[test]
fn plain_and_wrapped_lines_are_the_ticket_that_decode_prints() {
    let mut count = 0;
    let decoders: [(_, &dyn Decoder); 3] =
        [("engagelab", &EngageLab), ("feishu", &Feishu), ("rt", &Rt)];
    for (provider, decoder) in decoders {
        let operation = decoder.ticket_operation();
        for case in ticket_fixtures::of(provider) {
            let single = run_with_input(&mut ticket(&["decode", provider]), case.body);
            let Ok(body) = str::from_utf8(case.body) else { continue };
            let body = body.replace(['\n', '\r'], "");
            if single.code != 0 {
                continue;
            }
            let mut lines = vec![body.clone()];
            let is_set = body.trim_start_matches(['{', ' ']).starts_with(r#""responses""#);
            if !is_set {
                lines.push(json!({ "body": body, "operation": operation }).to_string());
                let body = body.trim_start_matches('\u{feff}');
                let member = format!(r#"{{"operation":"{operation}","body":{body}}}"#);
                lines.push(format!(r#"{{"responses":[{member}]}}"#));
                lines.push(member);
            }
            let arguments = ["decode", provider, "--lines", "--jobs", "2"];
            let run = run_with_input(&mut ticket(&arguments), lines.join("\r\n").as_bytes());
            assert!(run.out == single.out.repeat(lines.len()), "{}: {}", case.file, run.err);
            assert_eq!(run.code, 0, "{}", case.file);
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn reads_several_responses_of_a_ticket_in_a_line() {
    let arguments = ["get", "feishu:6626871355780366331", "--conversation", "--sandbox"];
    let raw = run(&mut ticket(&[&arguments[..], &["-o", "raw"]].concat()));
    assert!(raw.out.starts_with(r#"{"responses":[{"operation":"#), "{}", raw.out);
    let single = run_with_input(&mut ticket(&["decode", "feishu"]), raw.out.as_bytes());
    let run = decode(&[], &raw.out.repeat(3));
    assert_eq!((run.code, run.out), (0, single.out.repeat(3)));
}

#[test]
fn names_and_counts_broken_lines() {
    for jobs in ["1", "4"] {
        let broken = r#"{"code":0,"da"#;
        let unknown = r#"{"operation":"get_it","body":{}}"#;
        let not_found = fixture("feishu", "error_154004");
        let input = format!(
            "\n{}\n{broken}\n{}\n  \n\u{1b}[2J\n{unknown}\n{}\n{not_found}",
            feishu(1),
            feishu(2),
            feishu(3)
        );
        let run = decode(&["--jobs", jobs], &input);
        assert_eq!((run.code, ids(&run)), (7, vec!["1".into(), "2".into(), "3".into()]));
        let failures: Vec<_> = (0..4).map(|line| run.error(line)).collect();
        for (failure, (line, kind)) in failures.iter().zip([
            (3, "invalid_response"),
            (6, "invalid_response"),
            (7, "invalid_request"),
            (9, "not_found"),
        ]) {
            let message = failure["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("line {line} of standard input: ")), "{message}");
            assert_eq!((&failure["kind"], &failure["provider"]), (&json!(kind), &json!("feishu")));
        }
        assert_eq!(run.err.lines().count(), 5, "{}", run.err);
        assert!(!run.err.contains('\u{1b}'), "{:?}", run.err);
        let failed = json!({ "invalid_response": 2, "invalid_request": 1, "not_found": 1 });
        assert_eq!(summary(&run), json!({ "lines": 7, "tickets": 3, "failed": failed }));
    }
}

#[test]
fn an_empty_input_is_no_failure() {
    for input in ["", "\n \r\n"] {
        let run = decode(&[], input);
        assert_eq!((run.code, run.out.as_str()), (0, ""));
        assert_eq!(summary(&run), json!({ "lines": 0, "tickets": 0, "failed": {} }));
    }
}

#[test]
fn skips_a_line_above_64_mib() {
    let limit = 64 << 20;
    let padded = |id, length| format!("{}{}", feishu(id), " ".repeat(length - feishu(id).len()));
    let input = format!("{}\n{}\r\n{}\n", padded(1, limit + 1), padded(2, limit), feishu(3));
    let run = decode(&["--jobs", "2"], &input);
    assert_eq!((run.code, ids(&run)), (7, vec!["2".into(), "3".into()]));
    let failure = run.error(0);
    assert_eq!(failure["kind"], "invalid_request");
    let message = "line 1 of standard input cannot be read: it is larger than 64 MiB";
    assert_eq!(failure["message"], message);
    assert_eq!(summary(&run)["failed"], json!({ "invalid_request": 1 }));
}

/// Starts the command with pipes.
fn start(jobs: &str) -> Child {
    ticket(&["decode", "feishu", "--lines", "--jobs", jobs])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn prints_each_ticket_when_its_line_arrives() {
    for jobs in ["1", "2"] {
        let mut child = start(jobs);
        let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        for id in 1..=3 {
            // The next line is written after the ticket of this one was read.
            writeln!(input, "{}", feishu(id)).unwrap();
            let mut line = Vec::new();
            while line.last() != Some(&b'\n') {
                let mut byte = [0];
                output.read_exact(&mut byte).unwrap();
                line.push(byte[0]);
            }
            let ticket: Value = serde_json::from_slice(&line).unwrap();
            assert_eq!(ticket["id"], id.to_string());
        }
        drop(input);
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    for jobs in ["1", "4"] {
        let mut child = start(jobs);
        let mut input = child.stdin.take().unwrap();
        // The input ends only when the process does: it must not wait for the end of the input.
        let writer = thread::spawn(move || {
            let line = feishu(1) + "\n";
            while input.write_all(line.as_bytes()).is_ok() {}
        });
        let mut output = child.stdout.take().unwrap();
        output.read_exact(&mut [0; 100]).unwrap();
        drop(output);
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""), "{jobs} jobs");
        writer.join().unwrap();
    }
}

#[test]
fn prints_selected_fields() {
    let run = decode(&["--fields", "id,status.value"], &format!("{}\n{}", feishu(1), feishu(2)));
    let expected =
        "{\"id\":\"1\",\"status.value\":\"closed\"}\n{\"id\":\"2\",\"status.value\":\"closed\"}\n";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
}

#[test]
fn applies_vocabulary_overrides() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, "[profiles.vip.feishu.vocabulary.status]\n50 = \"on_hold\"\n").unwrap();
    let options = ["--lines", "--fields", "status.value", "--config", file.to_str().unwrap()];
    for arguments in [&["decode", "feishu@vip"][..], &["decode", "feishu", "--profile", "vip"]] {
        let arguments = [arguments, &options].concat();
        let run = run_with_input(&mut ticket(&arguments), feishu(1).as_bytes());
        assert_eq!((run.code, run.out.as_str()), (0, "{\"status.value\":\"on_hold\"}\n"));
    }
}

#[test]
fn refuses_options_that_do_not_apply() {
    for (more, message) in [
        (&["--lines", "-o", "csv"][..], "--output csv does not apply to --lines"),
        (&["--lines", "-o", "raw"], "--output raw does not apply to --lines"),
        (&["--lines", "--no-pager"], "--no-pager does not apply to --lines"),
        (&["--lines", "--time-zone", "Asia/Shanghai"], "--time-zone does not apply to --lines"),
        (&["--lines", "--fields", "weather"], "a ticket has no field \"weather\""),
        (&["--jobs", "2"], "the following required arguments were not provided: --lines"),
        (&["--lines", "--jobs", "0"], "invalid value '0' for '--jobs <N>'"),
        (&["--lines", "/nowhere/at/all"], "/nowhere/at/all cannot be read"),
    ] {
        let run = run(&mut ticket(&[&["decode", "feishu"], more].concat()));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{more:?}");
        assert!(
            run.err.contains(&message.replace('"', "\\\"")) || run.err.contains(message),
            "{}",
            run.err
        );
    }
    assert_eq!(decode(&["-o", "json"], &feishu(1)).code, 0);
}

#[test]
#[cfg(unix)]
fn an_unreadable_input_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    let run = decode(&[folder.path().to_str().unwrap()], "");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.error(0)["message"].as_str().unwrap().contains("cannot be read"), "{run:?}");
}
