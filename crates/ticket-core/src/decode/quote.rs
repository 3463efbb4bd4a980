//! Somebody else's words inside of our own.

/// The longest quotation, in characters as they are shown.
const LONGEST: usize = 200;

/// A text of a service, fit to stand inside a message: one line, nothing invisible, not too long.
///
/// ```
/// use ticket_core::decode::quoted;
///
/// assert_eq!(quoted("Resource not found"), "\"Resource not found\"");
/// assert_eq!(quoted("two\nlines"), "\"two\\nlines\"");
/// ```
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text.trim(), LONGEST))
}

/// A text fit to stand inside a message, cut where it would be longer than so many characters.
pub(crate) fn shown(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    let mut length = 0;
    for character in text.chars() {
        let is_plain = matches!(character, '"' | '\'');
        length += if is_plain { 1 } else { character.escape_debug().count() };
        if length > longest {
            shown.push('…');
            break;
        }
        if is_plain {
            shown.push(character);
        } else {
            shown.extend(character.escape_debug());
        }
    }
    shown
}

/// The beginning of a text that has more than so many characters.
pub(crate) fn cut(text: String, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_quotation_cannot_break_out_of_its_line() {
        for (text, shown) in [
            ("请检查 ID", "\"请检查 ID\""),
            ("a\r\nb", "\"a\\r\\nb\""),
            ("\u{1b}[2J", "\"\\u{1b}[2J\""),
            ("\u{202e}x\u{200b}", "\"\\u{202e}x\\u{200b}\""),
        ] {
            assert_eq!(quoted(text), shown);
        }
        assert_eq!(quoted(&"x".repeat(500)).chars().count(), 203);
        assert!(quoted(&"\u{1b}".repeat(500)).chars().count() <= 203, "what is shown counts");
    }
}
