//! The unified ticket as JSON without nulls and empty lists.

use ticket_core::model::Ticket;

use crate::error::MirrorError;

/// The keys whose values are the provider's own JSON, which stays as it is.
const OPAQUE: [&str; 3] = ["extra", "value", "native"];

/// Returns the ticket as JSON in which keys without a value are left out. [`read`] reads it back.
pub(crate) fn write(ticket: &Ticket) -> String {
    let full = serde_json::to_string(ticket).expect("a ticket is JSON");
    let mut out = String::with_capacity(full.len());
    let rest = copy(&full, &mut out);
    debug_assert!(rest.is_empty(), "one value");
    out
}

/// Reads a ticket that [`write()`] wrote.
///
/// # Errors
/// [`MirrorError::Damaged`] if it is not a ticket.
pub(crate) fn read(json: &str) -> Result<Ticket, MirrorError> {
    serde_json::from_str(json).map_err(|error| MirrorError::Damaged(format!("a ticket: {error}")))
}

/// Copies one compact JSON value without nulls and empty lists in its objects, and returns what follows.
fn copy<'t>(text: &'t str, out: &mut String) -> &'t str {
    match text.as_bytes().first() {
        Some(b'{') => copy_object(text, out),
        Some(b'[') => copy_list(text, out),
        _ => copy_whole(text, out),
    }
}

fn copy_object<'t>(text: &'t str, out: &mut String) -> &'t str {
    out.push('{');
    let mut rest = &text[1..];
    let mut is_first = true;
    while !rest.starts_with('}') {
        rest = rest.strip_prefix(',').unwrap_or(rest);
        let key_end = string_end(rest);
        let (key, value) = (&rest[..key_end], &rest[key_end + 1..]);
        let dropped = ["null", "[]", "{}"].iter().find(|empty| {
            value.strip_prefix(**empty).is_some_and(|rest| rest.starts_with([',', '}']))
        });
        let name = key.trim_matches('"');
        // Of the provider's own JSON only a missing value is none.
        let is_opaque = OPAQUE.contains(&name);
        match dropped {
            Some(empty) if !is_opaque || *empty == "null" || name == "extra" => {
                rest = &value[empty.len()..];
            }
            _ => {
                if !is_first {
                    out.push(',');
                }
                is_first = false;
                out.push_str(key);
                out.push(':');
                rest = if is_opaque { copy_whole(value, out) } else { copy(value, out) };
            }
        }
    }
    out.push('}');
    &rest[1..]
}

fn copy_list<'t>(text: &'t str, out: &mut String) -> &'t str {
    out.push('[');
    let mut rest = &text[1..];
    while !rest.starts_with(']') {
        if let Some(next) = rest.strip_prefix(',') {
            out.push(',');
            rest = next;
        }
        rest = copy(rest, out);
    }
    out.push(']');
    &rest[1..]
}

/// Copies one value as it is, and returns what follows.
fn copy_whole<'t>(text: &'t str, out: &mut String) -> &'t str {
    let end = value_end(text);
    out.push_str(&text[..end]);
    &text[end..]
}

/// Returns the length of the value at the start of the text.
fn value_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut index, mut depth) = (0, 0_usize);
    while index < bytes.len() {
        match bytes[index] {
            b'"' => index += string_end(&text[index..]) - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return index,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        index += 1;
    }
    index
}

/// Returns the length of the string at the start of the text, with its quotes.
fn string_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut index = 1;
    while bytes[index] != b'"' {
        index += if bytes[index] == b'\\' { 2 } else { 1 };
    }
    index + 1
}

/// Returns the hash of a text.
pub(crate) fn hash(text: &str) -> i64 {
    text_hash(text).cast_signed()
}

/// Returns a hash of a ticket's JSON that does not depend on the order of keys, and of fields, people and links: some services send
/// them in another order each time. It is stored, so it must never change.
pub(crate) fn content_hash(json: &str) -> i64 {
    hash_value(json, false).0.cast_signed()
}

/// The lists of a ticket whose order means nothing.
const UNORDERED: [&str; 7] =
    ["custom_fields", "tags", "agents", "collaborators", "followers", "participants", "relations"];

