//! What the transport sends, and where.

use ticket_core::transport::{Proxy, Transport, TransportConfig};
use ticket_core::{ErrorKind, Request};

use crate::fake_provider::{
    CANARY, call, client, credentials, failure, one_attempt, settings, without_base_url,
};
use crate::raw::{After, RawServer, response};

#[tokio::test]
async fn sends_credentials_and_no_extra_headers() {
    let server = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    call(&one_attempt(), &server).await.unwrap();
    let head = server.heads()[0].to_ascii_lowercase();
    assert!(head.starts_with("get /tickets/7 http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("x-lark-helpdesk-authorization: {CANARY}\r\n")), "{head}");
    for absent in ["accept-encoding", "referer", "cookie"] {
        assert!(!head.contains(absent), "{head}");
    }
}

#[tokio::test]
async fn clones_share_one_connection() {
    let server = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = one_attempt();
    for _ in 0..3 {
        call(&transport.clone(), &server).await.unwrap();
    }
    assert_eq!((server.heads().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn refuses_redirects() {
    let other = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("{status}\r\nLocation: {}stolen?key={CANARY}", other.base.as_str());
        let error = failure(response(&location, ""), After::KeepOpen).await;
        assert_eq!(error.kind(), ErrorKind::Rejected, "{status}");
        let port = other.base.as_str().trim_end_matches('/').rsplit(':').next().unwrap();
        let message = format!("the service redirects to 127.0.0.1:{port}, which is not followed");
        assert_eq!(error.message(), message);
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn refuses_plain_http_to_another_host() {
    // A request to another host would go through this proxy.
    let proxy = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = Transport::new(TransportConfig { proxy: Some(as_proxy(&proxy)), ..settings() });
    let request = Request::get("get_ticket", "http://desk.example/tickets/7".parse().unwrap());
    let error = client(&transport).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!((error.kind(), proxy.connections()), (ErrorKind::Configuration, 0));
}

#[tokio::test]
async fn bypasses_the_proxy_for_loopback() {
    let proxy = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    let server = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = Transport::new(TransportConfig { proxy: Some(as_proxy(&proxy)), ..settings() });
    call(&transport, &server).await.unwrap();
    assert_eq!((server.heads().len(), proxy.connections()), (1, 0));
}

/// Returns a server as a proxy.
fn as_proxy(proxy: &RawServer) -> Proxy {
    Proxy::parse(proxy.base.as_str()).unwrap()
}

#[test]
fn debug_output_hides_credentials() {
    assert!(!format!("{:?}", credentials()).contains(CANARY));
}

#[tokio::test]
async fn reports_invalid_settings_before_connecting() {
    let server = RawServer::start(response("200 OK", "{}"), After::KeepOpen).await;
    let agent = TransportConfig { user_agent: "a\nb".to_owned(), ..settings() };
    let error = call(&Transport::new(agent), &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.message(), "the user agent has characters that are invalid in a header");
    assert_eq!(server.connections(), 0);

    // No certificate is trusted: neither those of the system nor others.
    let untrusting = TransportConfig { system_certificates: false, ..settings() };
    let request = Request::get("get_ticket", "https://localhost:1/tickets/7".parse().unwrap());
    let client = client(&Transport::new(untrusting));
    let error = client.call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.message(), "no trusted certificates found");
}

#[test]
fn requires_a_base_url_if_none_is_documented() {
    let error = without_base_url().unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Configuration, "the base URL is missing")
    );
    assert_eq!(error.provider(), Some("fake"));
}
