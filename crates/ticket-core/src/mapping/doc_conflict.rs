//! Contradictions in a provider's documentation.

use serde::Serialize;

/// A place where a provider's documentation contradicts itself or its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DocConflict {
    /// The subject: a field, a code, a header.
    pub subject: &'static str,
    /// The contradicting statements and where they are made.
    pub statements: &'static str,
    /// How the decoder resolves the conflict.
    pub read_as: &'static str,
}
