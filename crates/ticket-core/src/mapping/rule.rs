//! The rules of a mapping: what each value of a response becomes.

use serde::{Deserialize, Serialize};

/// A rule of a provider's mapping: the sources, the targets, and how a source becomes a target.
///
/// The rules are derived from the code that maps, and kept in a [`table`](super::table). The documentation and `explain` are made from
/// them.
///
/// A source is a pointer into the response, a target a path in the ticket. In both:
///
/// - `[i]` is an index. It is the same in source and target; a target index that no source has means any item.
/// - `[i?]` is an index that exists only if a list was sent instead of one object.
/// - `*` is an undocumented key, `RT::CustomRole-*` one that begins like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The targets; empty if the sources become nothing.
    pub targets: &'static [&'static str],
    /// The sources; empty for a constant.
    pub sources: &'static [&'static str],
    /// How a source becomes a target.
    pub kind: RuleKind,
    /// The name of the rule: how the value is decoded.
    pub name: &'static str,
    /// The rule in a sentence, or the reason why there is none; empty if the name says all.
    pub note: &'static str,
    /// The source of the decision; empty for the page of the operation.
    pub evidence: &'static str,
}

/// How a source becomes a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// The value is copied.
    Copied,
    /// The value is converted: to our word, another unit, another type.
    Converted,
    /// The value is derived from several sources, all of which are named.
    Derived,
    /// The value is the same wherever its parent exists.
    Constant,
    /// The value decides whether the response is a success.
    Envelope,
    /// The value is copied, and required: without it the response is not a ticket.
    Required,
    /// The value decides what becomes of the object around it, or to which other object it belongs.
    Selector,
    /// The value is dropped, for the reason in the note.
    Unmapped,
    /// The ticket has no field for the value, so that it is kept in `extra`; the note says what it is.
    Kept,
    /// The mapping is not decided yet; the value is kept in `extra`.
    Undecided,
}

impl RuleKind {
    /// Returns the kind as the documentation writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Converted => "converted",
            Self::Derived => "derived",
            Self::Constant => "constant",
            Self::Envelope => "envelope",
            Self::Required => "required",
            Self::Selector => "selector",
            Self::Unmapped => "unmapped",
            Self::Kept => "kept",
            Self::Undecided => "undecided",
        }
    }
}

impl Rule {
    /// Returns whether the value is any JSON, with all that is below it.
    pub(crate) fn is_free(&self) -> bool {
        self.name == "any JSON"
    }

    /// Returns whether the row is about fields that the code reads, and that no known response has.
    pub(crate) fn is_unsent(&self) -> bool {
        self.name == "unsent"
    }

    /// Returns whether the row is about an object and all that is below it.
    pub fn is_whole(&self) -> bool {
        self.name == "whole" || matches!(self.kind, RuleKind::Kept | RuleKind::Undecided)
    }
}
