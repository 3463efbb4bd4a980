//! The transport against raw sockets: what it sends, and what it makes of answers that no decent server gives.
#![cfg(feature = "http")]

mod raw;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use raw::{After, Raw, answer};
use ticket_core::capabilities::{Capabilities, Limit, Operation};
use ticket_core::transport::{Authorization, Fixed, Session, Settings, Transport};
use ticket_core::{Answer, BaseUrl, Error, ErrorKind, Request, Secret};
use tokio::net::TcpListener;
use tokio::task::yield_now;
use tokio::time::{advance, pause, resume};

const CANARY: &str = "canary-5f3a";

fn settings() -> Settings {
    Settings {
        connect_timeout: Duration::from_millis(500),
        attempt_timeout: Duration::from_millis(500),
        max_body_bytes: 1_000,
        attempts: 1,
        ..Settings::default()
    }
}

fn quick() -> Transport {
    Transport::new(settings())
}

fn credentials() -> Fixed {
    let name = "x-lark-helpdesk-authorization";
    Fixed(Authorization::default().with(name, &Secret::from(CANARY)).unwrap())
}

fn session(transport: &Transport) -> Session {
    transport.session("desk", Arc::new(credentials()), &Capabilities { operations: &[], caps: &[] })
}

async fn call(transport: &Transport, server: &Raw) -> Result<Answer, Error> {
    session(transport).call(&server.request(), |_| Ok(())).await.map(|((), answer)| answer)
}

async fn failure(bytes: impl Into<Vec<u8>>, after: After) -> Error {
    let server = Raw::start(bytes, after).await;
    let error = call(&quick(), &server).await.unwrap_err();
    assert_eq!(error.effort().attempts, 1);
    assert!(!format!("{error:?} {error}").contains(CANARY));
    error
}

#[tokio::test]
async fn an_answer_keeps_its_bytes_status_and_headers() {
    let server =
        Raw::start(answer("404 Not Found\r\nX-Tt-Logid: abc", "{ \"code\" : 1 }"), After::KeepOpen)
            .await;
    let answer = call(&quick(), &server).await.unwrap();
    assert_eq!(answer.operation, "get_ticket");
    assert_eq!(answer.http_status, Some(404));
    assert_eq!(answer.body, "{ \"code\" : 1 }");
    assert_eq!(answer.header(&["x-request-id", "x-tt-logid"]), Some("abc"));
    assert!(answer.received_at.is_some());
}

