//! The wire structs that a response proposes: one for each object, a member for each key.

use std::fmt::Write as _;

use super::shape::{Shape, within_list};
use super::spelling::{is_tenants, member, singular, type_name, unused};
use crate::generated::TAKES;

/// Types that the generated code has or names already.
const TAKEN: [&str; 11] = [
    "Ticket",
    "Refusal",
    "Told",
    "Raw",
    "FieldState",
    "Members",
    "TextOr",
    "Option",
    "Result",
    "String",
    "Vec",
];

/// A JSON object of the response.
#[derive(Debug)]
pub(super) struct Struct {
    pub(super) name: String,
    /// Where it stands, as rules write it.
    pub(super) place: String,
    pub(super) members: Vec<Member>,
}

/// A key of an object.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) kind: Kind,
}

/// What is read under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    /// A number, an id, a word, a time.
    Scalar,
    /// Whatever has no one shape.
    Raw,
    /// An object with free keys.
    Members,
    /// An object of this type.
    Object(String),
    /// A list of objects of this type.
    Objects(String),
    /// A list of anything else.
    Values,
}

impl Kind {
    fn shape(&self) -> String {
        match self {
            Self::Text => "String".to_owned(),
            Self::Flag => "bool".to_owned(),
            Self::Scalar => "Scalar<'t>".to_owned(),
            Self::Raw => "Raw<'t>".to_owned(),
            Self::Members => "Members<'t>".to_owned(),
            Self::Object(name) => format!("{name}<'t>"),
            Self::Objects(name) => format!("Vec<FieldState<{name}<'t>>>"),
            Self::Values => "Vec<FieldState<Scalar<'t>>>".to_owned(),
        }
    }
}

/// The structs of a response whose ticket stands under these keys: those around the ticket, the ticket, those within.
pub(super) fn structs(response: &Shape, around: &[String]) -> (Vec<Struct>, Vec<Struct>) {
    let mut envelopes = Vec::new();
    let (mut here, mut place) = (response, String::new());
    let mut names: Vec<String> = TAKEN.map(str::to_owned).to_vec();
    for (depth, key) in around.iter().enumerate() {
        let name = if depth == 0 { "Envelope".to_owned() } else { type_name(&around[depth - 1]) };
        let name = unused(name, |name| names.iter().any(|known| known == name));
        names.push(name.clone());
        envelopes.push(Struct { name, place: place.clone(), members: Vec::new() });
        let Some(below) = here.member(key) else { break };
        (here, place) = (below, format!("{place}/{key}"));
    }
    // The name of what lies below an envelope is known only now.
    let below: Vec<_> = envelopes.iter().skip(1).map(|it| it.name.clone()).collect();
    let mut level = response;
    for (depth, key) in around.iter().enumerate() {
        let on_the_way = below.get(depth).cloned().unwrap_or_else(|| "Ticket".to_owned());
        envelopes[depth].members = members(level, |other, shape| {
            if other == key { Kind::Object(on_the_way.clone()) } else { beside(other, shape) }
        });
        let Some(below) = level.member(key) else { break };
        level = below;
    }
    let mut within = Vec::new();
    object("Ticket".to_owned(), here, &place, &mut names, &mut within);
    (envelopes, within)
}

/// What is read beside the ticket: nothing there is worth a struct before somebody has decided so.
fn beside(key: &str, shape: &Shape) -> Kind {
    match shape {
        Shape::Object(_) | Shape::List(_) => Kind::Raw,
        Shape::Text(_) => Kind::Text,
        shape => scalar(key, shape),
    }
}

fn object(
    name: String,
    shape: &Shape,
    place: &str,
    names: &mut Vec<String>,
    all: &mut Vec<Struct>,
) {
    let mut below = Vec::new();
    // What is called like something else already is that of the object around it.
    let within = if name == "Ticket" { "" } else { &name };
    let mut type_of = |key: &str, inner: &Shape, place: String| {
        let is_used = |name: &str| names.iter().any(|known| known == name);
        let short = type_name(key);
        let long = if is_used(&short) { [within, &short].concat() } else { short };
        let name = unused(long, is_used);
        names.push(name.clone());
        below.push((name.clone(), inner.clone(), place));
        name
    };
    let members = members(shape, |key, shape| match shape {
        Shape::Object(members) if members.is_empty() || is_tenants(key) => Kind::Members,
        Shape::Object(_) => Kind::Object(type_of(key, shape, format!("{place}/{key}"))),
        Shape::List(Some(item)) if matches!(&**item, Shape::Object(members) if !members.is_empty()) =>
        {
            let depth = place.matches("/[").count();
            Kind::Objects(type_of(
                singular(key),
                item,
                within_list(&format!("{place}/{key}"), depth),
            ))
        }
        Shape::List(_) => Kind::Values,
        shape => scalar(key, shape),
    });
    all.push(Struct { name, place: place.to_owned(), members });
    for (name, shape, place) in below {
        object(name, &shape, &place, names, all);
    }
}

fn members(shape: &Shape, mut kind: impl FnMut(&str, &Shape) -> Kind) -> Vec<Member> {
    let Shape::Object(shapes) = shape else { return Vec::new() };
    let mut members: Vec<Member> = Vec::new();
    for (key, shape) in shapes {
        let name = unused(member(key), |name| members.iter().any(|known| known.name == name));
        members.push(Member { name, key: key.clone(), kind: kind(key, shape) });
    }
    members
}

