//! The mapping as data: what each leaf of an answer becomes.

/// One row of a provider's mapping.
///
/// Targets are paths in the unified ticket (`conversation.messages[i].body`), sources are pointers into the
/// answer with an index for each list (`/data/conversation_list/[i]/content`). The code that maps stays plain
/// code; the table describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What the sources become; empty where they become nothing.
    pub targets: &'static [&'static str],
    /// Where the values come from; empty for a constant without a parent.
    pub sources: &'static [&'static str],
    /// How a source becomes a target.
    pub kind: RuleKind,
    /// The rule in a sentence, or why there is none.
    pub note: &'static str,
}

/// How a source becomes a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// The value as it was sent.
    Copied,
    /// The value by a written rule: a word of ours, another unit, another type.
    Converted,
    /// A value from several sources, all of them named.
    Derived,
    /// The same wherever its parent exists.
    Constant,
    /// Decides whether the answer is one at all; may refuse it.
    Envelope,
    /// Must be there, or the answer is no ticket.
    Required,
    /// Becomes nothing, for the reason that the note gives; the value stays in the bytes.
    Unmapped,
}

impl RuleKind {
    /// The kind as the documentation spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Converted => "converted",
            Self::Derived => "derived",
            Self::Constant => "constant",
            Self::Envelope => "envelope",
            Self::Required => "required",
            Self::Unmapped => "unmapped",
        }
    }
}

impl Rule {
    /// The value as it was sent.
    pub const fn copied(
        targets: &'static [&'static str],
        sources: &'static [&'static str],
    ) -> Self {
        Self { targets, sources, kind: RuleKind::Copied, note: "" }
    }

    /// The value by a written rule.
    pub const fn converted(
        targets: &'static [&'static str],
        sources: &'static [&'static str],
        note: &'static str,
    ) -> Self {
        Self { targets, sources, kind: RuleKind::Converted, note }
    }

    /// A value from several sources.
    pub const fn derived(
        targets: &'static [&'static str],
        sources: &'static [&'static str],
        note: &'static str,
    ) -> Self {
        Self { targets, sources, kind: RuleKind::Derived, note }
    }

    /// The same wherever its parent exists.
    pub const fn constant(targets: &'static [&'static str], note: &'static str) -> Self {
        Self { targets, sources: &[], kind: RuleKind::Constant, note }
    }

    /// Decides whether the answer is one at all.
    pub const fn envelope(sources: &'static [&'static str], note: &'static str) -> Self {
        Self { targets: &[], sources, kind: RuleKind::Envelope, note }
    }

    /// Must be there, or the answer is no ticket.
    pub const fn required(
        targets: &'static [&'static str],
        sources: &'static [&'static str],
        note: &'static str,
    ) -> Self {
        Self { targets, sources, kind: RuleKind::Required, note }
    }

    /// Becomes nothing, for this reason.
    pub const fn unmapped(sources: &'static [&'static str], reason: &'static str) -> Self {
        Self { targets: &[], sources, kind: RuleKind::Unmapped, note: reason }
    }

    /// The same rule with a sentence.
    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }
}

/// A place where a provider's documentation contradicts itself or its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// What it is about: a field, a code, a header.
    pub subject: &'static str,
    /// The statements that cannot all be true, and where they stand.
    pub statements: &'static str,
    /// How it is read.
    pub read_as: &'static str,
}
