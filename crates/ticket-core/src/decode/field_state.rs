//! The state in which a documented value was sent.

/// The state in which a documented value was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldState<T> {
    /// The key was not sent.
    Absent,
    /// `null` was sent.
    Null,
    /// A value of the expected JSON type was sent.
    Valid(T),
    /// A value of another JSON type was sent.
    Invalid,
}

impl<T> FieldState<T> {
    /// Converts the value, if there is one.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> FieldState<U> {
        match self {
            Self::Absent => FieldState::Absent,
            Self::Null => FieldState::Null,
            Self::Valid(value) => FieldState::Valid(convert(value)),
            Self::Invalid => FieldState::Invalid,
        }
    }
}
