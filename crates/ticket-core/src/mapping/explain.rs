//! Where each field of a ticket comes from, and by which rule.
//!
//! The values are those of the decoded ticket. Where a value came from, and by which rule, is read from the provider's table, which a
//! test compares with the code of the mapping.

use std::collections::{HashMap, HashSet};

use serde::{Serialize, Serializer};
use ticket_model::{IndexMap, Json, Ticket};

use super::description::MappingDescription;
use super::pattern::{Bindings, Pattern, Reach, Row};
use super::response_tree::ResponseTree;
use super::rule::RuleKind;
use super::tree::{self, Path, Tree, ticket_path};
use crate::decode::{quoted, split_response_name};
use crate::{Decoded, DiagnosticKind, Error, Response, VocabularyOverrides};

/// The explanation of a field of a ticket, or of a value of the response that became no field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The path in the ticket; `None` for a value that became no field.
    pub field: Option<String>,
    /// The value of the field; `None` if it is null.
    pub value: Option<Json>,
    /// How the sources became the field.
    pub how: How,
    /// The sources of the value, or the sources that it would have.
    pub sources: Vec<Source>,
    /// The name of the rule; empty if the provider has none for this field.
    pub rule: &'static str,
    /// The rule in a sentence, or the reason why there is no value.
    pub note: String,
}

/// A position in a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The RFC 6901 pointer; with the names of indices if nothing was sent.
    pub pointer: String,
    /// What was sent there; `None` for nothing and for `null`.
    pub native: Option<Json>,
}

/// How the sources of a field became its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum How {
    /// The value was copied.
    Copied,
    /// The value was converted.
    Converted,
    /// The value was derived from several sources.
    Derived,
    /// The value is the same wherever its parent exists.
    Constant,
    /// The meaning comes from the tenant's overrides.
    Overridden,
    /// Nothing was sent, or a sentinel.
    Absent,
    /// The value that was sent is invalid; it is in `extra`.
    InvalidValue,
    /// The provider does not have this field.
    NotProvided,
    /// The value of the response was dropped, for the reason in the note.
    Unmapped,
    /// The value of the response is in `extra`.
    Extra,
}

impl How {
    /// Returns the word as it is written in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Converted => "converted",
            Self::Derived => "derived",
            Self::Constant => "constant",
            Self::Overridden => "overridden",
            Self::Absent => "absent",
            Self::InvalidValue => "invalid_value",
            Self::NotProvided => "not_provided",
            Self::Unmapped => "unmapped",
            Self::Extra => "extra",
        }
    }
}

