//! The log: what `-v` tells on stderr, and what it never tells. No figure of a clock is an assertion.

use std::collections::BTreeSet;
use std::io;

use jiff::Timestamp;
use serde_json::Value;

use crate::harness::{Desk, ENGAGELAB, FEISHU, Run, answering, nobody, run, ticket};

fn get(words: &[&str], environment: &[(&'static str, String)]) -> Run {
    run(ticket(&[&["get"], words].concat()).envs(environment.iter().cloned()))
}

/// The message of each line of the log, and what else is in it.
fn told(run: &Run) -> Vec<(String, Vec<String>)> {
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

/// How many lines have this message and this fact.
fn count(told: &[(String, Vec<String>)], message: &str, fact: &str) -> usize {
    told.iter().filter(|(it, facts)| it == message && facts.iter().any(|it| it == fact)).count()
}

#[test]
fn each_call_is_one_line_and_more_is_told_when_asked_twice() {
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
        let told = told(&run);
        for (provider, operation) in [
            ("feishu", "get_tenant_access_token"),
            ("feishu", "get_ticket"),
            ("engagelab", "get_ticket"),
        ] {
            let of: Vec<_> = told
                .iter()
                .filter(|(message, facts)| {
                    message == "done"
                        && facts.contains(&format!("provider={provider}"))
                        && facts.contains(&format!("operation={operation}"))
                })
                .collect();
            assert_eq!(of.len(), 1, "{operation}: {}", run.err);
            assert!(of[0].1.contains(&"attempts=1".into()), "{}", run.err);
        }
        assert_eq!(count(&told, "done", "attempts=1"), 3, "{}", run.err);
        // What the libraries below would tell is not among it.
        let is_ours = |message: &String| ["attempt", "waited", "done"].contains(&message.as_str());
        assert!(told.iter().all(|(message, _)| is_ours(message)), "{}", run.err);
        assert_eq!(count(&told, "attempt", "http_status=200"), attempts, "{}", run.err);
    }
}

#[test]
fn every_command_that_fetches_tells_of_its_calls() {
    let desk = Desk::start(|builder| builder);
    for words in [
        &["mapping", "explain", FEISHU][..],
        &["mapping", "drift", FEISHU],
        &["doctor", "--id", FEISHU, "-o", "json"],
    ] {
        let silent = run(ticket(words).envs(desk.environment()));
        let run = run(ticket(&[&["-v"], words].concat()).envs(desk.environment()));
        assert_eq!((run.code, &run.out), (silent.code, &silent.out), "{words:?}");
        let calls = told(&run);
        assert!(count(&calls, "done", "operation=get_ticket") == 1, "{words:?}: {}", run.err);
    }
}

#[test]
fn what_is_tried_again_is_told_with_its_reason() {
    let desk = Desk::start(|builder| builder);
    let mut environment = desk.environment();
    for (name, value) in &mut environment {
        if *name == "ENGAGELAB_BASE_URL" {
            *value = answering("503 Service Unavailable", b"");
        }
    }
    let run = get(&[ENGAGELAB, "-v"], &environment);
    assert_eq!(run.code, 5);
    // The failure itself comes last, as it does without the log.
    let (log, failure) = run.err.trim_end().rsplit_once('\n').unwrap();
    assert!(failure.starts_with("{\"error\":"), "{failure}");
    let told = told(&Run { err: log.to_owned(), ..run });
    assert_eq!(count(&told, "trying again", "http_status=503"), 3, "{told:?}");
    assert_eq!(count(&told, "failed", "kind=unavailable"), 1);
    assert_eq!(count(&told, "failed", "attempts=4"), 1);
    assert_eq!(told.len(), 4);
}

#[test]
fn as_json_each_line_is_one_object() {
    let text = get(&[FEISHU, "--sandbox", "-vv"], &[]);
    let json = get(&[FEISHU, "--sandbox", "-vv", "--log", "json"], &[]);
    assert_eq!((json.code, &json.out), (0, &text.out));
    let told = told(&text);
    assert_eq!(json.err.lines().count(), told.len());
    for (line, (message, facts)) in json.err.lines().zip(&told) {
        let object: Value = serde_json::from_str(line).unwrap();
        let object = object.as_object().unwrap();
        assert!(object["time"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{line}");
        assert_eq!(object["message"], **message);
        // The order is another matter: both have the same facts.
        let names: BTreeSet<_> = facts.iter().map(|fact| fact.split_once('=').unwrap().0).collect();
        let keys = object.keys().map(String::as_str);
        let keys: BTreeSet<_> =
            keys.filter(|key| !["time", "level", "message"].contains(key)).collect();
        assert_eq!(keys, names, "{line}");
        if let Some(attempt) = object.get("attempt") {
            assert_eq!(attempt, 1, "a number is a number");
        }
    }
}

#[test]
fn neither_a_secret_nor_a_word_of_a_ticket_is_told() {
    let desk = Desk::start(|builder| builder);
    let variables = desk.environment();
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
        // One title is a part of an id.
        secrets.extend(words.into_iter().flatten().filter(|it| *it != "abc").map(str::to_owned));
    }
    assert!(secrets.len() > 5, "{secrets:?}");
    // Pages that repeat what their first call was sent, as one of a proxy may.
    let echo = |prefix: &str| {
        let is_sent = |name: &str| name.starts_with(prefix) && name.ends_with("_SECRET");
        let (_, sent) = variables.iter().find(|(name, _)| is_sent(name)).unwrap();
        let body = format!("{{\"code\":\"{sent}\",\"msg\":\"{sent}\"}}");
        answering("503 Service Unavailable", body.leak().as_bytes())
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
    for environment in [variables.clone(), changed(&echo), changed(&|_| nobody())] {
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
fn what_a_service_says_acts_on_no_terminal() {
    let desk = Desk::start(|builder| builder);
    let body = "{\"code\":\"\\u001b[2J\\u009b1A outcome=done\\n\\u202e\",\"msg\":\"no\"}";
    let mut environment = desk.environment();
    for (name, value) in &mut environment {
        if *name == "ENGAGELAB_BASE_URL" {
            *value = answering("400 Bad Request", body.as_bytes());
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
fn colour_is_as_the_command_line_says() {
    for (colour, is_coloured) in [("always", true), ("never", false), ("auto", false)] {
        let run = get(&[ENGAGELAB, "--sandbox", "-v", "--color", colour, "-o", "json"], &[]);
        assert_eq!(run.err.contains('\u{1b}'), is_coloured, "{colour}: {}", run.err);
        assert!(!run.out.contains('\u{1b}'));
    }
}

#[test]
fn where_nobody_reads_the_log_the_ticket_still_comes() {
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
