//! The rules of a mapping: what each leaf of a response becomes.

/// A rule of a provider's mapping: the sources, the targets, and how a source becomes a target.
///
/// The mapping itself is plain code; `ticket_testkit::verify_mapping` compares it with the rules. The documentation and `explain`
/// are made from the rules.
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
    /// At least two documented values as JSON, for the test that verifies the mapping.
    pub samples: &'static [&'static str],
}

/// How a source becomes a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

type Paths = &'static [&'static str];

const TEXTS: Paths = &["\"sample\"", "\"another sample\""];
const IDS: Paths = &["\"id_7\"", "\"id_8\""];
const FLAGS: Paths = &["true", "false"];
const INTEGERS: Paths = &["7", "8"];

impl Rule {
    const FREE: &'static str = "any JSON";
    const KEY: &'static str = "key";
    const WHOLE: &'static str = "whole";

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

    /// Any JSON, copied with all that is below the source.
    pub const fn json(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Copied, Self::FREE, &["{\"a\":[1,\"b\"]}", "[1.50]"])
            .note("any JSON, as sent")
    }

    /// The undocumented key of a value.
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

    /// A word or a code of a vocabulary: its meaning and the native word.
    pub const fn word(targets: Paths, source: Paths, note: &'static str, samples: Paths) -> Self {
        Self::new(targets, source, RuleKind::Converted, "word", samples).note(note)
    }

    /// A value, converted by a rule of its own.
    pub const fn converted(
        targets: Paths,
        sources: Paths,
        note: &'static str,
        samples: Paths,
    ) -> Self {
        Self::new(targets, sources, RuleKind::Converted, "custom", samples).note(note)
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

    /// A value that is the same wherever its parent exists.
    pub const fn constant(targets: Paths, note: &'static str) -> Self {
        Self::new(targets, &[], RuleKind::Constant, "constant", &[]).note(note)
    }

    /// A value that decides whether the response is a success.
    pub const fn envelope(source: Paths, note: &'static str) -> Self {
        Self::new(&[], source, RuleKind::Envelope, "envelope", INTEGERS).note(note)
    }

    /// An id without which the response is not a ticket.
    pub const fn required(target: Paths, source: Paths) -> Self {
        Self::new(target, source, RuleKind::Required, "id", IDS)
            .note("without it the response is not a ticket")
    }

    /// A text that is dropped for this reason: the envelope's word for success, for example.
    pub const fn unmapped(source: Paths, reason: &'static str) -> Self {
        Self::new(&[], source, RuleKind::Unmapped, "unmapped", TEXTS).note(reason)
    }

    /// A value that decides what becomes of the object around it, or to which other object it belongs: the type of an event, the id of
    /// the message of a file. A change of it may move anything.
    pub const fn selector(source: Paths, note: &'static str) -> Self {
        Self::new(&[], source, RuleKind::Selector, "selector", &[]).note(note)
    }

    /// An object that is dropped in some cases, for this reason; its values have rows for the other cases.
    pub const fn unmapped_object(source: Paths, reason: &'static str) -> Self {
        Self::new(&[], source, RuleKind::Unmapped, Self::WHOLE, &[]).note(reason)
    }

    /// A duration in whole minutes, documented as text, in seconds.
    pub const fn minutes_text(target: Paths, source: Paths) -> Self {
        let samples = &["\"7\"", "\"90\""];
        Self::new(target, source, RuleKind::Converted, "minutes as text", samples)
    }

    /// A value without a field in the ticket: [`Cursor::kept`](crate::decode::Cursor::kept) keeps it in `extra`. The sentence says
    /// what it is.
    pub const fn kept(source: Paths, what: &'static str) -> Self {
        Self::new(&[], source, RuleKind::Kept, "kept", TEXTS).note(what)
    }

    /// A value whose mapping is not decided yet: [`Cursor::undecided`](crate::decode::Cursor::undecided) keeps it in `extra`.
    pub const fn undecided(source: Paths) -> Self {
        Self::new(&[], source, RuleKind::Undecided, "undecided", TEXTS)
            .note("not decided yet; kept in `extra`")
    }

    /// Returns whether the value is any JSON, with all that is below it.
    pub(crate) fn is_free(&self) -> bool {
        self.name == Self::FREE
    }

    /// Returns whether the row is about an object and all that is below it.
    pub fn is_whole(&self) -> bool {
        self.name == Self::WHOLE || matches!(self.kind, RuleKind::Kept | RuleKind::Undecided)
    }

    /// Returns whether the value is the key of another value.
    pub fn is_key(&self) -> bool {
        self.name == Self::KEY
    }

    /// Sets the rule in a sentence.
    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// Sets the source of the decision, if it is not the page of the operation.
    pub const fn evidence(mut self, evidence: &'static str) -> Self {
        self.evidence = evidence;
        self
    }
}
