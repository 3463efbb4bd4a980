//! A documented field of an object.

use serde::de::{Error as _, MapAccess};

use super::field_state::FieldState;
use super::item_budget::ItemBudget;
use super::wire_value::{Reader, WireValue};

/// A documented member of an object: its key, and the state in which it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<T> {
    // A reference to a constant: half as large as the text, and there are hundreds of them.
    key: &'static &'static str,
    pub(super) state: FieldState<T>,
}

impl<T> Field<T> {
    /// Returns a field that was not sent, or not yet.
    pub fn absent(key: &'static &'static str) -> Self {
        Self { key, state: FieldState::Absent }
    }

    /// Returns the key, as the provider writes it.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Returns whether anything but `null` was sent.
    pub fn is_sent(&self) -> bool {
        !matches!(self.state, FieldState::Absent | FieldState::Null)
    }

    /// Returns the value, if one of the expected JSON type was sent.
    pub fn value(&self) -> Option<&T> {
        match &self.state {
            FieldState::Valid(value) => Some(value),
            FieldState::Absent | FieldState::Null | FieldState::Invalid => None,
        }
    }
}

impl<'t, T: WireValue<'t>> Field<T> {
    /// Reads the value of the field.
    ///
    /// # Errors
    /// As [`WireValue::read`], and if the key is duplicated: either value could be meant.
    pub fn read<A: MapAccess<'t>>(
        &mut self,
        object: &mut A,
        budget: &ItemBudget,
    ) -> Result<(), A::Error> {
        if !matches!(self.state, FieldState::Absent) {
            return Err(A::Error::custom(format_args!("duplicate key `{}`", self.key)));
        }
        self.state = object.next_value_seed(Reader::new(budget))?;
        Ok(())
    }
}
