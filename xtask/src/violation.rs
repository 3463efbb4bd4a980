//! A violation that a check found: its location, a message, and the fix.

use anyhow::{Result, ensure};

/// A violation of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The file and its line, or the crate.
    pub(crate) location: String,
    pub(crate) message: String,
    pub(crate) fix: String,
}

impl Violation {
    pub(crate) fn new(
        location: impl Into<String>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { location: location.into(), message: message.into(), fix: fix.into() }
    }
}

/// Prints all violations, and fails if there are any.
pub(crate) fn report(violations: &[Violation]) -> Result<()> {
    for Violation { location, message, fix } in violations {
        println!("{location}: {message}\n  fix: {fix}");
    }
    ensure!(violations.is_empty(), "violations: {}", violations.len());
    Ok(())
}
