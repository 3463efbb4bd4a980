//! `ticket mcp`: a client talks to the binary.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Run, run, run_with_input, ticket};
use crate::sync::Desk;

/// Sends requests to a server until its end, and returns the result of each.
fn talk(command: &mut Command, requests: &[(&str, Value)]) -> Vec<Value> {
    let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    let first = [("initialize", hello)];
    let mut lines: Vec<_> = (first.iter().chain(requests).enumerate())
        .map(|(id, (method, params))| {
            json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string()
        })
        .collect();
    lines.insert(1, json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string());
    let Run { code, out, err } = run_with_input(command, (lines.join("\n") + "\n").as_bytes());
    assert_eq!((code, &*err), (0, ""), "{out}");
    // Only messages of the protocol are printed; calls may end in any order.
    let mut responses: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    responses.sort_by_key(|response| response["id"].as_u64());
    assert_eq!(responses.len(), requests.len() + 1, "{out}");
    responses.drain(1..).map(|mut response| response["result"].take()).collect()
}

/// Calls one tool and returns the text of the answer, and whether it is an error.
fn call(desk: &Desk, options: &[&str], tool: &str, arguments: &Value) -> (String, bool) {
    let mut command = desk.command(&[&["mcp"], options].concat());
    command.env("TICKET_ANONYMIZE_KEY", "a key of sixteen bytes");
    let params = json!({"name": tool, "arguments": arguments});
    let result = talk(&mut command, &[("tools/call", params)]).remove(0);
    (result["content"][0]["text"].as_str().unwrap().to_owned(), result["isError"] == true)
}

/// Returns what is between the marks of an answer.
fn inside(answer: &str) -> &str {
    let (_, rest) = answer.split_once("<untrusted-").unwrap();
    let (number, rest) = rest.split_once(">\n").unwrap();
    rest.split_once(&format!("\n</untrusted-{number}>")).unwrap().0
}

#[test]
fn an_agent_finds_reads_and_explains_a_ticket() {
    let desk = Desk::with_tickets(60);
    assert_eq!(desk.sync(&["feishu", "--conversation"]).0, 0);
    let before = fs::read(&desk.mirror).unwrap();
    let (found, _) = call(&desk, &[], "search", &json!({"words": "打印机"}));
    let row: Value = serde_json::from_str(inside(&found).lines().next().unwrap()).unwrap();
    let id = row["ticket"].as_str().unwrap();
    assert!(id.starts_with("feishu:") && row["found"].as_str().unwrap().contains("打印机"));

    let (read, _) = call(&desk, &[], "get", &json!({"ticket": id, "max_chars": 4000}));
    assert!(read.chars().count() <= 4_000 && read.starts_with("From the mirror"), "{read}");
    assert!(inside(&read).contains("打印机"), "{read}");

    let status = json!({"ticket": id, "field": "status"});
    let requests = desk.requests("feishu.ticket");
    let (explained, is_error) = call(&desk, &[], "explain", &status);
    assert!(!is_error && explained.starts_with("From the responses in the mirror."), "{explained}");
    let field: Value = serde_json::from_str(inside(&explained).lines().next().unwrap()).unwrap();
    assert_eq!(field["field"], "status.value", "{field}");
    assert_eq!(field["sources"][0]["pointer"], "/data/ticket/status", "{field}");
    assert_eq!(desk.requests("feishu.ticket"), requests, "without network");

    let live = json!({"ticket": id, "field": "status", "live": true});
    let (explained_live, _) = call(&desk, &[], "explain", &live);
    assert_eq!(inside(&explained_live), inside(&explained));
    let (read, _) = call(&desk, &[], "get", &json!({"ticket": id, "live": true}));
    assert!(read.starts_with("Fetched from the service."), "{read}");

    for query in ["DELETE FROM ticket", "PRAGMA user_version = 9", "VACUUM INTO '/tmp/x.db'"] {
        call(&desk, &[], "sql", &json!({"query": query}));
    }
    assert!(fs::read(&desk.mirror).unwrap() == before, "no tool writes");
}

#[test]
fn masked_answers_name_nobody() {
    let desk = Desk::with_tickets(30);
    assert_eq!(desk.sync(&["feishu", "--conversation"]).0, 0);
    let rows = desk.sql("SELECT source.name || ':' || id AS id, requester_id, requester_name FROM ticket JOIN source ON source.key = source LIMIT 1");
    let of = |key: &str| rows[0][key].as_str().unwrap().to_owned();
    let (id, secrets) = (of("id"), [of("requester_id"), of("requester_name")]);
    for (tool, arguments, is_refused) in [
        ("list", json!({"max_chars": 50_000}), false),
        ("get", json!({"ticket": id}), false),
        ("get", json!({"ticket": id, "live": true}), false),
        ("explain", json!({"ticket": id, "max_chars": 50_000}), false),
        ("explain", json!({"ticket": id, "field": "requester", "live": true}), false),
        ("status", json!({}), false),
        ("search", json!({"words": "打印"}), true),
        ("sql", json!({"query": "SELECT requester_name FROM ticket"}), true),
    ] {
        let (answer, is_error) = call(&desk, &["--anonymize"], tool, &arguments);
        assert_eq!(is_error, is_refused, "{tool}: {answer}");
        for secret in &secrets {
            assert!(!answer.contains(secret), "{tool}: {secret} in {answer}");
        }
    }
    let without_key = run(&mut desk.command(&["mcp", "--anonymize"]));
    assert_eq!(without_key.code, 2, "{without_key:?}");
}

#[test]
fn hostile_messages_stay_in_their_fence() {
    let (answer, is_error) = {
        let mut command = ticket(&["mcp", "--sandbox", "--mirror", "/nowhere/mirror.db"]);
        let list = json!({"name": "get", "arguments": {"ticket": "engagelab:tk_20251118_hos001", "max_chars": 50_000}});
        let result = talk(&mut command, &[("tools/call", list)]).remove(0);
        (result["content"][0]["text"].as_str().unwrap().to_owned(), result["isError"] == true)
    };
    let number = answer.split_once("<untrusted-").unwrap().1.split_once('>').unwrap().0;
    assert_eq!(answer.matches(number).count(), 2, "{answer}");
    assert!(!inside(&answer).is_empty(), "{is_error}: {answer}");
    assert!(!answer.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{answer}");
}

#[test]
fn says_what_is_missing_and_ends_with_its_input() {
    let mut command = ticket(&["mcp", "--mirror", "/nowhere/mirror.db"]);
    let list = json!({"name": "list", "arguments": {}});
    let results = talk(&mut command, &[("tools/list", json!({})), ("tools/call", list)]);
    assert_eq!(results[0]["tools"].as_array().unwrap().len(), 6);
    let text = results[1]["content"][0]["text"].as_str().unwrap();
    assert_eq!(results[1]["isError"], true);
    assert!(text.contains("there is no mirror at /nowhere/mirror.db"), "{text}");
    assert!(text.contains("ticket sync SOURCE"), "{text}");
    for input in [&b""[..], b"\n", b"GET / HTTP/1.1\r\n\r\n"] {
        let silent = run_with_input(&mut ticket(&["mcp"]), input);
        assert_eq!((silent.code, &*silent.out, &*silent.err), (0, "", ""));
    }
}
