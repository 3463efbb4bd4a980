//! The validated id of a ticket.

use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind};

/// The id of one ticket at its provider.
///
/// It has 1 to 128 characters of `A-Z a-z 0-9 _ . : -` and is neither `.` nor `..`: it becomes a segment of a URL path, and
/// anything else could change the URL.
///
/// ```
/// use ticket_core::TicketId;
///
/// let id: TicketId = "tk_20251104_789abc".parse()?;
/// assert_eq!(id.as_str(), "tk_20251104_789abc");
/// assert!("../tickets".parse::<TicketId>().is_err());
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketId(String);

impl TicketId {
    /// The longest id, in characters.
    pub const MAX_LENGTH: usize = 128;

    /// Validates an id.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidRequest`]: the text is empty, too long, or has other characters.
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        let problem = if text.is_empty() {
            "empty".to_owned()
        } else if text == "." || text == ".." {
            format!("\"{text}\" would change the URL")
        } else if let Some(strange) = text.chars().find(|character| !is_allowed(*character)) {
            format!("{}: the character {strange:?} is not allowed", shown(&text))
        } else if text.len() > Self::MAX_LENGTH {
            format!("{}: it has {} characters", shown(&text), text.len())
        } else {
            return Ok(Self(text));
        };
        Err(Error::new(ErrorKind::InvalidRequest, format!("invalid ticket id: {problem}"))
            .with_hint("a ticket id has 1 to 128 characters: letters, digits and _ . : -"))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the text in quotes; of a long one only the beginning, and how long it is.
fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        None => format!("\"{}\"", text.escape_debug()),
        Some((end, _)) => format!(
            "\"{}…\" (the first {LONGEST} of {} characters)",
            text[..end].escape_debug(),
            text.chars().count()
        ),
    }
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ':' | '-')
}

impl FromStr for TicketId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl AsRef<str> for TicketId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::TicketId;
    use crate::ErrorKind;

    #[test]
    fn accepts_ids_of_both_providers() {
        let longest = "x".repeat(TicketId::MAX_LENGTH);
        for text in ["6626871355780366331", "tk_20251104_789abc", "A-1.b:2", "...", &longest] {
            assert_eq!(TicketId::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn refuses_ids_that_could_change_the_url() {
        let too_long = "x".repeat(TicketId::MAX_LENGTH + 1);
        for text in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "//evil.example/x",
            ".\t.",
            "a\nb",
            "a b",
            "%2e%2e",
            "a?b",
            "a#b",
            "a\\b",
            "工单",
            "a\u{200b}b",
            &too_long,
        ] {
            let error = TicketId::new(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{text:?}");
            assert!(!error.to_string().contains(['\n', '\t', '\u{200b}']), "{error}");
        }
    }

    #[test]
    fn says_that_a_long_id_is_cut() {
        let (short, long) = ("/".repeat(60), "x".repeat(129));
        for (text, expected) in [
            ("", "invalid ticket id: empty".to_owned()),
            ("..", "invalid ticket id: \"..\" would change the URL".to_owned()),
            (&short, format!("invalid ticket id: \"{short}\": the character '/' is not allowed")),
            (
                &long,
                format!(
                    "invalid ticket id: \"{}…\" (the first 60 of 129 characters): it has 129 characters",
                    &long[..60]
                ),
            ),
            (
                &"工单/".repeat(50),
                format!(
                    "invalid ticket id: \"{}…\" (the first 60 of 150 characters): the character '工' is not allowed",
                    "工单/".repeat(20)
                ),
            ),
        ] {
            assert_eq!(TicketId::new(text).unwrap_err().message(), expected);
        }
    }
}
