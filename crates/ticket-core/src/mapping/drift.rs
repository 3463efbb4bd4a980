//! How far the responses of a service have moved from its documentation, over one response or thousands.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::description::MappingDescription;
use super::pattern::{Bindings, Pattern};
use super::tree::Tree;
use crate::quote::shortened;
use crate::{DiagnosticKind, Error, Response, VocabularyOverrides};

/// Counts what was noticed while responses were read.
///
/// ```no_run
/// use ticket_core::mapping::drift::Drift;
/// use ticket_core::{Decoder, Response, VocabularyOverrides};
///
/// # fn example(desk: &dyn MappingDescription, responses: Vec<(String, Response)>) {
/// let mut drift = Drift::new(desk);
/// for (name, response) in &responses {
///     drift.add(name, response, &VocabularyOverrides::default());
/// }
/// println!("{}", serde_json::to_string(&drift.report()).unwrap());
/// # }
/// ```
pub struct Drift<'d> {
    decoder: &'d dyn MappingDescription,
    sources: Vec<Documented>,
    noticed: BTreeMap<(Kind, String, String), (u64, Example)>,
    responses: u64,
    tickets: u64,
    left_out: u64,
}

/// So many different things are told apart; keys made up by the thousand must not fill the memory.
const MOST_ENTRIES: usize = 10_000;

/// Nor must one that is as long as its response: of a place, a word or an id so many characters are kept.
const MAX_TEXT: usize = 500;

struct Documented {
    text: &'static str,
    pattern: Pattern,
    came: bool,
}

/// What kind of distance there is between a response and its documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// The response is no ticket.
    NoTicket,
    /// Nobody documents this key.
    UnknownKey,
    /// The value has another shape than documented, and was understood.
    UnexpectedType,
    /// The word or the code has no known meaning.
    UnknownWord,
    /// The value could not be used: its shape, its range or its notation.
    InvalidValue,
    /// The text holds half of a surrogate pair.
    LoneSurrogate,
    /// The time has a second 60.
    LeapSecond,
    /// The provider's author has not decided yet what it becomes.
    Undecided,
    /// The key is documented and never came.
    NeverCame,
}

impl Kind {
    /// Every kind, in the order of its weight.
    pub const ALL: &'static [Self] = &[
        Self::NoTicket,
        Self::UnknownKey,
        Self::UnexpectedType,
        Self::UnknownWord,
        Self::InvalidValue,
        Self::LoneSurrogate,
        Self::LeapSecond,
        Self::Undecided,
        Self::NeverCame,
    ];

    /// The word as JSON and the screen spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoTicket => "no_ticket",
            Self::UnknownKey => "unknown_key",
            Self::UnexpectedType => "unexpected_type",
            Self::UnknownWord => "unknown_word",
            Self::InvalidValue => "invalid_value",
            Self::LoneSurrogate => "lone_surrogate",
            Self::LeapSecond => "leap_second",
            Self::Undecided => "undecided",
            Self::NeverCame => "never_came",
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Where something was noticed first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The name that was given to the response.
    pub response: String,
    /// The ticket's id, where the response is a ticket.
    pub ticket: Option<String>,
    /// The RFC 6901 pointer, with its indices.
    pub pointer: String,
}

/// One distance between the responses and their documentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What kind it is.
    pub kind: Kind,
    /// The place, with `[i]` for an index.
    pub path: String,
    /// What was noticed, in words.
    pub what: String,
    /// How often it was noticed.
    pub count: u64,
    /// Where it was noticed first; none for what never came.
    pub example: Option<Example>,
}

/// All that was noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DriftReport {
    /// The provider.
    pub provider: &'static str,
    /// How many responses were read.
    pub responses: u64,
    /// How many of them are tickets.
    pub tickets: u64,
    /// What was noticed, the weightiest kind first, the most frequent first within it.
    pub entries: Vec<Entry>,
    /// How often something was noticed that is in no entry, because there are too many different ones.
    pub left_out: u64,
}

