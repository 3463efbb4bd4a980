//! Tests which settings a table changes, and how it is shown.

use std::path::Path;
use std::time::Duration;

use ticket_core::BaseUrl;
use ticket_core::transport::TransportConfig;

use super::{Entry, Given, KEYS, Table, timeout};
use crate::setting::SettingsOrigin;

fn entry(name: &str, given: Given<'_>) -> Option<Entry> {
    let key = KEYS.iter().find(|key| key.name == name).unwrap();
    key.read(given, Path::new("/folder")).ok()
}

/// Returns a base URL for which the environment is not read.
fn local() -> BaseUrl {
    BaseUrl::new("http://127.0.0.1:1").unwrap()
}

fn origin() -> SettingsOrigin {
    SettingsOrigin::Profile { name: "work".into(), file: "/folder/config.toml".into() }
}

fn table(entries: &[(&str, Given<'_>)]) -> Table {
    let entries = entries.iter().map(|(name, given)| entry(name, *given).unwrap());
    Table::new(origin(), entries.collect())
}

fn config(table: &Table) -> TransportConfig {
    table.settings(true, &local()).unwrap()
}

#[test]
fn each_key_changes_only_its_setting() {
    let mut tried = Vec::new();
    for (name, given, is_set) in [
        (
            "connect_timeout",
            Given::Whole(7),
            (|it| it.connect_timeout == Duration::from_secs(7)) as fn(&TransportConfig) -> bool,
        ),
        ("attempt_timeout", Given::Fraction(0.5), |it| {
            it.attempt_timeout == Duration::from_millis(500)
        }),
        ("call_timeout", Given::Whole(86_400), |it| it.call_timeout == Duration::from_hours(24)),
        ("max_attempts", Given::Whole(1), |it| it.max_attempts == 1),
        ("initial_backoff", Given::Whole(0), |it| it.initial_backoff.is_zero()),
        ("max_backoff", Given::Fraction(1.5), |it| it.max_backoff == Duration::from_millis(1_500)),
        ("retry_budget", Given::Whole(0), |it| it.retry_budget == 0),
        ("max_body_bytes", Given::Whole(1 << 30), |it| it.max_body_bytes == 1 << 30),
        ("concurrency", Given::Whole(3), |it| it.concurrency == 3),
        ("rate_limit_fraction", Given::Fraction(0.5), |it| {
            it.rate_limit_fraction.to_string() == "0.5"
        }),
        ("user_agent", Given::Text("desk/1 (a b)"), |it| it.user_agent == "desk/1 (a b)"),
        ("proxy", Given::Text("http://u:p@proxy.example:3128"), |it| {
            it.proxy.as_ref().is_some_and(|it| it.address() == "proxy.example:3128")
        }),
    ] {
        let settings = config(&table(&[(name, given)]));
        assert!(is_set(&settings), "{name}: {settings:?}");
        let changed = format!("{settings:?}");
        let (changed, default) = (changed.split(", "), format!("{:?}", TransportConfig::default()));
        let count = changed.zip(default.split(", ")).filter(|(one, other)| one != other).count();
        assert_eq!(count, 1, "{name}: {settings:?}");
        tried.push(name);
    }
    let certificates = std::iter::once("ca_file");
    assert!(KEYS.iter().map(|key| key.name).eq(tried.into_iter().chain(certificates)));
}

#[test]
fn proxy_and_certificates_apply_only_to_credentials_of_the_same_profile() {
    let proxy = ("proxy", Given::Text("http://proxy.example:3128"));
    let certificates = ("ca_file", Given::Text("no-such-file.pem"));
    let table = table(&[proxy, certificates, ("max_attempts", Given::Whole(2))]);
    let elsewhere = [
        SettingsOrigin::Environment,
        SettingsOrigin::Sandbox,
        SettingsOrigin::Profile { name: "other".into(), file: "/folder/config.toml".into() },
        SettingsOrigin::Profile { name: "work".into(), file: "/other/config.toml".into() },
    ];
    for origin in elsewhere {
        assert!(!table.is_same_origin(&origin), "{origin}");
        let described = table.described(&origin);
        let used: Vec<_> = described.iter().filter(|it| it.is_used).map(|it| it.name).collect();
        assert_eq!(used, ["max_attempts"], "{origin}");
    }
    let settings = table.settings(false, &local()).unwrap();
    assert!(settings.max_attempts == 2 && settings.proxy.is_none(), "{settings:?}");
    // For credentials of the same profile everything applies, also the missing file.
    assert!(
        table.is_same_origin(&origin()) && table.described(&origin()).iter().all(|it| it.is_used)
    );
    let failure = table.settings(true, &local()).unwrap_err().details().as_str().to_owned();
    assert!(failure.contains("ca_file in the profile work of /folder/config.toml"), "{failure}");
    assert!(failure.contains("/folder/no-such-file.pem cannot be read"), "{failure}");
}

#[test]
fn shows_only_the_address_of_a_proxy() {
    for (address, host, is_secret) in [
        ("http://proxy.example", "proxy.example:80", false),
        ("https://proxy.example", "proxy.example:443", false),
        ("http://proxy.example:3128/", "proxy.example:3128", false),
        ("http://[::1]:3128", "[::1]:3128", false),
        ("http://user:s3cret@proxy.example:3128", "proxy.example:3128", true),
        ("http://s3cret@proxy.example:3128", "proxy.example:3128", true),
        ("http://:s3cret@proxy.example:3128", "proxy.example:3128", true),
    ] {
        let table = table(&[("proxy", Given::Text(address))]);
        assert_eq!(table.described(&origin())[0].value, host);
        assert_eq!(table.holds_secrets(), is_secret, "{address}");
        let settings = config(&table);
        assert!(!format!("{table:?} {settings:?}").contains("s3cret"), "{settings:?}");
    }
}

#[test]
fn timeout_option_overrides_the_profile() {
    let table = table(&[("call_timeout", Given::Whole(50)), ("concurrency", Given::Whole(5))]);
    let table = table.with_timeout(Some(timeout("0.25").unwrap()));
    assert_eq!(config(&table).call_timeout, Duration::from_millis(250));
    let described = table.described(&SettingsOrigin::Environment);
    let described: Vec<_> =
        described.iter().map(|it| (it.name, it.value.as_str(), it.origin.as_str())).collect();
    let profile = "the profile work of /folder/config.toml";
    assert_eq!(
        described,
        [("concurrency", "5", profile), ("--timeout", "0.25 s", "the command line")]
    );
    assert_eq!(table.concurrency(), Some(5));
    assert_eq!(Table::default().concurrency(), None);
}

#[test]
fn timeout_option_accepts_only_seconds() {
    for text in ["0.001", "1", "86400", "1e2"] {
        assert!(timeout(text).is_ok(), "{text}");
    }
    for text in ["", "0", "-1", "86400.1", "inf", "nan", "1e400", "30s", "0x10", " 1", "1_000"] {
        let message = timeout(text).unwrap_err();
        assert_eq!(message, "expected a number of seconds from 0.001 to 86400", "{text}");
    }
}