impl Serialize for How {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The fields whose meaning a tenant can override.
const VOCABULARIES: &[(&str, &str)] = &[
    ("status.value", "status"),
    ("status_changes[i].to.value", "status"),
    ("priority.value", "priority"),
    ("type.value", "type"),
    ("channel.value", "channel"),
];

/// How many items of a list are listed as sources of one field: each message may be compared with each contact, and there may be
/// thousands of both.
const MAX_ITEMS: usize = 20;

/// Explains every field of the ticket in these responses of one fetch, then every value that became no field.
///
/// # Errors
/// Those of [`Decoder::decode`](crate::Decoder::decode).
///
/// ```no_run
/// use ticket_core::mapping::{MappingDescription, explain::explain};
/// use ticket_core::{Response, VocabularyOverrides};
///
/// # fn example(mapping: &dyn MappingDescription, responses: &[Response]) -> Result<(), ticket_core::Error> {
/// for explained in explain(mapping, responses, &VocabularyOverrides::default())? {
///     println!("{:?} {:?} from {:?}", explained.field, explained.how, explained.sources);
/// }
/// # Ok(())
/// # }
/// ```
pub fn explain(
    mapping: &dyn MappingDescription,
    responses: &[Response],
    overrides: &VocabularyOverrides,
) -> Result<Vec<Explained>, Error> {
    let decoded = mapping.decode(responses, overrides)?;
    // The ticket alone does not show whether its title comes from a custom field.
    let has_own_title = overrides.title_field().is_none() || {
        let response = Response::first(responses, mapping.ticket_operation())?;
        mapping.read(response, overrides)?.ticket.title.is_some()
    };
    let response = ResponseTree::parse(mapping, responses)?.joined(mapping);
    let rows: Vec<Row> = mapping.rules().iter().map(Row::of).collect();
    let read = Findings::of(&decoded);
    let ticket = tree_of(&decoded.ticket)?;
    let mut explained = Vec::new();
    for (path, value) in ticket.leaves() {
        let place = Place { path: &path, ticket: &ticket, response: &response };
        explained.push(field(&place, value, &rows, &read, overrides));
    }
    if !has_own_title {
        title(&mut explained, &decoded.ticket, overrides);
    }
    let as_sent = ResponseTree::parse(mapping, responses)?;
    dropped(&mut explained, &rows, &as_sent, &decoded.ticket.extra);
    let kept = kept(&rows, &response);
    for (pointer, value) in &decoded.ticket.extra {
        let noticed = read.diagnostics.get(pointer.as_str());
        let what = || kept.get(pointer).copied().map(str::to_owned);
        explained.push(Explained {
            field: None,
            value: None,
            how: How::Extra,
            sources: vec![Source { pointer: pointer.clone(), native: Some(value.clone()) }],
            rule: "",
            note: noticed.map(|(_, kind)| kind.to_string()).or_else(what).unwrap_or_default(),
        });
    }
    Ok(explained)
}

/// Explains the values that are dropped, in the order of the rules. Kept and undecided values are in `extra`, and are explained there.
fn dropped(
    explained: &mut Vec<Explained>,
    rows: &[Row<'_>],
    response: &ResponseTree,
    extra: &IndexMap<String, Json>,
) {
    let pointers = explained.iter().flat_map(|it| it.sources.iter().map(|it| it.pointer.clone()));
    let used: HashSet<String> = pointers.chain(extra.keys().cloned()).collect();
    let around: HashSet<String> = used.iter().flat_map(|it| prefixes(it)).collect();
    let is_used = |pointer: &str| prefixes(pointer).iter().any(|it| used.contains(it));
    let is_dropped = |row: &&Row<'_>| row.targets.is_empty() && row.how() == How::Unmapped;
    for row in rows.iter().filter(is_dropped) {
        let sources = row.sources.iter();
        for (path, value) in
            sources.flat_map(|source| source.find(&response.tree, &Bindings::new(), usize::MAX))
        {
            let pointer = response.pointer(&path);
            let mut add = |pointer: String, value: &Tree| {
                explained.push(Explained {
                    field: None,
                    value: None,
                    how: How::Unmapped,
                    sources: vec![Source { pointer, native: json(value) }],
                    rule: row.rule.name,
                    note: row.rule.note.to_owned(),
                });
            };
            if !row.rule.is_whole() || !around.contains(&pointer) {
                add(pointer, value);
                continue;
            }
            // A part of the object became a field.
            for (below, leaf) in value.leaves() {
                let pointer = pointer.clone() + &tree::pointer(&below);
                if !leaf.is_hollow() && !is_used(&pointer) {
                    add(pointer, leaf);
                }
            }
        }
    }
}

/// Returns the pointer and those of all its parents.
fn prefixes(pointer: &str) -> Vec<String> {
    let ends = pointer.match_indices('/').map(|(end, _)| end).filter(|end| *end > 0);
    ends.chain([pointer.len()]).map(|end| pointer[..end].to_owned()).collect()
}

/// Explains a title that comes from the custom field that the tenant names.
fn title(explained: &mut [Explained], ticket: &Ticket, overrides: &VocabularyOverrides) {
    let found = overrides.title_of(&ticket.custom_fields);
    let sources = found.as_ref().and_then(|(index, _)| {
        let value = format!("custom_fields[{index}].value");
        explained.iter().find(|it| it.field.as_ref() == Some(&value)).map(|it| it.sources.clone())
    });
    let title = explained.iter_mut().find(|it| it.field.as_deref() == Some("title"));
    let Some(title) = title else { return };
    let name = quoted(overrides.title_field().unwrap_or_default());
    title.rule = "title field";
    (title.how, title.note) = match sources {
        Some(_) => (How::Overridden, format!("the custom field {name}, named as title field")),
        None => (How::Absent, format!("there is no custom field {name} with text")),
    };
    title.sources = sources.unwrap_or_default();
}

/// Returns the notes of kept values by their pointer and those of their parents: a list is kept whole.
fn kept(rows: &[Row<'_>], response: &ResponseTree) -> HashMap<String, &'static str> {
    let mut kept = HashMap::new();
    for row in rows.iter().filter(|row| row.rule.kind == RuleKind::Kept) {
        for (path, _) in
            row.sources.iter().flat_map(|it| it.find(&response.tree, &Bindings::new(), usize::MAX))
        {
            for length in 1..=path.len() {
                kept.entry(response.pointer(&path[..length])).or_insert(row.rule.note);
            }
        }
    }
    kept
}

/// The kept values and diagnostics by their pointer: there may be a million of each.
struct Findings<'d> {
    extra: &'d IndexMap<String, Json>,
    /// The first diagnostic at each pointer, and its index.
    diagnostics: HashMap<&'d str, (usize, &'d DiagnosticKind)>,
}

impl<'d> Findings<'d> {
    fn of(decoded: &'d Decoded) -> Self {
        let mut diagnostics = HashMap::new();
        for (index, diagnostic) in decoded.diagnostics.iter().enumerate() {
            diagnostics.entry(diagnostic.pointer.as_str()).or_insert((index, &diagnostic.kind));
        }
        Self { extra: &decoded.ticket.extra, diagnostics }
    }
}

impl Row<'_> {
    /// Returns the indices with which this row leads to this field.
    fn bind(&self, path: &Path) -> Option<Bindings> {
        self.targets.iter().find_map(|target| target.bind(path, self.reach()))
    }

    fn how(&self) -> How {
        match self.rule.kind {
            RuleKind::Copied | RuleKind::Required => How::Copied,
            RuleKind::Converted => How::Converted,
            RuleKind::Derived => How::Derived,
            RuleKind::Constant => How::Constant,
            RuleKind::Envelope | RuleKind::Selector | RuleKind::Unmapped => How::Unmapped,
            RuleKind::Kept | RuleKind::Undecided => How::Extra,
        }
    }

    /// Returns where the value of this field is, or would be.
    fn sources(&self, place: &Place<'_>, bindings: &Bindings, is_hollow: bool) -> Vec<Source> {
        let Place { path, ticket, response } = place;
        let mut sources = Vec::new();
        for (pattern, text) in self.sources.iter().zip(self.rule.sources) {
            let mut bindings = bindings.clone();
            response.bind_by_id(pattern, path, ticket, &mut bindings);
            let found = pattern.find(&response.tree, &bindings, MAX_ITEMS);
            // A value that is not there could be of any item of another response.
            if found.len() > 1 && is_hollow && split_response_name(text).is_some() {
                sources.push(Source { pointer: (*text).to_owned(), native: None });
                continue;
            }
            // Of a source with two forms, only the one that was sent is listed.
            if found.is_empty() && self.sources.len() == 1 {
                sources.push(Source { pointer: (*text).to_owned(), native: None });
            }
            sources.extend(found.into_iter().map(|(path, value)| Source {
                pointer: response.pointer(&path),
                native: json(value),
            }));
        }
        sources
    }
}

/// A field of the ticket, and the responses that it comes from.
struct Place<'e> {
    path: &'e Path,
    ticket: &'e Tree,
    response: &'e ResponseTree,
}

