//! Faults: what each of them sends, and how each of them ends the connection.

use std::time::Duration;

use serde_json::json;
use ticket_sandbox::{Fault, Sandbox};
use tokio::time::Instant;

use crate::client::{Client, End, Reply, call, engagelab, feishu, request, token};

const TICKET: &str = "/api/v2/accounts/tickets/tk_20251104_789abc";

async fn with(rule: &str) -> Sandbox {
    let rule = rule.parse().expect(rule);
    // Without patience there is no timer on this side, so that paused time moves for the faults alone.
    Sandbox::builder().idle_timeout(None).fault(rule).start().await.expect("a free port")
}

/// The response to a ticket of EngageLab that a fault struck.
async fn struck(fault: &str) -> Reply {
    let sandbox = with(&format!("engagelab.ticket: {fault}")).await;
    call(&sandbox, "GET", TICKET, &engagelab(), "").await
}

/// Asks for the ticket, and for the end of the connection behind it.
async fn ask(sandbox: &Sandbox) -> Client {
    let mut client = Client::connect(sandbox).await;
    let headers = [engagelab(), vec!["Connection: close".to_owned()]].concat();
    client.send(request("GET", TICKET, &headers, "")).await;
    client
}

/// All bytes that come for the ticket, and how the connection ends.
async fn exchange(fault: &str) -> (String, End) {
    let sandbox = with(&format!("engagelab.ticket: {fault}")).await;
    let (bytes, end) = ask(&sandbox).await.everything().await;
    (String::from_utf8(bytes).expect("text"), end)
}

fn fixture() -> &'static str {
    let case = ticket_fixtures::case("engagelab", "documented").expect("a fixture");
    std::str::from_utf8(case.body).expect("text")
}

/// The head without what differs from response to respond, and the body.
fn split(bytes: &str) -> (Vec<&str>, &str) {
    let (head, body) = bytes.split_once("\r\n\r\n").expect("a whole head");
    (head.lines().filter(|line| !line.starts_with("X-Request-Id: ")).collect(), body)
}

const JSON: &str = "Content-Type: application/json; charset=utf-8";
const CLOSE: &str = "Connection: close";

#[tokio::test]
async fn a_status_comes_with_a_page_or_in_the_envelope_of_its_service() {
    let reply = struck("status 503 with Retry-After: soon; X-Odd:").await;
    assert_eq!((reply.status, reply.header("Retry-After")), (503, Some("soon")));
    assert_eq!(reply.header("Content-Type"), Some("text/html; charset=utf-8"));
    assert!(reply.body.starts_with(b"<!DOCTYPE html>"), "{reply:?}");
    let reply = struck("status 200 code 3004").await;
    let body = json!({"code": 3004, "message": "a fault was asked for"});
    assert_eq!((reply.status, reply.json()), (200, body));
    assert!(reply.header("X-Request-Id").is_some());

    let rule = "*: status 400 code 99991400 with x-ogw-ratelimit-reset: 0.5";
    for (method, path) in [
        ("GET", "/open-apis/helpdesk/v1/tickets/1"),
        ("GET", "/open-apis/helpdesk/v1/tickets"),
        ("POST", "/open-apis/auth/v3/tenant_access_token/internal"),
    ] {
        let reply = call(&with(rule).await, method, path, &[], "").await;
        let body = json!({"code": 99_991_400, "msg": "a fault was asked for"});
        assert_eq!((reply.status, reply.json()), (400, body));
        assert_eq!(reply.header("x-ogw-ratelimit-reset"), Some("0.5"));
        assert!(reply.header("X-Tt-Logid").is_some());
    }
    let reply = call(&with("*: status 410 code 7").await, "GET", "/nowhere", &[], "").await;
    assert_eq!((reply.status, &reply.body[..]), (410, &b"a fault was asked for\n"[..]));
}

#[tokio::test]
async fn bodies_that_are_no_ticket_come_with_http_200() {
    for (fault, media_type, body) in [
        ("empty", "application/json; charset=utf-8", ""),
        ("null", "application/json; charset=utf-8", "null"),
        ("nested 3", "application/json; charset=utf-8", "[[[]]]"),
        (
            "html",
            "text/html; charset=utf-8",
            "<!DOCTYPE html>\n<title>200</title>\n<h1>Please sign in</h1>\n",
        ),
    ] {
        let reply = struck(fault).await;
        assert_eq!((reply.status, reply.header("Content-Type")), (200, Some(media_type)));
        assert_eq!(String::from_utf8(reply.body).expect("text"), body, "{fault}");
    }
    assert_eq!(struck("nested 100000").await.body.len(), 200_000);
}

