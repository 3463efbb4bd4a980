//! Shortens data URIs: an image that was pasted into a message would fill the screen with its payload.

use std::borrow::Cow;

use crate::amount::short_size;

/// The length of the shortest payload that is shortened.
const MIN_PAYLOAD_LENGTH: usize = 64;
/// The length of the longest media type with its parameters.
const MAX_TYPE_LENGTH: usize = 200;

/// Replaces the payload of each long data URI with its size: `data:image/png, 12.3 kB`.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (colon, _) in text.match_indices(':') {
        if colon < copied {
            continue;
        }
        let Some((media_type, size, end)) = data_uri(text, colon) else { continue };
        out.push_str(&text[copied..=colon]);
        out.push_str(media_type);
        out.push_str(", ");
        out.push_str(&short_size(size));
        copied = end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Returns the media type, the size in bytes and the end of the data URI whose colon is at `colon`.
fn data_uri(text: &str, colon: usize) -> Option<(&str, u64, usize)> {
    let bytes = text.as_bytes();
    let start = colon.checked_sub("data".len())?;
    let is_scheme = bytes[start..colon].eq_ignore_ascii_case(b"data");
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
    if !is_scheme || bytes[..start].last().is_some_and(is_word) {
        return None;
    }
    let head = &bytes[colon + 1..];
    let head = &head[..head.len().min(MAX_TYPE_LENGTH)];
    let is_head = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$&^_.+-/;=%'*".contains(byte);
    let length = head.iter().take_while(|byte| is_head(byte)).count();
    if head.get(length) != Some(&b',') {
        return None;
    }
    let head = &text[colon + 1..][..length];
    let is_base64 =
        head.rsplit_once(';').is_some_and(|(_, last)| last.eq_ignore_ascii_case("base64"));
    let media_type = head.split(';').next().unwrap_or_default();
    if !(media_type.contains('/') || media_type.is_empty() && is_base64) {
        return None;
    }
    let from = colon + 1 + length + 1;
    let is_payload = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'/' | b'-' | b'_' | b'=' | b'%' => true,
        _ => !is_base64 && b".!~*;:@&$,?#".contains(byte),
    };
    let payload = bytes[from..].iter().take_while(|byte| is_payload(byte)).count();
    if payload < MIN_PAYLOAD_LENGTH {
        return None;
    }
    let end = from + payload;
    let media_type = if media_type.is_empty() { "text/plain" } else { media_type };
    Some((media_type, size(&text[from..end], is_base64), end))
}

/// Returns the size in bytes of the decoded payload.
fn size(payload: &str, is_base64: bool) -> u64 {
    // `%3D` encodes one byte.
    let escapes = payload.matches('%').count();
    let characters = payload.len().saturating_sub(2 * escapes) as u64;
    if !is_base64 {
        return characters;
    }
    let padding = payload.len() - payload.trim_end_matches('=').len();
    characters.saturating_sub(padding as u64) * 3 / 4
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn shortens_only_long_data_uris() {
        let a = |count: usize| "A".repeat(count);
        for (sent, shown) in [
            (
                format!("![x](data:image/png;base64,{}) done", a(16_400)),
                "![x](data:image/png, 12.3 kB) done".into(),
            ),
            (
                format!("DATA:image/svg+xml;charset=utf-8;BASE64,{}==", a(94)),
                "DATA:image/svg+xml, 70 bytes".into(),
            ),
            (format!("data:;base64,{}工", a(100)), "data:text/plain, 75 bytes工".into()),
            (
                format!("\"data:text/html,%3Ch1%3E{}\"", a(100)),
                "\"data:text/html, 104 bytes\"".into(),
            ),
            (
                format!("data:a/b,{} data:a/b,{}", a(64), a(65)),
                "data:a/b, 64 bytes data:a/b, 65 bytes".into(),
            ),
        ] {
            let shown: String = shown;
            assert_eq!(shortened(&sent), shown);
        }
        let long = a(100);
        for whole in [
            "data:image/png;base64,AAAA".to_owned(),
            format!("the data: {long}"),
            format!("data:{long}"),
            format!("data:image/png {long}"),
            format!("metadata:a/b,{long}"),
            format!("data:none,{long}"),
            format!("https://example.com/a,{long}"),
            "data:".to_owned(),
            String::new(),
        ] {
            assert_eq!(shortened(&whole), whole);
        }
    }
}
