//! What leaves this machine: no more than was asked for, and to nobody else.

use ticket_core::transport::{Proxy, Transport, TransportConfig};
use ticket_core::{ErrorKind, Request};

use crate::desk::{CANARY, call, client, credentials, failure, quick, settings, without_address};
use crate::raw::{After, Raw, response};

#[tokio::test]
async fn a_request_carries_its_credentials_and_nothing_that_was_not_asked_for() {
    let server = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
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
    let server = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = quick();
    for _ in 0..3 {
        call(&transport.clone(), &server).await.unwrap();
    }
    assert_eq!((server.heads().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn a_redirect_is_an_error_and_the_other_host_hears_nothing() {
    let other = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
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
async fn http_to_another_machine_is_never_sent() {
    // Whatever left this machine would have to go by this proxy.
    let proxy = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = Transport::new(TransportConfig { proxy: Some(address(&proxy)), ..settings() });
    let request = Request::get("get_ticket", "http://desk.example/tickets/7".parse().unwrap());
    let error = client(&transport).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!((error.kind(), proxy.connections()), (ErrorKind::Configuration, 0));
}

#[tokio::test]
async fn no_proxy_of_the_settings_hears_of_a_loopback_address() {
    let proxy = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
    let server = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
    let transport = Transport::new(TransportConfig { proxy: Some(address(&proxy)), ..settings() });
    call(&transport, &server).await.unwrap();
    assert_eq!((server.heads().len(), proxy.connections()), (1, 0));
}

/// A server as a proxy.
fn address(proxy: &Raw) -> Proxy {
    Proxy::parse(proxy.base.as_str()).unwrap()
}

#[test]
fn credentials_do_not_print_themselves() {
    assert!(!format!("{:?}", credentials()).contains(CANARY));
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_told_before_anything_is_sent() {
    let server = Raw::start(response("200 OK", "{}"), After::KeepOpen).await;
    let agent = TransportConfig { user_agent: "a\nb".to_owned(), ..settings() };
    let error = call(&Transport::new(agent), &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.message(), "the user agent has characters that no header can carry");
    assert_eq!(server.connections(), 0);

    // Whom the system trusts does not count here, and nobody else is named.
    let trust = TransportConfig { system_certificates: false, ..settings() };
    let request = Request::get("get_ticket", "https://localhost:1/tickets/7".parse().unwrap());
    let client = client(&Transport::new(trust));
    let error = client.call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.message(), "there are no certificates to trust");
}

#[test]
fn a_service_that_documents_no_address_needs_one() {
    let error = without_address().unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Configuration, "the base URL is missing")
    );
    assert_eq!(error.provider(), Some("desk"));
}