#[tokio::test]
async fn a_request_carries_its_credentials_and_nothing_that_was_not_asked_for() {
    let server = Raw::start(answer("200 OK", "{}"), After::KeepOpen).await;
    call(&quick(), &server).await.unwrap();
    let head = server.heads()[0].to_ascii_lowercase();
    assert!(head.starts_with("get /tickets/7 http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("x-lark-helpdesk-authorization: {CANARY}\r\n")), "{head}");
    for absent in ["accept-encoding", "referer", "cookie"] {
        assert!(!head.contains(absent), "{head}");
    }
}

#[tokio::test]
async fn clones_share_one_connection() {
    let server = Raw::start(answer("200 OK", "{}"), After::KeepOpen).await;
    let transport = quick();
    for _ in 0..3 {
        call(&transport.clone(), &server).await.unwrap();
    }
    assert_eq!((server.heads().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn a_redirect_is_an_error_and_the_other_host_hears_nothing() {
    let other = Raw::start(answer("200 OK", "{}"), After::KeepOpen).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("{status}\r\nLocation: {}stolen?key={CANARY}", other.base.as_str());
        let error = failure(answer(&location, ""), After::KeepOpen).await;
        assert_eq!(error.kind(), ErrorKind::Refused, "{status}");
        assert_eq!(error.message(), "the service redirects to 127.0.0.1, which is not followed");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_secret_in_the_host_of_a_redirect_stays_out_of_the_error() {
    let location = format!("302 Found\r\nLocation: https://{CANARY}.example/");
    let error = failure(answer(&location, ""), After::KeepOpen).await;
    assert_eq!(error.message(), "the service redirects to ***.example, which is not followed");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read() {
    let announced = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
    let error = failure(announced, After::StaySilent).await;
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert_eq!(error.message(), "the answer is larger than 1000 bytes");

    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        format!("{:x}\r\n{}\r\n", 600, "x".repeat(600)).repeat(2)
    );
    let error = failure(chunked, After::StaySilent).await;
    assert_eq!(error.message(), "the answer is larger than 1000 bytes");
}

#[tokio::test]
async fn a_body_at_the_limit_is_read() {
    let server = Raw::start(answer("200 OK", &"x".repeat(1_000)), After::KeepOpen).await;
    assert_eq!(call(&quick(), &server).await.unwrap().body.len(), 1_000);
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
async fn silence_before_and_within_the_body_ends_at_the_deadline() {
    for bytes in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\""] {
        let error = failure(bytes, After::StaySilent).await;
        assert_eq!(error.kind(), ErrorKind::Timeout, "{bytes:?}");
        assert_eq!(error.message(), "no whole answer came within 0.5 s");
    }
}

#[tokio::test]
async fn a_drip_of_bytes_does_not_put_off_the_deadline() {
    let drip = After::Drip(Duration::from_millis(10));
    let server = Raw::start("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", drip).await;
    let transport = Transport::new(Settings {
        attempt_timeout: Duration::from_millis(300),
        call_timeout: Duration::from_secs(3),
        ..settings()
    });
    let error = call(&transport, &server).await.unwrap_err();
    assert_eq!(error.message(), "no whole answer came within 0.3 s");
}

/// Linux leaves a connection unanswered where so many wait to be accepted already; other systems refuse it, or take it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_nobody_accepts_ends_at_its_own_deadline() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let waiting: Vec<_> =
        (0..8).map(|_| tokio::spawn(tokio::net::TcpStream::connect(address))).collect();
    // All is one thread here: each of them begins now.
    yield_now().await;
    let base = BaseUrl::new(&format!("http://{address}")).unwrap();
    let request = Request::get("get_ticket", base.join(&["tickets", "7"]).unwrap());
    let transport = Transport::new(Settings {
        connect_timeout: Duration::from_millis(200),
        attempt_timeout: Duration::from_secs(2),
        ..settings()
    });
    let error = session(&transport).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Timeout, "no connection could be made in time")
    );
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn the_whole_call_has_a_deadline_of_its_own() {
    let server = Raw::start("", After::StaySilent).await;
    let transport = Transport::new(Settings {
        call_timeout: Duration::from_millis(300),
        attempt_timeout: Duration::from_secs(2),
        ..settings()
    });
    let error = call(&transport, &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.message(), "the call did not end within 0.3 s");
    assert_eq!(error.effort().attempts, 1);
}

#[tokio::test]
async fn compression_that_was_not_asked_for_is_refused() {
    let error = failure(answer("200 OK\r\nContent-Encoding: gzip", "xx"), After::KeepOpen).await;
    assert_eq!(error.kind(), ErrorKind::Unreadable);
}

#[tokio::test]
async fn a_secret_that_the_answer_repeats_stays_out_of_the_error() {
    let echo = format!("you sent x-lark-helpdesk-authorization: {CANARY}");
    let answer = answer(&format!("400 Bad Request\r\nX-Tt-Logid: {CANARY}-1"), &echo);
    let server = Raw::start(answer, After::KeepOpen).await;
    let quote = |answer: &Answer| -> Result<(), Error> {
        let body = String::from_utf8_lossy(&answer.body);
        Err(Error::new(ErrorKind::Refused, body.clone()).with_code(body.clone()).with_hint(body))
    };
    let error = session(&quick()).call(&server.request(), quote).await.unwrap_err();
    assert_eq!(error.message(), "you sent x-lark-helpdesk-authorization: ***");
    assert_eq!((error.http_status(), error.request_id()), (Some(400), Some("***-1")));
    assert!(!format!("{error:?} {error} {:?} {:?}", error.code(), error.hint()).contains(CANARY));
}

#[tokio::test]
async fn a_failure_that_goes_away_with_the_secret_keeps_its_kind_and_tells_nothing() {
    let server = Raw::start(answer("200 OK", CANARY), After::KeepOpen).await;
    let dislike = |answer: &Answer| -> Result<(), Error> {
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        if body == CANARY { Err(Error::new(ErrorKind::Refused, body)) } else { Ok(()) }
    };
    let error = session(&quick()).call(&server.request(), dislike).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Refused, "the answer repeats a secret")
    );
}

#[tokio::test]
async fn an_error_about_an_answer_knows_its_status_and_how_long_to_wait() {
    let server =
        Raw::start(answer("429 Too Many\r\nx-ogw-ratelimit-reset: 1.5", "{}"), After::KeepOpen)
            .await;
    let limited =
        |_: &Answer| -> Result<(), Error> { Err(Error::new(ErrorKind::RateLimited, "slowly")) };
    let error = session(&quick()).call(&server.request(), limited).await.unwrap_err();
    assert_eq!(
        (error.http_status(), error.retry_after()),
        (Some(429), Some(Duration::from_millis(1_500)))
    );
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_a_failure_of_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = BaseUrl::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let request = Request::get("get_ticket", base.join(&["tickets", "7"]).unwrap());
    let error = session(&quick()).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Connection, "no connection could be made")
    );
    assert!(!format!("{error:?}").contains("/tickets/"), "the address stays out: {error:?}");
}

