//! How responses are read, and which are errors.

use std::time::Duration;

use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{BaseUrl, Error, ErrorKind, Request, Response};

use crate::fake_provider::{CANARY, call, client, failure, one_attempt, settings};
use crate::raw::{After, RawServer, closed_port, response};

#[tokio::test]
async fn keeps_body_status_and_headers() {
    let server = RawServer::start(
        response("404 Not Found\r\nX-Tt-Logid: abc", "{ \"code\" : 1 }"),
        After::KeepOpen,
    )
    .await;
    let response = call(&one_attempt(), &server).await.unwrap();
    assert_eq!(response.operation, "get_ticket");
    assert_eq!(response.http_status, Some(404));
    assert_eq!(response.body, "{ \"code\" : 1 }");
    assert_eq!(response.header(&["x-request-id", "x-tt-logid"]), Some("abc"));
    assert!(response.received_at.is_some());
}

#[tokio::test]
async fn error_has_status_and_retry_after() {
    let server = RawServer::start(
        response("429 Too Many\r\nx-ogw-ratelimit-reset: 1.5", "{}"),
        After::KeepOpen,
    )
    .await;
    let limited = |_: &Response| -> Result<(), Error> {
        Err(Error::new(ErrorKind::RateLimited, "slow down"))
    };
    // The deadline is before the end of the wait, so there is no retry.
    let transport =
        Transport::new(TransportConfig { call_timeout: Duration::from_secs(1), ..settings() });
    let error = client(&transport).call(&server.request(), limited).await.unwrap_err();
    assert_eq!(
        (error.http_status(), error.retry_after()),
        (Some(429), Some(Duration::from_millis(1_500)))
    );
}

#[tokio::test]
async fn rejects_a_body_over_the_limit() {
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
async fn accepts_a_body_at_the_limit() {
    let server = RawServer::start(response("200 OK", &"x".repeat(1_000)), After::KeepOpen).await;
    assert_eq!(call(&one_attempt(), &server).await.unwrap().body.len(), 1_000);
}

#[tokio::test]
async fn rejects_a_compressed_body() {
    let error = failure(response("200 OK\r\nContent-Encoding: gzip", "xx"), After::KeepOpen).await;
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn truncated_response_is_a_connection_error() {
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
async fn refused_connection_is_a_connection_error() {
    let port = closed_port();
    let address = port.local_addr().unwrap();
    let base = BaseUrl::new(&format!("http://{address}")).unwrap();
    let request = Request::get("get_ticket", base.join(&["tickets", "7"]).unwrap());
    let error = client(&one_attempt()).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    let message = error.message().to_lowercase();
    let expected = format!("cannot connect to {address}: connection refused");
    assert!(message.starts_with(&expected), "{message}");
    assert!(!format!("{error:?}").contains("/tickets/"), "the error contains no URL: {error:?}");
}

#[tokio::test]
async fn redacts_a_secret_in_the_host_of_a_redirect() {
    let location = format!("302 Found\r\nLocation: https://{CANARY}.example/");
    let error = failure(response(&location, ""), After::KeepOpen).await;
    assert_eq!(error.message(), "the service redirects to ***.example, which is not followed");
}

#[tokio::test]
async fn redacts_a_secret_that_the_response_repeats() {
    let echo = format!("you sent x-lark-helpdesk-authorization: {CANARY}");
    let response = response(&format!("400 Bad Request\r\nX-Tt-Logid: {CANARY}-1"), &echo);
    let server = RawServer::start(response, After::KeepOpen).await;
    let quote = |response: &Response| -> Result<(), Error> {
        let body = String::from_utf8_lossy(&response.body);
        Err(Error::new(ErrorKind::Rejected, body.clone()).with_code(body.clone()).with_hint(body))
    };
    let error = client(&one_attempt()).call(&server.request(), quote).await.unwrap_err();
    assert_eq!(error.message(), "you sent x-lark-helpdesk-authorization: ***");
    assert_eq!((error.http_status(), error.request_id()), (Some(400), Some("***-1")));
    assert!(!format!("{error:?} {error} {:?} {:?}", error.code(), error.hint()).contains(CANARY));
}

#[tokio::test]
async fn keeps_the_kind_of_an_error_that_depends_on_a_secret() {
    let server = RawServer::start(response("200 OK", CANARY), After::KeepOpen).await;
    let reject_secret = |response: &Response| -> Result<(), Error> {
        let body = String::from_utf8_lossy(&response.body).into_owned();
        if body == CANARY { Err(Error::new(ErrorKind::Rejected, body)) } else { Ok(()) }
    };
    let error = client(&one_attempt()).call(&server.request(), reject_secret).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Rejected, "the error is hidden because it contains a secret")
    );
}
