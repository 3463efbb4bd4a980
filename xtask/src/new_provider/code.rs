//! Writes `wire.rs`, `map.rs` and `mapping.json` for a response, with every leaf undecided.
#![allow(clippy::format_push_string, reason = "this text is short")]

use std::collections::BTreeSet;

use ticket_core::mapping::RuleKind;
use ticket_core::mapping::table::{self, ANY_OTHER, TableRow};

use super::response::{Response, Shape};

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// The variables and functions that the generated code uses itself.
const RESERVED: &[&str] = &["cursor", "missing", "overrides", "position", "ticket", "unknown"];
/// The types that the generated code uses itself.
const RESERVED_TYPES: &[&str] =
    &["Option", "Raw", "Result", "Scalar", "Self", "FieldState", "String", "Vec"];

/// The generated files.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) wire: String,
    pub(super) map: String,
    pub(super) mapping: String,
    /// The number of leaves to decide.
    pub(super) undecided: usize,
}

/// An object of the response.
struct Struct {
    name: String,
    function: String,
    /// Its position, as rules write it.
    position: String,
    members: Vec<Member>,
}

struct Member {
    key: String,
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A value of this wire type.
    Leaf(&'static str),
    Id,
    /// The object that contains the ticket, or the ticket itself.
    Way(usize),
    Object(usize),
    List(usize),
}

/// Writes the files for a provider with this name, of the service with this title.
pub(super) fn write(response: &Response, name: &str, title: &str) -> Code {
    let mut structs = Structs::default();
    structs.add("response", "", &response.shape, &response.way);
    let Structs(structs) = structs;
    let reader = match response.way.iter().try_fold(&response.shape, Shape::member) {
        Some(Shape::Number) => "integer_id",
        _ => "id",
    };
    let (mapping, undecided) = mapping(&structs, name);
    Code { wire: wire(&structs, title), map: map(&structs, reader, title), mapping, undecided }
}

impl Shape {
    fn member(&self, key: &String) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == key).map(|(_, shape)| shape)
    }
}

/// All structs, each before those inside of it.
#[derive(Default)]
struct Structs(Vec<Struct>);

impl Structs {
    fn add(&mut self, key: &str, position: &str, shape: &Shape, way: &[String]) -> usize {
        let index = self.0.len();
        let is_taken = |name: &str| {
            RESERVED_TYPES.contains(&name) || self.0.iter().any(|known| known.name == name)
        };
        let name = unique(&type_name(key), is_taken);
        let is_taken = |name: &str| self.0.iter().any(|known| known.function == name);
        let function = unique(&format!("map_{}", words(key).join("_")), is_taken);
        self.0.push(Struct { name, function, position: position.to_owned(), members: Vec::new() });
        let Shape::Object(members) = shape else { return index };
        let mut done: Vec<Member> = Vec::new();
        for (key, shape) in members {
            let rest = way.split_first().filter(|(next, _)| *next == key).map(|(_, rest)| rest);
            let free: &[&str] = if rest.is_some() { &["ticket"] } else { &[] };
            let name = unique(&identifier(key, free), |name| done.iter().any(|it| it.name == name));
            let position = format!("{position}/{key}");
            let kind = match (shape, rest) {
                (_, Some([])) => Kind::Id,
                (_, Some(rest)) => Kind::Way(self.add(key, &position, shape, rest)),
                (Shape::Object(members), None) if !members.is_empty() => {
                    Kind::Object(self.add(key, &position, shape, &[]))
                }
                (Shape::List(item), None) if has_members(item) => {
                    let depth = position.matches("/[").count();
                    let index = ["i", "j", "k", "l", "m", "n"]
                        .get(depth)
                        .map_or_else(|| format!("i{depth}"), |index| (*index).to_owned());
                    Kind::List(self.add(key, &format!("{position}/[{index}]"), item, &[]))
                }
                (shape, None) => Kind::Leaf(wire_type(shape)),
            };
            done.push(Member { key: key.clone(), name, kind });
        }
        self.0[index].members = done;
        index
    }
}

