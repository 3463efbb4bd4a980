//! Requests through a proxy: tunnels, refusals and failures.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use ticket_core::transport::{Proxy, Transport, TransportConfig};
use ticket_core::{Error, ErrorKind, Request};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::fake_provider::client;
use crate::raw::{After, RawServer, closed_port, response};
use crate::tls::{TlsServer, head};

/// The host of the service, which only a proxy can resolve.
pub(crate) const HOST: &str = "desk.example.invalid";

fn request() -> Request {
    Request::get("get_ticket", format!("https://{HOST}/tickets/7").parse().unwrap())
}

pub(crate) fn through(proxy: &str, settings: TransportConfig) -> Transport {
    Transport::new(TransportConfig { proxy: Some(Proxy::parse(proxy).unwrap()), ..settings })
}

/// A proxy that connects every tunnel to the same port and records the heads of the requests.
pub(crate) struct Relay {
    pub(crate) port: u16,
    pub(crate) heads: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    pub(crate) async fn start(front: Option<&TlsServer>, target: u16, is_socks: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (log, acceptor) = (heads.clone(), front.map(|front| front.acceptor.clone()));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, acceptor) = (log.clone(), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        Some(acceptor) => {
                            let stream = acceptor.accept(stream).await.unwrap();
                            relay(stream, target, is_socks, &log).await;
                        }
                        None => relay(stream, target, is_socks, &log).await,
                    }
                });
            }
        });
        Self { port, heads }
    }
}

async fn relay(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    target: u16,
    is_socks: bool,
    log: &Mutex<Vec<String>>,
) {
    let head = if is_socks { socks(&mut stream).await } else { head(&mut stream).await };
    log.lock().unwrap().push(head);
    if !is_socks {
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
    }
    let mut service = TcpStream::connect(("127.0.0.1", target)).await.unwrap();
    // Either side may close the connection.
    let _ = copy_bidirectional(&mut stream, &mut service).await;
}

/// Speaks SOCKS 5 with a password and returns `USER:PASSWORD HOST`.
async fn socks(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    let version = stream.read_u8().await.unwrap();
    let methods = text(stream).await;
    assert!(version == 5 && methods.contains('\u{2}'), "{version} {methods:?}");
    stream.write_all(&[5, 2]).await.unwrap();
    stream.read_u8().await.unwrap();
    let (user, password) = (text(stream).await, text(stream).await);
    stream.write_all(&[1, 0]).await.unwrap();
    let mut request = [0; 4];
    stream.read_exact(&mut request).await.unwrap();
    assert_eq!(request, [5, 1, 0, 3], "a connection to a host name");
    let host = text(stream).await;
    stream.read_u16().await.unwrap();
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
    format!("{user}:{password} {host}")
}

