//! What each fault sends, and how it ends the connection.

use std::time::Duration;

use scripted_server::{Fault, ScriptedServer};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::client::{Client, End, Response, call, get_ticket, request};
use crate::{BODY, start_with_fault};

const JSON: &str = "Content-Type: application/json; charset=utf-8";
const CLOSE: &str = "Connection: close";

/// Returns the response to ticket 1 with a fault.
async fn faulty(fault: &str) -> Response {
    get_ticket(&start_with_fault(&format!("ticket: {fault}")).await).await
}

/// Requests ticket 1 with `Connection: close`.
async fn send_request(server: &ScriptedServer) -> Client {
    let mut client = Client::connect(server).await;
    client.send(request("GET", "/tickets/1", &[CLOSE], "")).await;
    client
}

/// Returns all bytes that are sent for ticket 1, and how the connection ends.
async fn exchange(fault: &str) -> (String, End) {
    let server = start_with_fault(&format!("ticket: {fault}")).await;
    let (bytes, end) = send_request(&server).await.everything().await;
    (String::from_utf8(bytes).expect("text"), end)
}

/// Splits bytes into the lines of the head, and the body.
fn split(bytes: &str) -> (Vec<&str>, &str) {
    let (head, body) = bytes.split_once("\r\n\r\n").expect("a complete head");
    (head.lines().collect(), body)
}

#[tokio::test]
async fn status_sends_a_page_or_an_error_with_code() {
    let response = faulty("status 503 with Retry-After: soon; X-Odd:").await;
    assert_eq!((response.status, response.header("Retry-After")), (503, Some("soon")));
    assert_eq!(response.header("Content-Type"), Some("text/html; charset=utf-8"));
    assert!(response.text().starts_with("<!DOCTYPE html>"), "{response:?}");
    let response = faulty("status 200 code 3004").await;
    let body: Value = serde_json::from_slice(&response.body).expect("JSON");
    assert_eq!((response.status, body), (200, json!({"code": 3004, "message": "injected fault"})));
}

