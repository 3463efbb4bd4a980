//! A decoded ticket, and how it differs from another.

use std::collections::BTreeSet;

use serde_json::value::RawValue;
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::tree::{Path, Step, Tree};
use ticket_core::model::IndexMap;
use ticket_core::{Decoded, DiagnosticKind};

use super::{decode, is_around};

/// The maps of the model, whose keys are free.
const MAPS: &[&str] = &["satisfaction.reasons[]"];

/// A decoded ticket.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The ticket without `extra`, as JSON.
    json: String,
    /// The pointers in `extra`.
    extra: Vec<String>,
    /// The pointers of diagnostics, and of undecided values.
    reported: Vec<String>,
    undecided: Vec<String>,
}

/// Why a value is in `extra`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    No,
    Invalid,
    OnPurpose,
    Undecided,
}

/// A value of a ticket that differs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) path: Path,
    /// The values as JSON; `None` for null, `[]`, `{}` and a missing value.
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    /// Whether a list around it has another length.
    pub(super) is_shifted: bool,
    /// Whether the object around it is missing in one of the two.
    pub(super) is_whole: bool,
}

impl Outcome {
    /// Decodes a response; `None` if it is rejected.
    pub(super) fn of(decoder: &dyn MappingDescription, response: &Tree) -> Option<Self> {
        let Decoded { mut ticket, diagnostics } = decode(decoder, response).ok()?;
        let (undecided, reported): (Vec<_>, Vec<_>) =
            diagnostics.into_iter().partition(|it| it.kind == DiagnosticKind::Undecided);
        let extra = std::mem::take(&mut ticket.extra).into_keys().collect();
        Some(Self {
            json: serde_json::to_string(&ticket).expect("a ticket is JSON"),
            extra,
            reported: reported.into_iter().map(|it| it.pointer).collect(),
            undecided: undecided.into_iter().map(|it| it.pointer).collect(),
        })
    }

    /// Returns the values with their paths, without null, `[]` and `{}`.
    pub(super) fn values(&self) -> Vec<(Path, String)> {
        let tree = Tree::parse(&self.json).expect("a ticket is JSON");
        let leaves = tree.leaves().into_iter().filter(|(_, value)| !value.is_hollow());
        leaves.map(|(path, value)| (path, value.to_string())).collect()
    }

    /// Returns whether the value at this pointer or a parent is in `extra`, and why.
    pub(super) fn kept(&self, pointer: &str) -> Kept {
        let is_one_of = |all: &[String]| all.iter().any(|it| is_around(it, pointer));
        if !is_one_of(&self.extra) {
            Kept::No
        } else if is_one_of(&self.undecided) {
            Kept::Undecided
        } else if is_one_of(&self.reported) {
            Kept::Invalid
        } else {
            Kept::OnPurpose
        }
    }

    /// Returns whether the value at this pointer, a parent or a part of it is in `extra`.
    pub(super) fn is_in_extra(&self, pointer: &str) -> bool {
        self.extra.iter().any(|it| is_around(it, pointer) || is_around(pointer, it))
    }

    /// Returns all values that differ.
    pub(super) fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        compare(
            [Some(&self.json), Some(&other.json)],
            &mut Vec::new(),
            (false, false),
            &mut differences,
        );
        differences
    }
}

/// Compares two JSON texts; only the parts that differ are parsed.
fn compare(
    [old, new]: [Option<&str>; 2],
    path: &mut Path,
    (is_shifted, is_whole): (bool, bool),
    all: &mut Vec<Difference>,
) {
    if old == new {
        return;
    }
    let (was, is) = (parts(old), parts(new));
    let value = |json: Option<&str>| {
        json.filter(|json| *json != "null" && !json.starts_with(['[', '{'])).map(str::to_owned)
    };
    let (was_value, is_value) = (value(old), value(new));
    if was_value != is_value {
        all.push(Difference {
            path: path.clone(),
            old: was_value,
            new: is_value,
            is_shifted,
            is_whole,
        });
    }
    let is_list = |json: Option<&str>| json.is_some_and(|json| json.starts_with('['));
    let is_shifted = is_shifted || (is_list(old) || is_list(new)) && was.len() != is.len();
    let is_whole = was.is_empty() || is.is_empty();
    let steps: IndexMap<&Step, ()> = was.keys().chain(is.keys()).map(|step| (step, ())).collect();
    for step in steps.keys() {
        let part =
            |parts: &IndexMap<Step, &RawValue>| parts.get(*step).map(|raw| raw.get().to_owned());
        path.push((*step).clone());
        compare([part(&was).as_deref(), part(&is).as_deref()], path, (is_shifted, is_whole), all);
        path.pop();
    }
}

/// Returns the members of an object or the items of a list.
fn parts(json: Option<&str>) -> IndexMap<Step, &RawValue> {
    let json = json.unwrap_or_default();
    if json.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(json).expect("a ticket is JSON");
        items.into_iter().enumerate().map(|(index, item)| (Step::Index(index), item)).collect()
    } else if json.starts_with('{') {
        let members: IndexMap<String, &RawValue> =
            serde_json::from_str(json).expect("a ticket is JSON");
        members.into_iter().map(|(key, value)| (Step::Key(key, 0), value)).collect()
    } else {
        IndexMap::new()
    }
}

/// Returns the target of a path of the ticket, with `[]` for an index, and its indices.
pub(super) fn target(path: &[Step]) -> (String, Vec<usize>) {
    let (mut target, mut indices) = (String::new(), Vec::new());
    for step in path {
        match step {
            Step::Key(..) if MAPS.contains(&&*target) => target.push_str(".*"),
            Step::Key(key, _) if target.is_empty() => target.push_str(key),
            Step::Key(key, _) => target.extend([".", key]),
            Step::Index(index) => {
                target.push_str("[]");
                indices.push(*index);
            }
        }
    }
    (target, indices)
}

/// Returns whether a target has one of a few words: what a value means, and not the value.
pub(super) fn is_meaning(target: &str) -> bool {
    let ends = [".value", ".visibility", ".format", ".complete"];
    ends.iter().any(|end| target.ends_with(end)) && target != "custom_fields[].value"
        || target == "solved"
}

/// Returns the meanings that depend on more than one value of a response.
pub(super) fn meanings(values: &[(Path, String)]) -> BTreeSet<(String, &str)> {
    let named = values.iter().map(|(path, json)| (target(path).0, &**json));
    named.filter(|(target, _)| target.contains(".role.") || target.contains("].format")).collect()
}