fn has_members(shape: &Shape) -> bool {
    matches!(shape, Shape::Object(members) if !members.is_empty())
}

fn wire_type(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text => "String",
        Shape::Flag => "bool",
        Shape::Number => "Scalar<'t>",
        Shape::List(item) if matches!(**item, Shape::Text | Shape::Number) => {
            "Vec<FieldState<Scalar<'t>>>"
        }
        Shape::Null | Shape::List(_) | Shape::Object(_) | Shape::Mixed => "Raw<'t>",
    }
}

fn wire(structs: &[Struct], title: &str) -> String {
    let mut text = String::new();
    for Struct { name, position, members, .. } in structs {
        let about = match &**position {
            "" => "The response.".to_owned(),
            position => format!("`{}`", shown(position)),
        };
        text += &format!("\nwire_struct! {{\n    /// {about}\n    pub(crate) struct {name} {{\n");
        for Member { key, name, kind } in members {
            let spelling = if key == name { String::new() } else { format!(" {key:?}") };
            let wire_type = match kind {
                Kind::Leaf(wire_type) => (*wire_type).to_owned(),
                Kind::Id => "Scalar<'t>".to_owned(),
                Kind::Way(index) | Kind::Object(index) => format!("{}<'t>", structs[*index].name),
                Kind::List(index) => format!("Vec<FieldState<{}<'t>>>", structs[*index].name),
            };
            text += &format!("        {name}{spelling}: {wire_type},\n");
        }
        text += "    }\n}\n";
    }
    let used = ["Raw<", "Scalar<", "FieldState<"].into_iter().filter(|used| {
        let is_use = |before: Option<char>| !before.is_some_and(char::is_alphanumeric);
        text.match_indices(used).any(|(position, _)| is_use(text[..position].chars().next_back()))
    });
    let used: Vec<_> = used.map(|used| used.trim_end_matches('<')).collect();
    let imports = used.join(", ");
    format!(
        "//! The JSON of {title}, with its own names.\n\nuse ticket_core::decode::{{{imports}}};\n\
         use ticket_core::wire_struct;\n{text}"
    )
}

fn map(structs: &[Struct], id_reader: &str, title: &str) -> String {
    let mut text = format!("//! Maps a response of {title} to a ticket, field by field.\n");
    text += "\
         #![allow(\n    clippy::many_single_char_names,\n    clippy::similar_names,\n    clippy::too_many_lines,\n    \
         reason = \"as many fields, and the same names, as in the response\"\n)]\n\n\
         use ticket_core::decode::{Cursor, Document};\nuse ticket_core::{Error, ErrorKind, VocabularyOverrides};\nuse ticket_model::Ticket;\n\n\
         use crate::wire;\n\n\
         /// Returns the ticket of a response. `_overrides` are a tenant's own words for statuses and other vocabularies.\n\
         pub(crate) fn ticket(document: &Document<'_>, _overrides: &VocabularyOverrides) -> Result<Ticket, Error> {\nlet cursor = document.root();\n";
    let (mut here, mut value) = (&structs[0], "document.parse()?");
    loop {
        text += &destructured(here, value);
        let mut next = None;
        for Member { name, kind, .. } in &here.members {
            match kind {
                Kind::Id => {
                    text += &format!(
                        "let position = cursor.key({name}.key());\n\
                         let ticket = Ticket::new(crate::PROVIDER, cursor.{id_reader}({name}).ok_or_else(|| missing(\"ticket id\", &position))?);\n"
                    );
                }
                Kind::Way(index) => next = Some((name, &structs[*index])),
                Kind::Leaf(_) | Kind::Object(_) | Kind::List(_) => {}
            }
        }
        text += &undecided(structs, here);
        let Some((name, below)) = next else { break };
        text += &format!(
            "let position = cursor.key({name}.key());\n\
             let (cursor, {name}) = cursor.object({name}).ok_or_else(|| missing(\"ticket\", &position))?;\n"
        );
        (here, value) = (below, name);
    }
    text += "Ok(ticket)\n}\n\n\
        fn missing(what: &str, position: &Cursor<'_>) -> Error {\n\
        let message = format!(\"the response has no {what}\");\n\
        Error::new(ErrorKind::InvalidResponse, message).with_path(position.pointer())\n}\n";
    let is_way = |index: usize| {
        index == 0
            || structs.iter().flat_map(|it| &it.members).any(|it| it.kind == Kind::Way(index))
    };
    for (_, it) in structs.iter().enumerate().filter(|(index, _)| !is_way(*index)) {
        let Struct { name, function, position, .. } = it;
        text += &format!(
            "\n/// `{}`\nfn {function}(cursor: &Cursor<'_>, value: wire::{name}<'_>) {{\n{}{}}}\n",
            shown(position),
            destructured(it, "value"),
            undecided(structs, it)
        );
    }
    text
}

