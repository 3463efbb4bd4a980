//! The secrets and their encodings.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// Each has characters that JSON, URLs and both Base64 alphabets encode differently.
pub(crate) const KEY: &str = "k-c4n4ry/+>?\"1";
pub(crate) const SECRET: &str = "s-c4n4ry/+>?~\\2";
pub(crate) const APP_SECRET: &str = "a-c4n4ry/+>?\"3";
pub(crate) const HELPDESK_TOKEN: &str = "h-c4n4ry/+>?~4";
pub(crate) const TOKEN: &str = "t-c4n4ry/+>?\"5";
pub(crate) const GIVEN_TOKEN: &str = "t-c4n4ry/+>?~6";

/// Not a secret, but a part of one.
pub(crate) const HELPDESK: &str = "6626871355780366330";

/// Returns the secrets of EngageLab, plain and as they are sent.
fn of_engagelab() -> Vec<String> {
    let pair = format!("{KEY}:{SECRET}");
    let encoded = STANDARD.encode(&pair);
    vec![KEY.into(), SECRET.into(), format!("Basic {encoded}"), encoded, pair]
}

fn of_helpdesk(token: &str) -> Vec<String> {
    let pair = format!("{HELPDESK}:{HELPDESK_TOKEN}");
    let encoded = STANDARD.encode(&pair);
    vec![HELPDESK_TOKEN.into(), encoded, pair, token.into(), format!("Bearer {token}")]
}

/// Returns the secrets in a request.
pub(crate) fn of_request(request: &str) -> Vec<String> {
    if request.contains("tenant_access_token") {
        vec![APP_SECRET.to_owned()]
    } else if request.contains("helpdesk") {
        of_helpdesk(if request.contains(GIVEN_TOKEN) { GIVEN_TOKEN } else { TOKEN })
    } else {
        of_engagelab()
    }
}

/// Returns a secret in every encoding.
pub(crate) fn forms(secret: &str) -> Vec<String> {
    let percent = |is_kept: fn(u8) -> bool, upper: bool| {
        secret.bytes().fold(String::new(), |mut text, byte| {
            match (is_kept(byte), upper) {
                (true, _) => text.push(char::from(byte)),
                (false, true) => write!(text, "%{byte:02X}").unwrap(),
                (false, false) => write!(text, "%{byte:02x}").unwrap(),
            }
            text
        })
    };
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
    let json = serde_json::to_string(secret).unwrap();
    let mut forms = vec![
        secret.to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent(is_kept, true),
        percent(is_kept, false),
    ];
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        forms.push(engine.encode(secret));
    }
    forms
}

/// Returns all secrets in every encoding.
fn all_forms() -> BTreeSet<String> {
    let helpdesks = [TOKEN, GIVEN_TOKEN].map(of_helpdesk).concat();
    let secrets = [of_engagelab(), helpdesks, vec![APP_SECRET.to_owned()]].concat();
    secrets.iter().flat_map(|secret| forms(secret)).collect()
}

/// Asserts that a text contains no secret in any encoding.
pub(crate) fn assert_redacted(text: &str, what: &str) {
    for form in all_forms() {
        assert!(!text.contains(&form), "{what} contains {form}:\n{text}");
    }
    assert!(!text.contains("c4n4ry"), "{what} contains a part of a secret:\n{text}");
}
