//! The unified ticket as JSON without nulls and empty lists.

use ticket_core::model::Ticket;

use crate::error::MirrorError;

/// Returns the ticket as JSON in which keys without a value are left out, and its hash. [`read`] reads it back.
///
/// The hash does not depend on the order of keys, and of fields, people and links: some services send them in another order each
/// time. It is stored, so it must never change.
pub(crate) fn write(ticket: &Ticket) -> (String, i64) {
    let mut full = Vec::with_capacity(CAPACITY);
    serde_json::to_writer(&mut full, ticket).expect("a ticket is JSON");
    let mut walker = Walker { text: &full, at: 0, out: Vec::with_capacity(full.len()) };
    let hash = walker.value(false, false);
    let json = String::from_utf8(walker.out).expect("whole values are copied");
    (json, hash.cast_signed())
}

/// Returns the ticket as JSON in which keys without a value are left out, as the mirror stores it.
pub fn ticket_json(ticket: &Ticket) -> String {
    write(ticket).0
}

/// Reads a ticket that [`write()`] wrote.
///
/// # Errors
/// [`MirrorError::Damaged`] if it is not a ticket.
pub(crate) fn read(json: &str) -> Result<Ticket, MirrorError> {
    serde_json::from_str(json).map_err(|error| MirrorError::Damaged(format!("a ticket: {error}")))
}

/// Returns the hash of a text.
pub(crate) fn hash(text: &str) -> i64 {
    hash_of(text.as_bytes()).cast_signed()
}

/// The size of most tickets with all keys.
const CAPACITY: usize = 8 << 10;

/// The lists of a ticket whose order means nothing.
const UNORDERED: [&[u8]; 7] = [
    b"custom_fields",
    b"tags",
    b"agents",
    b"collaborators",
    b"followers",
    b"participants",
    b"relations",
];

/// Copies compact JSON, leaves out keys without a value, and computes the hash of what is left.
struct Walker<'t> {
    text: &'t [u8],
    at: usize,
    out: Vec<u8>,
}

impl Walker<'_> {
    /// Copies one value and returns its hash. `is_whole` keeps all of its keys: it is the provider's own JSON.
    fn value(&mut self, is_whole: bool, is_unordered: bool) -> u64 {
        match self.text[self.at] {
            b'{' => self.object(is_whole),
            b'[' => self.list(is_whole, is_unordered),
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> u64 {
        let start = self.at;
        self.at = if self.text[start] == b'"' {
            string_end(self.text, start)
        } else {
            let rest = self.text[start..].iter();
            start + rest.take_while(|byte| !matches!(byte, b',' | b'}' | b']')).count()
        };
        let scalar = &self.text[start..self.at];
        self.out.extend_from_slice(scalar);
        hash_of(scalar)
    }

    fn object(&mut self, is_whole: bool) -> u64 {
        let text = self.text;
        let mut sum = hash_of(b"{");
        self.copy(b'{');
        let mut is_first = true;
        while text[self.at] != b'}' {
            self.at += usize::from(text[self.at] == b',');
            let key = self.at..string_end(text, self.at);
            let name = &text[key.start + 1..key.end - 1];
            let value = &text[key.end + 1..];
            let is_own = is_whole || matches!(name, b"extra" | b"value" | b"native");
            let empty = match value {
                [b'n', ..] if !is_whole => 4,
                [b'[', b']', ..] if !is_own => 2,
                [b'{', b'}', ..] if !is_own || !is_whole && name == b"extra" => 2,
                _ => 0,
            };
            self.at = key.end + 1 + empty;
            if empty > 0 {
                continue;
            }
            if !is_first {
                self.out.push(b',');
            }
            is_first = false;
            self.out.extend_from_slice(&text[key.start..=key.end]);
            let is_unordered = value[0] == b'[' && UNORDERED.contains(&name);
            let value = self.value(is_own, is_unordered);
            sum = sum.wrapping_add(mixed(hash_of(&text[key]), value));
        }
        self.copy(b'}');
        sum
    }

    fn list(&mut self, is_whole: bool, is_unordered: bool) -> u64 {
        let mut sum = hash_of(b"[");
        self.copy(b'[');
        while self.text[self.at] != b']' {
            if self.text[self.at] == b',' {
                self.copy(b',');
            }
            let value = self.value(is_whole, false);
            sum = if is_unordered { sum.wrapping_add(mixed(1, value)) } else { mixed(sum, value) };
        }
        self.copy(b']');
        sum
    }

    /// Copies this byte, which is the next one.
    fn copy(&mut self, byte: u8) {
        self.at += 1;
        self.out.push(byte);
    }
}

/// Returns where the string that begins at `start` ends.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        // Eight bytes at a time, as long as none of them is a quote or a backslash.
        while let Some(word) = text.get(at..).and_then(<[u8]>::first_chunk::<8>)
            && !has(u64::from_le_bytes(*word), b'"')
            && !has(u64::from_le_bytes(*word), b'\\')
        {
            at += 8;
        }
        match text[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Returns whether one of the eight bytes is this byte.
const fn has(word: u64, byte: u8) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let word = word ^ (ONES * byte as u64);
    word.wrapping_sub(ONES) & !word & (ONES << 7) != 0
}

/// Returns a hash of two hashes in this order.
fn mixed(first: u64, second: u64) -> u64 {
    let mixed = (first.rotate_left(23) ^ second).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 32)
}

/// Returns a hash of bytes, eight at a time, then like FNV-1a.
fn hash_of(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(0xcbf2_9ce4_8422_2325 ^ bytes.len() as u64, |hash, word| {
        mixed(hash, u64::from_le_bytes(*word))
    });
    rest.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use ticket_core::model::{CustomField, Ticket};

    use super::{Walker, hash, read, write};

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
        let (json, _) = write(&ticket);
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
        let of = |json: &str| {
            let mut walker = Walker { text: json.as_bytes(), at: 0, out: Vec::new() };
            walker.value(false, false).cast_signed()
        };
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
