//! Text of a service inside of our messages.

/// The longest quotation, in characters as they are shown.
const MAX_LENGTH: usize = 200;

/// Quotes a text of a service for a message: on one line, with invisible characters escaped, and shortened.
///
/// ```
/// use ticket_core::decode::quoted;
///
/// assert_eq!(quoted("Resource not found"), "\"Resource not found\"");
/// assert_eq!(quoted("two\nlines"), "\"two\\nlines\"");
/// ```
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text.trim(), MAX_LENGTH))
}

/// Escapes a text for a message, and shortens it to a number of characters.
pub(crate) fn escaped(text: &str, max_length: usize) -> String {
    let mut escaped = String::new();
    let mut length = 0;
    for character in text.chars() {
        let is_plain = matches!(character, '"' | '\'');
        length += if is_plain { 1 } else { character.escape_debug().count() };
        if length > max_length {
            escaped.push('…');
            break;
        }
        if is_plain {
            escaped.push(character);
        } else {
            escaped.extend(character.escape_debug());
        }
    }
    escaped
}

/// Shortens a text to a number of characters.
pub(crate) fn shortened(text: String, max_length: usize) -> String {
    match text.char_indices().nth(max_length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_in_one_short_line() {
        for (text, shown) in [
            ("请检查 ID", "\"请检查 ID\""),
            ("a\r\nb", "\"a\\r\\nb\""),
            ("\u{1b}[2J", "\"\\u{1b}[2J\""),
            ("\u{202e}x\u{200b}", "\"\\u{202e}x\\u{200b}\""),
        ] {
            assert_eq!(quoted(text), shown);
        }
        assert_eq!(quoted(&"x".repeat(500)).chars().count(), 203);
        assert!(quoted(&"\u{1b}".repeat(500)).chars().count() <= 203, "counts escaped characters");
    }
}
