//! What becomes of responses, and of what is none.

use std::time::Duration;

use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{BaseUrl, Error, ErrorKind, Request, Response};
use tokio::net::TcpListener;

use crate::desk::{CANARY, call, client, failure, quick, settings};
use crate::raw::{After, Raw, response};

#[tokio::test]
async fn a_response_keeps_its_bytes_status_and_headers() {
    let server = Raw::start(
        response("404 Not Found\r\nX-Tt-Logid: abc", "{ \"code\" : 1 }"),
        After::KeepOpen,
    )
    .await;
    let response = call(&quick(), &server).await.unwrap();
    assert_eq!(response.operation, "get_ticket");
    assert_eq!(response.http_status, Some(404));
    assert_eq!(response.body, "{ \"code\" : 1 }");
    assert_eq!(response.header(&["x-request-id", "x-tt-logid"]), Some("abc"));
    assert!(response.received_at.is_some());
}

#[tokio::test]
async fn an_error_about_a_response_knows_its_status_and_how_long_to_wait() {
    let server =
        Raw::start(response("429 Too Many\r\nx-ogw-ratelimit-reset: 1.5", "{}"), After::KeepOpen)
            .await;
    let limited =
        |_: &Response| -> Result<(), Error> { Err(Error::new(ErrorKind::RateLimited, "slowly")) };
    // The deadline is before the end of the wait.
    let hasty =
        Transport::new(TransportConfig { call_timeout: Duration::from_secs(1), ..settings() });
    let error = client(&hasty).call(&server.request(), limited).await.unwrap_err();
    assert_eq!(
        (error.http_status(), error.retry_after()),
        (Some(429), Some(Duration::from_millis(1_500)))
    );
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read() {
    let announced = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
    let error = failure(announced, After::StaySilent).await;
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(error.message(), "the response is larger than 1000 bytes");

    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        format!("{:x}\r\n{}\r\n", 600, "x".repeat(600)).repeat(2)
    );
    let error = failure(chunked, After::StaySilent).await;
    assert_eq!(error.message(), "the response is larger than 1000 bytes");
}

#[tokio::test]
async fn a_body_at_the_limit_is_read() {
    let server = Raw::start(response("200 OK", &"x".repeat(1_000)), After::KeepOpen).await;
    assert_eq!(call(&quick(), &server).await.unwrap().body.len(), 1_000);
}

#[tokio::test]
async fn compression_that_was_not_asked_for_is_refused() {
    let error = failure(response("200 OK\r\nContent-Encoding: gzip", "xx"), After::KeepOpen).await;
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn what_is_cut_short_is_a_failure_of_the_connection() {
    for bytes in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Len",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\"",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"code\"",
        "garbage\r\n\r\n",
    ] {
        let error = failure(bytes, After::Close).await;
        assert_eq!(error.kind(), ErrorKind::Connection, "{bytes:?}: {error:?}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_a_failure_of_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = BaseUrl::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let request = Request::get("get_ticket", base.join(&["tickets", "7"]).unwrap());
    let error = client(&quick()).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    let message = error.message().to_lowercase();
    assert!(message.starts_with("no connection could be made: connection refused"), "{message}");
    assert!(!format!("{error:?}").contains("/tickets/"), "the address stays out: {error:?}");
}

#[tokio::test]
async fn a_secret_in_the_host_of_a_redirect_stays_out_of_the_error() {
    let location = format!("302 Found\r\nLocation: https://{CANARY}.example/");
    let error = failure(response(&location, ""), After::KeepOpen).await;
    assert_eq!(error.message(), "the service redirects to ***.example, which is not followed");
}

#[tokio::test]
async fn a_secret_that_the_response_repeats_stays_out_of_the_error() {
    let echo = format!("you sent x-lark-helpdesk-authorization: {CANARY}");
    let response = response(&format!("400 Bad Request\r\nX-Tt-Logid: {CANARY}-1"), &echo);
    let server = Raw::start(response, After::KeepOpen).await;
    let quote = |response: &Response| -> Result<(), Error> {
        let body = String::from_utf8_lossy(&response.body);
        Err(Error::new(ErrorKind::Rejected, body.clone()).with_code(body.clone()).with_hint(body))
    };
    let error = client(&quick()).call(&server.request(), quote).await.unwrap_err();
    assert_eq!(error.message(), "you sent x-lark-helpdesk-authorization: ***");
    assert_eq!((error.http_status(), error.request_id()), (Some(400), Some("***-1")));
    assert!(!format!("{error:?} {error} {:?} {:?}", error.code(), error.hint()).contains(CANARY));
}

#[tokio::test]
async fn a_failure_that_goes_away_with_the_secret_keeps_its_kind_and_tells_nothing() {
    let server = Raw::start(response("200 OK", CANARY), After::KeepOpen).await;
    let dislike = |response: &Response| -> Result<(), Error> {
        let body = String::from_utf8_lossy(&response.body).into_owned();
        if body == CANARY { Err(Error::new(ErrorKind::Rejected, body)) } else { Ok(()) }
    };
    let error = client(&quick()).call(&server.request(), dislike).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Rejected, "the response repeats a secret")
    );
}
