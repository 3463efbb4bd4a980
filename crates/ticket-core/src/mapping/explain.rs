//! Where every field of a ticket came from, and by which rule.
//!
//! It is read off the provider's table of rules, which a proof compares with the code
//! (`ticket_conformance::prove_mapping`), and off the response itself.

use std::collections::HashMap;

use serde::{Serialize, Serializer};
use ticket_model::{IndexMap, Json, Ticket};

use super::description::MappingDescription;
use super::pattern::{Bindings, Pattern, Reach, Row};
use super::rule::RuleKind;
use super::tree::{Path, Tree, place, pointer};
use crate::decode::quoted;
use crate::{Decoded, DiagnosticKind, Error, Response, VocabularyOverrides};

/// One field of a ticket (or one value of a response that became none), explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The path in the ticket; `None` for a value of the response that became no field.
    pub field: Option<String>,
    /// The value of the field; `None` where it is null.
    pub value: Option<Json>,
    /// What became of the sources.
    pub how: How,
    /// Where the value came from, or would have come from.
    pub sources: Vec<Source>,
    /// The name of the rule; empty where the provider has none for this field.
    pub rule: &'static str,
    /// The rule in a sentence, or why there is no value.
    pub note: String,
}

/// A place of a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The RFC 6901 pointer; with the names of indices where nothing was sent.
    pub pointer: String,
    /// What was sent there; `None` where nothing was, or `null`.
    pub native: Option<Json>,
}

/// What became of the sources of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum How {
    /// The value as it was sent.
    Copied,
    /// The value by a written rule.
    Converted,
    /// A value from several sources.
    Derived,
    /// The same wherever its parent exists.
    Constant,
    /// The tenant's own word decided, before the provider's table.
    Overridden,
    /// Nothing was sent, or only what stands for nothing.
    Absent,
    /// What was sent could not be read; it is in `extra`.
    InvalidValue,
    /// The provider has no such field.
    NotProvided,
    /// The response's value becomes no field, for the reason that the note gives.
    Unmapped,
    /// The response's value is in `extra`.
    Extra,
}

impl How {
    /// The word as JSON and the screen spell it.
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

/// The fields that a vocabulary of the tenant decides.
const VOCABULARIES: &[(&str, &str)] = &[
    ("status.value", "status"),
    ("status_changes[i].to.value", "status"),
    ("priority.value", "priority"),
    ("type.value", "type"),
    ("channel.value", "channel"),
];

/// Where a field is made of a whole list, so many of its items are told: each message may be compared with each contact, and
/// there may be thousands of both.
const MOST_OF_A_LIST: usize = 20;

/// Explains every field of the ticket that this response became, then every value that became none.
///
/// # Errors
/// As [`Decoder::decode`].
///
/// ```no_run
/// use ticket_core::{Decoder, Response, VocabularyOverrides, explain::explain};
///
/// # fn example(desk: &dyn MappingDescription, response: Response) -> Result<(), ticket_core::Error> {
/// for explained in explain(desk, &response, &VocabularyOverrides::default())? {
///     println!("{:?} {:?} from {:?}", explained.field, explained.how, explained.sources);
/// }
/// # Ok(())
/// # }
/// ```
pub fn explain(
    decoder: &dyn MappingDescription,
    response: &Response,
    overrides: &VocabularyOverrides,
) -> Result<Vec<Explained>, Error> {
    let decoded = decoder.decode(std::slice::from_ref(response), overrides)?;
    // The ticket cannot tell a title of its own from that of the tenant's field.
    let has_own_title = match overrides.title_field() {
        None => true,
        Some(_) => decoder.read(response, overrides)?.ticket.title.is_some(),
    };
    let text = String::from_utf8_lossy(&response.body);
    let response = Tree::parse(&text)?;
    let rows: Vec<Row> = decoder.rules().iter().map(Row::of).collect();
    let read = Noticed::of(&decoded);
    let mut explained = Vec::new();
    for (path, value) in tree_of(&decoded.ticket)?.leaves() {
        explained.push(field(&path, value, &rows, &response, &read, overrides));
    }
    if !has_own_title {
        title(&mut explained, &decoded.ticket, overrides);
    }
    // What is kept and what is undecided stands in `extra`, and is told from there.
    let is_told_here = |row: &&Row<'_>| row.targets.is_empty() && row.how() == How::Unmapped;
    for row in rows.iter().filter(is_told_here) {
        for (path, value) in row
            .sources
            .iter()
            .flat_map(|source| source.find(&response, &Bindings::new(), usize::MAX))
        {
            explained.push(Explained {
                field: None,
                value: None,
                how: How::Unmapped,
                sources: vec![Source { pointer: pointer(&path), native: json(value) }],
                rule: row.rule.name,
                note: row.rule.note.to_owned(),
            });
        }
    }
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

/// Explains the title of a ticket that has none of its own, by the custom field that the tenant names.
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
        Some(_) => (How::Overridden, format!("the custom field {name}, which the tenant names")),
        None => (How::Absent, format!("there is no custom field {name} with a text")),
    };
    title.sources = sources.unwrap_or_default();
}

