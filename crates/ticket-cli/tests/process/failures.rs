//! Failures: their exit codes, JSON and text.

use serde_json::Value;

use crate::harness::{
    ENGAGELAB, FEISHU, Run, TestServer, refused_url, run, serve_response, ticket,
};

/// Returns the environment of a sandbox with some values replaced.
fn with(server: &TestServer, changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut environment = server.environment();
    for (name, value) in changes {
        let found = environment.iter_mut().find(|(known, _)| known == name);
        match found {
            Some((_, old)) => (*value).clone_into(old),
            None => environment.push((name, (*value).to_owned())),
        }
    }
    environment
}

fn get(id: &str, environment: &[(&'static str, String)]) -> Run {
    run(ticket(&["get", id]).envs(environment.iter().cloned()))
}

#[test]
fn each_kind_of_failure_has_its_exit_code() {
    let server = TestServer::start(|builder| builder);
    let html = serve_response("200 OK", b"<html>a proxy's page</html>");
    let another = serve_response("200 OK", br#"{"code":0,"data":{"ticket_id":"tk_another"}}"#);
    let strange = serve_response("400 Bad Request", br#"{"code":123456789,"msg":"no reason"}"#);
    let broken = serve_response("502 Bad Gateway", b"<html>");
    let limited = serve_response("429 Too Many Requests", br#"{"code":99991400,"msg":"slowly"}"#);
    let quota = serve_response("400 Bad Request", br#"{"code":99991403,"msg":"quota"}"#);
    let refused = refused_url();
    let token = ("FEISHU_TENANT_ACCESS_TOKEN", "t-given");
    let feishu = |url: &str| {
        let changes =
            [("FEISHU_APP_ID", ""), ("FEISHU_APP_SECRET", ""), token, ("FEISHU_BASE_URL", url)];
        with(&server, &changes)
    };
    for (id, environment, code, kind) in [
        (ENGAGELAB, with(&server, &[]), 0, ""),
        (ENGAGELAB, with(&server, &[("ENGAGELAB_API_KEY", "")]), 2, "configuration"),
        ("engagelab:..", with(&server, &[]), 2, "invalid_request"),
        ("engagelab:nobody", with(&server, &[]), 3, "not_found"),
        ("feishu:404", with(&server, &[]), 3, "not_found"),
        (ENGAGELAB, with(&server, &[("ENGAGELAB_API_SECRET", "wrong")]), 4, "unauthenticated"),
        (FEISHU, with(&server, &[("FEISHU_APP_SECRET", "wrong")]), 4, "unauthenticated"),
        (FEISHU, with(&server, &[("FEISHU_HELPDESK_TOKEN", "wrong")]), 4, "unauthenticated"),
        (FEISHU, feishu(&limited), 5, "rate_limited"),
        (ENGAGELAB, with(&server, &[("ENGAGELAB_BASE_URL", &refused)]), 5, "connection"),
        (ENGAGELAB, with(&server, &[("ENGAGELAB_BASE_URL", &broken)]), 5, "unavailable"),
        (ENGAGELAB, with(&server, &[("ENGAGELAB_BASE_URL", &html)]), 6, "invalid_response"),
        (ENGAGELAB, with(&server, &[("ENGAGELAB_BASE_URL", &another)]), 6, "ticket_mismatch"),
        (FEISHU, feishu(&strange), 1, "rejected"),
        (FEISHU, feishu(&quota), 1, "quota_exhausted"),
    ] {
        let run = get(id, &environment);
        assert_eq!(run.code, code, "{kind}: {run:?}");
        if code == 0 {
            assert_eq!(run.err, "");
        } else {
            let error = run.error(0);
            assert_eq!(error["kind"], kind, "{run:?}");
            let retryable = error["retryable"].as_bool().unwrap();
            assert_eq!(retryable, code == 5, "{run:?}");
            assert_eq!((run.out.as_str(), run.err.lines().count()), ("", 1));
        }
    }
}

#[test]
fn error_json_has_all_keys() {
    let server = TestServer::start(|builder| builder);
    let error = get("feishu:404", &with(&server, &[])).error(0);
    let keys: Vec<_> = error.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "kind",
        "provider",
        "profile",
        "id",
        "operation",
        "attempts",
        "code",
        "http_status",
        "request_id",
        "retryable",
        "retry_after_seconds",
        "message",
        "hint",
    ];
    expected.sort_unstable();
    let mut keys = keys;
    keys.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(error["code"], "154004");
    assert_eq!(error["http_status"], 404);
    assert_eq!(
        (error["operation"].as_str(), error["attempts"].as_u64()),
        (Some("get_ticket"), Some(1))
    );
    assert_eq!((error["provider"].as_str(), error["id"].as_str()), (Some("feishu"), Some("404")));
}

#[test]
fn failures_beside_a_page_are_text() {
    let run = run(&mut ticket(&["get", "engagelab:nobody", "--sandbox", "--output", "page"]));
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    assert!(run.err.starts_with("error: engagelab:nobody: "), "{}", run.err);
    assert!(!run.err.contains('\u{1b}'), "{}", run.err);
}

#[test]
fn escapes_control_characters_of_server_messages() {
    let body = br#"{"code":123456789,"message":"\u001b[2J\u202eowned\u009b"}"#;
    let url = serve_response("400 Bad Request", body);
    let server = TestServer::start(|builder| builder);
    let environment = with(&server, &[("ENGAGELAB_BASE_URL", &url)]);
    let run = run(ticket(&["get", ENGAGELAB, "-o", "page"]).envs(environment));
    assert_ne!(run.code, 0);
    assert!(!run.err.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{:?}", run.err);
}

#[test]
fn usage_errors_off_a_terminal_are_json() {
    for (arguments, message, hint) in [
        (&["get"][..], "<SOURCE:ID>", "--help"),
        (&["get", FEISHU, "--output", "xml"], "invalid value 'xml'", "--help"),
        (&["get", FEISHU, "--time-zone", "Mars/Base"], "Mars/Base", "--help"),
        (&["nonsense"], "nonsense", "--help"),
        (&["sandbox", "--nonsense"], "--nonsense", "--help"),
        (&[], "missing command", "get, list, search, sql, sync, export, verify, mirror, mcp, "),
        (
            &["mapping"],
            "missing command",
            "the commands are explain, drift, capabilities; for details, run: ticket mapping --help",
        ),
        (
            &["auth"],
            "missing command",
            "the commands are login, logout, status; for details, run: ticket auth --help",
        ),
        (&["sandbox", "--rate-limit-scale", "x"], "expected a whole number from 0", "--help"),
    ] {
        let run = run(&mut ticket(arguments));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(run.err.lines().count(), 1, "{run:?}");
        let error = run.error(0);
        assert_eq!(error["kind"], "invalid_request");
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
    }
    // With any other requested format, failures are text.
    let run = run(&mut ticket(&["get", "-o", "page"]));
    assert!(run.code == 2 && run.err.starts_with("error: "), "{run:?}");
}

#[test]
fn suggests_the_command_or_option_for_a_typing_error() {
    for (arguments, suggested) in [
        (&["gte", FEISHU][..], "'get'"),
        (&["gt", FEISHU], "'get'"),
        (&["dcotor"], "'doctor'"),
        (&["snadbox"], "'sandbox'"),
        (&["help", "gte"], "'get'"),
        (&[FEISHU], "'ticket get feishu:6626871355780366331'"),
        (&["fetch", FEISHU], "'ticket get'"),
        (&["login", "feishu"], "'ticket auth login'"),
        (&["get", FEISHU, "--format", "json"], "'--output'"),
        (&["export", "--output", "json"], "'--format'"),
        (&["get", FEISHU, "--otuput", "json"], "'--output'"),
        (&["get", FEISHU, "-output", "json"], "'--output'"),
        (&["get", FEISHU, "-sandbox"], "'--sandbox'"),
        (&["get", FEISHU, "--sandbx"], "'--sandbox'"),
        (&["get", FEISHU, "--cnfig=x"], "'--config'"),
        (&["get", FEISHU, "-o", "jsn"], "'json'"),
        (&["sandbox", "--prt", "1"], "'--port'"),
        (&["--sandbox", "get", FEISHU], "'get --sandbox'"),
    ] {
        let run = run(&mut ticket(arguments));
        assert_eq!(run.code, 2, "{arguments:?}");
        let hint = run.error(0)["hint"].as_str().unwrap().to_owned();
        assert!(hint.contains(suggested), "{arguments:?}: {hint}");
    }
}

#[test]
fn shortens_a_long_id_in_messages() {
    let id = "x".repeat(5000);
    let run = run(&mut ticket(&["get", &format!("feishu:{id}"), "--sandbox", "-o", "page"]));
    assert_eq!(run.code, 2);
    assert!(run.err.contains("(the first 60 of 5000 characters)"), "{}", run.err);
    assert!(run.err.len() < 600, "{}", run.err);
}

#[test]
fn names_an_id_without_provider_once() {
    let run = run(&mut ticket(&["get", "foo", "--sandbox", "-o", "page"]));
    assert!(run.err.starts_with("error: foo: no provider before the id\n"));
}

#[test]
fn names_a_provider_without_id() {
    for (source, message, hint) in [
        (
            "feishu",
            "feishu is a provider; the id is missing",
            "write feishu:ID, such as feishu:6626871355780366331",
        ),
        ("rt@work", "rt is a provider; the id is missing", "write rt@work:ID, such as rt@work:1"),
        ("feishuu:1", "unknown provider \"feishuu\"", "did you mean feishu?"),
    ] {
        let run = run(&mut ticket(&["get", source]));
        assert_eq!(run.code, 2, "{run:?}");
        assert_eq!(
            (run.error(0)["message"].as_str(), run.error(0)["hint"].as_str()),
            (Some(message), Some(hint))
        );
    }
}

#[test]
fn escapes_control_characters_of_arguments() {
    for (hostile, shown) in [
        ("--fei\u{9b}2J\u{202e}", r"--fei\u{9b}2J\u{202e}"),
        ("--a\n  tip: sudo\u{7}", r"--a\n  tip: sudo\u{7}"),
        ("--color=\u{1b}]0;x\u{7}", r"\u{1b}]0;x\u{7}"),
        ("--time-zone=\u{200b}", r"\u{200b}"),
    ] {
        let run = run(&mut ticket(&["get", FEISHU, hostile, "-o", "page"]));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{hostile:?}");
        assert!(run.err.contains(shown), "{:?}", run.err);
        let acts = |it: char| it.is_control() && it != '\n' || "\u{202e}\u{200b}".contains(it);
        assert!(!run.err.contains(acts), "{:?}", run.err);
    }
}

#[test]
fn usage_errors_beside_requested_json_are_json() {
    for (arguments, message) in [
        (&["get", "--output", "json"][..], "<SOURCE:ID>"),
        (&["get", FEISHU, "--time-zone", "nowhere", "--output=json"], "unknown time zone"),
        (&["get", FEISHU, "-o", "json", "--color", "pink"], "pink"),
        (&["doctor", "-ojson", "--nonsense"], "--nonsense"),
        (&["schema", "--output", "json"], "--output"),
        (&["nonsense", "--output", "json"], "nonsense"),
    ] {
        let run = run(&mut ticket(arguments));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(run.err.lines().count(), 1, "{run:?}");
        let error = run.error(0);
        assert_eq!((error["kind"].as_str(), &error["id"]), (Some("invalid_request"), &Value::Null));
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
        assert!(!error["message"].as_str().unwrap().starts_with("error"), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("--help"), "{error}");
    }
    let help = run(&mut ticket(&["get", "--help", "--output", "json"]));
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("Usage: "), "{}", help.out);
}

/// Runs the binary with a redirection of the shell.
#[cfg(unix)]
fn redirected(arguments: &[&str], redirection: &str) -> Run {
    let mut shell = std::process::Command::new("/bin/sh");
    let script = format!("exec \"$0\" \"$@\" {redirection}");
    shell.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_ticket")).args(arguments);
    shell.env_clear().env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-config"));
    run(&mut shell)
}

#[test]
#[cfg(target_os = "linux")]
fn reports_an_unwritable_output() {
    for (redirection, reason) in [
        (">/dev/full", "No space left"),
        (">&-", "standard output is closed"),
        ("1</dev/null", "standard output is open for reading only"),
        ("0<&- >&- 3</dev/null", "standard output is closed"),
    ] {
        for arguments in [
            &["get", FEISHU, "--sandbox", "--output", "json"][..],
            &["get", FEISHU, "--sandbox"],
            &["mapping", "explain", FEISHU, "--sandbox", "-o", "json"],
            &["mapping", "drift", FEISHU, "--sandbox", "-o", "json"],
            &["doctor", "--sandbox", "--output", "json"],
            &["get", "--help", "--output", "json"],
        ] {
            let run = redirected(arguments, redirection);
            assert_eq!((run.code, run.err.lines().count()), (1, 1), "{redirection} {run:?}");
            let error = run.error(0);
            assert_eq!(error["kind"], "output");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("cannot write") && message.contains(reason), "{error}");
        }
        for arguments in [
            &["get", FEISHU, "--sandbox", "--output", "markdown"][..],
            &["get", FEISHU, "--sandbox", "--output", "raw"],
            &["schema"],
            &["auth", "status"],
            &["completions", "bash"],
            &["sandbox"],
            &["sandbox", "--list"],
        ] {
            let run = redirected(arguments, redirection);
            assert_eq!(run.code, 1, "{redirection} {arguments:?}: {run:?}");
            assert!(run.err.starts_with("error: cannot write the output"), "{}", run.err);
        }
        for arguments in [&["--help"][..], &["--version"], &["help", "get"]] {
            let run = redirected(arguments, redirection);
            assert_eq!((run.code, &run.error(0)["kind"]), (1, &"output".into()), "{run:?}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn accepts_dev_null_as_output() {
    // Some programs open /dev/null for reading and writing, as the standard library does for a closed stdout.
    for redirection in [">/dev/null", "1<>/dev/null", "2>&- >/dev/null"] {
        let run = redirected(&["get", FEISHU, "--sandbox"], redirection);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{redirection}");
    }
    // A failure does not need stdout.
    let run = redirected(&["get", "feishu:404", "--sandbox"], ">&-");
    assert_eq!((run.code, &run.error(0)["kind"]), (3, &"not_found".into()));
}

#[test]
#[cfg(unix)]
fn ignores_a_closed_pipe() {
    let script = "\"$0\" \"$@\" | true; echo done >&2";
    let mut shell = std::process::Command::new("/bin/sh");
    shell.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_ticket")).args(["schema"]).env_clear();
    let run = run(&mut shell);
    assert_eq!((run.code, run.err.as_str()), (0, "done\n"));
}