impl<'d> Drift<'d> {
    /// Nothing noticed yet.
    pub fn new(decoder: &'d dyn MappingDescription) -> Self {
        let mut sources: Vec<Documented> = Vec::new();
        for text in decoder.rules().iter().flat_map(|rule| rule.sources) {
            if !sources.iter().any(|source| source.text == *text) {
                sources.push(Documented { text, pattern: Pattern::source(text), came: false });
            }
        }
        Self { decoder, sources, noticed: BTreeMap::new(), responses: 0, tickets: 0, left_out: 0 }
    }

    /// Reads one response; `name` is what an example calls it.
    pub fn add(&mut self, name: &str, response: &Response, overrides: &VocabularyOverrides) {
        match self.decoder.decode(std::slice::from_ref(response), overrides) {
            Err(error) => self.no_ticket(name, &error),
            Ok(decoded) => {
                self.responses += 1;
                self.tickets += 1;
                if let Ok(tree) = Tree::parse(&String::from_utf8_lossy(&response.body)) {
                    for source in self.sources.iter_mut().filter(|source| !source.came) {
                        source.came =
                            !source.pattern.find(&tree, &Bindings::new(), usize::MAX).is_empty();
                    }
                }
                for diagnostic in decoded.diagnostics {
                    let (kind, what) = (kind(&diagnostic.kind), diagnostic.kind.to_string());
                    self.notice(
                        kind,
                        what,
                        name,
                        Some(decoded.ticket.id.clone()),
                        diagnostic.pointer,
                    );
                }
            }
        }
    }

    /// Counts a response that is no ticket.
    pub fn no_ticket(&mut self, name: &str, error: &Error) {
        self.responses += 1;
        let what = format!("{}: {}", error.kind(), error.message());
        self.notice(Kind::NoTicket, what, name, None, error.path().unwrap_or_default().to_owned());
    }

    /// What was noticed so far.
    pub fn report(&self) -> DriftReport {
        let mut entries: Vec<Entry> = self
            .noticed
            .iter()
            .map(|((kind, path, what), (count, example))| Entry {
                kind: *kind,
                path: path.clone(),
                what: what.clone(),
                count: *count,
                example: Some(example.clone()),
            })
            .collect();
        // Without a ticket nothing can be said of what never comes.
        for source in self.sources.iter().filter(|source| self.tickets > 0 && !source.came) {
            entries.push(Entry {
                kind: Kind::NeverCame,
                path: source.text.to_owned(),
                what: "documented, and in none of the responses".to_owned(),
                count: self.tickets,
                example: None,
            });
        }
        entries.sort_by(|one, other| (one.kind, other.count).cmp(&(other.kind, one.count)));
        DriftReport {
            provider: self.decoder.provider(),
            responses: self.responses,
            tickets: self.tickets,
            entries,
            left_out: self.left_out,
        }
    }

    fn notice(
        &mut self,
        kind: Kind,
        what: String,
        response: &str,
        ticket: Option<String>,
        pointer: String,
    ) {
        let pointer = shortened(pointer, MAX_TEXT);
        let key = (kind, without_indices(&pointer), shortened(what, MAX_TEXT));
        if let Some((count, _)) = self.noticed.get_mut(&key) {
            *count += 1;
        } else if self.noticed.len() < MOST_ENTRIES {
            let ticket = ticket.map(|id| shortened(id, MAX_TEXT));
            let example = Example { response: response.to_owned(), ticket, pointer };
            self.noticed.insert(key, (1, example));
        } else {
            self.left_out += 1;
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

/// The place with `[i]` for each index.
fn without_indices(pointer: &str) -> String {
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let steps: Vec<_> =
        pointer.split('/').map(|step| if is_index(step) { "[i]" } else { step }).collect();
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::without_indices;

    #[test]
    fn places_of_different_items_are_one_place() {
        for (pointer, path) in [
            ("/data/list/3/x", "/data/list/[i]/x"),
            ("", ""),
            ("/data/x2/10", "/data/x2/[i]"),
            ("/a//b", "/a//b"),
        ] {
            assert_eq!(without_indices(pointer), path);
        }
    }
}
