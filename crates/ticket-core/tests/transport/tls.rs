//! Who responses below https.

use std::sync::Arc;

use rcgen::generate_simple_self_signed;
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{ErrorKind, Request};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::desk::{CANARY, client, settings};

/// A server with a certificate that nobody knows.
async fn server() -> u16 {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("localhost:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // The client ends the handshake.
            let _ = acceptor.accept(stream).await;
        }
    });
    port
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_final_and_told_as_such() {
    let url = format!("https://localhost:{}/tickets/7", server().await);
    let request = Request::get("get_ticket", url.parse().unwrap());
    let patient = Transport::new(TransportConfig { max_attempts: 4, ..settings() });
    let error = client(&patient).call(&request, |_| Ok(())).await.unwrap_err();
    assert_eq!((error.kind(), error.stats().attempts), (ErrorKind::Configuration, 1), "{error:?}");
    assert_eq!(error.message(), "nobody vouches for the service's certificate");
    assert!(!format!("{error:?}").contains(CANARY));
}