fn destructured(it: &Struct, value: &str) -> String {
    let names: String = it.members.iter().flat_map(|member| [&*member.name, ", "]).collect();
    format!("let wire::{} {{ {names}unknown }} = {value};\ncursor.unknown(unknown);\n", it.name)
}

fn undecided(structs: &[Struct], it: &Struct) -> String {
    let line = |Member { name, kind, .. }: &Member| match kind {
        Kind::Leaf(_) => format!("cursor.undecided({name});\n"),
        Kind::Object(index) => {
            let function = &structs[*index].function;
            format!(
                "if let Some((cursor, value)) = cursor.object({name}) {{ {function}(&cursor, value); }}\n"
            )
        }
        Kind::List(index) => format!("cursor.list({name}, {});\n", structs[*index].function),
        Kind::Id | Kind::Way(_) => String::new(),
    };
    it.members.iter().map(line).collect()
}

/// Returns the table of the mapping, and how many values it leaves undecided.
fn mapping(structs: &[Struct], name: &str) -> (String, usize) {
    let row = |kind, target: &[&str], source: Option<String>| TableRow {
        targets: target.iter().map(|it| (*it).to_owned()).collect(),
        sources: source.into_iter().collect(),
        ..TableRow::new(kind)
    };
    let mut rows = vec![row(RuleKind::Constant, &["provider"], None)];
    rows[0].words.insert(ANY_OTHER.to_owned(), name.to_owned());
    let mut undecided = BTreeSet::new();
    for Struct { position, members, .. } in structs {
        for Member { key, kind, .. } in members {
            let position = format!("{position}/{key}");
            match kind {
                Kind::Id => {
                    let mut id = row(RuleKind::Required, &["id"], Some(position));
                    "id".clone_into(&mut id.name);
                    rows.push(id);
                }
                Kind::Leaf(_) => {
                    undecided.insert(position);
                }
                Kind::Way(_) | Kind::Object(_) | Kind::List(_) => {}
            }
        }
    }
    let count = undecided.len();
    rows.extend(undecided.into_iter().map(|it| row(RuleKind::Undecided, &[], Some(it))));
    (table::write(&rows), count)
}

/// Returns a position as a comment can hold it.
fn shown(position: &str) -> String {
    position.escape_debug().to_string().replace('`', "'")
}

/// Returns the words of a key in lower case: `createdAt`, `created-at` and `CREATED_AT` have the same two.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_after_small = false;
    for character in key.chars() {
        if !character.is_ascii_alphanumeric() || is_after_small && character.is_ascii_uppercase() {
            words.push(String::new());
        }
        if character.is_ascii_alphanumeric() {
            words.last_mut().expect("there is a first word").push(character.to_ascii_lowercase());
        }
        is_after_small = character.is_ascii_lowercase() || character.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    if words.first().is_none_or(|first| first.starts_with(|it: char| it.is_ascii_digit())) {
        words.insert(0, "value".to_owned());
    }
    words
}

