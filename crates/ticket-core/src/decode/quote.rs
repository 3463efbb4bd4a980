//! Somebody else's words inside of our own.

/// The longest quotation, in characters.
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
    let mut quoted = String::from('"');
    for (index, character) in text.trim().chars().enumerate() {
        if index == LONGEST {
            quoted.push('…');
            break;
        }
        match character {
            '"' | '\'' => quoted.push(character),
            other => quoted.extend(other.escape_debug()),
        }
    }
    quoted.push('"');
    quoted
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
    }
}