#[tokio::test]
async fn lists_in_a_field_that_nobody_knows_leave_the_rest_as_it_was() {
    let reply = struck("nested-field 2").await;
    let mut body = reply.json();
    let field = body.as_object_mut().expect("an object").remove("nested");
    assert_eq!(field, Some(json!([[]])));
    assert_eq!(body, serde_json::from_str::<serde_json::Value>(fixture()).expect("JSON"));
    assert_eq!(struck("nested-field 100000").await.body.len(), fixture().len() + 200_010);
}

#[tokio::test]
async fn another_ticket_comes_whole_and_is_another_one() {
    let reply = struck("another-ticket").await;
    assert_eq!(reply.status, 200);
    let id = reply.json()["data"]["ticket_id"].clone();
    assert!(id.is_string() && id != "tk_20251104_789abc", "{id}");

    let sandbox = with("*: another-ticket").await;
    // What has no ticket is answered as ever.
    let token = token(&sandbox).await;
    let path = "/open-apis/helpdesk/v1/tickets/6626871355780366331";
    let reply = call(&sandbox, "GET", path, &feishu(&token), "").await;
    let id = reply.json()["data"]["ticket"]["ticket_id"].clone();
    assert!(id.is_string() && id != "6626871355780366331", "{id}");
}

#[tokio::test]
async fn a_redirect_names_another_path_or_another_origin() {
    for (fault, location) in [
        ("redirect 301", format!("/moved{TICKET}?a=b")),
        ("redirect 307 to http://127.0.0.1:9", format!("http://127.0.0.1:9{TICKET}?a=b")),
    ] {
        let sandbox = with(&format!("*: {fault}")).await;
        let reply = call(&sandbox, "GET", &format!("{TICKET}?a=b"), &engagelab(), "").await;
        assert_eq!(reply.header("Location"), Some(&*location));
        assert_eq!((reply.status.to_string(), reply.body.len()), (fault[9..12].to_owned(), 0));
    }
}

#[tokio::test]
async fn an_echo_repeats_the_request_with_its_credentials() {
    let sandbox = with("*: echo 502").await;
    let headers = ["X-Secret: canary".to_owned()];
    let reply = call(&sandbox, "POST", "/a?b", &headers, "app_secret=canary").await;
    let page = String::from_utf8(reply.body).expect("text");
    assert_eq!(reply.status, 502);
    for part in ["POST /a?b HTTP/1.1\r\n", "X-Secret: canary\r\n", "\r\n\r\napp_secret=canary"] {
        assert!(page.contains(part), "{page}");
    }
    let reply = struck("echo 400 code 7").await;
    let message = reply.json()["message"].as_str().expect("a message").to_owned();
    assert_eq!(reply.refusal(), (400, 7));
    assert!(message.contains(&engagelab()[0]), "{message}");
}

#[tokio::test]
async fn what_is_no_response_comes_as_it_is_and_the_connection_ends() {
    for (fault, bytes, end) in [
        ("close", "", End::Closed),
        ("reset", "", End::Reset),
        ("garbage", "220 mail.sandbox ESMTP\r\n", End::Closed),
    ] {
        assert_eq!(exchange(fault).await, (bytes.to_owned(), end), "{fault}");
    }
}

#[tokio::test]
async fn a_body_that_is_cut_announces_more_than_comes() {
    let body = fixture();
    let (bytes, end) = exchange("cut").await;
    let length = format!("Content-Length: {}", body.len());
    assert_eq!(
        split(&bytes),
        (vec!["HTTP/1.1 200 OK", JSON, &length, CLOSE], &body[..body.len() / 2])
    );
    assert_eq!(end, End::Closed);

    let (bytes, end) = exchange("cut-chunk").await;
    let (first, second) = body.split_at(body.len() / 2);
    let chunks = format!("{:x}\r\n{first}\r\n{:x}\r\n{second}", first.len(), second.len() + 1);
    let head = vec!["HTTP/1.1 200 OK", JSON, "Transfer-Encoding: chunked", CLOSE];
    assert_eq!(split(&bytes), (head, &*chunks));
    assert_eq!(end, End::Closed);
}

