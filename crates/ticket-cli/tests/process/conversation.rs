//! `--conversation`: all messages of a ticket, as JSON, raw, on the page, and in explanations.

use std::collections::HashSet;

use serde_json::Value;

use crate::harness::{Run, TestServer, run, run_with_input, ticket};

/// Starts a sandbox whose first generated ticket has 250 messages of all types, and returns it with the ticket.
fn desk() -> (TestServer, String) {
    let server = TestServer::start(|builder| {
        builder.tickets(100, 1).epoch(1_770_681_600_000).rate_limit_scale(0)
    });
    let id = server.sandbox.generated_ids("feishu").next().unwrap();
    (server, format!("feishu:{id}"))
}

fn run_with(server: &TestServer, arguments: &[&str]) -> Run {
    run(ticket(arguments).envs(server.environment()))
}

#[test]
fn a_long_conversation_is_complete_and_keeps_all_that_was_sent() {
    let (server, name) = desk();
    let json = run_with(&server, &["get", &name, "--conversation", "--output", "json"]);
    assert_eq!((json.code, &*json.err), (0, ""));
    let found: Value = serde_json::from_str(&json.out).unwrap();
    let conversation = &found["conversation"];
    assert_eq!(conversation["complete"], true);
    let messages = conversation["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 250);
    let ids: HashSet<&str> = messages.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 250);
    let types: HashSet<&str> =
        messages.iter().map(|it| it["content_type"]["value"].as_str().unwrap()).collect();
    assert_eq!(types.len(), 7, "{types:?}");

    // What `raw` prints, `decode` reads back.
    let raw = run_with(&server, &["get", &name, "--conversation", "--output", "raw"]);
    assert_eq!(raw.out.lines().count(), 1);
    let decoded = run_with_input(&mut ticket(&["decode", "feishu"]), raw.out.as_bytes());
    assert_eq!((decoded.code, &decoded.out), (0, &json.out));

    // Each content is in the ticket as it was sent, or is exactly its body.
    let raw: Value = serde_json::from_str(&raw.out).unwrap();
    let pages = raw["responses"].as_array().unwrap().iter();
    let pages = pages.filter(|it| it["operation"] == "list_messages");
    let sent = pages.flat_map(|page| page["body"]["data"]["messages"].as_array().unwrap());
    for sent in sent {
        let message = messages.iter().find(|it| it["id"] == sent["id"]).unwrap();
        let content = sent["content"].as_str().unwrap();
        let is_plain_text = || {
            message["body"] == content
                || serde_json::from_str::<Value>(content).unwrap()["content"] == message["body"]
        };
        assert!(message["native"] == content || is_plain_text(), "{content}");
    }
}

#[test]
fn a_ticket_without_the_option_has_no_conversation() {
    let (server, name) = desk();
    let json = run_with(&server, &["get", &name]);
    let found: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(found["conversation"], Value::Null);
    let routes: HashSet<_> = server.sandbox.requests().into_iter().map(|it| it.path).collect();
    assert!(routes.iter().all(|path| !path.ends_with("/messages")), "{routes:?}");
}

#[test]
fn missing_messages_make_the_conversation_incomplete() {
    let (server, name) = desk();
    server.sandbox.inject("feishu.messages: lost-row".parse().unwrap()).unwrap();
    let run = run_with(&server, &["get", &name, "--conversation", "--output", "page"]);
    assert_eq!(run.code, 7, "{}", run.err);
    assert!(run.out.contains("Conversation · 249 messages, incomplete\n"), "{}", run.out);
    let message = format!("error: {name}: the conversation is incomplete: 249 messages came\n");
    assert!(run.err.starts_with(&message), "{}", run.err);
}

#[test]
fn a_failed_page_of_messages_fails_the_ticket() {
    let (server, name) = desk();
    server.sandbox.inject("feishu.messages 2-: status 400 code 154003".parse().unwrap()).unwrap();
    let run = run_with(&server, &["get", &name, "--conversation"]);
    assert_eq!((run.code, &*run.out), (4, ""));
    assert_eq!(run.error(0)["operation"], "list_messages");
}

#[test]
fn explanations_and_drift_read_every_response() {
    let (server, name) = desk();
    let field = ["--field", "conversation.messages[249].id"];
    let explained =
        run_with(&server, &[&["mapping", "explain", &name, "--conversation"], &field[..]].concat());
    assert_eq!((explained.code, &*explained.err), (0, ""));
    let explained: Value = serde_json::from_str(&explained.out).unwrap();
    let pointer = explained["fields"][0]["sources"][0]["pointer"].as_str().unwrap();
    assert_eq!(pointer, "list_messages[1]#/data/messages/49/id");
    let drift = run_with(&server, &["mapping", "drift", &name, "--conversation"]);
    assert_eq!(drift.code, 0, "{}", drift.err);
    let drift: Value = serde_json::from_str(&drift.out).unwrap();
    let paths = drift["entries"].as_array().unwrap().iter();
    let unknown: Vec<_> = paths.filter(|it| it["kind"] == "unknown_word").collect();
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert_eq!(unknown[0]["path"], "list_messages[p]#/data/messages/[i]/message_type");
}
