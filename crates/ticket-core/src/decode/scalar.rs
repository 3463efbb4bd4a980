//! A text or a number: how ids, words, integers and instants are sent.

use std::borrow::Cow;

use serde::de::Error;

use super::raw::Raw;

/// A text or a number, as it was sent.
///
/// It is the wire type of ids, words, integers and instants. Either may be sent instead of the other; the method of
/// [`Cursor`](super::Cursor) that reads the field decides whether that is as documented. Numbers keep every digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar<'t> {
    /// A text, borrowed from the response if it has no escapes.
    Text(Cow<'t, str>),
    /// An integer of 64 bits.
    Integer(i64),
    /// Any other number, by its digits.
    Number(&'t str),
}

impl<'t> Scalar<'t> {
    /// Converts a raw text or number; `None` for another JSON type.
    ///
    /// # Errors
    /// If an escape of a text is half of a surrogate pair.
    pub(super) fn from_raw<E: Error>(raw: Raw<'t>) -> Result<Option<Self>, E> {
        let text = raw.as_str();
        Ok(match text.as_bytes()[0] {
            b'"' => raw.text()?.map(Self::Text),
            b'-' | b'0'..=b'9' => Some(match text.parse() {
                Ok(integer) if text != "-0" => Self::Integer(integer),
                _ => Self::Number(text),
            }),
            _ => None,
        })
    }

    /// Returns whether it means "no instant".
    pub(super) fn is_sentinel(&self) -> bool {
        match self {
            Self::Text(text) => matches!(&**text, "" | "0" | "-1"),
            Self::Integer(integer) => matches!(integer, 0 | -1),
            Self::Number(_) => false,
        }
    }
}
