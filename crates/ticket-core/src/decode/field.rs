//! A documented value as it was really sent: not at all, as null, as documented, or in another shape.

use serde::de::{Error as _, MapAccess};

use super::pass::Pass;
use super::wire_value::{Place, WireValue};

/// A documented value as it was really sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldState<T> {
    /// The key was not there.
    Absent,
    /// `null` was sent.
    Null,
    /// A value of the expected shape was sent.
    Valid(T),
    /// Something of another shape was sent.
    Invalid,
}

impl<T> FieldState<T> {
    /// The value, where one of the expected shape was sent.
    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Valid(value) => Some(value),
            Self::Absent | Self::Null | Self::Invalid => None,
        }
    }

    /// Changes the value, where there is one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> FieldState<U> {
        match self {
            Self::Absent => FieldState::Absent,
            Self::Null => FieldState::Null,
            Self::Valid(value) => FieldState::Valid(change(value)),
            Self::Invalid => FieldState::Invalid,
        }
    }
}

/// A documented member of an object: its key, and what was sent under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<T> {
    // A reference to a constant: half as large, and there are hundreds of them.
    key: &'static &'static str,
    pub(super) sent: FieldState<T>,
}

impl<T> Field<T> {
    /// A member of which nothing was sent yet.
    pub fn absent(key: &'static &'static str) -> Self {
        Self { key, sent: FieldState::Absent }
    }

    /// The key, as the provider spells it.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The value, where one of the expected shape was sent.
    pub fn value(&self) -> Option<&T> {
        match &self.sent {
            FieldState::Valid(value) => Some(value),
            FieldState::Absent | FieldState::Null | FieldState::Invalid => None,
        }
    }
}

impl<'t, T: WireValue<'t>> Field<T> {
    /// Reads what was sent under the key.
    ///
    /// # Errors
    /// As [`WireValue::read`], and where the key stands twice: which of the two would be meant?
    pub fn read<A: MapAccess<'t>>(
        &mut self,
        pass: Pass<'_>,
        object: &mut A,
    ) -> Result<(), A::Error> {
        if !matches!(self.sent, FieldState::Absent) {
            return Err(A::Error::custom(format_args!("the key `{}` stands twice", self.key)));
        }
        object.next_value_seed(Place::new(&mut self.sent, pass))
    }
}
