//! A text or a number: what ids, words, integers and instants are sent as.

use std::borrow::Cow;

use serde::de::Deserializer;

use super::field::FieldState;
use super::pass::Pass;
use super::raw::{Raw, without_place};
use super::wire_value::{Place, WireValue};

/// A text or a number, as it was sent.
///
/// It is the wire type of ids, words, integers and instants: whichever of the two was sent, the reader that
/// [`Cursor`](super::Cursor) has for it decides whether it is as documented, and numbers keep every digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar<'t> {
    /// A text, borrowed from the response where it has no escapes.
    Text(Cow<'t, str>),
    /// An integer of 64 bits.
    Integer(i64),
    /// Any other number, by its digits.
    Number(&'t str),
}

impl Scalar<'_> {
    /// Whether it stands for "no instant".
    pub(super) fn is_sentinel(&self) -> bool {
        match self {
            Self::Text(text) => matches!(&**text, "" | "0" | "-1"),
            Self::Integer(integer) => matches!(integer, 0 | -1),
            Self::Number(_) => false,
        }
    }
}

impl<'t> WireValue<'t> for Scalar<'t> {
    const EXPECTED: &'static str = "a text or a number";

    fn is_raw(pass: Pass<'_>) -> bool {
        pass.is_exact()
    }

    fn read<D: Deserializer<'t>>(place: Place<'_, Self>, deserializer: D) -> Result<(), D::Error> {
        if !Self::is_raw(place.pass()) {
            return deserializer.deserialize_any(place);
        }
        let raw = Raw::from_deserializer(deserializer)?;
        place.put(match raw.scalar().map_err(without_place)? {
            Some(scalar) => FieldState::Valid(scalar),
            None if raw.is_null() => FieldState::Null,
            None => FieldState::Invalid,
        });
        Ok(())
    }

    fn from_scalar(scalar: Scalar<'t>) -> Option<Self> {
        Some(scalar)
    }
}
