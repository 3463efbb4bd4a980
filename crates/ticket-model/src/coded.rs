//! A normalised value and the provider's own, side by side.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value of one of the model's vocabularies, and the provider's own word for it.
///
/// The pair has the same shape wherever a vocabulary occurs: `{"value": "closed", "native": "50"}`.
/// A word that the provider's mapping does not know is `other`, so nothing is lost.
///
/// ```
/// use ticket_model::{Coded, Status};
///
/// let status = Coded::new(Status::Closed, "50");
/// assert_eq!(serde_json::to_string(&status).unwrap(), r#"{"value":"closed","native":"50"}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coded<T> {
    /// The normalised value.
    pub value: T,
    /// The provider's own word or code, as text; `null` where the value is derived and no word was sent.
    pub native: Option<String>,
}

impl<T> Coded<T> {
    /// Creates a pair from the normalised value and the provider's word.
    pub fn new(value: T, native: impl Into<String>) -> Self {
        Self { value, native: Some(native.into()) }
    }

    /// Creates a value that was derived: the provider sent no word for it.
    pub const fn derived(value: T) -> Self {
        Self { value, native: None }
    }
}

impl<T: fmt::Display> Coded<T> {
    /// Returns the provider's word, or the normalised value where the provider sent none.
    pub fn native_or_value(&self) -> String {
        self.native.clone().unwrap_or_else(|| self.value.to_string())
    }
}
