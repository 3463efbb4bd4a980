//! Changes each leaf of each response, and records what changes in the ticket.

use std::collections::{BTreeMap, BTreeSet};

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::pattern::{Reach, Row};
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};
use ticket_core::{Decoded, Diagnostic, DiagnosticKind};

use super::{SampleResponse, decode};

/// Undocumented values of every JSON type.
const UNDOCUMENTED: &[&str] = &[
    "\"an unknown word\"",
    "\"\"",
    "-7",
    "77777",
    "1.5",
    "1e400",
    "true",
    "{\"unknown\":[1]}",
    "[[\"unknown\"]]",
];

/// What changed in the tickets.
#[derive(Debug)]
pub(super) struct Observations {
    pub(super) changes: Vec<Change>,
    /// The path of every value of every ticket.
    pub(super) values: BTreeSet<Path>,
    /// Every leaf of every response, and whether its value or a parent is in `extra`.
    pub(super) leaves: Vec<(Leaf, Kept)>,
}

/// Whether a value or a parent is in `extra`, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is not in `extra`.
    No,
    /// It is in `extra`, with a diagnostic.
    Yes,
    /// It is in `extra` on purpose, without a diagnostic.
    OnPurpose,
    /// It is in `extra` because its mapping is undecided.
    Undecided,
}

/// Where a changed value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueLocation {
    /// It, a part of it, or a parent is in `extra`.
    Extra,
    /// The ticket differs from that without the value.
    Ticket,
    /// It is lost.
    Lost,
}

/// A leaf of a response.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Leaf {
    pub(super) case: &'static str,
    pub(super) path: Path,
    pub(super) is_hollow: bool,
}

/// One change of one leaf.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) leaf: Leaf,
    /// Whether the original value is in `extra`.
    pub(super) was: Kept,
    /// The new value; `None` if it was removed.
    pub(super) to: Option<String>,
    pub(super) effect: Effect,
}

#[derive(Debug)]
pub(super) enum Effect {
    /// The response was rejected.
    Rejected,
    /// The ticket changed: its changed paths, the changed pointers in `extra`, and where the new value is.
    Changed { paths: Vec<Path>, extra: Vec<String>, kept: ValueLocation },
}

impl Observations {
    /// Decodes each response and every change of it.
    ///
    /// # Panics
    /// If an unchanged response is not a ticket.
    pub(super) fn of(decoder: &dyn MappingDescription, samples: &[SampleResponse]) -> Self {
        let mut all = Self { changes: Vec::new(), values: BTreeSet::new(), leaves: Vec::new() };
        let rows: Vec<_> = decoder.rules().iter().map(Row::of).collect();
        for sample in samples {
            all.observe(decoder, sample, &rows);
        }
        all
    }

