//! A value kept as its raw text.

use std::borrow::Cow;

use serde::de::{self, Deserialize, Deserializer};
use serde_json::value::RawValue;
use ticket_model::Json;

use super::field::FieldState;
use super::pass::{Left, Pass};
use super::scalar::Scalar;
use super::wire_value::{Place, WireValue};

/// Any JSON value as it stands in the response.
///
/// It is the wire type of values whose shape is free, and of decimal numbers: they keep every digit.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'t>(&'t RawValue);

impl<'t> Raw<'t> {
    pub(super) fn from_deserializer<D: Deserializer<'t>>(
        deserializer: D,
    ) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(Self)
    }

    /// The text of the value, without white space around it.
    pub fn as_str(self) -> &'t str {
        self.0.get()
    }

    pub(super) fn is_null(self) -> bool {
        self.as_str() == "null"
    }

    /// The value as JSON.
    pub(super) fn json(self) -> Json {
        self.0.into()
    }

    /// Reads it as a shape.
    pub(super) fn read<T: WireValue<'t>>(
        self,
        pass: Pass<'_>,
    ) -> Result<FieldState<T>, serde_json::Error> {
        let mut sent = FieldState::Absent;
        let mut deserializer = serde_json::Deserializer::from_str(self.as_str());
        T::read(Place::new(&mut sent, pass), &mut deserializer)?;
        Ok(sent)
    }

    /// The text inside, where it is a text.
    pub(super) fn text(self) -> Option<Cow<'t, str>> {
        match self.scalar() {
            Ok(Some(Scalar::Text(text))) => Some(text),
            _ => None,
        }
    }

    /// The text or number that it is; `None` where it is neither.
    pub(super) fn scalar(self) -> Result<Option<Scalar<'t>>, serde_json::Error> {
        let text = self.as_str();
        Ok(match text.as_bytes()[0] {
            b'"' => self.read(Pass::quick(&Left::all()))?.value(),
            b'-' | b'0'..=b'9' => Some(match text.parse() {
                Ok(integer) if text != "-0" => Scalar::Integer(integer),
                _ => Scalar::Number(text),
            }),
            _ => None,
        })
    }
}

/// The failure of a part of the text as one of the whole: the place in it counts from the beginning of the part, and says
/// nothing outside of it.
#[allow(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
pub(super) fn without_place<E: de::Error>(error: serde_json::Error) -> E {
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

impl<'t> WireValue<'t> for Raw<'t> {
    const EXPECTED: &'static str = "any value";

    fn is_raw(_pass: Pass<'_>) -> bool {
        true
    }

    fn read<D: Deserializer<'t>>(place: Place<'_, Self>, deserializer: D) -> Result<(), D::Error> {
        let raw = Self::from_deserializer(deserializer)?;
        place.put(if raw.is_null() { FieldState::Null } else { FieldState::Valid(raw) });
        Ok(())
    }
}
