//! A row of the table with its paths taken apart.

use ticket_core::{Rule, RuleKind};

use super::observe::Leaf;
use ticket_core::pattern::{Bindings, Pattern, Reach};

/// A rule with its paths taken apart.
pub(super) struct Row<'r> {
    pub(super) rule: &'r Rule,
    pub(super) sources: Vec<Pattern>,
    pub(super) targets: Vec<Pattern>,
}

impl<'r> Row<'r> {
    pub(super) fn of(rule: &'r Rule) -> Self {
        Self {
            rule,
            sources: rule.sources.iter().map(|source| Pattern::source(source)).collect(),
            targets: rule.targets.iter().map(|target| Pattern::target(target)).collect(),
        }
    }

    /// Whether what lies below a place belongs to its value.
    pub(super) fn reach(&self) -> Reach {
        if self.rule.name == "any JSON" { Reach::Below } else { Reach::Exact }
    }

    /// The indices of each source that is about this leaf.
    pub(super) fn bindings(&self, leaf: &Leaf) -> Vec<Bindings> {
        let bind = |source: &Pattern| {
            let here = source.bind(&leaf.path, self.reach());
            here.or_else(|| source.bind(&leaf.path, Reach::Above).filter(|_| leaf.is_hollow))
        };
        self.sources.iter().filter_map(bind).collect()
    }

    /// Whether a source is this very leaf.
    pub(super) fn is_at(&self, leaf: &Leaf) -> bool {
        self.sources.iter().any(|source| source.bind(&leaf.path, self.reach()).is_some())
    }

    pub(super) fn may_refuse(&self) -> bool {
        matches!(self.rule.kind, RuleKind::Envelope | RuleKind::Required)
    }
}
