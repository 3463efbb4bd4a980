//! The mapping as data: what each leaf of a response becomes.

/// One row of a provider's mapping.
///
/// The code that maps stays plain code; the table describes it, and a proof compares the two
/// (`ticket_conformance::prove_mapping`). What a row says is read by the documentation and by `explain`.
///
/// A source is a pointer into the response, a target a path in the unified ticket. In both, `[i]` is an index, the same
/// in the target as in the source that has it; `[i?]` in a source is an index that is only there where a list was
/// sent in place of one object; `*` is a free key. A target with an index that a source does not have means any
/// item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What the sources become; empty where they become nothing.
    pub targets: &'static [&'static str],
    /// Where the values come from; empty for a constant.
    pub sources: &'static [&'static str],
    /// How a source becomes a target.
    pub kind: RuleKind,
    /// The name of the rule: how the value is read.
    pub name: &'static str,
    /// The rule in a sentence, or why there is none; empty where the name says all.
    pub note: &'static str,
    /// Where the decision comes from; empty for the page of the call itself.
    pub evidence: &'static str,
    /// Values of the documented kind as JSON, at least two, for the proof.
    pub samples: &'static [&'static str],
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
    /// Decides whether the response is one at all; may refuse it.
    Envelope,
    /// Must be there, or the response is no ticket.
    Required,
    /// Becomes nothing, for the reason that the note gives; the value stays in the bytes.
    Unmapped,
    /// Has no field in the ticket, and stays in `extra`; the note says what it is.
    Kept,
    /// Nobody has decided yet what it becomes; the value stays in `extra`.
    Undecided,
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
            Self::Kept => "kept",
            Self::Undecided => "undecided",
        }
    }
}

type Paths = &'static [&'static str];

const TEXTS: Paths = &["\"sample\"", "\"another sample\""];
const IDS: Paths = &["\"id_7\"", "\"id_8\""];
const FLAGS: Paths = &["true", "false"];
const INTEGERS: Paths = &["7", "8"];

impl Rule {
    const FREE: &'static str = "any JSON";
    const KEY: &'static str = "key";

    const fn new(
        targets: Paths,
        sources: Paths,
        kind: RuleKind,
        name: &'static str,
        samples: Paths,
    ) -> Self {
        Self { targets, sources, kind, name, note: "", evidence: "", samples }
    }