#[tokio::test]
async fn http_to_another_machine_is_never_sent() {
    // Whatever left this machine would have to go by this proxy.
    let proxy = Raw::start(answer("200 OK", "{}"), After::KeepOpen).await;
    let transport = Transport::new(Settings { proxy: Some(address(&proxy)), ..settings() });
    let request = Request::get("get_ticket", "http://desk.example/tickets/7".parse().unwrap());
    let error = session(&transport).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!((error.kind(), proxy.connections()), (ErrorKind::Configuration, 0));
}

#[tokio::test]
async fn no_proxy_of_the_settings_hears_of_a_loopback_address() {
    let proxy = Raw::start(answer("200 OK", "{}"), After::KeepOpen).await;
    let server = Raw::start(answer("200 OK", "{}"), After::KeepOpen).await;
    let transport = Transport::new(Settings { proxy: Some(address(&proxy)), ..settings() });
    call(&transport, &server).await.unwrap();
    assert_eq!((server.heads().len(), proxy.connections()), (1, 0));
}

/// A server as a proxy.
fn address(proxy: &Raw) -> Secret {
    Secret::from(proxy.base.as_str())
}

#[test]
fn credentials_do_not_print_themselves() {
    assert!(!format!("{:?}", credentials()).contains(CANARY));
}