/// Reads a string with its length in front.
async fn text(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = vec![0; usize::from(stream.read_u8().await.unwrap())];
    stream.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn sends_requests_with_tls_through_a_tunnel() {
    let service = TlsServer::start(HOST).await;
    let front = TlsServer::start("localhost").await;
    for (scheme, front, is_socks) in
        [("http", None, false), ("https", Some(&front), false), ("socks5h", None, true)]
    {
        let relay = Relay::start(front, service.port, is_socks).await;
        let mut settings = service.settings();
        settings.root_certificates.extend(front.map(|front| front.trust.clone()));
        let proxy = format!("{scheme}://joe:p%40ss@localhost:{}", relay.port);
        let transport = through(&proxy, settings);
        let ((), response, _) = client(&transport).call(&request(), |_| Ok(())).await.unwrap();
        assert_eq!(response.http_status, Some(200), "{scheme}");
        let heads = relay.heads.lock().unwrap().clone();
        assert_eq!(heads.len(), 1, "{scheme}: {heads:?}");
        if is_socks {
            assert_eq!(heads[0], format!("joe:p@ss {HOST}"));
        } else {
            let expected = format!("CONNECT {HOST}:443 HTTP/1.1\r\n");
            assert!(heads[0].starts_with(&expected), "{scheme}: {heads:?}");
            // `joe:p@ss` in Base64.
            assert!(heads[0].contains(": Basic am9lOnBAc3M=\r\n"), "{scheme}: {heads:?}");
            assert!(!heads[0].contains("tickets"), "the tunnel hides the request: {heads:?}");
        }
    }
}

#[tokio::test]
async fn names_a_proxy_whose_certificate_is_untrusted() {
    let (service, front) = (TlsServer::start(HOST).await, TlsServer::start("localhost").await);
    let relay = Relay::start(Some(&front), service.port, false).await;
    let transport = through(&format!("https://localhost:{}", relay.port), service.settings());
    let error = client(&transport).call(&request(), |_| Ok(())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let expected = format!("the certificate of the proxy localhost:{} is not trusted", relay.port);
    assert!(error.message().starts_with(&expected), "{error}");
}

/// Calls through a proxy that always responds with this status. Returns the error and the number of requests to the proxy.
async fn refusal(status: &str, userinfo: &str) -> (Error, usize) {
    let proxy = RawServer::start(response(status, ""), After::KeepOpen).await;
    let authority = proxy.base.as_str().trim_start_matches("http://").trim_end_matches('/');
    let settings = TransportConfig {
        max_attempts: 4,
        initial_backoff: Duration::from_millis(1),
        ..TlsServer::start(HOST).await.settings()
    };
    let transport = through(&format!("http://{userinfo}{authority}"), settings);
    let error = client(&transport).call(&request(), |_| Ok(())).await.unwrap_err();
    assert!(!format!("{error:?} {:?}", error.hint()).contains("s3cret"), "{error:?}");
    assert!(error.message().contains(&format!("the proxy {authority} ")), "{error}");
    (error, proxy.heads().len())
}

#[tokio::test]
async fn retries_proxy_failures_and_not_refusals() {
    for (status, userinfo, kind, expected, requests) in [
        ("407 Auth", "", ErrorKind::Configuration, "requires a password (407)", 1),
        (
            "407 Auth",
            "joe:s3cret@",
            ErrorKind::Configuration,
            "refused the user name or the password (407)",
            1,
        ),
        ("403 No", "", ErrorKind::Configuration, "refused the connection (403)", 1),
        ("429 Slow", "", ErrorKind::Configuration, "refused the connection (429)", 1),
        ("302 Login", "", ErrorKind::Configuration, "refused the connection (302)", 1),
        ("502 Gone", "", ErrorKind::Connection, "could not connect (502)", 4),
        ("503 Down", "joe:s3cret@", ErrorKind::Connection, "could not connect (503)", 4),
    ] {
        let (error, heads) = refusal(status, userinfo).await;
        assert_eq!((error.kind(), heads), (kind, requests), "{status}: {error:?}");
        assert!(error.message().ends_with(expected), "{status}: {error}");
        assert_eq!(error.stats().attempts, requests as u64, "{status}");
    }
}

#[tokio::test]
async fn distinguishes_refusals_and_failures_of_socks() {
    for (userinfo, bytes, kind, expected) in [
        ("", &[5, 0xff][..], ErrorKind::Configuration, "requires a password (SOCKS)"),
        (
            "joe:s3cret@",
            &[5, 2, 1, 1],
            ErrorKind::Configuration,
            "refused the user name or the password (SOCKS)",
        ),
        ("", &[5, 0, 5, 2], ErrorKind::Configuration, "refused the connection (SOCKS)"),
        (
            "joe:s3cret@",
            &[5, 0, 5, 4],
            ErrorKind::Connection,
            "could not connect (host unreachable)",
        ),
        ("", b"HTTP/1.1 400 Bad Request", ErrorKind::Connection, "does not speak SOCKS 5"),
        ("", &[5, 0, 5], ErrorKind::Connection, ""),
    ] {
        // The proxy sends everything at once, whatever the request.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(bytes).await.unwrap();
            stream.shutdown().await.unwrap();
            // Wait until the client closes the connection.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        });
        let settings = TlsServer::start(HOST).await.settings();
        let transport = through(&format!("socks5h://{userinfo}{address}"), settings);
        let error = client(&transport).call(&request(), |_| Ok(())).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{bytes:?}: {error:?}");
        assert!(error.message().ends_with(expected), "{bytes:?}: {error}");
        assert!(error.message().contains(&format!("the proxy {address}")), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
}

#[tokio::test]
async fn sends_a_refused_password_once_and_asks_again_after_another_refusal() {
    for (status, concurrent, in_total) in [("407 Auth", 1, 1), ("403 No", 1, 2)] {
        let proxy = RawServer::start(response(status, ""), After::KeepOpen).await;
        let address = proxy.base.as_str().replace("http://", "http://joe:s3cret@");
        let transport = through(&address, TlsServer::start(HOST).await.settings());
        let (client, request) = (client(&transport), request());
        let calls = join_all((0..8).map(|_| client.call(&request, |_| Ok(())))).await;
        for error in calls.into_iter().map(Result::unwrap_err) {
            assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
        }
        assert_eq!(proxy.heads().len(), concurrent, "{status}");
        assert!(client.call(&request, |_| Ok(())).await.is_err());
        assert_eq!(proxy.heads().len(), in_total, "{status}");
    }
}

#[tokio::test]
async fn names_a_proxy_that_cannot_be_reached_or_hangs_up() {
    let port = closed_port();
    let closed = port.local_addr().unwrap();
    let silent = RawServer::start("", After::StaySilent).await;
    let closing = RawServer::start("", After::Close).await;
    let authority = |raw: &RawServer| raw.base.as_str().replace("http://", "").replace('/', "");
    for (address, scheme, kind) in [
        (closed.to_string(), "http", ErrorKind::Connection),
        (closed.to_string(), "socks5h", ErrorKind::Connection),
        (authority(&silent), "http", ErrorKind::Timeout),
        (authority(&closing), "http", ErrorKind::Connection),
    ] {
        let mut settings = TlsServer::start(HOST).await.settings();
        if kind == ErrorKind::Timeout {
            settings.connect_timeout = Duration::from_millis(200);
        }
        let transport = through(&format!("{scheme}://{address}"), settings);
        let error = client(&transport).call(&request(), |_| Ok(())).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert!(error.message().contains(&format!("the proxy {address}")), "{error}");
    }
}
