//! The table `transport` of a profile and `--timeout`: what they change, and to which credentials they apply.
#![cfg(unix)]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use serde_json::Value;

use crate::config::{Config, profile};
use crate::harness::{ENGAGELAB, Run, TestServer, run, serve_response, ticket};
use crate::proxies::proxy;

/// A certificate whose private key was deleted.
pub(crate) const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIURgJc9PYS/CUVWb56oR/hSvXiaw8wCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGTm9ib2R5MCAXDTI2MTEyMjAwMDkyNloYDzIxMjYxMDI5MDAw
OTI2WjARMQ8wDQYDVQQDDAZOb2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQFEVYY9OCz0Dh6hqHJt9yuBG1PlWix2ZpIky/FyVw8C1auv83HMs0/PIaIX4kz
YV0EPWU0jN1ID1QFb3MIMmH6o1MwUTAdBgNVHQ4EFgQUmD9YhmZViL8EX4BFd0OD
on2zl/QwHwYDVR0jBBgwFoAUmD9YhmZViL8EX4BFd0ODon2zl/QwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBaAGj0ZCWZR4lnFWUBO05+Du2dkShz
9+i54P81GIsa5AIgOp3SeK9ckb+lYGFozCBCWIkGFKhEO076mgz692xiZf4=
-----END CERTIFICATE-----
";

const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

/// Returns environment variables with credentials for this base URL.
pub(crate) fn environment(base_url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("ENGAGELAB_API_KEY", "key".into()),
        ("ENGAGELAB_API_SECRET", "secret".into()),
        ("ENGAGELAB_BASE_URL", base_url.into()),
    ]
}

/// Returns a profile with the same credentials.
pub(crate) fn credentials(name: &str, base_url: &str) -> String {
    format!(
        "[profiles.{name}.engagelab]\napi_key = \"key\"\napi_secret = \"secret\"\nbase_url = \"{base_url}\"\n"
    )
}

/// Reads the head of a request.
pub(crate) fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

pub(crate) fn error(run: &Run) -> (i32, Value) {
    (run.code, run.error(run.err.lines().count() - 1))
}

#[test]
fn numbers_apply_to_all_credentials() {
    let broken = serve_response("503 Service Unavailable", b"");
    let table = "[profiles.default.transport]\nmax_attempts = 2\ninitial_backoff = 0\n";
    let own = Config::new(&(table.to_owned() + &credentials("default", &broken)), 0o600);
    let bare = Config::new(table, 0o644);
    for (config, environment) in [(&own, vec![]), (&bare, environment(&broken))] {
        let run = config.run(&["get", ENGAGELAB, "-v"], &environment);
        assert_eq!(run.code, 5);
        assert_eq!(run.err.matches("retrying").count(), 1, "{}", run.err);
        assert!(run.err.contains("attempts=2 "), "{}", run.err);
    }
}

#[test]
fn sandbox_uses_a_transport_table_only_if_named() {
    let config = Config::new("[profiles.default.transport]\nmax_body_bytes = 64\n", 0o644);
    let file = config.file.to_str().unwrap();
    assert_eq!(config.run(&["get", ENGAGELAB, "--sandbox"], &[]).code, 0);
    for named in [&["--profile", "default"][..], &["--config", file]] {
        let run = config.run(&[&["get", ENGAGELAB, "--sandbox"], named].concat(), &[]);
        let (code, error) = error(&run);
        assert_eq!((code, error["kind"].as_str().unwrap()), (6, "invalid_response"));
        assert!(error["message"].as_str().unwrap().contains("64 bytes"), "{error}");
    }
}