    /// A text, copied.
    pub const fn text(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, "text", TEXTS)
    }

    /// An id that is documented as text, copied.
    pub const fn id(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, "id", IDS)
    }

    /// An id that is documented as an integer, as text.
    pub const fn integer_id(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Converted, "integer id", INTEGERS)
            .note("an integer with every digit, as text")
    }

    /// True or false, copied.
    pub const fn flag(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, "flag", FLAGS)
    }

    /// An integer, copied.
    pub const fn integer(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, "integer", INTEGERS)
    }

    /// Any JSON, copied; what lies below the source lies below the target.
    pub const fn json(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, Self::FREE, &["{\"a\":[1,\"b\"]}", "[1.50]"])
            .note("any JSON, as sent")
    }

    /// The free key itself under which a value stands.
    pub const fn key(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, Self::KEY, &[])
    }

    /// An RFC 3339 text with any offset, as an instant in UTC.
    pub const fn rfc_3339(target: Paths, source: Paths) -> Self {
        let samples = &["\"2020-02-02T02:02:02Z\"", "\"2020-02-02T02:02:03+08:00\""];
        Self::new(target, source, RuleKind::Converted, "RFC 3339", samples)
    }

    /// Seconds since 1970, as an instant in UTC.
    pub const fn unix_seconds(target: Paths, source: Paths) -> Self {
        let samples = &["1580608922", "1580608923"];
        Self::new(target, source, RuleKind::Converted, "Unix seconds", samples)
    }

    /// Milliseconds since 1970, as an instant in UTC.
    pub const fn unix_milliseconds(target: Paths, source: Paths) -> Self {
        let samples = &["1580608922000", "1580608923001"];
        Self::new(target, source, RuleKind::Converted, "Unix milliseconds", samples)
    }

    /// A duration in whole seconds, copied.
    pub const fn seconds(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, "seconds", INTEGERS)
    }

    /// A duration in decimal minutes, as seconds.
    pub const fn minutes(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Converted, "minutes", &["7.5", "0.03"])
            .note("decimal minutes × 60, in exact decimal arithmetic, to the millisecond")
    }

    /// A size in bytes, documented as text.
    pub const fn size(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Converted, "size", &["\"77\"", "\"78\""])
            .note("an integer of bytes, as text or as a number")
    }

    /// A size in bytes, documented as an integer, copied.
    pub const fn integer_size(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, "size", INTEGERS)
    }

    /// A rating on the provider's scale.
    pub const fn rating(target: Paths, source: Paths, note: &'static str) -> Self {
        Self::new(target, source, RuleKind::Copied, "rating", &["2", "3"]).note(note)
    }

    /// A word or a code of a vocabulary: our word and the provider's.
    pub const fn word(targets: Paths, source: Paths, note: &'static str, samples: Paths) -> Self {
        Self::new(targets, source, RuleKind::Converted, "word", samples).note(note)
    }

    /// A value by a rule of its own.
    pub const fn converted(
        targets: Paths,
        sources: Paths,
        note: &'static str,
        samples: Paths,
    ) -> Self {
        Self::new(targets, sources, RuleKind::Converted, "own rule", samples).note(note)
    }

    /// A value from several sources.
    pub const fn derived(
        targets: Paths,
        sources: Paths,
        note: &'static str,
        samples: Paths,
    ) -> Self {
        Self::new(targets, sources, RuleKind::Derived, "derived", samples).note(note)
    }

    /// The same wherever its parent exists.
    pub const fn constant(targets: Paths, note: &'static str) -> Self {
        Self::new(targets, &[], RuleKind::Constant, "constant", &[]).note(note)
    }

    /// Decides whether the response is one at all.
    pub const fn envelope(source: Paths, note: &'static str) -> Self {
        Self::new(&[], source, RuleKind::Envelope, "envelope", INTEGERS).note(note)
    }

    /// An id that must be there, or the response is no ticket.
    pub const fn required(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Required, "id", IDS)
            .note("without it the response is no ticket")
    }

    /// A text that becomes nothing and is worth no place in `extra`, for this reason: the envelope's word for success, for
    /// example.
    pub const fn unmapped(source: Paths, reason: &'static str) -> Self {
        Self::new(&[], source, RuleKind::Unmapped, "unmapped", TEXTS).note(reason)
    }

    /// A value that has no field in the ticket: [`Cursor::kept`](crate::decode::Cursor::kept) leaves it in `extra`. The sentence says
    /// what it is.
    pub const fn kept(source: Paths, what: &'static str) -> Self {
        Self::new(&[], source, RuleKind::Kept, "kept", TEXTS).note(what)
    }

    /// A value of which nobody has decided yet what it becomes: [`Cursor::undecided`](crate::decode::Cursor::undecided) keeps it in `extra`.
    pub const fn undecided(source: Paths) -> Self {
        Self::new(&[], source, RuleKind::Undecided, "undecided", TEXTS)
            .note("nobody has decided yet what it becomes; it stays in `extra`")
    }

    /// Whether the value is any JSON, and what lies below it is part of it.
    pub(crate) fn is_free(&self) -> bool {
        self.name == Self::FREE
    }

    /// Whether the value is the key itself under which another one stands.
    pub fn is_key(&self) -> bool {
        self.name == Self::KEY
    }

    /// The same rule with a sentence.
    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// The same rule with the place that its decision comes from, where that is not the page of the call itself.
    pub const fn evidence(mut self, evidence: &'static str) -> Self {
        self.evidence = evidence;
        self
    }
}
