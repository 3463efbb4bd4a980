//! Redacts our own secrets from a response before an error quotes it.
//!
//! The page of a proxy may echo the whole request with its headers.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::HeaderValue;

use crate::{Error, Response, Secret};

/// The replacement of a secret.
const STARS: &str = "***";

/// Shorter texts are not redacted: they would be found in every sentence.
const SHORTEST: usize = 4;
/// The shortest secret that is searched for in our own words.
const SHORTEST_IN_OWN_WORDS: usize = 8;

/// The variants of Base64.
const ALPHABETS: [GeneralPurpose; 4] = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD];

/// The characters, besides letters and digits, that percent-encoding keeps: in forms, in URLs, and in browsers.
const KEPT: [&[u8]; 3] = [b"*-._", b"-._~", b"!'()*-._~"];

/// Returns the response with every secret, in any encoding, replaced by stars; `None` if there is none.
///
/// It is done before the response is read: half of a secret, at the end of a quotation, would not be found.
pub(super) fn redacted(response: &Response, secrets: &[Secret]) -> Option<Response> {
    let forms = all_forms(secrets);
    let mut clean = response.clone();
    let body = unescaped(&String::from_utf8_lossy(&response.body));
    if let Some(body) = without(&body, &forms) {
        clean.body = Bytes::from(body);
    }
    for value in clean.headers.values_mut() {
        let text = String::from_utf8_lossy(value.as_bytes());
        if let Some(text) = without(&text, &forms) {
            *value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(STARS));
        }
    }
    (clean != *response).then_some(clean)
}

/// Returns the JSON with every unnecessary escape replaced by its character.
fn unescaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let code = escape.strip_prefix('u').and_then(|code| code.get(..4));
        let byte = code.and_then(|code| u8::from_str_radix(code.strip_prefix("00")?, 16).ok());
        let taken = match (byte, escape.chars().next()) {
            (Some(byte), _) if matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte) => {
                out.push(char::from(byte));
                5
            }
            (_, Some('/')) => {
                out.push('/');
                1
            }
            (_, next) => {
                out.push('\\');
                out.extend(next);
                next.map_or(0, char::len_utf8)
            }
        };
        rest = &escape[taken..];
    }
    out + rest
}

/// Returns the error with every secret replaced by stars, for example one in a URL.
pub(super) fn redacted_error(error: Error, secrets: &[Secret]) -> Error {
    let mut forms = all_forms(secrets);
    // What the error quotes has no secret any more. A shorter secret may be a word of ours, such as "wrong".
    forms.retain(|form| form.len() >= SHORTEST_IN_OWN_WORDS);
    error.with_texts(|text| without(text, &forms))
}

/// Returns the text with every secret, in any encoding, replaced by stars.
pub(super) fn redacted_text<'a>(text: &'a str, secrets: &[Secret]) -> Cow<'a, str> {
    without(text, &all_forms(secrets)).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Returns all encodings of all secrets, the longest first, so that no part of one remains if another is contained in it.
fn all_forms(secrets: &[Secret]) -> Vec<String> {
    let mut forms: Vec<String> =
        secrets.iter().flat_map(forms).filter(|form| form.len() >= SHORTEST).collect();
    forms.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    forms.dedup();
    forms
}

/// Returns the encodings of a secret: plain, Base64, and both percent-encoded, as JSON, in a message, in a pointer and in HTML; of a
/// header value also the part after its scheme.
fn forms(secret: &Secret) -> Vec<String> {
    let whole = secret.expose();
    let bare = whole.split_once(' ').map_or(whole, |(_, rest)| rest);
    let mut forms = Vec::new();
    for plain in [whole, bare] {
        for alphabet in ALPHABETS {
            forms.push(alphabet.encode(plain));
        }
        forms.push(plain.to_owned());
    }
    for text in forms.clone() {
        forms.extend(KEPT.iter().flat_map(|kept| percent_encoded(&text, kept)));
        // Our JSON may be quoted in the JSON of a service, and a text of either in a message.
        let json = as_json(&text);
        for text in [&text, &json] {
            forms.push(text.replace('\\', "\\\\"));
            forms.push(text.replace('~', "~0").replace('/', "~1"));
            forms.extend(in_html(text));
        }
        forms.extend([as_json(&json), json]);
    }
    forms
}

/// Returns the text as it is between the quotes of JSON.
fn as_json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// Returns the text as HTML: quotes and apostrophes may be plain, or have one of several names.
fn in_html(text: &str) -> impl Iterator<Item = String> {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    ["\"", "&quot;", "&#34;", "&#x22;"].into_iter().flat_map(move |quote| {
        let escaped = escaped.replace('"', quote);
        ["'", "&#39;", "&#039;", "&#x27;", "&apos;"]
            .map(|apostrophe| escaped.replace('\'', apostrophe))
    })
}