#[test]
fn timeout_option_overrides_call_timeout() {
    // Connections are established, but never accepted or answered.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let text = "[profiles.default.transport]\ncall_timeout = 0.05\n";
    let config = Config::new(text, 0o644);
    for (words, expected) in [
        (&["get", ENGAGELAB][..], "within 0.05 s"),
        (&["get", ENGAGELAB, "--timeout", "0.125"], "within 0.125 s"),
        (&["mapping", "explain", ENGAGELAB, "--timeout=0.125"], "within 0.125 s"),
        (&["mapping", "drift", ENGAGELAB, "--timeout", "0.125"], "within 0.125 s"),
    ] {
        let (code, error) = error(&config.run(words, &environment(&url)));
        assert_eq!((code, error["kind"].as_str().unwrap()), (5, "timeout"), "{words:?}");
        assert!(error["message"].as_str().unwrap().contains(expected), "{words:?}: {error}");
    }
    let words = ["doctor", "--id", ENGAGELAB, "--timeout", "0.125"];
    let run = config.run(&words, &environment(&url));
    assert_eq!(run.code, 5);
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("within 0.125 s") && text.contains("--timeout 0.125 s"), "{text}");
    for wrong in ["0", "-1", "86401", "1m"] {
        let run = config.run(&["get", ENGAGELAB, &format!("--timeout={wrong}")], &[]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("a number of seconds from 0.001 to 86400"), "{}", run.err);
    }
}

#[test]
fn proxy_carries_only_credentials_of_its_profile() {
    let (address, heads) = proxy(FORBIDDEN);
    let table = format!(
        "[profiles.default.transport]\nmax_attempts = 1\nproxy = \"http://me:s3cr%40t@{address}\"\n"
    );
    let (address, others) = proxy(FORBIDDEN);
    // Both requests are for a host that does not exist, so only a proxy receives them.
    let url = "https://desk.invalid";
    let default = [("HTTPS_PROXY", format!("http://{address}"))];
    let own = Config::new(&(table.clone() + &credentials("default", url)), 0o600);
    fs::write(own.folder.path().join("ticket/ca.pem"), CERTIFICATE).unwrap();
    let certificates = own.folder.path().join("ticket/ca.pem").to_str().unwrap().to_owned();
    let default = [&default[..], &[("SSL_CERT_FILE", certificates)]].concat();

    let run = own.run(&["get", ENGAGELAB, "-vv"], &default);
    assert_eq!(run.code, 2, "{run:?}");
    let head = heads.try_recv().unwrap();
    assert!(head.starts_with("CONNECT desk.invalid:443 HTTP/1.1\r\n"), "{head}");
    // `me:s3cr@t` in Base64.
    assert!(head.contains("proxy-authorization: Basic bWU6czNjckB0\r\n"), "{head}");
    assert!(!run.err.contains("s3cr"), "{}", run.err);
    assert!(others.try_recv().is_err());

    let run = own.run(&["get", ENGAGELAB, "-vv"], &[&default[..], &environment(url)].concat());
    assert_eq!(run.code, 2, "{run:?}");
    let head = others.try_recv().unwrap();
    assert!(head.starts_with("CONNECT desk.invalid:443 HTTP/1.1\r\n"), "{head}");
    assert!(!head.to_lowercase().contains("proxy-authorization"), "{head}");
    assert!(heads.try_recv().is_err());
}

