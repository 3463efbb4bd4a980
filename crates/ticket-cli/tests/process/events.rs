//! `ticket decode --event`: the tickets of saved events.

use serde_json::{Value, json};

use crate::harness::{TestServer, run, run_with_input, ticket};

/// `{"schema":"2.0","header":{"event_id":"1","event_type":"helpdesk.ticket.created_v1","create_time":"1769846400000","token":"token"},`
/// `"event":{"ticket_id":"6626871355780366331"}}`, encrypted with the key `test key`.
const ENCRYPTED: &str = include_str!("events/encrypted.json");

fn event(event_type: &str, content: &Value) -> String {
    let header = json!({ "event_id": "1", "event_type": event_type, "create_time": "1769846400000", "token": "token" });
    json!({ "schema": "2.0", "header": header, "event": content }).to_string()
}

fn created(id: &str) -> String {
    event("helpdesk.ticket.created_v1", &json!({ "ticket_id": id }))
}

/// Prints the ticket of these events, with this token and key.
fn decode(arguments: &[&str], settings: [&str; 2], input: &str) -> crate::harness::Run {
    let arguments = [&["decode", "feishu", "--event"], arguments].concat();
    let names = ["FEISHU_VERIFICATION_TOKEN", "FEISHU_ENCRYPT_KEY"];
    run_with_input(ticket(&arguments).envs(names.into_iter().zip(settings)), input.as_bytes())
}

#[test]
fn prints_the_ticket_of_an_event() {
    let updated = event(
        "helpdesk.ticket.updated_v1",
        &json!({ "object": { "ticket_id": "7" }, "old_object": { "status": 1 } }),
    );
    let message = event(
        "helpdesk.ticket_message.created_v1",
        &json!({ "event_id": "inner", "ticket": { "ticket_id": "7" } }),
    );
    for (input, expected) in [
        (created("7").as_str(), "feishu:7\n"),
        (&updated, "feishu:7\n"),
        (&message, "feishu:7\n"),
        (ENCRYPTED, "feishu:6626871355780366331\n"),
    ] {
        let run = decode(&[], ["token", "test key"], input);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, expected, ""), "{input}");
    }
}

#[test]
fn printed_tickets_can_be_fetched() {
    let server = TestServer::start(|builder| builder);
    let printed = decode(&[], ["token", "test key"], ENCRYPTED);
    let command = &mut ticket(&["get", "-", "--output", "csv", "--fields", "id"]);
    let fetched = run_with_input(command.envs(server.environment()), printed.out.as_bytes());
    assert_eq!((fetched.code, fetched.out.as_str()), (0, "id\r\n6626871355780366331\r\n"));
}

#[test]
fn says_that_there_is_no_ticket() {
    let challenge = r#"{"type":"url_verification","challenge":"ajls384k","token":"token"}"#;
    let approved = event("helpdesk.notification.approve_v1", &json!({ "notification_id": "1" }));
    for (input, message) in [
        (challenge, "standard input is a URL challenge, not an event"),
        (&approved, "an event without a ticket: helpdesk.notification.approve_v1"),
    ] {
        let run = decode(&[], ["token", ""], input);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
        assert!(run.err.contains(message) && !run.err.contains("ajls384k"), "{}", run.err);
    }
}

#[test]
fn reports_why_an_event_cannot_be_read() {
    for (settings, input, code, message) in [
        (["token", ""], ENCRYPTED, 2, "set the encrypt key"),
        (["token", "other key"], ENCRYPTED, 2, "cannot be decrypted"),
        (["other", "test key"], ENCRYPTED, 4, "the verification token is missing or is not that"),
        (["token", "test key\n"], ENCRYPTED, 2, "FEISHU_ENCRYPT_KEY ends with a line break"),
        (["token", ""], "<html>", 6, "standard input: the body is not a JSON object"),
        (["token", ""], &created("../x"), 6, "the event has no valid ticket id"),
    ] {
        let run = decode(&[], settings, input);
        assert_eq!((run.code, run.out.as_str()), (code, ""), "{run:?}");
        assert!(run.err.contains(message), "{}", run.err);
        assert!(!run.err.contains("test key") && !run.err.contains("other key"), "{}", run.err);
    }
    let other = run(&mut ticket(&["decode", "rt", "--event"]));
    assert_eq!(other.code, 2);
    assert!(other.err.contains("--event reads events of feishu"), "{}", other.err);
    let fields = run(&mut ticket(&["decode", "feishu", "--event", "--fields", "id"]));
    assert_eq!(fields.code, 2, "{fields:?}");
}

#[test]
fn warns_if_nothing_shows_who_sent_the_event() {
    let run = decode(&[], ["", ""], &created("7"));
    assert_eq!((run.code, run.out.as_str()), (0, "feishu:7\n"));
    assert!(run.err.contains("set FEISHU_VERIFICATION_TOKEN"), "{}", run.err);
}

#[test]
fn reads_one_event_a_line() {
    let approved = event("helpdesk.notification.approve_v1", &json!({}));
    let input =
        [&created("7"), "", "hello", approved.as_str(), ENCRYPTED.trim_end(), &created("8")]
            .join("\n");
    let run = decode(&["--lines"], ["token", "test key"], &input);
    assert_eq!(
        (run.code, run.out.as_str()),
        (7, "feishu:7\nfeishu:6626871355780366331\nfeishu:8\n")
    );
    assert!(run.err.contains("line 3 of standard input: the body is not a JSON object"), "{run:?}");
    assert!(run.err.contains("line 4 of standard input is an event without a ticket"), "{run:?}");

    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[profiles.prod.feishu]\nverification_token = \"token\"\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&config, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let config = ["--config", config.to_str().unwrap()];
    let arguments = [&["decode", "feishu@prod", "--event", "--lines"], &config[..]].concat();
    let run = run_with_input(&mut ticket(&arguments), created("7").as_bytes());
    if cfg!(unix) {
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "feishu@prod:7\n", ""));
    }
}