/// A text is read as one, unless it looks like what is read in another way: an id, a word, a time.
fn scalar(key: &str, shape: &Shape) -> Kind {
    match shape {
        Shape::Flag => Kind::Flag,
        Shape::Text(text) if !is_id(key) && !is_word(key) && !is_time(text) && !is_choice(text) => {
            Kind::Text
        }
        Shape::Text(_) | Shape::Number => Kind::Scalar,
        Shape::Null if is_prose(key) => Kind::Text,
        Shape::Null if is_id(key) || is_word(key) || member(key).ends_with("_at") => Kind::Scalar,
        Shape::Null | Shape::Object(_) | Shape::List(_) | Shape::Mixed(_) => Kind::Raw,
    }
}

/// Whether what stands under this key is a text that people read.
pub(super) fn is_prose(key: &str) -> bool {
    let name = member(key);
    ["name", "email", "phone", "comment", "subject", "title", "description", "body", "text"]
        .iter()
        .any(|word| name == *word || name.ends_with(&format!("_{word}")))
}

/// Whether what stands under this key is an id.
pub(super) fn is_id(key: &str) -> bool {
    let name = member(key);
    matches!(&*name, "id" | "uuid" | "uid" | "number") || name.ends_with("_id")
}

/// Whether what stands under this key is a word of a vocabulary.
pub(super) fn is_word(key: &str) -> bool {
    let name = member(key);
    [
        "status",
        "state",
        "priority",
        "urgency",
        "severity",
        "type_value",
        "kind",
        "channel",
        "source",
        "role",
        "side",
        "via",
        "visibility",
    ]
    .iter()
    .any(|word| name == *word || name.ends_with(&format!("_{word}")))
}

/// Whether this is a flag that is sent as a text.
fn is_choice(text: &str) -> bool {
    matches!(text, "0" | "1" | "yes" | "no" | "true" | "false")
}

/// Whether this is a time with its offset.
pub(super) fn is_time(text: &str) -> bool {
    text.parse::<ticket_model::Timestamp>().is_ok()
}

/// The file of the wire structs.
pub(super) fn file(title: &str, envelopes: &[Struct], within: &[Struct]) -> String {
    let all = || envelopes.iter().chain(within);
    let uses =
        |kind: fn(&Kind) -> bool| all().flat_map(|it| &it.members).any(|member| kind(&member.kind));
    let mut imports = vec!["Scalar", "TextOr"];
    if uses(|kind| *kind == Kind::Raw) {
        imports.push("Raw");
    }
    if uses(|kind| *kind == Kind::Members) {
        imports.push("Members");
    }
    if uses(|kind| matches!(kind, Kind::Objects(_) | Kind::Values)) {
        imports.push("FieldState");
    }
    imports.sort_unstable();
    let mut text = format!(
        "//! The JSON of {title}, in its own spelling.\n\nuse ticket_core::decode::{{{}}};\nuse ticket_core::object;\n",
        imports.join(", ")
    );
    for Struct { name, place, members } in all() {
        let about =
            if place.is_empty() { "The response.".to_owned() } else { format!("`{place}`") };
        write!(text, "\nwire_struct! {{\n    /// {about}\n    pub(crate) struct {name} {{\n")
            .expect(TAKES);
        for Member { name, key, kind } in members {
            let shown = if name == key { String::new() } else { format!(" {key:?}") };
            writeln!(text, "        {name}{shown}: {},", kind.shape()).expect(TAKES);
        }
        text.push_str("    }\n}\n");
    }
    text.push_str(REFUSAL);
    text
}

/// The usual form of a response that refuses.
const REFUSAL: &str = "
wire_struct! {
    /// A response that refuses, in the form that most services use.
    pub(crate) struct Refusal {
        code: Scalar<'t>,
        message: String,
        error: TextOr<'t, Told<'t>>,
    }
}

wire_struct! {
    /// `/error`, where it is an object.
    pub(crate) struct Told {
        code: Scalar<'t>,
        message: String,
    }
}
";

#[cfg(test)]
mod tests {
    use ticket_core::mapping::tree::Tree;

    use super::{Shape, file, structs};

    #[test]
    fn a_response_proposes_a_struct_for_each_object() {
        let text = r#"{"ok": true, "meta": {"page": 1}, "data": {"ticket": {"id": 42, "type": "task", "subject": "A jam",
            "createdAt": "2026-05-04T09:00:00Z", "tags": ["a"], "fields": {}, "messages": [{"id": "m", "author": {"name": "x"}}],
            "author": {"id": 7}, "closed_at": null, "vip": "0", "custom_fields": {"floor": 3}}}}"#;
        let shape = Shape::of(&Tree::parse(text).unwrap()).unwrap();
        let (envelopes, within) = structs(&shape, &["data".to_owned(), "ticket".to_owned()]);
        let text = file("Newdesk", &envelopes, &within);
        for expected in [
            "use ticket_core::decode::{Members, Raw, Scalar, FieldState, TextOr};",
            "struct Envelope {\n        ok: bool,\n        meta: Raw<'t>,\n        data: Data<'t>,\n    }",
            "    /// `/data`\n    pub(crate) struct Data {\n        ticket: Ticket<'t>,\n    }",
            "    /// `/data/ticket`\n    pub(crate) struct Ticket {\n        id: Scalar<'t>,\n        type_value \"type\": Scalar<'t>,",
            "        subject: String,\n        created_at \"createdAt\": Scalar<'t>,\n        tags: Vec<FieldState<Scalar<'t>>>,\n",
            "        fields: Members<'t>,\n        messages: Vec<FieldState<Message<'t>>>,\n        author: Author<'t>,\n        \
             closed_at: Scalar<'t>,\n        vip: Scalar<'t>,\n        custom_fields: Members<'t>,\n",
            "    /// `/data/ticket/messages/[i]/author`\n    pub(crate) struct MessageAuthor {\n        name: String,",
        ] {
            assert!(text.contains(expected), "{expected}\nis not in\n{text}");
        }
    }
}
