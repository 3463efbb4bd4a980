//! Parses the table `transport` of a profile, so that errors name the line.

use std::path::Path;

use toml::Spanned;
use toml::de::DeValue;

use super::Reader;
use crate::outcome::Failure;
use crate::setting::SettingsOrigin;
use crate::settings::transport::{Given, KEYS, Table};

/// The key with the path of a file.
const CA_FILE: &str = "ca_file";
/// The key of a profile that is not a provider.
pub(super) const TRANSPORT: &str = "transport";

impl Reader<'_> {
    /// Parses the table `transport` of a profile.
    pub(super) fn transport(
        &self,
        profile: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Table, Failure> {
        let name = format!("profiles.{profile}.{TRANSPORT}");
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut entries = Vec::new();
        for (key, value) in self.table(&name, value)? {
            let Some(known) = KEYS.iter().find(|known| known.name == key.get_ref()) else {
                let keys: Vec<_> = KEYS.iter().map(|known| known.name).collect();
                let message = format!("unknown key \"{}\" in {name}", key.get_ref());
                return Err(self
                    .refuse(key.span(), &message)
                    .with_hint(format!("{TRANSPORT} has these keys: {}", keys.join(", "))));
            };
            let given = given(value.get_ref());
            // As everywhere in the file, an empty string means not set.
            if matches!(given, Given::Text("")) {
                continue;
            }
            if let (CA_FILE, Given::Text(path)) = (known.name, given) {
                self.relative(path).map_err(|problem| {
                    self.refuse(value.span(), &format!("{CA_FILE} {problem}"))
                })?;
            }
            entries.push(known.read(given, folder).map_err(|problem| {
                self.refuse(value.span(), &format!("{} {problem}", known.name))
            })?);
        }
        Ok(Table::new(self.origin(profile), entries))
    }

    /// Returns the origin of settings in this profile.
    pub(super) fn origin(&self, profile: &str) -> SettingsOrigin {
        SettingsOrigin::Profile { name: profile.to_owned(), file: self.path.to_owned() }
    }
}

