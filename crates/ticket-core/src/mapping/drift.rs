//! How much the responses of a service differ from its documentation, over one response or thousands.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::description::MappingDescription;
use super::pattern::{Bindings, Pattern};
use super::response_tree::ResponseTree;
use crate::decode::split_response_name;
use crate::quote::shortened;
use crate::{DiagnosticKind, Error, Response, VocabularyOverrides};

/// Counts the diagnostics of responses.
///
/// ```no_run
/// use ticket_core::mapping::MappingDescription;
/// use ticket_core::mapping::drift::Drift;
/// use ticket_core::{Response, VocabularyOverrides};
///
/// # fn example(mapping: &dyn MappingDescription, fetches: Vec<(String, Vec<Response>)>) {
/// let mut drift = Drift::new(mapping);
/// for (name, responses) in &fetches {
///     drift.add(name, responses, &VocabularyOverrides::default());
/// }
/// println!("{}", serde_json::to_string(&drift.report()).unwrap());
/// # }
/// ```
pub struct Drift<'d> {
    mapping: &'d dyn MappingDescription,
    sources: Vec<Documented>,
    counts: BTreeMap<(Kind, String, String), (u64, Example)>,
    /// The operations of the responses of tickets.
    operations: BTreeSet<&'static str>,
    responses: u64,
    tickets: u64,
    omitted: u64,
}

/// How many different entries are counted: random keys must not fill the memory.
const MAX_ENTRIES: usize = 10_000;

/// The longest pointer, word or id that is kept, in characters: one may be as long as its response.
const MAX_TEXT: usize = 500;

struct Documented {
    text: &'static str,
    pattern: Pattern,
    is_seen: bool,
}

/// A kind of difference between responses and their documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// The response is not a ticket.
    NotATicket,
    /// The key is not documented.
    UnknownKey,
    /// The value has another JSON type than documented, and was accepted.
    UnexpectedType,
    /// The word or code has no known meaning.
    UnknownWord,
    /// The value is invalid: its JSON type, its range or its notation.
    InvalidValue,
    /// The text has half of a surrogate pair.
    LoneSurrogate,
    /// The time has second 60.
    LeapSecond,
    /// The mapping of the key is not decided yet.
    Undecided,
    /// The key is documented but was never sent.
    NeverSeen,
}

impl Kind {
    /// Every kind, the most important first.
    pub const ALL: &'static [Self] = &[
        Self::NotATicket,
        Self::UnknownKey,
        Self::UnexpectedType,
        Self::UnknownWord,
        Self::InvalidValue,
        Self::LoneSurrogate,
        Self::LeapSecond,
        Self::Undecided,
        Self::NeverSeen,
    ];

    /// Returns the kind as it is written in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotATicket => "not_a_ticket",
            Self::UnknownKey => "unknown_key",
            Self::UnexpectedType => "unexpected_type",
            Self::UnknownWord => "unknown_word",
            Self::InvalidValue => "invalid_value",
            Self::LoneSurrogate => "lone_surrogate",
            Self::LeapSecond => "leap_second",
            Self::Undecided => "undecided",
            Self::NeverSeen => "never_seen",
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The first occurrence of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The name of the response, as given to [`Drift::add`].
    pub response: String,
    /// The ticket's id, if the response is a ticket.
    pub ticket: Option<String>,
    /// The RFC 6901 pointer, with its indices.
    pub pointer: String,
}

/// A difference between the responses and their documentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The kind.
    pub kind: Kind,
    /// The pointer, with `[i]` for each index.
    pub path: String,
    /// The difference in words.
    pub detail: String,
    /// The number of occurrences.
    pub count: u64,
    /// The first occurrence; `None` for a key that was never sent.
    pub example: Option<Example>,
}

/// The differences between the responses and their documentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DriftReport {
    /// The provider.
    pub provider: &'static str,
    /// The number of responses.
    pub responses: u64,
    /// The number of responses that are tickets.
    pub tickets: u64,
    /// The entries: the most important kind first, within it the most frequent one first.
    pub entries: Vec<Entry>,
    /// The number of differences without an entry, because there are too many different ones.
    pub omitted: u64,
}

impl<'d> Drift<'d> {
    /// Returns an empty count.
    pub fn new(mapping: &'d dyn MappingDescription) -> Self {
        let mut sources: Vec<Documented> = Vec::new();
        // A field that no response has been seen with is not missed.
        let rules = mapping.rules().iter().filter(|rule| !rule.is_unsent());
        for text in rules.flat_map(|rule| rule.sources) {
            // Two rules may give the same index different names.
            let path = with_one_index_name(text);
            if !sources.iter().any(|source| with_one_index_name(source.text) == path) {
                sources.push(Documented { text, pattern: Pattern::source(text), is_seen: false });
            }
        }
        Self {
            mapping,
            sources,
            counts: BTreeMap::new(),
            operations: BTreeSet::new(),
            responses: 0,
            tickets: 0,
            omitted: 0,
        }
    }

