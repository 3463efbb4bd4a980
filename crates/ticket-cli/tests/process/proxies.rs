//! Proxies: which values of the variables are used or rejected, and that no request bypasses a proxy.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::config::Config;
use crate::harness::{ENGAGELAB, Run};
use crate::transport::{CERTIFICATE, environment, error, head};

/// A service that detects direct connections. Its address is not written as a loopback address, so a proxy is used, but a direct
/// connection would reach it.
pub(crate) struct Service {
    listener: TcpListener,
}

impl Service {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { listener }
    }

    pub(crate) fn authority(&self) -> String {
        format!("0.0.0.0:{}", self.listener.local_addr().unwrap().port())
    }

    /// Returns environment variables with credentials for the service, and with certificates, which a client for https needs.
    pub(crate) fn environment(&self, config: &Config) -> Vec<(&'static str, String)> {
        let certificates = config.folder.path().join("ca.pem");
        std::fs::write(&certificates, CERTIFICATE).unwrap();
        let mut variables = environment(&format!("https://{}", self.authority()));
        variables.push(("SSL_CERT_FILE", certificates.to_str().unwrap().to_owned()));
        variables
    }

    /// Returns whether there was a direct connection. The backlog keeps it until this call.
    pub(crate) fn was_reached(&self) -> bool {
        self.listener.accept().is_ok()
    }
}

/// Starts a proxy that sends this response to each CONNECT. Returns its address and the heads of the requests.
pub(crate) fn proxy(response: &'static str) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            // Recorded before the response is sent, so that a client with the response finds it. Some clients connect and disconnect.
            let head = head(&mut stream);
            if !head.is_empty() {
                let _ = sender.send(head);
            }
            let _ = stream.write_all(response.as_bytes());
        }
    });
    (address, receiver)
}

/// Starts a SOCKS 5 proxy that refuses every request with this code. Returns its address and a note of each request:
/// `[USER:PASSWORD ]HOST:PORT`.
pub(crate) fn socks(code: u8) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let _ = refuse(&mut stream, code).map(|note| sender.send(note));
        }
    });
    (address, receiver)
}

fn refuse(stream: &mut TcpStream, code: u8) -> std::io::Result<String> {
    let bytes = |stream: &mut TcpStream, count: usize| {
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes).map(|()| bytes)
    };
    let greeting = bytes(stream, 2)?;
    let methods = bytes(stream, usize::from(greeting[1]))?;
    let mut note = String::new();
    if methods.contains(&2) {
        stream.write_all(&[5, 2])?;
        let user = bytes(stream, 2)?;
        let user = bytes(stream, usize::from(user[1]))?;
        let length = bytes(stream, 1)?;
        let password = bytes(stream, usize::from(length[0]))?;
        note = String::from_utf8([user, vec![b':'], password].concat()).unwrap();
        stream.write_all(&[1, 0])?;
    } else {
        stream.write_all(&[5, 0])?;
    }
    let request = bytes(stream, 4)?;
    let rest = match request[3] {
        1 => bytes(stream, 6)?,
        3 => {
            let length = bytes(stream, 1)?;
            bytes(stream, usize::from(length[0]) + 2)?
        }
        kind => panic!("an address of kind {kind}"),
    };
    let (host, port) = rest.split_at(rest.len() - 2);
    let port = u16::from_be_bytes([port[0], port[1]]);
    let host = match request[3] {
        1 => host.iter().map(u8::to_string).collect::<Vec<_>>().join("."),
        _ => String::from_utf8(host.to_vec()).unwrap(),
    };
    stream.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok(format!("{note} {host}:{port}").trim_start().to_owned())
}

fn config() -> Config {
    Config::new("", 0o644)
}

/// Returns the first finding of `ticket doctor`, which is about EngageLab.
fn finding(run: &Run) -> Value {
    serde_json::from_str(run.out.lines().next().unwrap()).unwrap()
}