#[test]
fn a_credential_with_a_line_break_is_refused() {
    let name = "authorization";
    let error = Authorization::default().with(name, &Secret::from("a\r\nb")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

/// A success is 200; anything else is what its status says.
fn judge(answer: &Answer) -> Result<(), Error> {
    match answer.http_status {
        Some(200) => Ok(()),
        status => Err(Error::new(ErrorKind::of_http_status(status.unwrap_or(0)), "no success")),
    }
}

/// What becomes of a call to a service that answers like this, and how many attempts it took.
async fn persistent(
    answers: &[&str],
    after: After,
    settings: Settings,
) -> (Result<(), ErrorKind>, u64) {
    let answers = answers
        .iter()
        .map(|head| if head.is_empty() { Vec::new() } else { answer(head, "{}").into() });
    let server = Raw::script(answers.collect(), after).await;
    let transport = Transport::new(settings);
    let outcome = session(&transport).call(&server.request(), judge).await;
    match outcome {
        Ok(_) => (Ok(()), transport.effort().attempts),
        Err(error) => (Err(error.kind()), error.effort().attempts),
    }
}

fn patient() -> Settings {
    Settings {
        backoff: Duration::from_millis(2),
        attempt_timeout: Duration::from_millis(300),
        ..Settings::default()
    }
}

#[tokio::test]
async fn what_time_can_mend_is_tried_again_and_nothing_else() {
    use ErrorKind::{Connection, InvalidRequest, NotFound, RateLimited, Timeout, Unavailable};
    for (answers, after, outcome) in [
        (&["503 Down", "502 Down", "200 OK"][..], After::KeepOpen, (Ok(()), 3)),
        (&["429 Slowly\r\nx-ogw-ratelimit-reset: 0.01", "200 OK"], After::KeepOpen, (Ok(()), 2)),
        (&["", "", "200 OK"], After::Close, (Ok(()), 3)),
        (&["500 Down"], After::KeepOpen, (Err(Unavailable), 4)),
        (&["429 Slowly"], After::KeepOpen, (Err(RateLimited), 4)),
        (&[""], After::Close, (Err(Connection), 4)),
        (&[""], After::StaySilent, (Err(Timeout), 4)),
        (&["404 Nothing"], After::KeepOpen, (Err(NotFound), 1)),
        (&["400 Nonsense"], After::KeepOpen, (Err(InvalidRequest), 1)),
        (&["503 Down", "404 Nothing"], After::KeepOpen, (Err(NotFound), 2)),
    ] {
        assert_eq!(persistent(answers, after, patient()).await, outcome, "{answers:?}");
    }
}

#[tokio::test]
async fn an_attempt_that_cannot_begin_in_time_is_not_waited_for() {
    let settings = Settings { call_timeout: Duration::from_secs(5), ..patient() };
    let outcome = persistent(&["429 Slowly\r\nRetry-After: 200"], After::KeepOpen, settings).await;
    assert_eq!(outcome, (Err(ErrorKind::RateLimited), 1));
}

#[tokio::test]
async fn where_the_time_runs_out_the_last_failure_is_told() {
    let settings = Settings {
        call_timeout: Duration::from_millis(900),
        attempt_timeout: Duration::from_millis(300),
        attempts: 1_000,
        ..patient()
    };
    let (outcome, sent) = persistent(&["503 Down", ""], After::StaySilent, settings).await;
    assert!(matches!(outcome, Err(ErrorKind::Timeout | ErrorKind::Unavailable)), "{outcome:?}");
    assert!(sent > 1);
}

#[tokio::test]
async fn all_calls_together_repeat_only_so_often() {
    let server = Raw::start(answer("503 Down", "{}"), After::KeepOpen).await;
    let transport = Transport::new(Settings { repetitions: 5, ..patient() });
    for _ in 0..10 {
        assert!(session(&transport).call(&server.request(), judge).await.is_err());
    }
    assert_eq!(server.heads().len(), 10 + 5);
}

#[tokio::test]
async fn when_another_program_uses_up_the_limit_all_wait_until_it_recovers_and_then_go_on() {
    let limited = answer("429 Slowly\r\nx-ogw-ratelimit-reset: 60", "{}").into();
    let server = Raw::script(vec![limited, answer("200 OK", "{}").into()], After::KeepOpen).await;
    let session = shared_limit(&Transport::default());
    let request = server.request();
    let is_refused = AtomicBool::new(false);
    let read = |answer: &Answer| {
        is_refused.fetch_or(answer.http_status == Some(429), Ordering::SeqCst);
        judge(answer)
    };
    let others = async {
        while !is_refused.load(Ordering::SeqCst) {
            yield_now().await;
        }
        let waiting = join_all((0..5).map(|_| session.call(&request, judge)));
        let watch = async {
            // All is one thread here: whoever could send does so meanwhile.
            for _ in 0..10_000 {
                yield_now().await;
            }
            assert_eq!(server.heads().len(), 1, "nobody sends anything before the reset");
            // Time stands still for the jump only: sockets need it to go on.
            pause();
            advance(Duration::from_secs(61)).await;
            resume();
        };
        tokio::join!(waiting, watch).0
    };
    let (first, others) = tokio::join!(session.call(&request, read), others);
    assert!(first.is_ok() && others.iter().all(Result::is_ok), "{first:?} {others:?}");
    assert_eq!(server.heads().len(), 1 + 6, "each was sent once more, or for the first time");
}

/// A session whose calls share a limit that none of them reaches.
fn shared_limit(transport: &Transport) -> Session {
    const LIMITS: &[Limit] = &[Limit { requests: 100, seconds: 1 }];
    const OPERATION: Operation =
        Operation { name: "get_ticket", request: "", is_used: true, limits: LIMITS, note: "" };
    let capabilities = Capabilities { operations: &[OPERATION], caps: &[] };
    transport.session("desk", Arc::new(credentials()), &capabilities)
}

#[tokio::test]
async fn credentials_that_cannot_change_are_sent_once() {
    let server = Raw::start(answer("401 No", "{}"), After::KeepOpen).await;
    let error = session(&quick()).call(&server.request(), judge).await.unwrap_err();
    assert_eq!((error.kind(), server.heads().len()), (ErrorKind::Unauthenticated, 1));
}
