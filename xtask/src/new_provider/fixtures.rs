//! The fixtures of a new provider: the pasted responses, what can be made of them, and refusals in the usual form.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail, ensure};
use ticket_core::mapping::tree::{Step, Tree};

use crate::generated::TAKES;

/// One fixture, and what its row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fixture {
    pub(super) name: String,
    pub(super) body: String,
    http_status: u16,
    origin: &'static str,
    shows: String,
    /// The id of the ticket, where it is one.
    pub(super) id: Option<String>,
}

/// The refusals that every service has, in the form that most use.
const REFUSALS: [(u16, &str, &str); 5] = [
    (401, "wrong credentials", "the credentials are refused"),
    (403, "not allowed", "the credentials do not suffice"),
    (404, "no such ticket", "there is no such ticket"),
    (429, "too many requests", "too many requests"),
    (503, "try again later", "the service is overloaded"),
];

/// Makes the fixtures of these responses, of which each holds a ticket with its id at this pointer; they are sorted.
///
/// # Errors
/// Where a response has no such id, or two have the same name or ticket.
pub(super) fn of(responses: &[(String, String, Tree)], id: &str) -> Result<Vec<Fixture>> {
    let mut fixtures: Vec<Fixture> = Vec::new();
    for (index, (stem, text, tree)) in responses.iter().enumerate() {
        let name = if index == 0 { "documented".to_owned() } else { file_name(stem) };
        ensure!(
            !fixtures.iter().any(|known| known.name == name),
            "two responses would be the fixture `{name}`; give the file of one another name"
        );
        let shown = if index == 0 {
            "the example of the documentation".to_owned()
        } else {
            format!("{}: another example", name.replace('_', " "))
        };
        fixtures.push(Fixture {
            name,
            body: text.clone(),
            http_status: 200,
            origin: "documentation",
            shows: shown,
            id: Some(id_of(tree, id)?),
        });
    }
    let (_, _, first) = responses.first().context("a response is needed")?;
    let ids: Vec<_> = fixtures.iter().filter_map(|it| it.id.clone()).collect();
    ensure!(
        ids.iter().enumerate().all(|(index, id)| !ids[..index].contains(id)),
        "two responses are the same ticket; the suite needs different ones, or only one response"
    );
    let free = |number: usize| with_id(first, id, number).filter(|(_, new)| !ids.contains(new));
    let mut made = |name: &str, shows: &str, tree: Tree, id: String| {
        fixtures.push(Fixture {
            name: name.to_owned(),
            body: format!("{tree}\n"),
            http_status: 200,
            origin: "made up",
            shows: shows.to_owned(),
            id: Some(id),
        });
    };
    if ids.len() == 1 {
        let (tree, id) = (1..20).find_map(free).context("the id cannot be changed")?;
        made("another", "the example with another id", tree, id);
    }
    let only = ids[0].clone();
    made(
        "all_null",
        "every key of the ticket is null, but the id",
        emptied(first, id, true),
        only.clone(),
    );
    made("minimal", "nothing but the id", emptied(first, id, false), only);
    for (http_status, message, shows) in REFUSALS {
        fixtures.push(Fixture {
            name: format!("error_{http_status}"),
            body: format!("{{\"error\": \"{message}\"}}\n"),
            http_status,
            origin: "made up",
            shows: format!("{shows}, in the form that most services use"),
            id: None,
        });
    }
    fixtures.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(fixtures)
}

/// The section of the table in `fixtures/README.md`.
pub(super) fn section(provider: &str, path: &str, fixtures: &[Fixture]) -> String {
    let (first, rest) = provider.split_at(1);
    let heading = format!("{}{rest}", first.to_uppercase());
    let mut text = format!(
        "\n## {heading}\n\nTicket responses of `GET {}`.\n\n| file | HTTP | origin | served | what it shows |\n|---|---|---|---|---|\n",
        path.replace("{id}", ":id")
    );
    for Fixture { name, http_status, origin, shows, .. } in fixtures {
        writeln!(text, "| {name}.json | {http_status} | {origin} | no | {shows} |").expect(TAKES);
    }
    text
}

fn file_name(stem: &str) -> String {
    let name = super::spelling::member(stem);
    if name.starts_with("error_") { format!("ticket_{name}") } else { name }
}

/// The steps of a pointer.
pub(super) fn steps(pointer: &str) -> Vec<&str> {
    pointer.split('/').skip(1).collect()
}

/// The id at this pointer.
///
/// # Errors
/// Says what stands there instead, and where else an id may be.
pub(super) fn id_of(tree: &Tree, pointer: &str) -> Result<String> {
    ensure!(
        pointer.starts_with('/') && pointer.len() > 1,
        "`--id {pointer}` is no pointer to the ticket's id; one looks like `--id /ticket/id`"
    );
    let mut here = tree;
    for step in steps(pointer) {
        here = match here {
            Tree::Object(members) => {
                let found = members.iter().find(|(key, _)| key == step);
                &found.with_context(|| nowhere(tree, pointer, step))?.1
            }
            Tree::List(_) => bail!(
                "`--id {pointer}` leads through a list; a response that brings one ticket is needed"
            ),
            Tree::Scalar(_) => bail!(nowhere(tree, pointer, step)),
        };
    }
    match here {
        Tree::Scalar(text) if text.starts_with('"') => {
            let id: String = serde_json::from_str(text)?;
            ticket_core::TicketId::new(&*id).map(|_| id).map_err(Into::into)
        }
        Tree::Scalar(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(text.to_string())
        }
        other => bail!(
            "at {pointer} stands {}, which is no id; name the place of a text or an integer with `--id POINTER`",
            short(other)
        ),
    }
}

