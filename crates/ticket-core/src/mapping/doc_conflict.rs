//! Contradictions in a provider's documentation.

use serde::Serialize;

/// A contradiction in a provider's documentation, or between it and the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DocConflict {
    /// The subject: a field, a code, a header.
    pub subject: &'static str,
    /// The contradicting statements and the pages that make them.
    pub statements: &'static str,
    /// How the decoder resolves the conflict.
    pub read_as: &'static str,
}
