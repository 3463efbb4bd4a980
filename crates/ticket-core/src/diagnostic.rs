//! What was noticed while a response was read.

use std::fmt;

/// One thing that was noticed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The RFC 6901 pointer into the response.
    pub pointer: String,
    /// What was noticed there.
    pub kind: DiagnosticKind,
}

/// What can be noticed at a place of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// Nobody documents this key; its value is in `extra`.
    UnknownKey,
    /// The value has another shape than documented, and was understood all the same.
    UnexpectedType {
        /// The shape that the documentation has.
        documented: &'static str,
        /// The shape that was sent.
        sent: &'static str,
    },
    /// The value is a word (or a code) without a known meaning; it became `other`.
    UnknownWord {
        /// The provider's word.
        native: String,
    },
    /// The value could not be used and is in `extra`.
    InvalidValue {
        /// What would have been readable.
        expected: &'static str,
    },
    /// The text holds half of a surrogate pair, which became U+FFFD.
    LoneSurrogate,
    /// The time has a second 60, which became 59; the text that was sent is in `extra`.
    LeapSecond,
    /// The key is documented, and nobody has decided yet what it becomes; its value is in `extra`.
    Undecided,
}

impl fmt::Display for DiagnosticKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey => formatter.write_str("a key that nobody documents"),
            Self::UnexpectedType { documented, sent } => {
                write!(formatter, "{sent} where {documented} is documented")
            }
            Self::UnknownWord { native } => write!(formatter, "the unknown word {native:?}"),
            Self::InvalidValue { expected } => write!(formatter, "not readable as {expected}"),
            Self::LoneSurrogate => formatter.write_str("half of a surrogate pair"),
            Self::LeapSecond => formatter.write_str("second 60, read as second 59"),
            Self::Undecided => formatter.write_str("documented, and not decided yet"),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.pointer, self.kind)
    }
}