/// What is said of each value that has no field and is kept, by its place and by those around it: a list is kept as a whole.
fn kept(rows: &[Row<'_>], response: &Tree) -> HashMap<String, &'static str> {
    let mut kept = HashMap::new();
    for row in rows.iter().filter(|row| row.rule.kind == RuleKind::Kept) {
        for (path, _) in
            row.sources.iter().flat_map(|it| it.find(response, &Bindings::new(), usize::MAX))
        {
            for length in 1..=path.len() {
                kept.entry(pointer(&path[..length])).or_insert(row.rule.note);
            }
        }
    }
    kept
}

/// What was kept and noticed, by its place: there may be a million of each.
struct Noticed<'d> {
    extra: &'d IndexMap<String, Json>,
    /// The first finding at each place, and its place among all.
    diagnostics: HashMap<&'d str, (usize, &'d DiagnosticKind)>,
}

impl<'d> Noticed<'d> {
    fn of(decoded: &'d Decoded) -> Self {
        let mut diagnostics = HashMap::new();
        for (place, diagnostic) in decoded.diagnostics.iter().enumerate() {
            diagnostics.entry(diagnostic.pointer.as_str()).or_insert((place, &diagnostic.kind));
        }
        Self { extra: &decoded.ticket.extra, diagnostics }
    }
}

impl Row<'_> {
    /// The indices under which this row leads to this field.
    fn bind(&self, path: &Path) -> Option<Bindings> {
        self.targets.iter().find_map(|target| target.bind(path, self.reach()))
    }

    fn how(&self) -> How {
        match self.rule.kind {
            RuleKind::Copied | RuleKind::Required => How::Copied,
            RuleKind::Converted => How::Converted,
            RuleKind::Derived => How::Derived,
            RuleKind::Constant => How::Constant,
            RuleKind::Envelope | RuleKind::Unmapped => How::Unmapped,
            RuleKind::Kept | RuleKind::Undecided => How::Extra,
        }
    }

    /// Where the value is, or would be.
    fn sources(&self, response: &Tree, bindings: &Bindings) -> Vec<Source> {
        let mut sources = Vec::new();
        for (pattern, text) in self.sources.iter().zip(self.rule.sources) {
            let found = pattern.find(response, bindings, MOST_OF_A_LIST);
            // Of a source that may have two shapes only the one that was sent is told.
            if found.is_empty() && self.sources.len() == 1 {
                sources.push(Source { pointer: (*text).to_owned(), native: None });
            }
            sources.extend(
                found
                    .into_iter()
                    .map(|(path, value)| Source { pointer: pointer(&path), native: json(value) }),
            );
        }
        sources
    }
}

fn field(
    path: &Path,
    value: &Tree,
    rows: &[Row<'_>],
    response: &Tree,
    read: &Noticed<'_>,
    overrides: &VocabularyOverrides,
) -> Explained {
    let name = place(path);
    if value.is_hollow() {
        return hollow(path, name, rows, response, read);
    }
    let Some((row, bindings)) = rows.iter().find_map(|row| Some((row, row.bind(path)?))) else {
        return Explained {
            field: Some(name),
            value: json(value),
            how: How::NotProvided,
            sources: Vec::new(),
            rule: "",
            note: "no rule is about this field".to_owned(),
        };
    };
    let sources = row.sources(response, &bindings);
    let is_overridden = sources.iter().filter_map(|source| source.native.as_ref()).any(|native| {
        let native = native.to_text().unwrap_or_else(|| native.to_string());
        VOCABULARIES.iter().any(|(target, vocabulary)| {
            Pattern::target(target).bind(path, Reach::Exact).is_some()
                && overrides.decides(vocabulary, &native)
        })
    });
    let (how, note) = if is_overridden {
        (How::Overridden, "the tenant's own word decides".to_owned())
    } else {
        (row.how(), row.rule.note.to_owned())
    };
    Explained { field: Some(name), value: json(value), how, sources, rule: row.rule.name, note }
}

/// A field without a value: nothing was sent, or what was sent could not be read, or nobody could send it.
fn hollow(
    path: &Path,
    name: String,
    rows: &[Row<'_>],
    response: &Tree,
    read: &Noticed<'_>,
) -> Explained {
    let mut sources = Vec::new();
    let mut rule = "";
    for row in rows {
        let bindings = row.targets.iter().find_map(|target| target.bind(path, Reach::Above));
        if let Some(bindings) = bindings {
            rule = row.rule.name;
            sources.extend(row.sources(response, &bindings));
        }
    }
    sources.dedup();
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
            .min_by_key(|(place, _)| place)
            .map(|(_, kind)| kind.to_string())
            .unwrap_or_default(),
        How::Absent if sources.iter().any(|source| source.native.is_some()) => {
            "what was sent stands for nothing".to_owned()
        }
        How::Absent => "not sent".to_owned(),
        _ => "the provider has no such field".to_owned(),
    };
    Explained { field: Some(name), value: None, how, sources, rule, note }
}

fn tree_of(ticket: &Ticket) -> Result<Tree, Error> {
    let mut ticket = ticket.clone();
    ticket.extra.clear();
    let json = serde_json::to_string(&ticket).expect("a ticket is JSON");
    let tree = Tree::parse(&json)?;
    // `extra` is told by its own entries.
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
