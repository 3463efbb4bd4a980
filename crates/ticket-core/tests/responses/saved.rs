//! Saved responses are read as they were written.

use ticket_core::{ErrorKind, Response, saved};

use crate::provider::{MESSAGES, Provider, TICKET};

/// Writes and reads these responses.
fn round_trip(responses: &[Response]) -> Vec<Response> {
    saved::read(saved::write(responses), &Provider).unwrap()
}

#[test]
fn single_response_is_its_body_byte_for_byte() {
    for body in [&b"{\"code\": 0}"[..], b"\xef\xbb\xbf{\n}\n", b"not JSON", b"\xff\x00", b""] {
        let response = Response::saved(TICKET, body);
        assert_eq!(saved::write(std::slice::from_ref(&response)), body);
        assert_eq!(round_trip(std::slice::from_ref(&response)), [response]);
    }
}

#[test]
fn several_responses_keep_their_bodies() {
    let bodies = [
        r#"{"code": 0, "big": 12345678901234567890.10, "cut": "\ud83d"}"#,
        "{\n  \"code\": 0\r\n}\n",
        " {} ",
        "\u{feff}{}",
        "<html>not JSON</html>",
        "",
        "null",
        "7",
        r#""a text""#,
        r#""{\"responses\":[]}""#,
        r#"{"responses": []}"#,
    ];
    let ticket = Response::saved(TICKET, "{}");
    let pages = bodies.map(|body| Response::saved(MESSAGES, body));
    let responses: Vec<_> = [ticket].into_iter().chain(pages).collect();
    let text = saved::write(&responses);
    assert!(!text.contains(&b'\n') && !text.contains(&b'\r'), "one line");
    assert_eq!(saved::read(text, &Provider).unwrap(), responses);
}

#[test]
fn status_and_headers_are_not_saved() {
    let mut response = Response::saved(TICKET, "{}");
    response.http_status = Some(200);
    response.headers.insert("x-request-id", "1".parse().unwrap());
    let pages = [response, Response::saved(MESSAGES, "{}")];
    assert_eq!(round_trip(&pages), [TICKET, MESSAGES].map(|name| Response::saved(name, "{}")));
}

#[test]
fn bytes_that_are_not_utf_8_become_replacement_characters() {
    let responses = [Response::saved(TICKET, "{}"), Response::saved(MESSAGES, &b"a\xffb"[..])];
    assert_eq!(round_trip(&responses)[1].body, "a\u{fffd}b");
}

#[test]
fn text_with_line_breaks_or_a_byte_order_mark_is_read() {
    let text = "\u{feff} {\n  \"responses\": [\n    {\"operation\": \"get_ticket\", \"body\": {\n  \"a\": 1}}]}\n";
    let [response] = &saved::read(text.into(), &Provider).unwrap()[..] else { panic!("one") };
    assert_eq!(response.body, "{\n  \"a\": 1}");
}

#[test]
fn member_alone_is_a_single_response() {
    for text in [
        r#"{"operation":"get_ticket","body":{"a": 1}}"#,
        r#"{"body":{"a": 1},"operation":"get_ticket"}"#,
        "\u{feff} { \"operation\": \"get_ticket\",\n\"row\": 7, \"body\": \"{\\\"a\\\": 1}\"}\n",
    ] {
        let read = saved::read(text.into(), &Provider).unwrap();
        assert_eq!(read, [Response::saved(TICKET, r#"{"a": 1}"#)], "{text}");
    }
}

#[test]
fn other_first_keys_are_the_body_of_the_ticket_call() {
    for text in [
        r#"{"data":{"operation":"list_messages","body":{}}}"#,
        r#"{"":{"responses":[]}}"#,
        r#"{"responses_":[]}"#,
        r#"{"operations":1}"#,
        r#"["operation"]"#,
        r#"{"operation"#,
    ] {
        let read = saved::read(text.into(), &Provider).unwrap();
        assert_eq!(read, [Response::saved(TICKET, text)]);
    }
}

#[test]
fn refuses_what_is_not_a_set_of_responses() {
    for (text, message) in [
        (&saved::write(&[])[..], "no response of the operation `get_ticket`"),
        (br#"{"responses": 7}"#, "these are not saved responses"),
        (br#"{"responses": [{"operation": "get_ticket"}]}"#, "these are not saved responses"),
        (
            br#"{"responses": [{"operation": "get_it", "body": {}}]}"#,
            "unknown operation \"get_it\"",
        ),
        (
            br#"{"responses": [{"operation": "list_messages", "body": {}}]}"#,
            "no response of the operation `get_ticket`",
        ),
        (b"{\"responses\": \"\xff\"}", "the saved responses are not UTF-8"),
        (br#"{"operation": "get_ticket"}"#, "this is not a saved response"),
        (br#"{"body": {}}"#, "this is not a saved response"),
        (br#"{"operation": "get_it", "body": {}}"#, "unknown operation \"get_it\""),
        (
            br#"{"operation": "list_messages", "body": {}}"#,
            "no response of the operation `get_ticket`",
        ),
    ] {
        let error = saved::read(text.to_vec().into(), &Provider).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidRequest, message));
        assert_eq!(error.provider(), Some("fake"));
    }
}
