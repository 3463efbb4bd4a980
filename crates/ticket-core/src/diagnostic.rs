//! Differences between a response and its documentation.

use std::fmt;

/// A difference between a response and its documentation, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The RFC 6901 pointer into the response.
    pub pointer: String,
    /// The difference.
    pub kind: DiagnosticKind,
}

/// A kind of difference between a response and its documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// The key is not documented; its value is in `extra`.
    UnknownKey,
    /// The value has another JSON type than documented, and was accepted.
    UnexpectedType {
        /// The documented type.
        documented: &'static str,
        /// The type that was sent.
        sent: &'static str,
    },
    /// The value is a word or a code without a known meaning; it became `other`.
    UnknownWord {
        /// The provider's word.
        native: String,
    },
    /// The value is invalid: its JSON type, its range or its notation. It is in `extra`.
    InvalidValue {
        /// What was expected.
        expected: &'static str,
    },
    /// The text had half of a surrogate pair, which became U+FFFD.
    LoneSurrogate,
    /// The time has second 60, which became 59; the text as sent is in `extra`.
    LeapSecond,
    /// The key is documented, but its mapping is not decided; its value is in `extra`.
    Undecided,
}

impl fmt::Display for DiagnosticKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey => formatter.write_str("undocumented key"),
            Self::UnexpectedType { documented, sent } => {
                write!(formatter, "{sent} instead of {documented}")
            }
            Self::UnknownWord { native } => write!(formatter, "unknown word {native:?}"),
            Self::InvalidValue { expected } => write!(formatter, "not {expected}"),
            Self::LoneSurrogate => formatter.write_str("half of a surrogate pair"),
            Self::LeapSecond => formatter.write_str("second 60, read as second 59"),
            Self::Undecided => formatter.write_str("documented, but not mapped yet"),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.pointer, self.kind)
    }
}