    fn observe(
        &mut self,
        decoder: &dyn MappingDescription,
        sample: &SampleResponse,
        rows: &[Row<'_>],
    ) {
        let mut response = sample.tree(decoder);
        let original = Outcome::of(decoder, &response)
            .unwrap_or_else(|| panic!("{} is not a ticket of {}", sample.name, decoder.provider()));
        self.values.extend(original.values.values().map(|(path, _)| path.clone()));
        let leaves: Vec<_> =
            response.leaves().into_iter().map(|(path, value)| (path, value.clone())).collect();
        for (path, value) in leaves {
            let leaf = Leaf { case: sample.name, is_hollow: value.is_hollow(), path };
            let location = pointer(&leaf.path);
            self.leaves.push((leaf.clone(), original.kept(&location)));
            let null = Some(Tree::Scalar("null".into()));
            let empty =
                with(&mut response, &leaf.path, null, |response| Outcome::of(decoder, response));
            for to in changes(&leaf, &value, rows) {
                let changed = with(&mut response, &leaf.path, to.clone(), |response| {
                    Outcome::of(decoder, response)
                });
                let effect = match changed {
                    None => Effect::Rejected,
                    Some(changed) => {
                        original.compare(&changed, changed.location_of(&location, empty.as_ref()))
                    }
                };
                self.changes.push(Change {
                    leaf: leaf.clone(),
                    was: original.kept(&location),
                    to: to.map(|value| value.to_string()),
                    effect,
                });
            }
        }
    }
}

/// Returns the values to replace a leaf by; `None` removes it.
fn changes(leaf: &Leaf, value: &Tree, rows: &[Row<'_>]) -> Vec<Option<Tree>> {
    let parse = |text: &&str| Tree::parse(text).expect("a sample is JSON");
    let mut changes: Vec<Tree> = UNDOCUMENTED.iter().map(parse).collect();
    changes.push(Tree::Scalar("null".into()));
    let mut is_item = !matches!(leaf.path.last(), Some(Step::Key(..)));
    for row in rows {
        is_item |=
            row.rule.is_key() && row.sources.iter().any(|source| source.ends_free(&leaf.path));
        for source in &row.sources {
            let is_here = source.bind(&leaf.path, Reach::Below).is_some();
            if is_here {
                changes.extend(row.rule.samples.iter().map(parse));
            } else if leaf.is_hollow && source.goes_below(&leaf.path) {
                let grown = row
                    .rule
                    .samples
                    .iter()
                    .filter_map(|sample| source.grown(&leaf.path, parse(sample)));
                changes.extend(grown);
            }
        }
    }
    changes.retain(|change| change != value);
    let mut changes: Vec<_> = changes.into_iter().map(Some).collect();
    changes.dedup();
    // An item of a list, or a member with a free key, is not removed: that would move all that follow.
    if !is_item {
        changes.push(None);
    }
    changes
}

/// Runs a function on the changed response, and restores it.
fn with<T>(
    response: &mut Tree,
    path: &[Step],
    to: Option<Tree>,
    act: impl FnOnce(&Tree) -> T,
) -> T {
    if let Some(to) = to {
        let before = std::mem::replace(response.at_mut(path).expect("the leaf exists"), to);
        let result = act(response);
        *response.at_mut(path).expect("the leaf exists") = before;
        return result;
    }
    let (last, parent) = path.split_last().expect("a leaf that can be removed has a parent");
    let (Some(Tree::Object(members)), Step::Key(_, position)) = (response.at_mut(parent), last)
    else {
        unreachable!("only members of objects are removed")
    };
    let member = members.remove(*position);
    let result = act(response);
    if let Some(Tree::Object(members)) = response.at_mut(parent) {
        members.insert(*position, member);
    }
    result
}

/// Returns whether `kept` is the pointer or a parent of it.
pub(super) fn is_around(kept: &str, pointer: &str) -> bool {
    pointer.strip_prefix(kept).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The values of a ticket, without null, `[]` and `{}`.
struct Outcome {
    values: BTreeMap<String, (Path, String)>,
    extra: BTreeMap<String, String>,
    /// The pointers of diagnostics, and of undecided values.
    reported: Vec<String>,
    undecided: Vec<String>,
}

impl Outcome {
    fn of(decoder: &dyn MappingDescription, response: &Tree) -> Option<Self> {
        let Decoded { ticket, diagnostics } = decode(decoder, response).ok()?;
        let (undecided, reported): (Vec<_>, Vec<_>) = diagnostics
            .into_iter()
            .partition(|diagnostic| diagnostic.kind == DiagnosticKind::Undecided);
        let pointers = |diagnostics: Vec<Diagnostic>| {
            diagnostics.into_iter().map(|diagnostic| diagnostic.pointer).collect()
        };
        let extra = ticket
            .extra
            .iter()
            .map(|(pointer, json)| (pointer.clone(), json.to_string()))
            .collect();
        let mut ticket = ticket;
        ticket.extra.clear();
        let json = serde_json::to_string(&ticket).expect("a ticket is JSON");
        let tree = Tree::parse(&json).expect("a ticket is JSON");
        let values = tree
            .leaves()
            .into_iter()
            .filter(|(_, value)| !value.is_hollow())
            .map(|(path, value)| (pointer(&path), (path, value.to_string())))
            .collect();
        let (undecided, reported) = (pointers(undecided), pointers(reported));
        Some(Self { values, extra, reported, undecided })
    }

    fn kept(&self, pointer: &str) -> Kept {
        let is_one_of = |kept: &[String]| kept.iter().any(|kept| is_around(kept, pointer));
        if !self.extra.keys().any(|kept| is_around(kept, pointer)) {
            Kept::No
        } else if is_one_of(&self.undecided) {
            Kept::Undecided
        } else if is_one_of(&self.reported) {
            Kept::Yes
        } else {
            Kept::OnPurpose
        }
    }

    /// Returns where the value at this pointer is; `empty` is the outcome without it.
    fn location_of(&self, pointer: &str, empty: Option<&Self>) -> ValueLocation {
        let is_near = |kept: &String| is_around(kept, pointer) || is_around(pointer, kept);
        if self.extra.keys().any(is_near) {
            ValueLocation::Extra
        } else if empty.is_none_or(|empty| empty.values != self.values) {
            ValueLocation::Ticket
        } else {
            ValueLocation::Lost
        }
    }

    fn compare(&self, other: &Self, kept: ValueLocation) -> Effect {
        let text =
            |outcome: &Self, name: &str| outcome.values.get(name).map(|(_, text)| text.clone());
        let names: BTreeSet<_> = self.values.keys().chain(other.values.keys()).collect();
        let moved = names.into_iter().filter(|name| text(self, name) != text(other, name));
        let path = |name: &String| {
            let (path, _) = self
                .values
                .get(name)
                .or(other.values.get(name))
                .expect("it came from one of the two");
            path.clone()
        };
        let pointers: BTreeSet<_> = self.extra.keys().chain(other.extra.keys()).collect();
        let extra = pointers.into_iter().filter(|it| self.extra.get(*it) != other.extra.get(*it));
        Effect::Changed { paths: moved.map(path).collect(), extra: extra.cloned().collect(), kept }
    }
}
