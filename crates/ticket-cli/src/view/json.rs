//! A ticket as JSON.

use std::fmt::Write;

use serde::Serialize;

use crate::view::clean::is_unseen;

/// One value in one line, for programs.
pub(crate) fn compact(value: &impl Serialize) -> String {
    // Every type that is printed is made of texts, numbers and lists: writing it cannot fail.
    serde_json::to_string(value).expect("the model is JSON")
}

/// One value over several lines, for people.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("the model is JSON")
}

/// The same JSON with each character that must not reach a terminal written as an escape.
///
/// The value stays the same: outside of strings JSON has no such character, inside of them the escape means it.
pub(crate) fn for_terminal(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unseen(character) && !matches!(character, '\n' | '\r' | '\t') {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing into a text cannot fail.
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
    fn a_terminal_gets_the_same_value_without_a_single_unseen_character() {
        let text = "\u{1b}[2J \u{9b} \u{7f} \u{202e} \u{200b} \u{e0041} \n 打印 👍";
        let json = for_terminal(&compact(&text));
        assert!(!json.contains(is_unseen), "{json:?}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        assert_eq!(for_terminal(&pretty(&["a"])), "[\n  \"a\"\n]");
    }
}