fn field(
    place: &Place<'_>,
    value: &Tree,
    rows: &[Row<'_>],
    read: &Findings<'_>,
    overrides: &VocabularyOverrides,
) -> Explained {
    let path = place.path;
    let name = ticket_path(path);
    if value.is_hollow() {
        return hollow(place, name, rows, read);
    }
    let Some((row, bindings)) = rows.iter().find_map(|row| Some((row, row.bind(path)?))) else {
        return Explained {
            field: Some(name),
            value: json(value),
            how: How::NotProvided,
            sources: Vec::new(),
            rule: "",
            note: "no rule for this field".to_owned(),
        };
    };
    let mut sources = row.sources(place, &bindings, false);
    let value = json(value);
    // Of several items, those that have what was copied.
    if row.how() == How::Copied && sources.iter().any(|source| source.native == value) {
        sources.retain(|source| source.native == value);
    }
    let is_overridden = sources.iter().filter_map(|source| source.native.as_ref()).any(|native| {
        let native = native.to_text().unwrap_or_else(|| native.to_string());
        VOCABULARIES.iter().any(|(target, vocabulary)| {
            Pattern::target(target).bind(path, Reach::Exact).is_some()
                && overrides.decides(vocabulary, &native)
        })
    });
    let (how, note) = if is_overridden {
        (How::Overridden, "meaning set by the tenant".to_owned())
    } else {
        (row.how(), row.rule.note.to_owned())
    };
    Explained { field: Some(name), value, how, sources, rule: row.rule.name, note }
}

/// Explains a field without a value: nothing was sent, the value is invalid, or the provider does not have the field.
fn hollow(place: &Place<'_>, name: String, rows: &[Row<'_>], read: &Findings<'_>) -> Explained {
    let mut sources = Vec::new();
    let mut rule = "";
    for row in rows {
        let bindings = row.targets.iter().find_map(|target| target.bind(place.path, Reach::Above));
        if let Some(bindings) = bindings {
            rule = row.rule.name;
            sources.extend(row.sources(place, &bindings, true));
        }
    }
    sources.dedup();
    // If another response lacks the value, what it would be compared with in the ticket's response explains nothing.
    let is_other = |source: &Source| split_response_name(&source.pointer).is_some();
    if sources.iter().any(is_other) {
        sources.retain(is_other);
    }
    let kept = |source: &Source| read.extra.contains_key(&source.pointer);
    let how = if sources.iter().any(kept) {
        How::InvalidValue
    } else if sources.is_empty() {
        How::NotProvided
    } else {
        How::Absent
    };
    let note = match how {
        How::InvalidValue => sources
            .iter()
            .filter_map(|source| read.diagnostics.get(source.pointer.as_str()))
            .min_by_key(|(index, _)| index)
            .map(|(_, kind)| kind.to_string())
            .unwrap_or_default(),
        How::Absent if sources.iter().any(|source| source.native.is_some()) => {
            "sent, but means no value".to_owned()
        }
        How::Absent => "not sent".to_owned(),
        _ => "the provider does not have this field".to_owned(),
    };
    Explained { field: Some(name), value: None, how, sources, rule, note }
}

fn tree_of(ticket: &Ticket) -> Result<Tree, Error> {
    let mut ticket = ticket.clone();
    ticket.extra.clear();
    let json = serde_json::to_string(&ticket).expect("a ticket serializes to JSON");
    let tree = Tree::parse(&json)?;
    // `extra` has entries of its own.
    Ok(match tree {
        Tree::Object(members) => {
            Tree::Object(members.into_iter().filter(|(key, _)| key != "extra").collect())
        }
        other => other,
    })
}

fn json(tree: &Tree) -> Option<Json> {
    if tree.is_hollow() { None } else { tree.to_string().parse().ok() }
}