    /// Decodes the responses of one fetch and counts their diagnostics. `name` names the fetch in examples.
    pub fn add(&mut self, name: &str, responses: &[Response], overrides: &VocabularyOverrides) {
        match self.mapping.decode(responses, overrides) {
            Err(error) => self.add_error(name, &error),
            Ok(decoded) => {
                self.responses += 1;
                self.tickets += 1;
                self.operations.extend(responses.iter().map(|response| response.operation));
                if let Ok(ResponseTree { tree, .. }) = ResponseTree::parse(self.mapping, responses)
                {
                    for source in self.sources.iter_mut().filter(|source| !source.is_seen) {
                        source.is_seen =
                            !source.pattern.find(&tree, &Bindings::new(), usize::MAX).is_empty();
                    }
                }
                for diagnostic in decoded.diagnostics {
                    let (kind, detail) = (kind(&diagnostic.kind), diagnostic.kind.to_string());
                    self.count(
                        kind,
                        detail,
                        name,
                        Some(decoded.ticket.id.clone()),
                        diagnostic.pointer,
                    );
                }
            }
        }
    }

    /// Counts a response that is not a ticket.
    pub fn add_error(&mut self, name: &str, error: &Error) {
        self.responses += 1;
        let detail = format!("{}: {}", error.kind(), error.message());
        self.count(
            Kind::NotATicket,
            detail,
            name,
            None,
            error.path().unwrap_or_default().to_owned(),
        );
    }

    /// Returns the entries so far.
    pub fn report(&self) -> DriftReport {
        let mut entries: Vec<Entry> = self
            .counts
            .iter()
            .map(|((kind, path, detail), (count, example))| Entry {
                kind: *kind,
                path: path.clone(),
                detail: detail.clone(),
                count: *count,
                example: Some(example.clone()),
            })
            .collect();
        // Without a ticket, or without a response of the operation, there is no key to miss.
        let was_called = |source: &Documented| match split_response_name(source.text) {
            Some((operation, ..)) => self.operations.contains(operation),
            None => self.tickets > 0,
        };
        for source in self.sources.iter().filter(|source| was_called(source) && !source.is_seen) {
            entries.push(Entry {
                kind: Kind::NeverSeen,
                path: source.text.to_owned(),
                detail: "documented, but in none of the responses".to_owned(),
                count: self.tickets,
                example: None,
            });
        }
        entries.sort_by(|one, other| (one.kind, other.count).cmp(&(other.kind, one.count)));
        DriftReport {
            provider: self.mapping.provider(),
            responses: self.responses,
            tickets: self.tickets,
            entries,
            omitted: self.omitted,
        }
    }

    fn count(
        &mut self,
        kind: Kind,
        detail: String,
        response: &str,
        ticket: Option<String>,
        pointer: String,
    ) {
        let pointer = shortened(pointer, MAX_TEXT);
        let key = (kind, without_indices(&pointer), shortened(detail, MAX_TEXT));
        if let Some((count, _)) = self.counts.get_mut(&key) {
            *count += 1;
        } else if self.counts.len() < MAX_ENTRIES {
            let ticket = ticket.map(|id| shortened(id, MAX_TEXT));
            let example = Example { response: response.to_owned(), ticket, pointer };
            self.counts.insert(key, (1, example));
        } else {
            self.omitted += 1;
        }
    }
}

fn kind(found: &DiagnosticKind) -> Kind {
    match found {
        DiagnosticKind::UnknownKey => Kind::UnknownKey,
        DiagnosticKind::UnexpectedType { .. } => Kind::UnexpectedType,
        DiagnosticKind::UnknownWord { .. } => Kind::UnknownWord,
        DiagnosticKind::InvalidValue { .. } => Kind::InvalidValue,
        DiagnosticKind::LoneSurrogate => Kind::LoneSurrogate,
        DiagnosticKind::LeapSecond => Kind::LeapSecond,
        DiagnosticKind::Undecided => Kind::Undecided,
    }
}

/// Returns the source of a rule with `[i]` for each index.
fn with_one_index_name(source: &str) -> String {
    let step = |step: &str| match step.strip_prefix('[') {
        Some(name) if name.ends_with("?]") => "[i?]".to_owned(),
        Some(_) => "[i]".to_owned(),
        None => step.to_owned(),
    };
    source.split('/').map(step).collect::<Vec<_>>().join("/")
}

/// Returns the pointer with `[i]` for each index.
fn without_indices(pointer: &str) -> String {
    if let Some((operation, _, pointer)) = split_response_name(pointer) {
        return format!("{operation}[p]#{}", without_indices(pointer));
    }
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let steps: Vec<_> =
        pointer.split('/').map(|step| if is_index(step) { "[i]" } else { step }).collect();
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::without_indices;

    #[test]
    fn replaces_indices_in_pointers() {
        for (pointer, path) in [
            ("/data/list/3/x", "/data/list/[i]/x"),
            ("", ""),
            ("/data/x2/10", "/data/x2/[i]"),
            ("/a//b", "/a//b"),
            ("list_messages[1]#/data/messages/3/x", "list_messages[p]#/data/messages/[i]/x"),
            ("/odd[1]#/7", "/odd[1]#/[i]"),
        ] {
            assert_eq!(without_indices(pointer), path);
        }
    }
}