/// Whether Rust reserves this word.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Returns a variable for a key. A reserved one gets a `_` at its end, unless it is `free` here.
fn identifier(key: &str, free: &[&str]) -> String {
    let name = words(key).join("_");
    let is_reserved = RESERVED.contains(&&*name) || is_keyword(&name) || name.starts_with("map_");
    if is_reserved && !free.contains(&&*name) { name + "_" } else { name }
}

/// Returns a type for a key.
fn type_name(key: &str) -> String {
    words(key).iter().map(|word| super::capitalized(word)).collect()
}

/// Returns the name, or the first of `name2`, `name3`, … that is free.
fn unique(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut names =
        std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name}{number}")));
    names.find(|name| !is_taken(name)).expect("there are more numbers than names")
}

#[cfg(test)]
mod tests {
    use ticket_core::mapping::table;

    use super::{Response, identifier, type_name, write};

    #[test]
    fn writes_structs_functions_and_rows_for_a_nested_response() {
        let text = r#"{"code": 0, "data": {"ticket": {"id": 42, "type": "x", "tags": ["a"], "closed": null, "fields": {},
            "customer": {"name": "Ada", "vip": true}, "messages": [null, {"text": "a"}, {"text": "b", "by": {"name": "c"}}]}}}"#;
        let code = write(&Response::parse(text, None).unwrap(), "acme", "Acme");
        assert_eq!(code.undecided, 9);
        let structs = code.wire.split_once("use ticket_core::wire_struct;\n").unwrap();
        assert!(structs.0.ends_with("use ticket_core::decode::{Raw, Scalar, FieldState};\n"));
        assert_eq!(
            structs
                .1
                .replace("\nwire_struct! {\n", "")
                .replace("    /// ", "// ")
                .replace("    pub(crate) ", ""),
            r#"// The response.
struct Response {
        code: Scalar<'t>,
        data: Data<'t>,
    }
}
// `/data`
struct Data {
        ticket: Ticket<'t>,
    }
}
// `/data/ticket`
struct Ticket {
        id: Scalar<'t>,
        type_ "type": String,
        tags: Vec<FieldState<Scalar<'t>>>,
        closed: Raw<'t>,
        fields: Raw<'t>,
        customer: Customer<'t>,
        messages: Vec<FieldState<Messages<'t>>>,
    }
}
// `/data/ticket/customer`
struct Customer {
        name: String,
        vip: bool,
    }
}
// `/data/ticket/messages/[i]`
struct Messages {
        text: String,
        by: By<'t>,
    }
}
// `/data/ticket/messages/[i]/by`
struct By {
        name: String,
    }
}
"#
        );
        let body = code.map.split_once("let cursor = document.root();\n").unwrap().1;
        let (body, functions) = body.split_once("\n}\n\n").unwrap();
        assert_eq!(
            body,
            r#"let wire::Response { code, data, unknown } = document.parse()?;
cursor.unknown(unknown);
cursor.undecided(code);
let position = cursor.key(data.key());
let (cursor, data) = cursor.object(data).ok_or_else(|| missing("ticket", &position))?;
let wire::Data { ticket, unknown } = data;
cursor.unknown(unknown);
let position = cursor.key(ticket.key());
let (cursor, ticket) = cursor.object(ticket).ok_or_else(|| missing("ticket", &position))?;
let wire::Ticket { id, type_, tags, closed, fields, customer, messages, unknown } = ticket;
cursor.unknown(unknown);
let position = cursor.key(id.key());
let ticket = Ticket::new(crate::PROVIDER, cursor.integer_id(id).ok_or_else(|| missing("ticket id", &position))?);
cursor.undecided(type_);
cursor.undecided(tags);
cursor.undecided(closed);
cursor.undecided(fields);
if let Some((cursor, value)) = cursor.object(customer) { map_customer(&cursor, value); }
cursor.list(messages, map_messages);
Ok(ticket)"#
        );
        assert!(functions.contains(
            "/// `/data/ticket/messages/[i]`\nfn map_messages(cursor: &Cursor<'_>, value: wire::Messages<'_>) {\n\
             let wire::Messages { text, by, unknown } = value;\ncursor.unknown(unknown);\ncursor.undecided(text);\n\
             if let Some((cursor, value)) = cursor.object(by) { map_by(&cursor, value); }\n}\n"
        ));
        let rows = table::parse(&code.mapping).unwrap();
        let rows: Vec<_> =
            rows.iter().map(|row| (row.kind.as_str(), row.sources.join(" "))).collect();
        let expected = [
            ("constant", ""),
            ("required", "/data/ticket/id"),
            ("undecided", "/code"),
            ("undecided", "/data/ticket/closed"),
            ("undecided", "/data/ticket/customer/name"),
            ("undecided", "/data/ticket/customer/vip"),
            ("undecided", "/data/ticket/fields"),
            ("undecided", "/data/ticket/messages/[i]/by/name"),
            ("undecided", "/data/ticket/messages/[i]/text"),
            ("undecided", "/data/ticket/tags"),
            ("undecided", "/data/ticket/type"),
        ];
        assert_eq!(rows, expected.map(|(kind, source)| (kind, source.to_owned())));
    }

    #[test]
    fn reads_members_of_any_type() {
        for (value, member) in [
            (r#""a""#, "a: String,"),
            ("1.5e400", "a: Scalar<'t>,"),
            ("false", "a: bool,"),
            ("null", "a: Raw<'t>,"),
            ("[]", "a: Raw<'t>,"),
            ("{}", "a: Raw<'t>,"),
            ("[{}, null]", "a: Raw<'t>,"),
            ("[[1], []]", "a: Raw<'t>,"),
            (r#"[1, "b"]"#, "a: Raw<'t>,"),
            ("[null, 2]", "a: Vec<FieldState<Scalar<'t>>>,"),
            (r#"{"*": 1, "b/c": 2}"#, "a: Raw<'t>,"),
            (r#"[{"b": 1}, {"b": "c"}]"#, "b: Raw<'t>,"),
            (r#"[{"b": []}, {"b": [{"c": 1}]}]"#, "b: Vec<FieldState<B<'t>>>,"),
        ] {
            let response = format!(r#"{{"id": "x", "a": {value}}}"#);
            let wire = write(&Response::parse(&response, None).unwrap(), "acme", "Acme").wire;
            assert!(wire.contains(&format!("        {member}\n")), "{value}:\n{wire}");
        }
    }

    #[test]
    fn spells_any_key_as_rust_does() {
        for (key, variable, type_name_) in [
            ("createdAt", "created_at", "CreatedAt"),
            ("Created-At", "created_at", "CreatedAt"),
            ("HTMLBody", "htmlbody", "Htmlbody"),
            ("type", "type_", "Type"),
            ("Self", "self_", "Self"),
            ("unknown", "unknown_", "Unknown"),
            ("map_x", "map_x_", "MapX"),
            ("2fa", "value_2fa", "Value2fa"),
            ("编号", "value", "Value"),
            ("", "value", "Value"),
        ] {
            assert_eq!((&*identifier(key, &[]), &*type_name(key)), (variable, type_name_), "{key}");
        }
        assert_eq!(identifier("ticket", &["ticket"]), "ticket");
    }

    #[test]
    fn gives_equal_spellings_different_names() {
        let text = r#"{"id": 1, "aB": 1, "a_b": 2, "self": {"x": 1}, "c": {"self": {"y": 1}}}"#;
        let wire = write(&Response::parse(text, None).unwrap(), "acme", "Acme").wire;
        for part in ["a_b \"aB\": ", "a_b2 \"a_b\": ", "self_ \"self\": Self2<'t>", "Self3<'t>"] {
            assert!(wire.contains(part), "{part} is not in\n{wire}");
        }
    }
}
