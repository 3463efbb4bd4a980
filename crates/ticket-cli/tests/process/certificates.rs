//! Certificates: which variables and settings are used, and errors about unusable files.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rcgen::generate_simple_self_signed;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::config::Config;
use crate::transport::{credentials, environment, error};

const TICKET: &str = "engagelab:1";

/// An https service with a self-signed certificate and one ticket.
struct Service {
    base_url: String,
    pem: String,
    der: Vec<u8>,
    _runtime: Runtime,
}

impl Service {
    fn start() -> Self {
        let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The client may end the handshake.
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else { break };
                    head.push(byte);
                }
                let body = r#"{"code":0,"data":{"ticket_id":"1"}}"#;
                let length = body.len();
                let response = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
                let _ = stream.write_all(response.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self {
            base_url: format!("https://localhost:{port}"),
            pem: made.cert.pem(),
            der: made.cert.der().to_vec(),
            _runtime: runtime,
        }
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[test]
fn trusts_only_the_named_files() {
    let (service, other) = (Service::start(), Service::start());
    let config = Config::new("", 0o600);
    let folder = config.folder.path();
    let indented = format!("  {}", service.pem.replace('\n', "\n  "));
    let files = [
        ("good.pem", service.pem.clone()),
        ("mark.pem", format!("\u{feff}{}", service.pem)),
        ("indented.pem", indented),
        ("other.pem", other.pem.clone()),
    ];
    for (name, content) in files {
        fs::write(folder.join(name), content).unwrap();
    }
    for name in ["certificates", "others"] {
        fs::create_dir(folder.join(name)).unwrap();
    }
    fs::write(folder.join("certificates/9d66eef0.0"), &service.pem).unwrap();
    fs::write(folder.join("certificates/README"), "no certificate").unwrap();
    fs::write(folder.join("others/other.crt"), &other.pem).unwrap();
    let file = |name: &str| text(&folder.join(name));
    let both = format!("{}:{}", file("others"), file("certificates"));
    for (variables, is_trusted) in [
        (vec![("SSL_CERT_FILE", file("good.pem"))], true),
        (vec![("SSL_CERT_FILE", file("mark.pem"))], true),
        (vec![("SSL_CERT_FILE", file("indented.pem"))], true),
        (vec![("SSL_CERT_FILE", file("good.pem")), ("SSL_CERT_DIR", String::new())], true),
        (vec![("SSL_CERT_FILE", " ".into()), ("SSL_CERT_DIR", file("certificates"))], true),
        (vec![("SSL_CERT_FILE", file("other.pem")), ("SSL_CERT_DIR", both)], true),
        (vec![("SSL_CERT_FILE", file("other.pem"))], false),
        (vec![("SSL_CERT_DIR", file("others"))], false),
    ] {
        let all = [&environment(&service.base_url)[..], &variables].concat();
        let run = config.run(&["get", TICKET], &all);
        if is_trusted {
            assert_eq!((run.code, run.err.as_str()), (0, ""), "{variables:?}");
            continue;
        }
        let (code, error) = error(&run);
        assert_eq!((code, error["kind"].as_str()), (2, Some("configuration")), "{variables:?}");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("the certificate of the service is not trusted"), "{message}");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("ca_file") && hint.contains("SSL_CERT_FILE"), "{hint}");
    }
}

#[test]
fn uses_ca_file_if_the_variable_is_empty() {
    let service = Service::start();
    let table = "[profiles.default.transport]\nca_file = \"ca.pem\"\n";
    let config =
        Config::new(&(table.to_owned() + &credentials("default", &service.base_url)), 0o600);
    fs::write(config.file.parent().unwrap().join("ca.pem"), &service.pem).unwrap();
    let run = config.run(&["get", TICKET], &[("SSL_CERT_FILE", String::new())]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn reports_an_unusable_certificate_variable() {
    let service = Service::start();
    let config = Config::new("", 0o600);
    let folder = config.folder.path();
    let half = &service.pem.as_bytes()[..service.pem.len() / 2];
    for (name, content, expected) in [
        ("missing.pem", None, "cannot be read: No such file"),
        ("empty.pem", Some(&b""[..]), "is empty"),
        ("der.pem", Some(&*service.der), "is in DER: convert it with `openssl x509 -inform der"),
        ("wide.pem", Some(b"\xff\xfe-\0"), "is in UTF-16"),
        ("text.pem", Some(b"-----BEGIN CERTIFICATE-----\n"), "has a damaged PEM section"),
        ("words.pem", Some(b"no certificate"), "has no certificate: each one begins with"),
        ("half.pem", Some(half), "has a damaged PEM section"),
    ] {
        let file = folder.join(name);
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        let all = [
            &environment(&service.base_url)[..],
            &[("SSL_CERT_FILE", text(&file)), ("TICKET_PROFILE", String::new())],
        ]
        .concat();
        let (code, error) = error(&config.run(&["get", TICKET], &all));
        assert_eq!((code, error["kind"].as_str()), (2, Some("configuration")), "{name}");
        let message = error["message"].as_str().unwrap();
        let subject = format!("SSL_CERT_FILE: {} ", file.display());
        assert!(message.starts_with(&subject) && message.contains(expected), "{message}");
        let doctor = config.run(&["doctor", "-o", "json"], &all);
        let finding: Value = serde_json::from_str(doctor.out.lines().next().unwrap()).unwrap();
        assert_eq!(doctor.code, 2, "{name}");
        assert_eq!(finding["checks"][0]["error"]["message"], message, "{name}");
    }
    for (name, expected) in [("missing", "cannot be read"), ("", "has no file with a certificate")]
    {
        let directory = folder.join("directories");
        fs::create_dir_all(&directory).unwrap();
        let directory = directory.join(name);
        let all = [&environment(&service.base_url)[..], &[("SSL_CERT_DIR", text(&directory))]];
        let (code, error) = error(&config.run(&["get", TICKET], &all.concat()));
        let message = error["message"].as_str().unwrap();
        assert!(code == 2 && message.starts_with("SSL_CERT_DIR: "), "{message}");
        assert!(message.contains(expected), "{message}");
    }
}
