//! A secret in all its encodings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use url::form_urlencoded;

use crate::contract::outcome::on_one_line;

/// A secret to search for.
pub(super) struct Canary {
    /// A description.
    pub(super) name: String,
    /// The secret itself.
    pub(super) secret: String,
    /// Names and texts of its encodings.
    forms: Vec<(&'static str, String)>,
}

impl Canary {
    pub(super) fn new(secret: &str, name: String) -> Self {
        let json = serde_json::Value::from(secret).to_string();
        let percent: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let mut forms = vec![
            ("in plain text", secret.to_owned()),
            ("as JSON", json.trim_matches('"').to_owned()),
            ("escaped", secret.escape_debug().to_string()),
            ("percent-encoded", percent.to_ascii_lowercase()),
            ("percent-encoded", percent.replace('+', "%20")),
            ("percent-encoded", percent),
        ];
        for before in 0..3 {
            let base64 = within_base64(secret, before);
            forms.push(("in Base64", base64.replace('+', "-").replace('/', "_")));
            forms.push(("in Base64", base64));
        }
        Self { name, secret: secret.to_owned(), forms }
    }

    /// Finds the secret in a text; returns the name of the encoding and the text before it.
    pub(super) fn find(&self, text: &str) -> Option<(&'static str, String)> {
        self.forms.iter().find_map(|(form, encoded)| {
            let start = text.find(encoded)?;
            let mut before: Vec<_> = text[..start].chars().rev().take(40).collect();
            before.reverse();
            Some((*form, on_one_line(&before.into_iter().collect::<String>(), 40)))
        })
    }
}

/// Returns the secret as it appears within the Base64 of a longer text, with this many bytes (modulo 3) before it. The
/// characters at both ends that depend on the neighbours are left out.
fn within_base64(secret: &str, before: usize) -> String {
    let bytes = [&[0; 2][..before], secret.as_bytes()].concat();
    let whole = STANDARD_NO_PAD.encode(&bytes);
    let begin = (before * 4).div_ceil(3);
    let end = if bytes.len().is_multiple_of(3) { whole.len() } else { whole.len() - 1 };
    whole[begin..end].to_owned()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    use super::Canary;

    #[test]
    fn finds_every_encoding() {
        let secret = "can/ary+\"~1?";
        let canary = Canary::new(secret, String::new());
        let mut texts = vec![
            (secret.to_owned(), "in plain text"),
            (r#"can/ary+\"~1?"#.to_owned(), "as JSON"),
            ("can%2Fary%2B%22%7E1%3F".to_owned(), "percent-encoded"),
            ("can%2fary%2b%22%7e1%3f".to_owned(), "percent-encoded"),
        ];
        for before in ["", "u", "us", "use:"] {
            for after in ["", "r", "rs", "rst"] {
                let text = format!("{before}{secret}{after}");
                texts.push((STANDARD.encode(&text), "in Base64"));
                texts.push((URL_SAFE.encode(&text), "in Base64"));
            }
        }
        for (text, form) in texts {
            let text = format!("it is {text}.");
            let found = canary.find(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.0, form, "{text}");
        }
        assert!(canary.find("can/ary").is_none());
    }

    #[test]
    fn text_before_a_secret_is_one_line() {
        let found = Canary::new("canary-1", String::new()).find("a\nkey: canary-1");
        assert_eq!(found, Some(("in plain text", "a\\nkey: ".to_owned())));
    }
}
