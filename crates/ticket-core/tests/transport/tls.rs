//! Which certificates are accepted.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::generate_simple_self_signed;
use ticket_core::transport::{RootCertificates, Transport, TransportConfig};
use ticket_core::{ErrorKind, Request};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::fake_provider::{CANARY, client, settings};
use crate::raw::response;

/// An https server on loopback with a self-signed certificate.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) trust: RootCertificates,
    /// The heads of the requests.
    pub(crate) heads: Arc<Mutex<Vec<String>>>,
}

impl TlsServer {
    /// Starts a server with a certificate for this host. It responds to every request with an empty object.
    pub(crate) async fn start(host: &str) -> Self {
        let made = generate_simple_self_signed([host.to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let accept = acceptor.clone();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The client may end the handshake.
                let Ok(mut stream) = accept.accept(stream).await else { continue };
                let head = head(&mut stream).await;
                log.lock().unwrap().push(head);
                let _ = stream.write_all(response("200 OK", "{}").as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        let trust = RootCertificates::from_pem(made.cert.pem().as_bytes()).unwrap();
        Self { port, acceptor, trust, heads }
    }

    /// Returns settings that trust only this server.
    pub(crate) fn settings(&self) -> TransportConfig {
        // A handshake is slow on a busy machine.
        let timeout = Duration::from_secs(20);
        TransportConfig {
            connect_timeout: timeout,
            attempt_timeout: timeout,
            system_certificates: false,
            root_certificates: vec![self.trust.clone()],
            ..settings()
        }
    }
}

/// Reads the head of a request.
pub(crate) async fn head(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn refuses_an_untrusted_certificate_at_once() {
    let (service, other) =
        (TlsServer::start("localhost").await, TlsServer::start("localhost").await);
    let url = format!("https://localhost:{}/tickets/7", service.port);
    let request = Request::get("get_ticket", url.parse().unwrap());
    let untrusting = Transport::new(TransportConfig { max_attempts: 4, ..other.settings() });
    let error = client(&untrusting).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!((error.kind(), error.stats().attempts), (ErrorKind::Configuration, 1), "{error:?}");
    let message = error.message();
    assert!(message.starts_with("the certificate of the service is not trusted: "), "{message}");
    let hint = error.hint().unwrap();
    assert!(hint.contains("ca_file") && hint.contains("SSL_CERT_FILE"), "{hint}");
    assert!(!format!("{error:?}").contains(CANARY));

    let trusting = Transport::new(service.settings());
    client(&trusting).call(&request, |_| Ok(())).await.unwrap();
}

#[tokio::test]
async fn refuses_a_certificate_for_another_host() {
    let service = TlsServer::start("desk.invalid").await;
    let url = format!("https://localhost:{}/tickets/7", service.port);
    let request = Request::get("get_ticket", url.parse().unwrap());
    let transport = Transport::new(service.settings());
    let error = client(&transport).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    assert!(error.hint().unwrap().contains("check the host"), "{:?}", error.hint());
}
