//! Serializes values as JSON.

use std::fmt::Write;

use serde::Serialize;

use crate::view::clean::is_unseen;

/// Returns a value as one line of JSON.
pub(crate) fn compact(value: &impl Serialize) -> String {
    // The printed types contain no map with keys that are not strings, so serializing cannot fail.
    serde_json::to_string(value).expect("the model is JSON")
}

/// Appends a value as one line of JSON, with its line break.
pub(crate) fn append_line(out: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(&mut *out, value).expect("the model is JSON");
    out.push(b'\n');
}

/// Returns a value as indented JSON.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("the model is JSON")
}

/// Escapes each character of a JSON text that is unsafe on a terminal.
///
/// The value stays the same: such characters occur only in strings, where the escape has the same meaning.
pub(crate) fn for_terminal(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unseen(character) && !matches!(character, '\n' | '\r' | '\t') {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{compact, for_terminal, pretty};
    use crate::view::clean::is_unseen;

    #[test]
    fn escapes_invisible_characters_without_changing_the_value() {
        let text = "\u{1b}[2J \u{9b} \u{7f} \u{202e} \u{200b} \u{e0041} \n 打印 👍";
        let json = for_terminal(&compact(&text));
        assert!(!json.contains(is_unseen), "{json:?}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        assert_eq!(for_terminal(&pretty(&["a"])), "[\n  \"a\"\n]");
    }
}