/// Returns the hash of the value at the start of compact JSON, and what follows it.
fn hash_value(text: &str, is_unordered: bool) -> (u64, &str) {
    match text.as_bytes().first() {
        Some(b'{') => hash_object(text),
        Some(b'[') => hash_list(text, is_unordered),
        _ => {
            let end = value_end(text);
            (text_hash(&text[..end]), &text[end..])
        }
    }
}

fn hash_object(text: &str) -> (u64, &str) {
    let (mut rest, mut sum) = (&text[1..], text_hash("{"));
    while !rest.starts_with('}') {
        rest = rest.strip_prefix(',').unwrap_or(rest);
        let key_end = string_end(rest);
        let key = &rest[..key_end];
        let is_unordered = UNORDERED.contains(&&key[1..key_end - 1]);
        let (value, after) = hash_value(&rest[key_end + 1..], is_unordered);
        sum = sum.wrapping_add(mixed(text_hash(key), value));
        rest = after;
    }
    (sum, &rest[1..])
}

fn hash_list(text: &str, is_unordered: bool) -> (u64, &str) {
    let (mut rest, mut sum) = (&text[1..], text_hash("["));
    while !rest.starts_with(']') {
        rest = rest.strip_prefix(',').unwrap_or(rest);
        let (value, after) = hash_value(rest, false);
        sum = if is_unordered { sum.wrapping_add(mixed(1, value)) } else { mixed(sum, value) };
        rest = after;
    }
    (sum, &rest[1..])
}

/// Returns a hash of two hashes in this order.
fn mixed(first: u64, second: u64) -> u64 {
    let mixed = (first.rotate_left(23) ^ second).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 32)
}

/// Returns a hash of a text, eight bytes at a time, then like FNV-1a.
fn text_hash(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(0xcbf2_9ce4_8422_2325 ^ text.len() as u64, |hash, word| {
        mixed(hash, u64::from_le_bytes(*word))
    });
    rest.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use ticket_core::model::{CustomField, Ticket};

    use super::{content_hash, hash, read, write};

    #[test]
    fn leaves_out_what_is_empty_and_keeps_the_providers_own_json() {
        let field = |value: &str| CustomField {
            id: Some("a\"\\".into()),
            value: value.parse().ok(),
            ..CustomField::default()
        };
        let mut ticket = Ticket { solved: Some(false), ..Ticket::new("acme", "1") };
        ticket.custom_fields =
            ["[]", "{}", "{\"a\":[null,{\"b\":\"}]\"}],\"c\":[]}", "1e400"].map(field).into();
        ticket.extra.insert("/x".into(), "null".parse().unwrap());
        let json = write(&ticket);
        assert_eq!(
            json,
            r#"{"provider":"acme","id":"1","custom_fields":[{"id":"a\"\\","value":[]},{"id":"a\"\\","value":{}},{"id":"a\"\\","value":{"a":[null,{"b":"}]"}],"c":[]}},{"id":"a\"\\","value":1e400}],"solved":false,"extra":{"/x":null}}"#
        );
        assert_eq!(read(&json).unwrap(), ticket);
    }

    #[test]
    fn a_hash_stays_as_it_is() {
        assert_eq!(hash(""), -3_750_763_034_362_895_579);
        assert_ne!(hash("a"), hash("b"));
    }

    #[test]
    fn order_counts_only_where_it_means_something() {
        let of = |json: &str| content_hash(json);
        for (one, other, is_same) in [
            (r#"{"a":1,"b":[1,2]}"#, r#"{"b":[1,2],"a":1}"#, true),
            (r#"{"b":[1,2]}"#, r#"{"b":[2,1]}"#, false),
            (r#"{"tags":[{"id":"1"},{"id":"2"}]}"#, r#"{"tags":[{"id":"2"},{"id":"1"}]}"#, true),
            (r#"{"tags":[{"id":"1"}]}"#, r#"{"tags":[{"id":"1"},{"id":"1"}]}"#, false),
            (r#"{"a":"}{","b":1}"#, r#"{"b":1,"a":"}{"}"#, true),
            (r#"{"a":"b"}"#, r#"{"b":"a"}"#, false),
            (r#"{"a":{"b":1}}"#, r#"{"a":1,"b":1}"#, false),
            ("{}", "[]", false),
        ] {
            assert_eq!(of(one) == of(other), is_same, "{one} {other}");
        }
        assert_eq!(of(r#"{"a":[1,"x"]}"#), -8_810_719_333_656_398_435, "stored hashes stay valid");
    }
}
