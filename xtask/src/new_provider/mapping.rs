//! The mapping that has decided of the id alone: `map.rs`, the rows of `rules.rs`, and the way to the ticket in `lib.rs`.

use std::fmt::Write as _;

use super::spelling::member;
use super::wire::{Kind, Member, Struct};
use crate::generated::TAKES;

/// More members than this make the function longer than the lints like.
const MANY: usize = 24;

/// Takes a struct apart, every member by its name.
fn taken_apart(it: &Struct, value: &str) -> String {
    let names: Vec<_> = it.members.iter().map(|member| format!("{}, ", member.name)).collect();
    format!("let wire::{} {{ {}unknown }} = {value};", it.name, names.concat())
}

/// The lines that decide nothing of these members.
fn undecided<'m>(members: impl Iterator<Item = &'m Member>) -> String {
    let members: Vec<_> = members.collect();
    // A member of the same name hides the function.
    let is_hidden = |function: &str| members.iter().any(|member| member.name == function);
    let mut text = String::new();
    for Member { name, kind, .. } in &members {
        match kind {
            Kind::Object(below) => {
                let function = member(below);
                writeln!(text, "if let Some((cursor, {name})) = cursor.object({name}) {{ self::{function}(&cursor, {name}); }}")
            }
            Kind::Objects(below) => {
                let function = member(below);
                let way = if is_hidden(&function) { "self::" } else { "" };
                writeln!(text, "cursor.list({name}, {way}{function});")
            }
            Kind::Text
            | Kind::Flag
            | Kind::Scalar
            | Kind::Raw
            | Kind::Members
            | Kind::Values => {
                writeln!(text, "cursor.undecided({name});")
            }
        }
        .expect(TAKES);
    }
    text
}

/// The functions of `map.rs`; `id` is the key of the ticket's id.
pub(super) fn functions(within: &[Struct], id: &str, id_reader: &str) -> String {
    let Some((ticket, below)) = within.split_first() else { return String::new() };
    let id_member = ticket.members.iter().find(|member| member.key == id);
    let id_member = id_member.map_or("id", |member| member.name.as_str());
    let others = ticket.members.iter().filter(|member| member.key != id);
    let allow = if ticket.members.len() > MANY {
        "#[allow(clippy::too_many_lines, reason = \"a line for each field, and no field left out\")]\n"
    } else {
        ""
    };
    let mut text = include_str!("templates/map.txt")
        .replace("@ALLOW@", allow)
        .replace("@APART@", &taken_apart(ticket, "ticket"))
        .replace("@ID@", id_member)
        .replace("@ID_READER@", id_reader)
        .replace("@UNDECIDED@", undecided(others).trim_end());
    for it in below {
        let function = member(&it.name);
        write!(
            text,
            "\n/// `{}`\nfn {function}(cursor: &Cursor<'_>, {function}: wire::{}<'_>) {{\n{}\nat.unknown(unknown);\n{}}}\n",
            it.place,
            it.name,
            taken_apart(it, &function),
            undecided(it.members.iter())
        )
        .expect(TAKES);
    }
    text
}

/// The rows: the id is required, and nothing else is decided.
pub(super) fn rows(leaves: &[String], id: &str) -> String {
    let mut text = String::new();
    for leaf in leaves {
        if leaf == id {
            writeln!(text, "    Rule::required(&[\"id\"], &[{leaf:?}]),").expect(TAKES);
        } else {
            writeln!(text, "    Rule::undecided(&[{leaf:?}]),").expect(TAKES);
        }
    }
    text
}

/// The way from the top of the response to the ticket.
pub(super) fn way(envelopes: &[Struct], around: &[String]) -> String {
    let Some(first) = envelopes.first() else {
        return "let ticket: wire::Ticket<'_> = document.parse()?;\n".to_owned();
    };
    let mut text = format!("{}\nat.unknown(unknown);\n", taken_apart(first, "document.parse()?"));
    for (depth, (envelope, key)) in envelopes.iter().zip(around).enumerate() {
        let others = envelope.members.iter().filter(|member| member.key != *key);
        text.push_str(&undecided(others));
        let way = envelope.members.iter().find(|member| member.key == *key);
        let name = way.map_or("ticket", |member| member.name.as_str());
        // The last one is the ticket, whatever its key is.
        let is_last = depth + 1 == envelopes.len();
        let bound = if is_last { "ticket" } else { name };
        write!(
            text,
            "let place = cursor.key({name}.key());\nlet (cursor, {bound}) = cursor.object({name}).ok_or_else(|| no_ticket(place))?;\n"
        )
        .expect(TAKES);
        if let Some(next) = envelopes.get(depth + 1) {
            write!(text, "{}\nat.unknown(unknown);\n", taken_apart(next, name)).expect(TAKES);
        }
    }
    text
}
