//! The table `transport` of a profile: each value is checked where its line is known.

use std::path::Path;

use toml::Spanned;
use toml::de::DeValue;

use super::Reader;
use crate::outcome::Failure;
use crate::setting::SettingsOrigin;
use crate::settings::transport::{Given, KEYS, Table};

/// The key of a profile that is no provider.
pub(super) const TRANSPORT: &str = "transport";

impl Reader<'_> {
    /// How calls are bounded, and how they leave this computer.
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
            // As everywhere in the file, an empty text is not set.
            if matches!(given, Given::Text("")) {
                continue;
            }
            entries.push(known.read(given, folder).map_err(|problem| {
                self.refuse(value.span(), &format!("{} {problem}", known.name))
            })?);
        }
        Ok(Table::new(self.place(profile), entries))
    }

    /// The profile of this file.
    pub(super) fn place(&self, profile: &str) -> SettingsOrigin {
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

    /// What is wrong with a table of this one line.
    fn fault(line: &str) -> String {
        let text = format!("[profiles.work.transport]\n\n{line}\n");
        let fault = read(Path::new("f"), &text).map(drop).unwrap_err();
        fault.details().as_str().to_owned()
    }

    #[test]
    fn a_value_out_of_its_range_is_told_with_its_line_and_the_range() {
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
                "a text in quotes of 256 printable ASCII characters at most",
                &["1", "\"a\\r\\nX-Secret: s3cret\"", "\"s3cret\\u0000\"", "\"桌\"", "\" s3cret\""],
            ),
            ("proxy", proxy, &["3128", "true", "[\"http://u:s3cret@proxy.example\"]"]),
            ("ca_file", "the name of a PEM file in quotes", &["1", "true", "[\"s3cret\"]"]),
        ] {
            for value in values {
                let fault = fault(&format!("{key} = {value}"));
                assert!(
                    fault.starts_with(&format!("f:3: {key} must be {expected}")),
                    "{value}: {fault}"
                );
                assert!(!fault.contains("s3cret"), "{fault}");
            }
        }
        let long = fault(&format!("user_agent = \"{}\"", "s".repeat(257)));
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
            let fault = fault(&format!("proxy = \"{value}\""));
            assert!(fault.starts_with(&format!("f:3: proxy {reason}")), "{value}: {fault}");
            assert!(!fault.contains("s3c"), "{fault}");
        }
    }

    #[test]
    fn a_key_that_nobody_knows_is_told_with_the_keys_that_there_are() {
        for key in ["timeout", "Proxy", "proxy_password", "\"\"", "\"a b\""] {
            let fault = fault(&format!("{key} = \"s3cret\""));
            let name = key.trim_matches('"');
            assert!(
                fault.starts_with(&format!(
                    "f:3: unknown key \"{name}\" in profiles.work.transport"
                )),
                "{fault}"
            );
            assert!(KEYS.iter().all(|key| fault.contains(key.name)), "{fault}");
            assert!(!fault.contains("s3cret"), "{fault}");
        }
        let text = "[profiles.work]\ntransport = 1\n";
        let fault = read(Path::new("f"), text).map(drop).unwrap_err().details().as_str().to_owned();
        assert!(fault.starts_with("f:2: profiles.work.transport is not a table"), "{fault}");
        let text = "[profiles.work.transport]\nmax_attempts = 1\nmax_attempts = 2\n";
        let fault = read(Path::new("f"), text).map(drop).unwrap_err().details().as_str().to_owned();
        assert!(fault.starts_with("f:3: "), "{fault}");
    }

    #[test]
    fn numbers_are_read_in_every_spelling_and_an_empty_text_is_not_set() {
        let text = "[profiles.work.transport]\nmax_attempts = 0x10\nretry_budget = 1_000\ncall_timeout = 1_0.5\n\
                    initial_backoff = 1e-1\nconnect_timeout = +5\nproxy = \"\"\nuser_agent = ''\nca_file = \"\"\n";
        let tables = read(Path::new("/folder/f"), text).unwrap();
        let described = tables["work"].transport.described(&SettingsOrigin::Environment);
        let mut described: Vec<_> =
            described.iter().map(|it| format!("{} {}", it.name, it.value)).collect();
        described.sort_unstable();
        let expected = [
            "max_attempts 16",
            "initial_backoff 0.1 s",
            "call_timeout 10.5 s",
            "connect_timeout 5 s",
            "retry_budget 1000",
        ];
        assert_eq!(described, expected);
    }

    #[test]
    fn a_file_is_looked_for_beside_the_config_file() {
        for (named, found) in [("own.pem", "/folder/own.pem"), ("/etc/own.pem", "/etc/own.pem")] {
            let text = format!("[profiles.work.transport]\nca_file = \"{named}\"\n");
            let tables = read(Path::new("/folder/f"), &text).unwrap();
            assert_eq!(
                tables["work"].transport.described(&SettingsOrigin::Environment)[0].value,
                found
            );
        }
    }
}