fn short(tree: &Tree) -> String {
    let text = tree.to_string();
    if text.chars().count() > 40 {
        format!("{}…", text.chars().take(40).collect::<String>())
    } else {
        text
    }
}

fn nowhere(tree: &Tree, pointer: &str, step: &str) -> String {
    let ids = ids(tree);
    let hint = if ids.is_empty() {
        "name the place of the ticket's id with `--id POINTER`".to_owned()
    } else {
        format!("perhaps it is one of {}", ids.join(", "))
    };
    format!("the response has nothing at {pointer} (no `{step}`); {hint}")
}

/// Where an id may be: the places of that name that are not within a list, the highest first.
pub(super) fn ids(tree: &Tree) -> Vec<String> {
    let mut found: Vec<_> = tree
        .leaves()
        .into_iter()
        .filter(|(path, value)| {
            let is_outside = path.iter().all(|step| matches!(step, Step::Key(..)));
            let is_id = matches!(path.last(), Some(Step::Key(key, _)) if super::wire::is_id(key));
            is_outside && is_id && !value.is_hollow()
        })
        .map(|(path, _)| path)
        .collect();
    found.sort_by_key(Vec::len);
    found.iter().map(|path| ticket_core::mapping::tree::pointer(path)).collect()
}

/// The response with another id, and that id.
fn with_id(tree: &Tree, pointer: &str, more: usize) -> Option<(Tree, String)> {
    let old = id_of(tree, pointer).ok()?;
    let digits = old.len() - old.trim_end_matches(|last: char| last.is_ascii_digit()).len();
    let (start, number) = old.split_at(old.len() - digits.min(15));
    let new = match number.parse::<u64>() {
        Ok(number) => format!("{start}{:0width$}", number + more as u64, width = digits.min(15)),
        Err(_) => format!("{old}_{}", more + 1),
    };
    let mut changed = tree.clone();
    let place = place(&mut changed, &steps(pointer))?;
    let is_text = matches!(place, Tree::Scalar(text) if text.starts_with('"'));
    *place = Tree::Scalar(if is_text { format!("\"{new}\"").into() } else { new.clone().into() });
    Some((changed, new))
}

fn place<'t>(tree: &'t mut Tree, steps: &[&str]) -> Option<&'t mut Tree> {
    let [step, below @ ..] = steps else { return Some(tree) };
    let Tree::Object(members) = tree else { return None };
    let (_, value) = members.iter_mut().find(|(key, _)| key == step)?;
    place(value, below)
}

/// The response with nothing in the ticket but the id; with `is_null` the other keys are null, otherwise they are gone.
fn emptied(tree: &Tree, pointer: &str, is_null: bool) -> Tree {
    let steps = steps(pointer);
    let Some((id, around)) = steps.split_last() else { return tree.clone() };
    let mut changed = tree.clone();
    if let Some(Tree::Object(members)) = place(&mut changed, around) {
        members.retain(|(key, _)| is_null || key == id);
        for (_, value) in members.iter_mut().filter(|(key, _)| key != id) {
            *value = Tree::Scalar("null".into());
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use ticket_core::mapping::tree::Tree;

    use super::{id_of, of};

    fn response(text: &str) -> (String, String, Tree) {
        ("ticket".to_owned(), text.to_owned(), Tree::parse(text).unwrap())
    }

    #[test]
    fn one_response_is_enough_for_two_tickets_and_the_edges() {
        let text = r#"{"ok": true, "ticket": {"id": "T-09", "subject": "A jam"}}"#;
        let fixtures = of(&[response(text)], "/ticket/id").unwrap();
        let bodies: Vec<_> = fixtures
            .iter()
            .take(4)
            .map(|it| (&*it.name, it.body.trim(), it.id.as_deref()))
            .collect();
        assert_eq!(
            bodies,
            [
                ("all_null", r#"{"ok":true,"ticket":{"id":"T-09","subject":null}}"#, Some("T-09")),
                (
                    "another",
                    r#"{"ok":true,"ticket":{"id":"T-10","subject":"A jam"}}"#,
                    Some("T-10")
                ),
                ("documented", text, Some("T-09")),
                ("error_401", r#"{"error": "wrong credentials"}"#, None),
            ]
        );
    }

    #[test]
    fn an_id_that_is_not_there_is_told_with_those_that_are() {
        let (_, _, tree) = response(r#"{"data": {"ticket_id": 42, "tags": [], "by": {"id": 7}}}"#);
        assert_eq!(id_of(&tree, "/data/ticket_id").unwrap(), "42");
        for (pointer, said) in [
            ("/id", "nothing at /id (no `id`); perhaps it is one of /data/ticket_id, /data/by/id"),
            ("id", "no pointer to the ticket's id"),
            ("/data/tags/0", "leads through a list"),
            ("/data/by", "stands {\"id\":7}, which is no id"),
        ] {
            let error = id_of(&tree, pointer).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