#[tokio::test]
async fn a_length_can_be_too_large_and_too_small() {
    let body = fixture();
    for (fault, length) in
        [("length +5", body.len() + 5), ("length -5", body.len() - 5), ("length -999999999", 0)]
    {
        let (bytes, end) = exchange(fault).await;
        let length = format!("Content-Length: {length}");
        assert_eq!(split(&bytes), (vec!["HTTP/1.1 200 OK", JSON, &length, CLOSE], body), "{fault}");
        assert_eq!(end, End::Closed);
    }
}

#[tokio::test]
async fn gzip_is_announced_where_there_is_none_and_where_there_is_too_much() {
    let reply = struck("gzip-garbage").await;
    assert_eq!((reply.status, reply.header("Content-Encoding")), (200, Some("gzip")));
    assert_eq!(reply.body, fixture().as_bytes());
    let reply = struck("gzip-bomb 256MiB").await;
    assert_eq!((reply.status, reply.header("Content-Encoding")), (200, Some("gzip")));
    assert!(reply.body.starts_with(&[0x1f, 0x8b, 8]) && reply.body.len() < 2 << 20);
}

#[tokio::test]
async fn a_huge_body_is_as_large_as_was_asked_for() {
    let size = (3 << 20) + 5;
    let (bytes, end) = exchange(&format!("huge {size}B")).await;
    let (head, body) = split(&bytes);
    assert_eq!(head, ["HTTP/1.1 200 OK", JSON, "Content-Length: 3145733", CLOSE]);
    assert_eq!((body.len(), body.trim(), end), (size, "", End::Closed));

    for (size, pieces) in [("128KiB", "10000,10000,0"), ("131077B", "10000,10000,5,0"), ("0B", "0")]
    {
        let (bytes, end) = exchange(&format!("huge-chunked {size}")).await;
        let (head, body) = split(&bytes);
        assert_eq!(head, ["HTTP/1.1 200 OK", JSON, "Transfer-Encoding: chunked", CLOSE]);
        let lengths: Vec<_> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!((lengths.join(","), end), (pieces.to_owned(), End::Closed));
        assert!(body.ends_with("0\r\n\r\n"));
    }
}

// Paused time moves when nobody has anything else to do, to the next timer: the one of the fault.
#[tokio::test(start_paused = true)]
async fn a_delay_and_a_drip_take_their_time_and_change_nothing_else() {
    for (fault, least) in [("delay 7s", 7), ("drip 2s", 2 * fixture().len() as u64)] {
        let sandbox = with(&format!("engagelab.ticket: {fault}")).await;
        let start = Instant::now();
        let (bytes, end) = ask(&sandbox).await.everything().await;
        assert!(start.elapsed() >= Duration::from_secs(least), "{fault}");
        let (head, body) = split(std::str::from_utf8(&bytes).expect("text"));
        assert_eq!((head[0], body, end), ("HTTP/1.1 200 OK", fixture(), End::Closed));
    }
}

#[tokio::test(start_paused = true)]
async fn silence_lasts_for_as_long_as_the_sandbox() {
    let half = &fixture()[..fixture().len() / 2];
    for (fault, expected) in [("silence", ""), ("stall", half)] {
        let sandbox = with(&format!("engagelab.ticket: {fault}")).await;
        let mut silent = tokio::spawn(ask(&sandbox).await.everything());
        let patience = tokio::time::timeout(Duration::from_hours(10), &mut silent).await;
        assert!(patience.is_err(), "{fault}: {patience:?}");
        assert_eq!(sandbox.open_connections(), 1);
        sandbox.stop().await;
        let (bytes, _) = silent.await.expect("no panic");
        let bytes = String::from_utf8(bytes).expect("text");
        let body = bytes.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        assert_eq!((body, bytes.is_empty()), (expected, expected.is_empty()), "{fault}");
    }
}

#[tokio::test]
async fn every_fault_strikes_and_is_named() {
    for entry in Fault::catalogue() {
        let sandbox = with(&format!("* 1: {}", entry.example)).await;
        let _client = ask(&sandbox).await;
        while sandbox.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        let seen = &sandbox.requests()[0];
        assert_eq!(seen.fault, Some(entry.name));
        assert_eq!(seen.route, Some("engagelab.ticket"));
        let is_sent = !["silence", "close", "reset", "garbage"].contains(&entry.name);
        assert_eq!(seen.status > 0, is_sent, "{}", entry.name);
        // A dripping or silent connection ends as fast as any.
        sandbox.stop().await;
    }
}