fn given<'v>(value: &'v DeValue<'_>) -> Given<'v> {
    match value {
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Given::Other, Given::Whole)
        }
        DeValue::Float(number) => number.as_str().parse().map_or(Given::Other, Given::Fraction),
        DeValue::String(text) => Given::Text(text),
        _ => Given::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::read;
    use crate::setting::SettingsOrigin;
    use crate::settings::transport::KEYS;

    /// Returns the error of a table with this one line.
    fn error(line: &str) -> String {
        let text = format!("[profiles.work.transport]\n\n{line}\n");
        let error = read(Path::new("f"), true, &text).map(drop).unwrap_err();
        error.details().as_str().to_owned()
    }

    #[test]
    fn reports_an_invalid_value_with_its_line_and_the_range() {
        let times = "a number of seconds from 0.001 to 86400";
        let waits = "a number of seconds from 0 to 86400";
        let proxy = "an address in quotes such as";
        for (key, expected, values) in [
            (
                "connect_timeout",
                times,
                &["0", "0.0", "-1", "86401", "1e400", "inf", "-inf", "nan"][..],
            ),
            ("attempt_timeout", times, &["\"30s\"", "true", "[1]", "{ s = 1 }", "99999999999999"]),
            ("call_timeout", times, &["-0.0", "0.0009", "86400.5", "2026-01-01", "\"30\""]),
            ("initial_backoff", waits, &["-0.1", "-1", "86401", "nan", "\"0\""]),
            ("max_backoff", waits, &["-1", "inf", "9223372036854775807"]),
            (
                "max_attempts",
                "a whole number from 1 to 100",
                &["0", "-1", "101", "1.0", "\"4\"", "false"],
            ),
            (
                "retry_budget",
                "a whole number from 0 to 1000000",
                &["-1", "1000001", "0.5", "4294967296"],
            ),
            (
                "max_body_bytes",
                "a whole number from 1 to 1073741824",
                &["0", "1073741825", "-8", "1e3"],
            ),
            ("concurrency", "a whole number from 1 to 256", &["0", "257", "-9223372036854775808"]),
            (
                "rate_limit_fraction",
                "a number from 0.001 to 1000",
                &["0", "1001", "nan", "\"1\"", "-1"],
            ),
            (
                "user_agent",
                "a text in quotes of at most 256 printable ASCII characters",
                &["1", "\"a\\r\\nX-Secret: s3cret\"", "\"s3cret\\u0000\"", "\"桌\"", "\" s3cret\""],
            ),
            ("proxy", proxy, &["3128", "true", "[\"http://u:s3cret@proxy.example\"]"]),
            ("ca_file", "the path of a PEM file in quotes", &["1", "true", "[\"s3cret\"]"]),
        ] {
            for value in values {
                let error = error(&format!("{key} = {value}"));
                assert!(
                    error.starts_with(&format!("f:3: {key} must be {expected}")),
                    "{value}: {error}"
                );
                assert!(!error.contains("s3cret"), "{error}");
            }
        }
        let long = error(&format!("user_agent = \"{}\"", "s".repeat(257)));
        assert!(long.contains("user_agent must be"), "{long}");
    }

    #[test]
    fn refuses_an_unusable_proxy_with_its_line_and_the_reason() {
        for (value, reason) in [
            ("file:///s3cret", "has an unsupported scheme"),
            ("http://u:s3cret@", "has no host"),
            ("http://u:s3cret@proxy.example/path", "has something after its host and port"),
            ("http://u:s3cret@proxy.example:99999", "has an invalid port"),
            ("http://u:s3c/ret@proxy.example", "has a `/`, `?` or `#`"),
            ("http://proxy.example\\n.evil.example", "has a control character"),
        ] {
            let error = error(&format!("proxy = \"{value}\""));
            assert!(error.starts_with(&format!("f:3: proxy {reason}")), "{value}: {error}");
            assert!(!error.contains("s3c"), "{error}");
        }
    }

    #[test]
    fn reports_an_unknown_key_and_lists_the_known_keys() {
        for key in ["timeout", "Proxy", "proxy_password", "\"\"", "\"a b\""] {
            let error = error(&format!("{key} = \"s3cret\""));
            let name = key.trim_matches('"');
            assert!(
                error.starts_with(&format!(
                    "f:3: unknown key \"{name}\" in profiles.work.transport"
                )),
                "{error}"
            );
            assert!(KEYS.iter().all(|key| error.contains(key.name)), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
        let text = "[profiles.work]\ntransport = 1\n";
        let error =
            read(Path::new("f"), true, text).map(drop).unwrap_err().details().as_str().to_owned();
        assert!(error.starts_with("f:2: profiles.work.transport is not a table"), "{error}");
        let text = "[profiles.work.transport]\nmax_attempts = 1\nmax_attempts = 2\n";
        let error =
            read(Path::new("f"), true, text).map(drop).unwrap_err().details().as_str().to_owned();
        assert!(error.starts_with("f:3: "), "{error}");
    }

    #[test]
    fn accepts_every_toml_number_and_ignores_empty_strings() {
        let text = "[profiles.work.transport]\nmax_attempts = 0x10\nretry_budget = 1_000\ncall_timeout = 1_0.5\n\
                    initial_backoff = 1e-1\nconnect_timeout = +5\nproxy = \"\"\nuser_agent = ''\nca_file = \"\"\n";
        let tables = read(Path::new("/folder/f"), true, text).unwrap();
        let described = tables["work"].transport.described(&SettingsOrigin::Environment);
        let mut described: Vec<_> =
            described.iter().map(|it| format!("{} {}", it.name, it.value)).collect();
        described.sort_unstable();
        let expected = [
            "call_timeout 10.5 s",
            "connect_timeout 5 s",
            "initial_backoff 0.1 s",
            "max_attempts 16",
            "retry_budget 1000",
        ];
        assert_eq!(described, expected);
    }

    #[test]
    fn ca_file_is_relative_to_the_config_file() {
        for (path, expected) in [("own.pem", "/folder/own.pem"), ("/etc/own.pem", "/etc/own.pem")] {
            let text = format!("[profiles.work.transport]\nca_file = \"{path}\"\n");
            let tables = read(Path::new("/folder/f"), true, &text).unwrap();
            assert_eq!(
                tables["work"].transport.described(&SettingsOrigin::Environment)[0].value,
                expected
            );
        }
    }
}
