//! The mapping of Request Tracker as a table.

use ticket_core::mapping::{DocConflict, Rule};

/// One row for each leaf of the responses.
pub(crate) const RULES: &[Rule] = &[Rule::constant(&["provider"], "`rt`")];

/// Conflicts in the documentation, and how each is read.
pub(crate) const DOC_CONFLICTS: &[DocConflict] = &[];