#[test]
fn proxy_password_requires_a_private_file() {
    for (proxy, code, expected) in [
        ("http://me:s3cret@127.0.0.1:9", 2, "contains secrets and its mode is 0644"),
        ("http://127.0.0.1:9", 2, "api_key, api_secret"),
    ] {
        let text = format!(
            "[profiles.work.transport]\nproxy = \"{proxy}\"\n[profiles.work.engagelab]\n\
             base_url = \"https://desk.invalid\"\n"
        );
        let config = Config::new(&text, 0o644);
        let (found, error) = error(&config.run(&["get", ENGAGELAB, "--profile", "work"], &[]));
        assert_eq!(found, code);
        assert!(error["message"].as_str().unwrap().contains(expected), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[test]
fn reports_an_unusable_ca_file() {
    let server = TestServer::start(|builder| builder);
    let large = CERTIFICATE.repeat(2_000);
    for (name, text, expected) in [
        ("none.pem", None, Some("none.pem cannot be read: No such file")),
        ("..", None, Some("cannot be read: not a regular file")),
        ("empty.pem", Some(""), Some("empty.pem is empty")),
        (
            "key.pem",
            Some("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
            Some("key.pem has no certificate"),
        ),
        ("large.pem", Some(large.as_str()), Some("large.pem cannot be read: larger than 1 MiB")),
        ("good.pem", Some(CERTIFICATE), None),
    ] {
        let table = format!("[profiles.default.transport]\nca_file = \"{name}\"\n");
        let config = Config::new(&(table + &profile("default", &server)), 0o600);
        if let Some(text) = text {
            fs::write(config.file.parent().unwrap().join(name), text).unwrap();
        }
        let run = config.run(&["get", ENGAGELAB], &[]);
        let Some(expected) = expected else {
            assert_eq!((run.code, run.err.as_str()), (0, ""));
            continue;
        };
        let (code, error) = error(&run);
        assert_eq!((code, error["kind"].as_str().unwrap()), (2, "configuration"));
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("ca_file in the profile default of "), "{message}");
        assert!(message.contains(expected), "{message}");
        // The file is not read for credentials of the environment.
        let run = config.run(&["get", ENGAGELAB], &server.environment());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn doctor_shows_transport_settings_and_whether_they_are_used() {
    let server = TestServer::start(|builder| builder);
    let table = "[profiles.default.transport]\ncall_timeout = 20\nproxy = \"http://me:s3cret@proxy.example:3128\"\n";
    let config = Config::new(&(table.to_owned() + &profile("default", &server)), 0o600);
    let profile = format!("the profile default of {}", config.file.display());
    for (environment, state) in [(vec![], "used"), (server.environment(), "not_used")] {
        let run = config.run(&["doctor", "-o", "json", "--timeout", "5"], &environment);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        // The first two providers are configured.
        for line in run.out.lines().take(2) {
            let finding: Value = serde_json::from_str(line).unwrap();
            let expected = serde_json::json!([
                {"name": "proxy", "value": "proxy.example:3128", "origin": profile, "state": state},
                {"name": "--timeout", "value": "5 s", "origin": "the command line", "state": "used"},
            ]);
            assert_eq!(finding["transport"], expected);
        }
        let text = config.run(&["doctor"], &environment);
        assert_eq!(text.out.contains("NOT USED"), state == "not_used", "{}", text.out);
        assert!(text.out.contains("call_timeout") && text.out.contains("20 s"), "{}", text.out);
        assert!(!text.out.contains("s3cret") && !run.out.contains("s3cret"));
    }
    let run = run(ticket(&["doctor", "-o", "json"]).envs(server.environment()));
    assert!(run.out.lines().all(|line| line.contains("\"transport\":[]")), "{}", run.out);
    assert!(run.out.lines().count() >= 2, "{}", run.out);
}

#[test]
#[cfg(target_os = "linux")]
fn doctor_shows_the_environment_variables_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let company = folder.path().join("company.pem");
    fs::write(&company, CERTIFICATE).unwrap();
    let company = company.to_str().unwrap().to_owned();
    let variables = [
        ("HTTPS_PROXY", "http://me:s3cret@proxy.example:3128"),
        ("https_proxy", "http://another.example"),
        ("ALL_PROXY", "http://another.example"),
        ("no_proxy", "intern.example"),
        ("SSL_CERT_FILE", company.as_str()),
        ("SSL_CERT_DIR", ""),
    ];
    let variables = variables.map(|(name, value)| (name, value.to_owned()));
    let shown = |config: &Config, more: &[(&'static str, String)], words: &[&str]| {
        let words = [&["doctor", "-o", "json"], words].concat();
        let run = config.run(&words, &[&variables[..], more].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(!run.out.contains("s3cret"), "{}", run.out);
        let finding: Value = serde_json::from_str(run.out.lines().next().unwrap()).unwrap();
        let entries = finding["transport"].as_array().unwrap().iter();
        entries.map(|it| format!("{} {}", it["name"], it["value"])).collect::<Vec<_>>().join(", ")
    };
    let proxy = "\"HTTPS_PROXY\" \"proxy.example:3128\", \"no_proxy\" \"intern.example\", ";
    let certificates = format!("\"SSL_CERT_FILE\" {:?}", company.as_str());
    let none = Config::new("", 0o600);
    let outside = environment("https://desk.invalid");
    assert_eq!(shown(&none, &outside, &[]), format!("{proxy}{certificates}"));
    assert_eq!(shown(&none, &environment("http://127.0.0.1:9"), &[]), "");
    assert_eq!(shown(&none, &outside, &["--sandbox"]), "");
    let table = "[profiles.default.transport]\nproxy = \"http://own.example:1\"\n";
    let own =
        Config::new(&(table.to_owned() + &credentials("default", "https://desk.invalid")), 0o600);
    assert_eq!(shown(&own, &[], &[]), format!("\"proxy\" \"own.example:1\", {certificates}"));
}

/// Starts a service that responds only once `number` requests are open. Returns the base URL and the maximum of open requests.
fn concurrent_service(number: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let most = Arc::new(AtomicUsize::new(0));
    let (all, open, peak) =
        (Arc::new(Barrier::new(number)), Arc::new(AtomicUsize::new(0)), Arc::clone(&most));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let (all, open, peak) = (Arc::clone(&all), Arc::clone(&open), Arc::clone(&peak));
            thread::spawn(move || {
                let head = head(&mut stream);
                peak.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                all.wait();
                open.fetch_sub(1, Ordering::SeqCst);
                let id = head.split(' ').nth(1).unwrap().rsplit('/').next().unwrap();
                let body = format!("{{\"code\":0,\"data\":{{\"ticket_id\":\"{id}\"}}}}");
                let length = body.len();
                let lines = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                let _ = stream.write_all((lines + &body).as_bytes());
            });
        }
    });
    (url, most)
}

#[test]
fn concurrency_is_the_number_of_simultaneous_requests() {
    // More than by default, and fewer; the number of tickets is a multiple of both.
    for number in [12, 3] {
        let (url, most) = concurrent_service(number);
        let table =
            format!("[profiles.default.transport]\nconcurrency = {number}\nmax_attempts = 1\n");
        let config = Config::new(&table, 0o644);
        let names: Vec<_> = (0..12).map(|it| format!("engagelab:{it}")).collect();
        let names = names.iter().map(String::as_str);
        let words: Vec<_> = ["get"].into_iter().chain(names).collect();
        let run = config.run(&words, &environment(&url));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert_eq!(run.out.lines().count(), 12);
        assert_eq!(most.load(Ordering::SeqCst), number);
    }
}

#[test]
fn configuration_page_lists_each_key_with_its_range() {
    let error_of = |line: &str| {
        let config = Config::new(&format!("[profiles.default.transport]\n{line}\n"), 0o600);
        let (_, error) = error(&config.run(&["get", ENGAGELAB, "--profile", "default"], &[]));
        error
    };
    let unknown = error_of("no_such_key = 1");
    let keys = unknown["hint"].as_str().unwrap().strip_prefix("transport has these keys: ");
    let keys: Vec<_> = keys.unwrap().split(", ").collect();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, section) = page.split_once("\n## Transport\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows: Vec<_> = section.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), keys.len());
    let mut ranges = 0;
    for (row, key) in rows.iter().zip(keys) {
        assert!(row.starts_with(&format!("| `{key}` |")), "{row}");
        let message = error_of(&format!("{key} = false"))["message"].as_str().unwrap().to_owned();
        if let Some((_, range)) = message.split_once(" from ") {
            ranges += 1;
            let range = range.replace(" to ", " … ");
            assert!(row.contains(&format!("| {range} |")), "{row}: expected {range}");
        }
    }
    assert!(ranges > 0, "no message names a range");
    // The example on the page is valid.
    let example = section.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let config = Config::new(example, 0o644);
    let run = config.run(&["doctor", "-o", "json", "--sandbox", "--profile", "default"], &[]);
    let finding: Value = serde_json::from_str(run.out.lines().next().unwrap()).unwrap();
    let entries = finding["transport"].as_array().unwrap().iter();
    let names: Vec<_> = entries.map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), example.matches(" = ").count(), "{names:?}");
}
