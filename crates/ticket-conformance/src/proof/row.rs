//! What a row of the table has to do with a leaf.

use ticket_core::RuleKind;
use ticket_core::pattern::{Bindings, Pattern, Reach, Row};

use super::observe::Leaf;

/// The indices of each source of the row that is about this leaf.
pub(super) fn bindings(row: &Row<'_>, leaf: &Leaf) -> Vec<Bindings> {
    let bind = |source: &Pattern| {
        let here = source.bind(&leaf.path, row.reach());
        here.or_else(|| source.bind(&leaf.path, Reach::Above).filter(|_| leaf.is_hollow))
    };
    row.sources.iter().filter_map(bind).collect()
}

/// Whether a source of the row is this very leaf.
pub(super) fn is_at(row: &Row<'_>, leaf: &Leaf) -> bool {
    row.sources.iter().any(|source| source.bind(&leaf.path, row.reach()).is_some())
}

/// Whether a change of a source may cost the ticket.
pub(super) fn may_refuse(row: &Row<'_>) -> bool {
    matches!(row.rule.kind, RuleKind::Envelope | RuleKind::Required)
}