/// Replaces `AT` in each value by the address of the proxy.
fn variables(pairs: &[(&'static str, &str)], address: &str) -> Vec<(&'static str, String)> {
    pairs.iter().map(|(name, value)| (*name, value.replace("AT", address))).collect()
}

#[test]
fn uses_a_usable_proxy_variable_and_refuses_every_other_one() {
    let service = Service::start();
    let config = config();
    let credentials = service.environment(&config);
    // The value of `HTTPS_PROXY`, and the credentials that the proxy must receive or the expected error.
    let cases: [(&str, Result<Option<&str>, &str>); 20] = [
        ("http://AT", Ok(None)),
        ("AT", Ok(None)),
        ("http://AT/", Ok(None)),
        ("http://AT ", Ok(None)),
        ("http://AT\r", Ok(None)),
        ("\thttp://AT\r\n", Ok(None)),
        // `joe:pä`, `joe:p w`, `CORP\joe:pw`, `joe:p@ss` twice, `joe:p/s`.
        ("http://joe:pä@AT", Ok(Some("am9lOnDDpA=="))),
        ("http://joe:p w@AT", Ok(Some("am9lOnAgdw=="))),
        ("http://CORP\\joe:pw@AT", Ok(Some("Q09SUFxqb2U6cHc="))),
        ("http://joe:p@ss@AT", Ok(Some("am9lOnBAc3M="))),
        ("http://joe:p%40ss@AT", Ok(Some("am9lOnBAc3M="))),
        ("http://joe:p%2Fs@AT", Ok(Some("am9lOnAvcw=="))),
        ("'http://joe:s3cret@AT'", Err("is in quotes: remove them")),
        ("\"http://joe:s3cret@AT\"", Err("is in quotes: remove them")),
        ("http:/joe:s3cret@AT", Err("needs two slashes after the scheme")),
        ("ftp://joe:s3cret@AT", Err("has an unsupported scheme")),
        ("socks://joe:s3cret@AT", Err("has an unsupported scheme")),
        ("http://AT,http://AT", Err("names several proxies")),
        ("http://joe:s3cret#a@AT", Err("percent-encode it")),
        ("http://joe:s3cret/a@AT", Err("percent-encode it")),
    ];
    for (value, expected) in cases {
        let (address, heads) = proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        let environment =
            [&credentials[..], &variables(&[("HTTPS_PROXY", value)], &address)].concat();
        let get = config.run(&["get", ENGAGELAB, "-vv"], &environment);
        let doctor = config.run(&["doctor", "-o", "json"], &environment);
        assert!(!format!("{get:?}{doctor:?}").contains("s3cret"), "{value:?}: {get:?}");
        assert!(!service.was_reached(), "{value:?} went out directly");
        let finding = finding(&doctor);
        match expected {
            Ok(sent) => {
                let head = heads.try_recv().unwrap_or_else(|_| panic!("{value:?}: {get:?}"));
                let target = format!("CONNECT {} HTTP/1.1\r\n", service.authority());
                assert!(head.starts_with(&target), "{value:?}: {head}");
                let found = head.lines().find_map(|line| {
                    let (name, value) = line.split_once(": Basic ")?;
                    name.eq_ignore_ascii_case("proxy-authorization").then_some(value)
                });
                assert_eq!(found, sent, "{value:?}: {head}");
                assert_eq!(finding["route"], format!("through proxy {address} (HTTPS_PROXY)"));
            }
            Err(reason) => {
                let (code, error) = error(&get);
                assert_eq!((code, error["kind"].as_str()), (2, Some("configuration")), "{value:?}");
                let message = error["message"].as_str().unwrap();
                assert!(message.starts_with("HTTPS_PROXY "), "{value:?}: {message}");
                assert!(message.contains(reason), "{value:?}: {message}");
                assert_eq!((doctor.code, &finding["route"]), (2, &Value::Null), "{value:?}");
                assert_eq!(finding["checks"][0]["error"]["message"], message, "{value:?}");
            }
        }
        assert!(heads.try_recv().is_err(), "{value:?} sent more than it should");
    }
}

#[test]
fn uses_the_first_proxy_variable_that_is_not_blank() {
    const OTHER: &str = "http://proxy.invalid:1";
    let service = Service::start();
    let config = config();
    let credentials = service.environment(&config);
    for (pairs, name) in [
        (
            &[("HTTPS_PROXY", "http://AT"), ("https_proxy", OTHER), ("ALL_PROXY", OTHER)][..],
            "HTTPS_PROXY",
        ),
        (&[("HTTPS_PROXY", ""), ("https_proxy", "http://AT"), ("ALL_PROXY", OTHER)], "https_proxy"),
        (
            &[("https_proxy", " \r\n"), ("ALL_PROXY", "http://AT"), ("all_proxy", OTHER)],
            "ALL_PROXY",
        ),
        (
            &[("HTTP_PROXY", OTHER), ("all_proxy", "AT"), ("NO_PROXY", "intern.example")],
            "all_proxy",
        ),
    ] {
        let (address, heads) = proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        let environment = [&credentials[..], &variables(pairs, &address)].concat();
        let get = config.run(&["get", ENGAGELAB], &environment);
        assert!(heads.try_recv().is_ok(), "{pairs:?}: {get:?}");
        assert!(!service.was_reached(), "{pairs:?}");
        let doctor = finding(&config.run(&["doctor", "-o", "json"], &environment));
        assert_eq!(doctor["route"], format!("through proxy {address} ({name})"), "{pairs:?}");
    }
}

#[test]
fn connects_directly_without_a_proxy() {
    let service = Service::start();
    let config = config();
    let credentials = service.environment(&config);
    for pairs in [
        &[][..],
        &[("HTTPS_PROXY", ""), ("ALL_PROXY", " ")],
        &[("HTTP_PROXY", "http://AT"), ("http_proxy", "http://AT")],
        &[("HTTPS_PROXY", "http://AT"), ("NO_PROXY", "intern.example, 0.0.0.0/8")],
        &[("HTTPS_PROXY", "http://AT"), ("NO_PROXY", ""), ("no_proxy", "*")],
    ] {
        let (address, heads) = proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        let environment = [&credentials[..], &variables(pairs, &address)].concat();
        let words = ["get", ENGAGELAB, "--timeout", "0.3"];
        config.run(&words, &environment);
        assert!(service.was_reached(), "{pairs:?}");
        assert!(heads.try_recv().is_err(), "{pairs:?}");
        let doctor = finding(&config.run(&["doctor", "-o", "json"], &environment));
        assert_eq!(doctor["route"], "directly", "{pairs:?}");
    }
}

#[test]
fn ignores_a_broken_proxy_variable_for_loopback_addresses() {
    let server = crate::harness::TestServer::start(|builder| builder);
    let config = config();
    let broken = [("HTTPS_PROXY", "'http://proxy.invalid'".to_owned())];
    let environment = [&server.environment()[..], &broken].concat();
    for words in [&["get", ENGAGELAB][..], &["get", ENGAGELAB, "--sandbox"]] {
        let run = config.run(words, &environment);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
    }
    let doctor = finding(&config.run(&["doctor", "-o", "json"], &environment));
    assert_eq!(doctor["route"], "directly");
}

#[test]
fn does_not_retry_if_the_proxy_refuses() {
    const REQUIRED: &str = "HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n";
    let service = Service::start();
    let config = Config::new("", 0o644);
    let credentials = service.environment(&config);
    let names: Vec<_> = (0..20).map(|id| format!("engagelab:{id}")).collect();
    let words: Vec<_> = std::iter::once("get").chain(names.iter().map(String::as_str)).collect();
    for (response, value, expected) in [
        (REQUIRED, "http://AT", "requires a password (407)"),
        (REQUIRED, "http://joe:s3cret@AT", "refused the user name or the password (407)"),
        ("HTTP/1.1 403 No\r\n\r\n", "http://joe:s3cret@AT", "refused the connection (403)"),
    ] {
        let (address, heads) = proxy(response);
        let environment =
            [&credentials[..], &variables(&[("https_proxy", value)], &address)].concat();
        let run = config.run(&words, &environment);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(!format!("{run:?}").contains("s3cret"), "{run:?}");
        // Each ticket has an error; the last line is the summary. The proxy gets at most one request for each ticket that is fetched at the same time.
        assert_eq!(run.err.lines().count(), names.len() + 1, "{run:?}");
        for line in 0..names.len() {
            let error = run.error(line);
            assert_eq!(error["kind"], "configuration", "{error}");
            let message = format!("the proxy {address} {expected}");
            assert_eq!(error["message"], message.as_str(), "{error}");
        }
        let requests = heads.try_iter().count();
        let most = if expected.contains("407") { 1 } else { 8 };
        assert!((1..=most).contains(&requests), "{expected}: {requests}");
        assert!(!service.was_reached(), "{expected}");
    }
}

#[test]
fn retries_if_the_proxy_fails() {
    let service = Service::start();
    let config = Config::new("[profiles.default.transport]\ninitial_backoff = 0\n", 0o644);
    let (address, heads) = proxy("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    let environment =
        [&service.environment(&config)[..], &variables(&[("HTTPS_PROXY", "http://AT")], &address)]
            .concat();
    let (code, error) = error(&config.run(&["get", ENGAGELAB], &environment));
    assert_eq!((code, error["kind"].as_str()), (5, Some("connection")));
    assert_eq!(error["message"], format!("the proxy {address} could not connect (502)"));
    assert_eq!(heads.try_iter().count(), 4);
    assert!(!service.was_reached());
}

#[test]
fn sends_requests_through_a_socks_proxy() {
    let service = Service::start();
    let config = config();
    let credentials = service.environment(&config);
    let port = service.authority().rsplit(':').next().unwrap().to_owned();
    for (value, host, sent) in [
        ("socks5://AT", "0.0.0.0", ""),
        ("socks5h://AT", "0.0.0.0", ""),
        ("socks5h://joe:p%40ss@AT", "0.0.0.0", "joe:p@ss "),
        // Only the proxy can resolve this name.
        ("socks5h://AT", "desk.invalid", ""),
    ] {
        let (address, notes) = socks(2);
        let mut environment =
            [&credentials[..], &variables(&[("ALL_PROXY", value)], &address)].concat();
        environment[2].1 = format!("https://{host}:{port}");
        let run = config.run(&["get", ENGAGELAB], &environment);
        let (code, error) = error(&run);
        let message = format!("the proxy {address} refused the connection (SOCKS)");
        assert_eq!((code, error["message"].as_str()), (2, Some(message.as_str())), "{run:?}");
        let note = notes.recv_timeout(Duration::from_secs(20));
        assert_eq!(note.as_deref(), Ok(format!("{sent}{host}:{port}").as_str()), "{run:?}");
        assert!(!service.was_reached(), "{value}");
        let doctor = finding(&config.run(&["doctor", "-o", "json"], &environment));
        assert_eq!(doctor["route"], format!("through proxy {address} (ALL_PROXY)"));
    }
}
