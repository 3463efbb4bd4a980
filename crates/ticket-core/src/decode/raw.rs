//! A value kept as its raw text until its place says what it should be.

use serde::de::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use ticket_model::Json;

use super::field::{Sent, Shape};

/// Any JSON value as it stands in the answer.
///
/// It is the wire type of ids, words, integers and free values: numbers keep every digit, and whether an
/// integer was sent as text is decided by the reader that [`At`](super::At) has for it.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'t>(&'t RawValue);

impl<'t> Raw<'t> {
    /// The text of the value, without white space around it.
    pub fn as_str(self) -> &'t str {
        self.0.get()
    }

    /// Whether it is a text or a number.
    pub(super) fn is_scalar(self) -> bool {
        matches!(self.as_str().as_bytes()[0], b'"' | b'-' | b'0'..=b'9')
    }

    /// The value as JSON.
    pub(super) fn json(self) -> Json {
        self.0.into()
    }

    /// Reads it as a shape.
    pub(super) fn read<T: Deserialize<'t>>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }

    /// The text inside, where it is a string.
    pub(super) fn text(self) -> Option<String> {
        let inside = self.as_str().strip_prefix('"')?.strip_suffix('"')?;
        // Without an escape the text is what stands there.
        if inside.contains('\\') { self.read().ok() } else { Some(inside.to_owned()) }
    }
}

impl PartialEq for Raw<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Raw<'_> {}

impl<'t> Deserialize<'t> for Raw<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(Self)
    }
}

impl<'t> Shape<'t> for Raw<'t> {
    const EXPECTED: &'static str = "any value";
    const IS_RAW: bool = true;

    fn sent<D: Deserializer<'t>>(deserializer: D) -> Result<Sent<Self>, D::Error> {
        let raw = Self::deserialize(deserializer)?;
        Ok(if raw.as_str() == "null" { Sent::Null } else { Sent::Value(raw) })
    }
}
