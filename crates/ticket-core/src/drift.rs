//! How far the answers of a service have moved from its documentation, over one answer or thousands.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::decode::cut;
use crate::pattern::{Bindings, Pattern};
use crate::tree::Tree;
use crate::{Answer, Dialect, Error, Finding, Reading};

/// Counts what was noticed while answers were read.
///
/// ```no_run
/// use ticket_core::drift::Drift;
/// use ticket_core::{Answer, Dialect, Reading};
///
/// # fn example(desk: &dyn Dialect, answers: Vec<(String, Answer)>) {
/// let mut drift = Drift::new(desk);
/// for (name, answer) in &answers {
///     drift.add(name, answer, &Reading::default());
/// }
/// println!("{}", serde_json::to_string(&drift.report()).unwrap());
/// # }
/// ```
pub struct Drift<'d> {
    dialect: &'d dyn Dialect,
    sources: Vec<Documented>,
    noticed: BTreeMap<(Kind, String, String), (u64, Example)>,
    answers: u64,
    tickets: u64,
    left_out: u64,
}

/// So many different things are told apart; keys made up by the thousand must not fill the memory.
const MOST_ENTRIES: usize = 10_000;

/// Nor must one that is as long as its answer: of a place, a word or an id so many characters are kept.
const LONGEST: usize = 500;

struct Documented {
    text: &'static str,
    pattern: Pattern,
    came: bool,
}

/// What kind of distance there is between an answer and its documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// The answer is no ticket.
    NoTicket,
    /// Nobody documents this key.
    UnknownKey,
    /// The value has another shape than documented, and was understood.
    Shape,
    /// The word or the code has no known meaning.
    UnknownWord,
    /// The value could not be used: its shape, its range or its notation.
    Unreadable,
    /// The text holds half of a surrogate pair.
    LoneSurrogate,
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
        Self::Shape,
        Self::UnknownWord,
        Self::Unreadable,
        Self::LoneSurrogate,
        Self::Undecided,
        Self::NeverCame,
    ];

    /// The word as JSON and the screen spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoTicket => "no_ticket",
            Self::UnknownKey => "unknown_key",
            Self::Shape => "shape",
            Self::UnknownWord => "unknown_word",
            Self::Unreadable => "unreadable",
            Self::LoneSurrogate => "lone_surrogate",
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
    /// The name that was given to the answer.
    pub answer: String,
    /// The ticket's id, where the answer is a ticket.
    pub ticket: Option<String>,
    /// The RFC 6901 pointer, with its indices.
    pub pointer: String,
}

/// One distance between the answers and their documentation.
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
    /// How many answers were read.
    pub answers: u64,
    /// How many of them are tickets.
    pub tickets: u64,
    /// What was noticed, the weightiest kind first, the most frequent first within it.
    pub entries: Vec<Entry>,
    /// How often something was noticed that is in no entry, because there are too many different ones.
    pub left_out: u64,
}

impl<'d> Drift<'d> {
    /// Nothing noticed yet.
    pub fn new(dialect: &'d dyn Dialect) -> Self {
        let mut sources: Vec<Documented> = Vec::new();
        for text in dialect.rules().iter().flat_map(|rule| rule.sources) {
            if !sources.iter().any(|source| source.text == *text) {
                sources.push(Documented { text, pattern: Pattern::source(text), came: false });
            }
        }
        Self { dialect, sources, noticed: BTreeMap::new(), answers: 0, tickets: 0, left_out: 0 }
    }

    /// Reads one answer; `name` is what an example calls it.
    pub fn add(&mut self, name: &str, answer: &Answer, reading: &Reading) {
        match self.dialect.decode(std::slice::from_ref(answer), reading) {
            Err(error) => self.no_ticket(name, &error),
            Ok(decoded) => {
                self.answers += 1;
                self.tickets += 1;
                if let Ok(tree) = Tree::parse(&String::from_utf8_lossy(&answer.body)) {
                    for source in self.sources.iter_mut().filter(|source| !source.came) {
                        source.came =
                            !source.pattern.find(&tree, &Bindings::new(), usize::MAX).is_empty();
                    }
                }
                for remark in decoded.report.remarks {
                    let (kind, what) = (kind(&remark.finding), remark.finding.to_string());
                    self.notice(kind, what, name, Some(decoded.ticket.id.clone()), remark.pointer);
                }
            }
        }
    }

    /// Counts an answer that is no ticket.
    pub fn no_ticket(&mut self, name: &str, error: &Error) {
        self.answers += 1;
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
                what: "documented, and in none of the answers".to_owned(),
                count: self.tickets,
                example: None,
            });
        }
        entries.sort_by(|one, other| (one.kind, other.count).cmp(&(other.kind, one.count)));
        DriftReport {
            provider: self.dialect.provider(),
            answers: self.answers,
            tickets: self.tickets,
            entries,
            left_out: self.left_out,
        }
    }

    fn notice(
        &mut self,
        kind: Kind,
        what: String,
        answer: &str,
        ticket: Option<String>,
        pointer: String,
    ) {
        let pointer = cut(pointer, LONGEST);
        let key = (kind, without_indices(&pointer), cut(what, LONGEST));
        if let Some((count, _)) = self.noticed.get_mut(&key) {
            *count += 1;
        } else if self.noticed.len() < MOST_ENTRIES {
            let ticket = ticket.map(|id| cut(id, LONGEST));
            let example = Example { answer: answer.to_owned(), ticket, pointer };
            self.noticed.insert(key, (1, example));
        } else {
            self.left_out += 1;
        }
    }
}

fn kind(finding: &Finding) -> Kind {
    match finding {
        Finding::UnknownKey => Kind::UnknownKey,
        Finding::Tolerated { .. } => Kind::Shape,
        Finding::UnknownWord { .. } => Kind::UnknownWord,
        Finding::Unreadable { .. } => Kind::Unreadable,
        Finding::LoneSurrogate => Kind::LoneSurrogate,
        Finding::Undecided => Kind::Undecided,
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
