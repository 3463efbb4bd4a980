//! A value as its raw JSON text.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;
use ticket_model::Json;

use super::field_state::FieldState;

/// Any JSON value, as its text in the response.
///
/// It is the wire type of values whose type is not documented, and of decimal numbers: they keep every digit.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'t>(&'t RawValue);

impl<'t> Raw<'t> {
    pub(super) fn from_deserializer<D: Deserializer<'t>>(
        deserializer: D,
    ) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(Self)
    }

    /// Converts the value unless it is `null`; a conversion to `None` is an invalid value.
    ///
    /// # Errors
    /// If the conversion fails.
    pub(super) fn convert<T, E>(
        self,
        convert: impl FnOnce(Self) -> Result<Option<T>, E>,
    ) -> Result<FieldState<T>, E> {
        if self.is_null() {
            return Ok(FieldState::Null);
        }
        Ok(convert(self)?.map_or(FieldState::Invalid, FieldState::Valid))
    }

    /// Returns the text of the value, without white space around it.
    pub fn as_str(self) -> &'t str {
        self.0.get()
    }

    pub(super) fn is_null(self) -> bool {
        self.as_str() == "null"
    }

    /// Returns the value as JSON.
    pub(super) fn json(self) -> Json {
        self.0.into()
    }

    /// Returns the content of a JSON string; `None` if the value is of another type.
    ///
    /// # Errors
    /// If an escape is half of a surrogate pair.
    pub(super) fn text<E: Error>(self) -> Result<Option<Cow<'t, str>>, E> {
        let raw = self.as_str();
        if !raw.starts_with('"') {
            return Ok(None);
        }
        let text = &raw[1..raw.len() - 1];
        if text.as_bytes().contains(&b'\\') {
            serde_json::from_str(raw).map(|text| Some(Cow::Owned(text))).map_err(without_position)
        } else {
            Ok(Some(Cow::Borrowed(text)))
        }
    }

    /// Returns the content of a JSON string; `None` if the value is of another type, or an escape is half of a surrogate pair.
    pub(super) fn valid_text(self) -> Option<Cow<'t, str>> {
        self.text::<serde_json::Error>().ok().flatten()
    }
}

/// Turns an error in a part of the text into one of the whole: its position counts from the start of the part.
#[allow(clippy::needless_pass_by_value, reason = "passed to `map_err`")]
pub(super) fn without_position<E: Error>(error: serde_json::Error) -> E {
    E::custom(error.to_string().split(" at line ").next().unwrap_or_default())
}

impl PartialEq for Raw<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Raw<'_> {}

impl<'t> Deserialize<'t> for Raw<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_deserializer(deserializer)
    }
}
