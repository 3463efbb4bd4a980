//! Takes our own secrets out of an answer that repeats them, before any of it goes into an error.
//!
//! A proxy's page can echo the whole request, headers and all.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::HeaderValue;
use url::form_urlencoded;

use crate::{Answer, Secret};

/// What stands in the place of a secret.
const STARS: &str = "***";

/// A shorter text is no secret worth the name, and would be found in every sentence.
const SHORTEST: usize = 4;

/// The answer with every secret in it, in any of its forms, replaced by stars; `None` where there is none in it.
pub(super) fn redacted(answer: &Answer, secrets: &[Secret]) -> Option<Answer> {
    let forms = all_forms(secrets);
    let mut clean = answer.clone();
    let body = String::from_utf8_lossy(&answer.body);
    if let Some(body) = without(&body, &forms) {
        clean.body = Bytes::from(body);
    }
    for value in clean.headers.values_mut() {
        let text = String::from_utf8_lossy(value.as_bytes());
        if let Some(text) = without(&text, &forms) {
            *value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(STARS));
        }
    }
    (clean != *answer).then_some(clean)
}

/// The text with every secret in it, in any of its forms, replaced by stars.
pub(super) fn redacted_text<'a>(text: &'a str, secrets: &[Secret]) -> Cow<'a, str> {
    without(text, &all_forms(secrets)).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Every form of all secrets, the longest first, so that no part of a form is left when another form is part of it.
fn all_forms(secrets: &[Secret]) -> Vec<String> {
    let mut forms: Vec<String> =
        secrets.iter().flat_map(forms).filter(|form| form.len() >= SHORTEST).collect();
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms
}

/// A secret as it may be written: plain, as JSON, in Base64, percent-encoded; of a header's value also what follows its
/// scheme.
fn forms(secret: &Secret) -> Vec<String> {
    let whole = secret.expose();
    let bare = whole.split_once(' ').map_or(whole, |(_, rest)| rest);
    let mut forms = Vec::new();
    for plain in [whole, bare] {
        forms.push(plain.to_owned());
        let json = serde_json::to_string(plain).unwrap_or_default();
        forms.push(json.trim_matches('"').to_owned());
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            forms.push(engine.encode(plain));
        }
        let encoded: String = form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        forms.push(encoded.replace('+', "%20"));
        forms.push(encoded.to_ascii_lowercase());
        forms.push(encoded);
    }
    forms
}

/// The text without these; `None` where none of them is in it.
fn without(text: &str, forms: &[String]) -> Option<String> {
    let found = forms.iter().filter(|form| text.contains(form.as_str()));
    found.fold(None, |clean: Option<String>, form| {
        Some(clean.unwrap_or_else(|| text.to_owned()).replace(form.as_str(), STARS))
    })
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use crate::{Answer, Secret};

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secrets = [Secret::from("Bearer t-can/ary+\"1"), Secret::from("key:secret")];
        for body in [
            "a t-can/ary+\"1 b",
            r#"{"msg": "a t-can/ary+\"1 b"}"#,
            "a Bearer%20t-can%2Fary%2B%221 b",
            "a t-can%2fary%2b%221 b",
            "a dC1jYW4vYXJ5KyIx b",
            "a a2V5OnNlY3JldA== b",
            "a a2V5OnNlY3JldA b",
        ] {
            let answer = Answer::saved("get_ticket", body.to_owned());
            let clean = redacted(&answer, &secrets).unwrap_or_else(|| panic!("{body}"));
            let text = String::from_utf8(clean.body.to_vec()).unwrap();
            assert!(text.contains("a ***"), "{body} became {text}");
            assert!(!text.contains("ary") && !text.contains("a2V5"), "{body} became {text}");
        }
        let plain = Answer::saved("get_ticket", "nothing of it");
        assert_eq!(redacted(&plain, &secrets), None);
    }
}
