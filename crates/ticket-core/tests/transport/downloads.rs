//! From where files are downloaded, and which of these requests carry credentials.

use ticket_core::transport::Transport;
use ticket_core::{BaseUrl, ErrorKind, FileContent};

use crate::fake_provider::{CANARY, client, client_of, one_attempt};
use crate::proxies::{HOST, Relay, through};
use crate::raw::{After, RawServer, response};
use crate::tls::TlsServer;

/// Larger than the responses of the API may be in these tests.
const MAX_BYTES: usize = 5_000;

async fn download(server: &RawServer, path: &str) -> Result<FileContent, ticket_core::Error> {
    let address = format!("{}{path}", server.base.as_str());
    client_of(&server.base, &one_attempt()).download_url("get_file", &address, MAX_BYTES).await
}

#[tokio::test]
async fn downloads_a_file_of_the_service_with_credentials() {
    let body = "x".repeat(MAX_BYTES);
    let head = "200 OK\r\nContent-Type: Image/PNG; charset=x";
    let server = RawServer::start(response(head, &body), After::KeepOpen).await;
    let file = download(&server, "a%20b.png?c=d#e").await.unwrap();
    assert_eq!((file.bytes.len(), file.media_type.as_deref()), (MAX_BYTES, Some("image/png")));
    let heads = server.heads();
    assert!(heads[0].starts_with("GET /a%20b.png?c=d HTTP/1.1\r\n"), "{heads:?}");
    assert!(heads[0].contains(CANARY), "{heads:?}");
}

#[tokio::test]
async fn rejects_a_file_over_the_limit() {
    let server =
        RawServer::start(response("200 OK", &"x".repeat(MAX_BYTES + 1)), After::KeepOpen).await;
    let error = download(&server, "a").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(error.message(), "the response is larger than 5000 bytes");
}

#[tokio::test]
async fn error_status_of_a_file_is_an_error() {
    for (status, kind) in [
        ("404 Not Found", ErrorKind::NotFound),
        ("403 Forbidden", ErrorKind::PermissionDenied),
        ("503 Unavailable", ErrorKind::Unavailable),
    ] {
        let server = RawServer::start(response(status, "x"), After::KeepOpen).await;
        let error = download(&server, "a").await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (kind, Some("get_file")), "{status}");
    }
}

#[tokio::test]
async fn follows_a_few_redirects_within_the_origin() {
    let redirect = response("302 Found\r\nLocation: ../moved", "");
    let file = response("200 OK", "here");
    let script = |redirects: usize| {
        let mut script = vec![redirect.clone().into_bytes(); redirects];
        script.push(file.clone().into_bytes());
        RawServer::script(script, After::KeepOpen)
    };
    let server = script(3).await;
    assert_eq!(download(&server, "a/b").await.unwrap().bytes, "here");
    assert!(server.heads()[3].starts_with("GET /moved "), "{:?}", server.heads());

    let server = script(4).await;
    let error = download(&server, "a/b").await.unwrap_err();
    assert_eq!((error.kind(), server.heads().len()), (ErrorKind::Rejected, 4));
}

#[tokio::test]
async fn follows_no_redirect_to_another_origin() {
    let other = RawServer::start(response("200 OK", "secret"), After::KeepOpen).await;
    for location in [other.base.as_str(), "https://desk.example/", "//desk.example/a"] {
        let redirect = response(&format!("302 Found\r\nLocation: {location}"), "");
        let server = RawServer::start(redirect, After::KeepOpen).await;
        let error = download(&server, "a").await.unwrap_err();
        assert_eq!((error.kind(), error.hint()), (ErrorKind::Rejected, None), "{location}");
        assert!(error.message().contains("which is not followed"), "{error}");
    }
    assert!(other.heads().is_empty());
}

#[tokio::test]
async fn requests_no_file_at_a_private_address_of_another_origin() {
    let plain = RawServer::start(response("200 OK", "secret"), After::KeepOpen).await;
    let secure = TlsServer::start("localhost").await;
    let transport = Transport::new(secure.settings());
    let client = client(&transport);
    for address in [
        plain.base.as_str().to_owned(),
        format!("https://127.0.0.1:{}/a", secure.port),
        format!("https://[::ffff:127.0.0.1]:{}/a", secure.port),
        // A name that leads to this machine.
        format!("https://localhost:{}/a", secure.port),
    ] {
        let error = client.download_url("get_file", &address, MAX_BYTES).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{address}: {error:?}");
    }
    assert!(plain.heads().is_empty() && secure.heads.lock().unwrap().is_empty());
}

#[tokio::test]
async fn requests_no_file_elsewhere_from_a_service_on_this_machine() {
    let (service, files) = (TlsServer::start(HOST).await, TlsServer::start(HOST).await);
    let relay = Relay::start(None, files.port, false).await;
    let transport = through(&format!("http://localhost:{}", relay.port), service.settings());
    let base = BaseUrl::new("http://127.0.0.1:9").unwrap();
    let address = format!("https://{HOST}/a.png");
    let client = client_of(&base, &transport);
    let error = client.download_url("get_file", &address, MAX_BYTES).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error:?}");
    assert!(relay.heads.lock().unwrap().is_empty());
}

#[tokio::test]
async fn sends_no_credentials_to_another_origin() {
    let files = TlsServer::start(HOST).await;
    let relay = Relay::start(None, files.port, false).await;
    let transport = through(&format!("http://localhost:{}", relay.port), files.settings());
    let address = format!("https://{HOST}/a.png");
    let file = client(&transport).download_url("get_file", &address, MAX_BYTES).await.unwrap();
    assert_eq!(file.bytes, "{}");
    let heads = files.heads.lock().unwrap();
    assert!(heads[0].starts_with("GET /a.png HTTP/1.1\r\n"), "{heads:?}");
    assert!(!heads[0].contains(CANARY), "{heads:?}");
}
