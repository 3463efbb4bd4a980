//! Random changes of a response as JSON or as bytes. The same seed makes the same change.

use fastrand::Rng;
use ticket_core::mapping::tree::Tree;

/// Unusual values of every JSON type; some are not JSON.
const UNUSUAL: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "-0",
    "1e400",
    "-1e-400",
    "0.03",
    "1E+2",
    "9007199254740993",
    "18446744073709551616",
    "123456789012345678901234567890123456789012345678901234567890",
    "\"\"",
    "\" \"",
    "\"-1\"",
    "\"50\"",
    "\"1616920429000\"",
    "\"2025-11-04T10:00:00+08:00\"",
    "\"9999-12-31T23:59:59Z\"",
    "\"\\ud83d\"",
    "\"\\ude00\\ud83d x\"",
    "\"\\u0000\\u001b[2J\\u202e\"",
    "\"工单\u{200b}\u{feff}\"",
    "[]",
    "{}",
    "[null]",
    "[[[]]]",
    "{\"\":{\"/~\":[]}}",
    "{\"\\udfff\":1,\"\\ufffd\":2}",
    "01",
    "+1",
    "NaN",
    "tru",
    "'x'",
    "\"\\x\"",
    "\"\\u12\"",
    "",
];

/// Bytes to insert.
const INSERTIONS: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\0",
    b"\x1b",
    b"\x7f",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\\ud800",
    b"<html>",
    b"null",
    b"1e999",
    b"-",
    b"//",
];

/// Keys to add to an object.
const KEYS: &[&str] =
    &["", "/", "~1", "code", "data", "ticket", "id", "a\nb", "工单", "0", "\u{202e}"];

/// Returns the body with one to four changes.
pub(super) fn mutated_body(body: &[u8], seed: u64) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed);
    let mut body = body.to_vec();
    for _ in 0..rng.usize(1..=4) {
        let tree = str::from_utf8(&body).ok().and_then(|text| Tree::parse(text).ok());
        match tree {
            Some(mut tree) if rng.u8(..4) > 0 => {
                change_value(&mut tree, &mut rng);
                body = tree.to_string().into_bytes();
            }
            _ => change_bytes(&mut body, &mut rng),
        }
    }
    body
}

/// Returns the body with long lists, and with long strings that contain control characters.
#[cfg(feature = "contract")]
pub(super) fn with_long_values(body: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut tree = Tree::parse(str::from_utf8(body).ok()?).ok()?;
    lengthen(&mut tree);
    Some(("with long strings and lists".to_owned(), tree.to_string().into_bytes()))
}

#[cfg(feature = "contract")]
fn lengthen(tree: &mut Tree) {
    match tree {
        Tree::Scalar(json) if json.starts_with('"') => {
            let long = format!("\"{}\"", "\\u001b[2J\\n\\u202e long ".repeat(200));
            *json = long.into();
        }
        Tree::Scalar(_) => {}
        Tree::List(items) => {
            items.iter_mut().for_each(lengthen);
            *items = items.iter().cycle().take(items.len() * 300).cloned().collect();
        }
        Tree::Object(members) => members.iter_mut().for_each(|(_, value)| lengthen(value)),
    }
}

/// Returns the body once for each key of its outermost object, and for `error`, with this key twice.
#[cfg(feature = "contract")]
pub(super) fn with_duplicate_keys(body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let tree = str::from_utf8(body).ok().and_then(|text| Tree::parse(text).ok());
    let Some(Tree::Object(members)) = tree else { return Vec::new() };
    let with_duplicate = |key: &str| {
        let mut members = members.clone();
        let value = members.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
        let value = value.unwrap_or(Tree::Object(Vec::new()));
        members.retain(|(known, _)| known != key);
        members.extend([(key.to_owned(), value.clone()), (key.to_owned(), value)]);
        (format!("with `{key}` twice"), Tree::Object(members).to_string().into_bytes())
    };
    let own = members.iter().map(|(key, _)| key.as_str()).filter(|key| *key != "error");
    own.chain(["error"]).map(with_duplicate).collect()
}