#[tokio::test]
async fn wrong_bodies_have_http_200() {
    for (fault, media_type, body) in [
        ("empty", "application/json; charset=utf-8", ""),
        ("null", "application/json; charset=utf-8", "null"),
        ("nested 3", "application/json; charset=utf-8", "[[[]]]"),
        (
            "html",
            "text/html; charset=utf-8",
            "<!DOCTYPE html>\n<title>200</title>\n<h1>Please sign in</h1>\n",
        ),
        ("another-ticket", "application/json; charset=utf-8", r#"{"id": 2}"#),
    ] {
        let response = faulty(fault).await;
        assert_eq!((response.status, response.header("Content-Type")), (200, Some(media_type)));
        assert_eq!(response.text(), body, "{fault}");
    }
    assert_eq!(faulty("nested 100000").await.body.len(), 200_000);
}

#[tokio::test]
async fn nested_field_keeps_the_rest_of_the_body() {
    let mut body: Value =
        serde_json::from_str(faulty("nested-field 2").await.text()).expect("JSON");
    let field = body.as_object_mut().expect("an object").remove("nested");
    assert_eq!(field, Some(json!([[]])));
    assert_eq!(body, serde_json::from_str::<Value>(BODY).expect("JSON"));
    assert_eq!(faulty("nested-field 100000").await.body.len(), BODY.len() + 200_010);
}

#[tokio::test]
async fn redirect_names_another_path_or_another_origin() {
    for (fault, location) in [
        ("redirect 301", "/moved/tickets/1?a=b"),
        ("redirect 307 to http://127.0.0.1:9", "http://127.0.0.1:9/tickets/1?a=b"),
    ] {
        let server = start_with_fault(&format!("*: {fault}")).await;
        let response = call(&server, "GET", "/tickets/1?a=b", &[], "").await;
        assert_eq!(response.header("Location"), Some(location));
        assert_eq!((&*response.status.to_string(), response.text()), (&fault[9..12], ""));
    }
}

#[tokio::test]
async fn echo_repeats_the_request_with_its_credentials() {
    let server = start_with_fault("*: echo 502").await;
    let response = call(&server, "POST", "/a?b", &["X-Secret: canary"], "app_secret=canary").await;
    assert_eq!(response.status, 502);
    for part in ["POST /a?b HTTP/1.1\r\n", "X-Secret: canary\r\n", "\r\n\r\napp_secret=canary"] {
        assert!(response.text().contains(part), "{response:?}");
    }
    let response = faulty("echo 400 code 7").await;
    let body: Value = serde_json::from_slice(&response.body).expect("JSON");
    assert_eq!((response.status, &body["code"]), (400, &json!(7)));
    assert!(body["message"].as_str().is_some_and(|text| text.starts_with("GET /tickets/1 ")));
}

#[tokio::test]
async fn no_http_is_sent() {
    for (fault, bytes, end) in [
        ("close", "", End::Closed),
        ("reset", "", End::Reset),
        ("garbage", "220 mail.example ESMTP\r\n", End::Closed),
    ] {
        assert_eq!(exchange(fault).await, (bytes.to_owned(), end), "{fault}");
    }
}

#[tokio::test]
async fn cut_body_is_shorter_than_announced() {
    let (bytes, end) = exchange("cut").await;
    let length = format!("Content-Length: {}", BODY.len());
    let head = vec!["HTTP/1.1 200 OK", JSON, &length, CLOSE];
    assert_eq!((split(&bytes), end), ((head, &BODY[..BODY.len() / 2]), End::Closed));

    let (bytes, end) = exchange("cut-chunk").await;
    let (first, second) = BODY.split_at(BODY.len() / 2);
    let chunks = format!("{:x}\r\n{first}\r\n{:x}\r\n{second}", first.len(), second.len() + 1);
    let head = vec!["HTTP/1.1 200 OK", JSON, "Transfer-Encoding: chunked", CLOSE];
    assert_eq!((split(&bytes), end), ((head, &*chunks), End::Closed));
}

#[tokio::test]
async fn length_is_too_large_or_too_small() {
    for (fault, length) in
        [("length +5", BODY.len() + 5), ("length -5", BODY.len() - 5), ("length -999999999", 0)]
    {
        let (bytes, end) = exchange(fault).await;
        let length = format!("Content-Length: {length}");
        let head = vec!["HTTP/1.1 200 OK", JSON, &length, CLOSE];
        assert_eq!((split(&bytes), end), ((head, BODY), End::Closed), "{fault}");
    }
}

#[tokio::test]
async fn gzip_is_invalid_or_too_large() {
    let response = faulty("gzip-garbage").await;
    assert_eq!((response.status, response.header("Content-Encoding")), (200, Some("gzip")));
    assert_eq!(response.text(), BODY);
    let response = faulty("gzip-bomb 256MiB").await;
    assert_eq!((response.status, response.header("Content-Encoding")), (200, Some("gzip")));
    assert!(response.body.starts_with(&[0x1f, 0x8b, 8]) && response.body.len() < 2 << 20);
}

#[tokio::test]
async fn huge_body_has_the_requested_size() {
    let size = (3 << 20) + 5;
    let (bytes, end) = exchange(&format!("huge {size}B")).await;
    let (head, body) = split(&bytes);
    assert_eq!(head, ["HTTP/1.1 200 OK", JSON, "Content-Length: 3145733", CLOSE]);
    assert_eq!((body.len(), body.trim(), end), (size, "", End::Closed));

    for (size, blocks) in [("128KiB", "10000,10000,0"), ("131077B", "10000,10000,5,0"), ("0B", "0")]
    {
        let (bytes, end) = exchange(&format!("huge-chunked {size}")).await;
        let (head, body) = split(&bytes);
        assert_eq!(head, ["HTTP/1.1 200 OK", JSON, "Transfer-Encoding: chunked", CLOSE]);
        let lengths: Vec<_> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!((lengths.join(","), end), (blocks.to_owned(), End::Closed));
        assert!(body.ends_with("0\r\n\r\n"));
    }
}

// A paused clock advances to the next timer when all tasks wait: here, the one of the fault.
#[tokio::test(start_paused = true)]
async fn delay_and_drip_send_the_correct_reply_later() {
    for (fault, least) in [("delay 7s", 7), ("drip 2s", 2 * BODY.len() as u64)] {
        let server = start_with_fault(&format!("ticket: {fault}")).await;
        let start = Instant::now();
        let (bytes, end) = send_request(&server).await.everything().await;
        assert!(start.elapsed() >= Duration::from_secs(least), "{fault}");
        let (head, body) = split(str::from_utf8(&bytes).expect("text"));
        assert_eq!((head[0], body, end), ("HTTP/1.1 200 OK", BODY, End::Closed));
    }
}

#[tokio::test(start_paused = true)]
async fn silence_lasts_until_the_server_stops() {
    for (fault, expected) in [("silence", ""), ("stall", &BODY[..BODY.len() / 2])] {
        let server = start_with_fault(&format!("ticket: {fault}")).await;
        let mut exchange = tokio::spawn(send_request(&server).await.everything());
        let early = tokio::time::timeout(Duration::from_hours(10), &mut exchange).await;
        assert!(early.is_err(), "{fault}: {early:?}");
        assert_eq!(server.open_connections(), 1);
        server.stop().await;
        let (bytes, _) = exchange.await.expect("no panic");
        let bytes = String::from_utf8(bytes).expect("text");
        let body = bytes.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        assert_eq!((body, bytes.is_empty()), (expected, expected.is_empty()), "{fault}");
    }
}

#[tokio::test]
async fn every_fault_is_applied_and_logged() {
    for entry in Fault::catalogue() {
        let server = start_with_fault(&format!("* 1: {}", entry.example)).await;
        let _client = send_request(&server).await;
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        let logged = &server.requests()[0];
        assert_eq!((logged.fault, logged.route), (Some(entry.name), Some("ticket")));
        let has_status = !["silence", "close", "reset", "garbage"].contains(&entry.name);
        assert_eq!(logged.status > 0, has_status, "{}", entry.name);
        // Stops at once, also with a silent or dripping connection.
        server.stop().await;
    }
}
