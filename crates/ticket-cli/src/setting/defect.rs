//! Refuses values with invisible characters, which a service would take as part of the value.
//!
//! Such characters come from line endings, copying and shells. No message repeats a value.

use std::ffi::OsString;

use ticket_core::Secret;

use crate::view::clean::is_unseen;

/// Returns the value, or its problem as a phrase that follows the name of the setting.
pub(super) fn check(value: OsString) -> Result<Secret, String> {
    let text = value.into_string().map_err(|_| "is not valid UTF-8".to_owned())?;
    defect(&text).map_or_else(|| Ok(Secret::from(text)), Err)
}

/// Returns whether a value is in quotes that no shell or file format removed.
pub(super) fn is_quoted(value: &str) -> bool {
    let mut characters = value.chars();
    let ends = (characters.next(), characters.next_back());
    matches!(ends, (Some('"'), Some('"')) | (Some('\''), Some('\'')) | (Some('“'), Some('”')))
}

fn defect(text: &str) -> Option<String> {
    let is_blank = |it: &char| it.is_whitespace() || is_unseen(*it);
    let first = text.chars().next().filter(is_blank).map(|it| ("begins with", it));
    let last = || text.chars().next_back().filter(is_blank).map(|it| ("ends with", it));
    let any = || text.chars().find(|it| is_unseen(*it)).map(|it| ("contains", it));
    let (position, character) = first.or_else(last).or_else(any)?;
    Some(format!("{position} {}", class(character)))
}

fn class(character: char) -> String {
    let code = format!("(U+{:04X})", u32::from(character));
    match character {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "a line break".into(),
        ' ' => "a space".into(),
        '\t' => "a tab".into(),
        _ if character.is_control() => format!("a control character {code}"),
        _ if character.is_whitespace() => format!("a white space character {code}"),
        _ => format!("an invisible character {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{check, is_quoted};

    #[test]
    fn refuses_invisible_characters() {
        for (value, expected) in [
            ("s3cret\n", "ends with a line break"),
            ("s3cret\r", "ends with a line break"),
            ("s3cret\r\n", "ends with a line break"),
            ("\u{2028}s3cret", "begins with a line break"),
            (" s3cret", "begins with a space"),
            ("s3cret ", "ends with a space"),
            ("\ts3cret", "begins with a tab"),
            ("s3cret\u{a0}", "ends with a white space character (U+00A0)"),
            ("\u{3000}s3cret", "begins with a white space character (U+3000)"),
            ("\u{feff}s3cret", "begins with an invisible character (U+FEFF)"),
            ("s3cret\u{200b}", "ends with an invisible character (U+200B)"),
            ("s3\u{200b}cret", "contains an invisible character (U+200B)"),
            ("s3\u{202e}cret", "contains an invisible character (U+202E)"),
            ("s3\u{7}cret", "contains a control character (U+0007)"),
            ("s3\u{1b}[0mcret", "contains a control character (U+001B)"),
            ("s3\ncret", "contains a line break"),
            ("s3\tcret", "contains a tab"),
            (" ", "begins with a space"),
        ] {
            assert_eq!(check(value.into()).unwrap_err(), expected, "{value:?}");
        }
        for value in ["s3cret", "s3 cret", "s3\u{a0}cret", "密钥", "\"s3cret\"", "e\u{301}"] {
            assert_eq!(check(value.into()).unwrap().expose(), value);
        }
    }

    #[test]
    #[cfg(unix)]
    fn refuses_bytes_that_are_not_text() {
        use std::os::unix::ffi::OsStringExt;
        let bytes = std::ffi::OsString::from_vec(b"s3cret\xff".to_vec());
        assert_eq!(check(bytes).unwrap_err(), "is not valid UTF-8");
    }

    #[test]
    fn detects_matching_quotes() {
        for quoted in ["\"a\"", "'a'", "“a”", "\"\""] {
            assert!(is_quoted(quoted), "{quoted}");
        }
        for plain in ["", "\"", "a", "\"a", "a'", "\"a'", "it's"] {
            assert!(!is_quoted(plain), "{plain}");
        }
    }
}