/// Returns the percent-encoded text: with upper case digits, with lower case digits, and with `+` for a space.
fn percent_encoded(text: &str, kept: &[u8]) -> [String; 3] {
    let encode = |write: fn(&mut String, u8) -> fmt::Result| {
        text.bytes().fold(String::new(), |mut encoded, byte| {
            if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                write(&mut encoded, byte).expect("a String takes everything");
            }
            encoded
        })
    };
    let large = encode(|text, byte| write!(text, "%{byte:02X}"));
    let small = encode(|text, byte| write!(text, "%{byte:02x}"));
    [large.replace("%20", "+"), large, small]
}

/// Returns the text without these; `None` if it contains none.
fn without(text: &str, forms: &[String]) -> Option<String> {
    let found = forms.iter().filter(|form| text.contains(form.as_str()));
    found.fold(None, |clean: Option<String>, form| {
        Some(clean.unwrap_or_else(|| text.to_owned()).replace(form.as_str(), STARS))
    })
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use http::HeaderValue;

    use super::{redacted, redacted_error, unescaped};
    use crate::{Error, ErrorKind, Response, Secret};

    #[test]
    fn unescapes_only_characters_without_a_required_escape() {
        for (json, plain) in [
            (r#""\u0061\/\u007E""#, r#""a/~""#),
            (r#""\\u0061 \\/ \u0022 \u005c \n""#, r#""\\u0061 \\/ \u0022 \u005c \n""#),
            (r#""\u00e9 \ud83d \u00"#, r#""\u00e9 \ud83d \u00"#),
            ("工\\", "工\\"),
            ("\\工\\u工工", "\\工\\u工工"),
        ] {
            assert_eq!(unescaped(json), plain, "{json}");
        }
    }

    #[test]
    fn leaves_our_own_words_that_are_a_short_secret() {
        let secrets = ["wrong", "s3cret-of-16-chars"].map(Secret::from);
        let text = "the app secret is wrong: \"s3cret-of-16-chars\"";
        let error = redacted_error(Error::new(ErrorKind::Unauthenticated, text), &secrets);
        assert_eq!(error.message(), "the app secret is wrong: \"***\"");
        let quoted = redacted(&Response::saved("get_ticket", "{\"msg\": \"wrong\"}"), &secrets);
        assert_eq!(quoted.unwrap().body, "{\"msg\": \"***\"}");
    }

    #[test]
    fn redacts_every_form_of_a_secret() {
        let secrets =
            ["Bearer t-can/ary+\"1", "key:secret", "~K!~", "<c'ary>&\""].map(Secret::from);
        for body in [
            "a t-can/ary+\"1 b",
            r#"{"msg": "a t-can/ary+\"1 b"}"#,
            "a Bearer%20t-can%2Fary%2B%221 b",
            "a t-can%2fary%2b%221 b",
            "a Bearer+t-can%2Fary%2B%221 b",
            "a a2V5OnNlY3JldA%3D%3D b",
            "a a2V5OnNlY3JldA%3d%3d b",
            "a %7eK%21%7e b",
            "a ~K%21~ b",
            "a %7EK%21%7E b",
            "a ~K!~ b",
            r#"{"msg": "a \u0074-can\/ar\u0079+\"1"}"#,
            r#"{"msg": "{\"key\": \"a t-can/ary+\\\"1\"}"}"#,
            "/data/a t-can~1ary+\"1",
            "a dC1jYW4vYXJ5KyIx b",
            "a a2V5OnNlY3JldA== b",
            "a a2V5OnNlY3JldA b",
            "a &lt;c'ary&gt;&amp;\" b",
            "a &lt;c&#39;ary&gt;&amp;&quot; b",
            "a &lt;c&#x27;ary&gt;&amp;&#34; b",
        ] {
            let response = Response::saved("get_ticket", body.to_owned());
            let clean = redacted(&response, &secrets).unwrap_or_else(|| panic!("{body}"));
            let text = String::from_utf8(clean.body.to_vec()).unwrap();
            assert!(text.contains("a ***"), "{body} became {text}");
            assert!(!text.contains("ary") && !text.contains("a2V5"), "{body} became {text}");
        }
        let mut response = Response::saved("get_ticket", "{}");
        response.headers.insert("x-request-id", HeaderValue::from_static("a key:secret b"));
        assert_eq!(redacted(&response, &secrets).unwrap().headers["x-request-id"], "a *** b");
        let plain = Response::saved("get_ticket", r"nothing \/ of \u0069t");
        assert_eq!(redacted(&plain, &secrets), None);
    }

    #[test]
    fn removes_a_cause_with_a_secret_at_any_depth() {
        let secrets = [Secret::from("s3cret/token")];
        let error = |text: &str| Error::new(ErrorKind::Connection, text);
        for (inner, is_kept) in
            [("reset", true), ("no s3cret/token", false), ("s3cret%2Ftoken", false)]
        {
            for depth in 0..3 {
                let nested =
                    (0..depth).fold(error(inner), |cause, _| error("closed").with_source(cause));
                let clean = redacted_error(error("cannot connect").with_source(nested), &secrets);
                assert_eq!(clean.source().is_some(), is_kept, "{inner} at depth {depth}");
            }
        }
    }
}
