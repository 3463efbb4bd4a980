//! A tokenizer that knows the pointer of each token: it finds what `serde_json` cannot parse, and where.

use std::ops::Range;

use ticket_model::unpaired_surrogates;

/// Text in which valid JSON that `serde_json` refuses was replaced.
#[derive(Debug)]
pub(super) struct Repaired {
    /// The text, with each such token replaced by one of the same length.
    pub(super) text: String,
    /// The offset of each unpaired surrogate, now U+FFFD, in the order of the text.
    pub(super) surrogates: Vec<usize>,
}

/// Replaces unpaired surrogates and numbers beyond a double, each by a token of the same length.
///
/// Offsets stay the same, so that any part of the result can be looked up in the original. Returns `None` if there is nothing to
/// repair.
pub(super) fn repair(text: &str) -> Option<Repaired> {
    let mut bytes = text.as_bytes().to_vec();
    let mut surrogates = Vec::new();
    let mut changed = false;
    let mut scanner = Scanner::new(text);
    while let Some(token) = scanner.next_token() {
        let range = token.range.clone();
        match token.kind {
            Kind::Key | Kind::Text => {
                for offset in unpaired_surrogates(&text[range.clone()]) {
                    let offset = range.start + offset;
                    bytes[offset..offset + 6].copy_from_slice(br"\ufffd");
                    surrogates.push(offset);
                    changed = true;
                }
            }
            Kind::Number => {
                let number = &text[range.clone()];
                if is_json_number(number) && number.parse().is_ok_and(f64::is_infinite) {
                    bytes[range.clone()].fill(b'0');
                    bytes[range.start + 1] = b'.';
                    changed = true;
                }
            }
        }
    }
    changed.then(|| Repaired {
        text: String::from_utf8(bytes).expect("ASCII was replaced by ASCII"),
        surrogates,
    })
}

/// Returns whether a text is a number of JSON; Rust's also has `01` and `1.`.
fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let text = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || whole > 1 && text.starts_with('0') {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        None => rest.is_empty(),
    }
}

/// Returns the pointer of each text and key that contains one of these offsets, with the first offset in it.
///
/// The offsets are in the order of the text.
pub(super) fn pointers_of(text: &str, mut offsets: &[usize]) -> Vec<(usize, String)> {
    let mut pointers = Vec::new();
    let mut scanner = Scanner::new(text);
    while !offsets.is_empty() {
        let Some(token) = scanner.next_token() else { break };
        let inside = offsets.iter().take_while(|offset| token.range.contains(offset)).count();
        if inside > 0 {
            pointers.push((offsets[0], scanner.pointer()));
            offsets = &offsets[inside..];
        }
    }
    pointers
}

/// Returns the pointer of the value at this offset.
pub(super) fn pointer_at(text: &str, offset: usize) -> String {
    let mut scanner = Scanner::new(&text[..text.floor_char_boundary(offset)]);
    while scanner.next_token().is_some() {}
    scanner.pointer()
}

enum Kind {
    Key,
    Text,
    Number,
}

struct Token {
    kind: Kind,
    range: Range<usize>,
}

enum Frame {
    List { index: usize },
    Object { key: Range<usize>, key_is_next: bool },
}

/// Iterates over the tokens of JSON text; malformed text ends it early.
struct Scanner<'t> {
    text: &'t str,
    offset: usize,
    frames: Vec<Frame>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, offset: 0, frames: Vec::new() }
    }

    /// Returns the next string or number.
    fn next_token(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.offset;
            match bytes.get(start)? {
                b'{' => self.frames.push(Frame::Object { key: 0..0, key_is_next: true }),
                b'[' => self.frames.push(Frame::List { index: 0 }),
                b'}' | b']' => {
                    self.frames.pop();
                }
                b',' => match self.frames.last_mut() {
                    Some(Frame::List { index }) => *index += 1,
                    Some(Frame::Object { key_is_next, .. }) => *key_is_next = true,
                    None => {}
                },
                b'"' => {
                    self.offset = end_of_string(bytes, start)?;
                    let range = start..self.offset;
                    if let Some(Frame::Object { key, key_is_next: key_is_next @ true }) =
                        self.frames.last_mut()
                    {
                        *key = range.clone();
                        *key_is_next = false;
                        return Some(Token { kind: Kind::Key, range });
                    }
                    return Some(Token { kind: Kind::Text, range });
                }
                b'-' | b'0'..=b'9' => {
                    let rest = &bytes[start..];
                    let is_number =
                        |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                    self.offset += rest.iter().take_while(|byte| is_number(byte)).count();
                    return Some(Token { kind: Kind::Number, range: start..self.offset });
                }
                _ => {}
            }
            self.offset += 1;
        }
    }

    /// Returns the RFC 6901 pointer of the last token, or of the end of the text.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for frame in &self.frames {
            match frame {
                Frame::List { index } => push_step(&mut pointer, &index.to_string()),
                Frame::Object { key_is_next: true, .. } => {}
                Frame::Object { key, .. } => {
                    let quoted = &self.text[key.clone()];
                    let name = serde_json::from_str::<String>(quoted)
                        .unwrap_or_else(|_| quoted.trim_matches('"').to_owned());
                    push_step(&mut pointer, &name);
                }
            }
        }
        pointer
    }
}

fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut offset = start + 1;
    loop {
        match bytes.get(offset)? {
            b'\\' => offset += 2,
            b'"' => return Some(offset + 1),
            _ => offset += 1,
        }
    }
}

/// Appends a step to an RFC 6901 pointer.
pub(crate) fn push_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    if step.contains(['~', '/']) {
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(step);
    }
}

#[cfg(test)]
mod tests {
    use super::{pointer_at, pointers_of, repair};

    #[test]
    fn keeps_offsets_when_repairing() {
        let text = r#"{"a": ["x\ud83d", 1e400, -1e999, 1e300], "b\udc00": 2}"#;
        let repaired = repair(text).unwrap();
        assert_eq!(repaired.text, r#"{"a": ["x\ufffd", 0.000, 0.0000, 1e300], "b\ufffd": 2}"#);
        let pointers = |offsets: &[usize]| pointers_of(&repaired.text, offsets);
        assert_eq!(pointers(&repaired.surrogates), [(9, "/a/0".into()), (43, "/b\u{FFFD}".into())]);
        assert_eq!(pointers(&repaired.surrogates[1..]), [(43, "/b\u{FFFD}".into())]);
        let one_a_text = pointers_of(r#"["ab", "cd"]"#, &[2, 3, 8, 9]);
        assert_eq!(one_a_text, [(2, "/0".into()), (8, "/1".into())]);
        assert!(repair(r#"{"a": [1, "b", 1e308]}"#).is_none());
    }

    #[test]
    fn finds_pointers_in_malformed_text() {
        let text = r#"{"data": {"list": [1, {"x/y": "abc"#;
        for (needle, pointer) in [
            ("abc", "/data/list/1/x~1y"),
            ("x/y", "/data/list/1"),
            ("1", "/data/list/0"),
            ("list", "/data"),
            ("data", ""),
        ] {
            assert_eq!(pointer_at(text, text.find(needle).unwrap()), pointer, "{needle}");
        }
        assert_eq!(pointer_at(text, text.len()), "/data/list/1/x~1y");
        assert_eq!(pointer_at("", 0), "");
    }
}