/// Changes a random value of the tree.
fn change_value(tree: &mut Tree, rng: &mut Rng) {
    match tree {
        Tree::List(items) if !items.is_empty() && rng.u8(..8) > 0 => {
            let index = rng.usize(..items.len());
            match rng.u8(..12) {
                0 => items.push(items[index].clone()),
                1 => drop(items.remove(index)),
                2 => items.rotate_left(index),
                _ => change_value(&mut items[index], rng),
            }
        }
        Tree::Object(members) if !members.is_empty() && rng.u8(..8) > 0 => {
            let (one, other) = (rng.usize(..members.len()), rng.usize(..members.len()));
            match rng.u8(..16) {
                // A duplicate key.
                0 => members.push(members[one].clone()),
                1 => drop(members.remove(one)),
                2 => KEYS[rng.usize(..KEYS.len())].clone_into(&mut members[one].0),
                3 => members.push((KEYS[rng.usize(..KEYS.len())].to_owned(), unusual(rng))),
                // A value from elsewhere, perhaps of another type.
                4 => members[one].1 = members[other].1.clone(),
                5 => members.swap(one, other),
                _ => change_value(&mut members[one].1, rng),
            }
        }
        value => {
            *value = match rng.u8(..6) {
                0 => Tree::List(vec![value.clone(), unusual(rng)]),
                1 => Tree::Object(vec![("x".to_owned(), value.clone())]),
                2 => as_other_type(value),
                _ => unusual(rng),
            }
        }
    }
}

fn unusual(rng: &mut Rng) -> Tree {
    let text = match rng.u8(..12) {
        0 => {
            // Deeper than the limit of most parsers.
            let depth = rng.usize(1..300);
            let (open, close) = if rng.bool() { ("[", "]") } else { ("{\"x\":", "}") };
            format!("{}0{}", open.repeat(depth), close.repeat(depth))
        }
        1 => format!("\"{}\"", "工\\u5355 ".repeat(rng.usize(1..200))),
        2 => rng.i64(..).to_string(),
        _ => UNUSUAL[rng.usize(..UNUSUAL.len())].to_owned(),
    };
    Tree::Scalar(text.into())
}

/// Removes the quotes of a string, and adds quotes to anything else.
fn as_other_type(value: &Tree) -> Tree {
    let text = value.to_string();
    let unquoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let other = unquoted
        .map_or_else(|| serde_json::to_string(&text).expect("a string is JSON"), str::to_owned);
    Tree::Scalar(other.into())
}

/// Changes random bytes.
fn change_bytes(body: &mut Vec<u8>, rng: &mut Rng) {
    let length = body.len();
    let start = rng.usize(..=length);
    let end = length.min(start + rng.usize(1..40));
    match rng.u8(..6) {
        0 if start < length => body[start] ^= 1 << rng.u8(..8),
        1 if start < length => body[start] = rng.u8(..),
        2 => body.truncate(start),
        3 => drop(body.drain(start..end)),
        4 => {
            let copy = body[start..end].to_vec();
            let to = rng.usize(..=length);
            body.splice(to..to, copy);
        }
        _ => {
            let insertion = INSERTIONS[rng.usize(..INSERTIONS.len())];
            body.splice(start..start, insertion.iter().copied());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::mutated_body;

    const BODY: &[u8] = br#"{"code":0,"data":{"list":[1,"two",{"three":null}],"text":"abc"}}"#;

    #[test]
    fn seeds_are_reproducible_and_differ() {
        let all: HashSet<_> = (0..500).map(|seed| mutated_body(BODY, seed)).collect();
        assert!(all.len() > 400, "{} of 500 differ", all.len());
        assert!((0..500).all(|seed| all.contains(&mutated_body(BODY, seed))));
    }

    #[test]
    fn changes_invalid_and_empty_bodies() {
        for body in [&b""[..], b"\xff", b"{", b"[]", b"null"] {
            assert!((0..200).any(|seed| mutated_body(body, seed) != body));
        }
    }

    #[test]
    fn makes_every_kind_of_change() {
        let all: Vec<_> = (0..3_000).map(|seed| mutated_body(BODY, seed)).collect();
        let has = |is: &dyn Fn(&[u8]) -> bool| all.iter().any(|body| is(body));
        let contains = |part: &'static [u8]| {
            has(&|body: &[u8]| body.windows(part.len()).any(|window| window == part))
        };
        assert!(has(&|body| str::from_utf8(body).is_err()), "not UTF-8");
        assert!(has(&|body| body.len() < 20), "cut short");
        for part in
            [&b"\\ud83d\""[..], b"1e400", b"[[[[[[[[[[[[", b"\"text\":\"abc\",\"text\"", b"\x1b"]
        {
            assert!(contains(part), "{}", part.escape_ascii());
        }
    }
}
