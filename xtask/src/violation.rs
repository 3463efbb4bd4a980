//! What a check found: where, what, and how to fix it.

use anyhow::{Result, ensure};

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The file and its line, or the crate.
    pub(crate) place: String,
    pub(crate) what: String,
    pub(crate) fix: String,
}

impl Violation {
    pub(crate) fn new(
        place: impl Into<String>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { place: place.into(), what: what.into(), fix: fix.into() }
    }
}

/// Prints all violations, and fails if there are any.
pub(crate) fn report(violations: &[Violation]) -> Result<()> {
    for Violation { place, what, fix } in violations {
        println!("{place}: {what}\n  fix: {fix}");
    }
    ensure!(violations.is_empty(), "violations: {}", violations.len());
    Ok(())
}
