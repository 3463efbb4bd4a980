//! `ticket get`, with the documented ticket of each provider, in every format.

use std::io::Read;
use std::process::Stdio;

use crate::harness::{
    ENGAGELAB, FEISHU, READER, TestServer, refused_url, run, serve_response, ticket,
};

fn page(id: &str, columns: &str) -> String {
    let arguments = [&["get", id, "--sandbox", "--output", "page"][..], &READER].concat();
    let run = run(ticket(&arguments).env("COLUMNS", columns));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    run.out
}

#[test]
fn prints_the_page_of_each_documented_ticket() {
    insta::assert_snapshot!("page_engagelab", page(ENGAGELAB, "80"));
    insta::assert_snapshot!("page_feishu", page(FEISHU, "80"));
    insta::assert_snapshot!("page_feishu_narrow", page(FEISHU, "30"));
}

#[test]
fn prints_the_markdown_of_each_documented_ticket() {
    for (id, name) in [(ENGAGELAB, "markdown_engagelab"), (FEISHU, "markdown_feishu")] {
        let run = run(&mut ticket(&["get", id, "--sandbox", "--output", "markdown"]));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        insta::assert_snapshot!(name, run.out);
    }
}

#[test]
fn prints_one_json_ticket_on_each_line_in_a_pipe() {
    let run = run(&mut ticket(&["get", FEISHU, ENGAGELAB, FEISHU, "--sandbox"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let tickets: Vec<ticket_model::Ticket> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = tickets.iter().map(|it| format!("{}:{}", it.provider, it.id)).collect();
    assert_eq!(names, [FEISHU, ENGAGELAB, FEISHU], "in the order of the ids");
}

#[test]
fn raw_output_is_the_response() {
    for (id, provider) in [(ENGAGELAB, "engagelab"), (FEISHU, "feishu")] {
        let run = run(&mut ticket(&["get", id, "--sandbox", "--output", "raw"]));
        let documented = ticket_fixtures::case(provider, "documented").unwrap();
        assert_eq!(run.code, 0);
        assert_eq!(run.out.as_bytes(), documented.body);
    }
}

#[test]
fn raw_output_separates_responses_by_line_breaks() {
    let url = serve_response("200 OK", br#"{"code":0,"data":{"ticket_id":"1"}}"#);
    let get = |ids: &[&str]| {
        let mut command = ticket(&[&["get", "-o", "raw"], ids].concat());
        command.envs([("ENGAGELAB_API_KEY", "k"), ("ENGAGELAB_API_SECRET", "s")]);
        run(command.env("ENGAGELAB_BASE_URL", &url)).out
    };
    let body = r#"{"code":0,"data":{"ticket_id":"1"}}"#;
    assert_eq!(get(&["engagelab:1"]), body);
    assert_eq!(get(&["engagelab:1", "engagelab:1"]), format!("{body}\n{body}\n"));
    let run = run(&mut ticket(&["get", FEISHU, FEISHU, "--sandbox", "-o", "raw"]));
    let body = str::from_utf8(ticket_fixtures::case("feishu", "documented").unwrap().body).unwrap();
    assert!(body.ends_with('\n'), "the fixture ends with a line break");
    assert_eq!(run.out, body.repeat(2));
}

#[test]
fn colours_only_on_request() {
    let coloured = |variables: &[(&str, &str)], flags: &[&str]| {
        let arguments = [&["get", ENGAGELAB, "--sandbox", "-o", "page"], flags].concat();
        let run = run(ticket(&arguments).envs(variables.iter().copied()));
        assert_eq!(run.code, 0);
        run.out.contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "not on a pipe");
    assert!(coloured(&[], &["--color", "always"]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")], &[]), "0 forces nothing");
    assert!(!coloured(&[("NO_COLOR", "1")], &[]));
}

#[test]
fn reports_the_result_of_each_id_in_order() {
    let ids = ["feishu:1", ENGAGELAB, "zendesk:1", "engagelab:nobody", FEISHU, "feishu:a/b", "42"];
    let run = run(&mut ticket(&[&["get", "--sandbox"], &ids[..]].concat()));
    assert_eq!(run.code, 3, "the first failure decides: {run:?}");
    assert_eq!(run.out.lines().count(), 2);
    let failures: Vec<_> = (0..5).map(|line| run.error(line)).collect();
    let found: Vec<_> = failures
        .iter()
        .map(|it| (it["kind"].as_str(), it["provider"].as_str(), it["id"].as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Some("not_found"), Some("feishu"), Some("1")),
            (Some("invalid_request"), Some("zendesk"), Some("1")),
            (Some("not_found"), Some("engagelab"), Some("nobody")),
            (Some("invalid_request"), Some("feishu"), Some("a/b")),
            (Some("invalid_request"), None, Some("42")),
        ]
    );
    assert_eq!(run.err.lines().count(), 6, "five failures and the summary");
}

#[test]
fn prints_a_summary_if_one_of_several_failed() {
    for (ids, page, json) in [
        (&[FEISHU, ENGAGELAB][..], "", ""),
        (&["feishu:1"], "", ""),
        (
            &[FEISHU, "feishu:1", ENGAGELAB],
            "2 of 3 tickets fetched; 1 failed: not_found",
            r#"{"summary":{"requested":3,"fetched":2,"failed":{"not_found":1}}}"#,
        ),
        (
            &["feishu:1", "feishu:2", "feishu:a/b"],
            "0 of 3 tickets fetched; 3 failed: 2 not_found, 1 invalid_request",
            r#"{"summary":{"requested":3,"fetched":0,"failed":{"not_found":2,"invalid_request":1}}}"#,
        ),
    ] {
        for (output, summary) in [("page", page), ("json", json)] {
            let arguments = [&["get", "--sandbox", "-o", output], ids].concat();
            let run = run(&mut ticket(&arguments));
            let last = run.err.lines().last().unwrap_or_default();
            let is_summary = last.contains("fetched");
            assert_eq!(if is_summary { last } else { "" }, summary, "{ids:?} {output}");
            assert_eq!(run.code, if page.is_empty() && run.err.is_empty() { 0 } else { 3 });
        }
    }
}

#[test]
fn the_sandbox_ignores_the_environment() {
    let run = run(ticket(&["get", FEISHU, "--sandbox"])
        .env("TICKET_PROFILE", "other")
        .env("FEISHU_APP_ID", "other")
        .env("FEISHU_TENANT_ACCESS_TOKEN", "t-other")
        .env("FEISHU_BASE_URL", "http://127.0.0.1:9"));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn uses_no_proxy_for_loopback() {
    let server = TestServer::start(|builder| builder);
    let proxy = refused_url();
    let proxies =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
    for (arguments, environment) in [
        (&["get", FEISHU, ENGAGELAB, "--sandbox"][..], Vec::new()),
        (&["get", FEISHU, ENGAGELAB], server.environment()),
    ] {
        let mut command = ticket(arguments);
        command.envs(environment).envs(proxies.iter().map(|name| (name, &proxy)));
        let run = run(&mut command);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn needs_no_certificates_for_loopback() {
    let run = run(ticket(&["get", FEISHU, ENGAGELAB, "--sandbox"])
        .env("SSL_CERT_FILE", "/nowhere/certificates.pem")
        .env("SSL_CERT_DIR", "/nowhere"));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn reads_settings_from_environment() {
    let server = TestServer::start(|builder| builder);
    let run = run(ticket(&["get", FEISHU, ENGAGELAB]).envs(server.environment()));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out.lines().count(), 2);
    assert_eq!(server.sandbox.requests().len(), 3, "a token and two tickets");
}

#[test]
fn ignores_a_closed_pipe() {
    let mut child = ticket(&["decode", "feishu", "--output", "markdown"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The reader closes the pipe before the response arrives.
    drop(child.stdout.take());
    let body = ticket_fixtures::case("feishu", "documented").unwrap().body;
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), body).unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn warns_about_an_invalid_tz_beside_a_page() {
    let get = |zone: &str, more: &[&str]| {
        let arguments = [&["get", ENGAGELAB, "--sandbox"], more].concat();
        run(ticket(&arguments).env("TZ", zone))
    };
    let page = get("Nowhere/Bad", &["-o", "page"]);
    assert!(page.err.starts_with("warning: TZ is not a time zone: \"Nowhere/Bad\""), "{page:?}");
    assert!(page.code == 0 && page.out.contains("2025-11-04 01:15 +00:00"), "{page:?}");
    for (zone, more) in [
        ("Nowhere/Bad", &["-o", "json"][..]),
        ("Nowhere/Bad", &["-o", "page", "--time-zone", "Asia/Shanghai"]),
        ("Asia/Shanghai", &["-o", "page"]),
        ("CST-8", &["-o", "page"]),
    ] {
        let run = get(zone, more);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{zone} {more:?}");
        assert!(more.contains(&"json") || run.out.contains("09:15 +08:00"), "{}", run.out);
    }
}

#[test]
fn the_sandbox_has_no_fake_server_for_every_provider() {
    let run = run(&mut ticket(&["get", "rt:1", "--sandbox"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    let error = run.error(0);
    assert_eq!(error["message"], "the sandbox has no fake server for rt");
    assert_eq!(
        error["hint"],
        "the sandbox has only EngageLab LiveDesk and Feishu Helpdesk; leave out --sandbox, and set the address and credentials of Request Tracker"
    );
}
