//! The log of `-v` on stderr, and that it contains no secrets.

use std::collections::BTreeSet;
use std::io;

use jiff::Timestamp;
use serde_json::Value;

use crate::harness::{
    ENGAGELAB, FEISHU, Run, TestServer, refused_url, run, serve_response, ticket,
};

fn get(words: &[&str], environment: &[(&'static str, String)]) -> Run {
    run(ticket(&[&["get"], words].concat()).envs(environment.iter().cloned()))
}

/// Parses each line of the log into its message and its facts.
fn events(run: &Run) -> Vec<(String, Vec<String>)> {
    let lines = run.err.lines().map(|line| {
        let mut words = line.split(' ');
        let time = words.next().unwrap();
        assert!(time.parse::<Timestamp>().is_ok() && time.ends_with('Z'), "{line}");
        let level = words.next().unwrap();
        assert!(["DEBUG", "INFO", "WARN"].contains(&level), "{line}");
        let (facts, message): (Vec<_>, Vec<_>) = words.partition(|word| word.contains('='));
        (message.join(" "), facts.into_iter().map(str::to_owned).collect())
    });
    lines.collect()
}

/// Counts the lines with this message and this fact.
fn count(events: &[(String, Vec<String>)], message: &str, fact: &str) -> usize {
    events.iter().filter(|(it, facts)| it == message && facts.iter().any(|it| it == fact)).count()
}

#[test]
fn logs_each_call_and_with_two_flags_each_attempt() {
    let silent = get(&[FEISHU, ENGAGELAB, "--sandbox"], &[]);
    assert_eq!((silent.code, silent.err.as_str()), (0, ""));
    for (words, attempts) in [
        (&["-v"][..], 0),
        (&["--verbose"], 0),
        (&["--log", "text"], 0),
        (&["-vv"], 3),
        (&["-v", "-v", "--log=text"], 3),
        (&["-vvv"], 3),
    ] {
        let run = get(&[&[FEISHU, ENGAGELAB, "--sandbox"], words].concat(), &[]);
        assert_eq!((run.code, &run.out), (0, &silent.out), "{words:?}");
        let events = events(&run);
        for (provider, operation) in [
            ("feishu", "get_tenant_access_token"),
            ("feishu", "get_ticket"),
            ("engagelab", "get_ticket"),
        ] {
            let done: Vec<_> = events
                .iter()
                .filter(|(message, facts)| {
                    message == "done"
                        && facts.contains(&format!("provider={provider}"))
                        && facts.contains(&format!("operation={operation}"))
                })
                .collect();
            assert_eq!(done.len(), 1, "{operation}: {}", run.err);
            assert!(done[0].1.contains(&"attempts=1".into()), "{}", run.err);
        }
        assert_eq!(count(&events, "done", "attempts=1"), 3, "{}", run.err);
        // Events of libraries are not logged.
        let is_ours = |message: &String| ["attempt", "waited", "done"].contains(&message.as_str());
        assert!(events.iter().all(|(message, _)| is_ours(message)), "{}", run.err);
        assert_eq!(count(&events, "attempt", "http_status=200"), attempts, "{}", run.err);
    }
}

#[test]
fn every_fetching_command_logs_its_calls() {
    let server = TestServer::start(|builder| builder);
    for words in [
        &["mapping", "explain", FEISHU][..],
        &["mapping", "drift", FEISHU],
        &["doctor", "--id", FEISHU, "-o", "json"],
    ] {
        let silent = run(ticket(words).envs(server.environment()));
        let run = run(ticket(&[&["-v"], words].concat()).envs(server.environment()));
        assert_eq!((run.code, &run.out), (silent.code, &silent.out), "{words:?}");
        let calls = events(&run);
        assert!(count(&calls, "done", "operation=get_ticket") == 1, "{words:?}: {}", run.err);
    }
}

#[test]
fn logs_retries_with_their_reason() {
    let server = TestServer::start(|builder| builder);
    let mut environment = server.environment();
    for (name, value) in &mut environment {
        if *name == "ENGAGELAB_BASE_URL" {
            *value = serve_response("503 Service Unavailable", b"");
        }
    }
    let run = get(&[ENGAGELAB, "-v"], &environment);
    assert_eq!(run.code, 5);
    // The failure itself is the last line, as without the log.
    let (log, failure) = run.err.trim_end().rsplit_once('\n').unwrap();
    assert!(failure.starts_with("{\"error\":"), "{failure}");
    let events = events(&Run { err: log.to_owned(), ..run });
    assert_eq!(count(&events, "retrying", "http_status=503"), 3, "{events:?}");
    assert_eq!(count(&events, "failed", "kind=unavailable"), 1);
    assert_eq!(count(&events, "failed", "attempts=4"), 1);
    assert_eq!(events.len(), 4);
}

#[test]
fn json_log_has_one_object_on_each_line() {
    let text = get(&[FEISHU, "--sandbox", "-vv"], &[]);
    let json = get(&[FEISHU, "--sandbox", "-vv", "--log", "json"], &[]);
    assert_eq!((json.code, &json.out), (0, &text.out));
    let events = events(&text);
    assert_eq!(json.err.lines().count(), events.len());
    for (line, (message, facts)) in json.err.lines().zip(&events) {
        let object: Value = serde_json::from_str(line).unwrap();
        let object = object.as_object().unwrap();
        assert!(object["time"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{line}");
        assert_eq!(object["message"], **message);
        // Both formats have the same facts, in different orders.
        let names: BTreeSet<_> = facts.iter().map(|fact| fact.split_once('=').unwrap().0).collect();
        let keys = object.keys().map(String::as_str);
        let keys: BTreeSet<_> =
            keys.filter(|key| !["time", "level", "message"].contains(key)).collect();
        assert_eq!(keys, names, "{line}");
        if let Some(attempt) = object.get("attempt") {
            assert_eq!(attempt, 1, "numbers are JSON numbers");
        }
    }
}

#[test]
fn logs_no_secrets_and_no_ticket_content() {
    let server = TestServer::start(|builder| builder);
    let variables = server.environment();
    let is_secret = |name: &str| {
        ["API_KEY", "API_SECRET", "APP_SECRET", "HELPDESK_TOKEN"]
            .iter()
            .any(|it| name.ends_with(it))
    };
    let mut secrets: Vec<_> =
        variables.iter().filter(|(name, _)| is_secret(name)).map(|(_, it)| it.clone()).collect();
    assert_eq!(secrets.len(), 4);
    let whole = get(&[FEISHU, ENGAGELAB], &variables);
    let tickets = whole.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    for ticket in tickets {
        let words = [&ticket["title"], &ticket["requester"]["name"]].map(|it| it.as_str());
        // The title `abc` is part of an id.
        secrets.extend(words.into_iter().flatten().filter(|it| *it != "abc").map(str::to_owned));
    }
    assert!(secrets.len() > 5, "{secrets:?}");
    // Error pages that repeat the secret of the request, as a proxy may send.
    let echo = |prefix: &str| {
        let is_sent = |name: &str| name.starts_with(prefix) && name.ends_with("_SECRET");
        let (_, sent) = variables.iter().find(|(name, _)| is_sent(name)).unwrap();
        let body = format!("{{\"code\":\"{sent}\",\"msg\":\"{sent}\"}}");
        serve_response("503 Service Unavailable", body.leak().as_bytes())
    };
    let changed = |url: &dyn Fn(&str) -> String| {
        let mut changed = variables.clone();
        for (name, value) in &mut changed {
            if let Some(prefix) = name.strip_suffix("_BASE_URL") {
                *value = url(prefix);
            }
        }
        changed
    };
    for environment in [variables.clone(), changed(&echo), changed(&|_| refused_url())] {
        for format in ["text", "json"] {
            let run =
                get(&[FEISHU, ENGAGELAB, "feishu:404", "-vvv", "--log", format], &environment);
            assert!(run.err.contains("attempt"), "{run:?}");
            for secret in &secrets {
                assert!(!run.err.contains(secret.as_str()), "{secret} in {}", run.err);
            }
        }
    }
}

#[test]
fn escapes_control_characters_of_the_service() {
    let server = TestServer::start(|builder| builder);
    let body = "{\"code\":\"\\u001b[2J\\u009b1A outcome=done\\n\\u202e\",\"msg\":\"no\"}";
    let mut environment = server.environment();
    for (name, value) in &mut environment {
        if *name == "ENGAGELAB_BASE_URL" {
            *value = serve_response("400 Bad Request", body.as_bytes());
        }
    }
    let text = get(&[ENGAGELAB, "-vv", "-o", "page"], &environment);
    assert!(text.err.contains("\\u{1b}[2J\\u{9b}1A"), "{}", text.err);
    let acts = |it: char| it.is_control() && it != '\n' || it == '\u{202e}';
    assert!(!text.err.contains(acts), "{:?}", text.err);
    let json = get(&[ENGAGELAB, "-vv", "--log", "json"], &environment);
    let exact = json.err.lines().any(|line| {
        let object: Value = serde_json::from_str(line).unwrap();
        object["code"].as_str().is_some_and(|code| code.starts_with("\u{1b}[2J\u{9b}1A"))
    });
    assert!(exact, "{}", json.err);
    assert!(!json.err.contains('\u{1b}'), "{:?}", json.err);
}

#[test]
fn follows_the_color_option() {
    for (colour, is_coloured) in [("always", true), ("never", false), ("auto", false)] {
        let run = get(&[ENGAGELAB, "--sandbox", "-v", "--color", colour, "-o", "json"], &[]);
        assert_eq!(run.err.contains('\u{1b}'), is_coloured, "{colour}: {}", run.err);
        assert!(!run.out.contains('\u{1b}'));
    }
}

#[test]
fn prints_the_ticket_if_stderr_is_closed() {
    let whole = get(&[ENGAGELAB, "--sandbox"], &[]).out;
    for format in ["text", "json"] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = ticket(&["get", ENGAGELAB, "--sandbox", "-vv", "--log", format]);
        let output = command.stderr(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), whole, "{format}");
    }
}
