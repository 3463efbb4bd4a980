//! The files of a new provider, made of the templates and of what its responses look like.

use anyhow::{Result, ensure};

use super::asked::Asked;
use super::fixtures::{self, Fixture};
use super::format::rust;
use super::shape::Shape;
use super::{mapping, wire};

/// All that is made of what was asked.
#[derive(Debug)]
pub(super) struct Made {
    /// Each file: its path from the root, and its text.
    pub(super) files: Vec<(String, String)>,
    /// The section in `fixtures/README.md`.
    pub(super) section: String,
    /// How many leaves are undecided.
    pub(super) undecided: usize,
    /// An id that the fixtures have.
    pub(super) example: String,
}

/// Makes the files.
///
/// # Errors
/// Where the responses do not fit together, or the id is not where it was said to be.
pub(super) fn make(asked: &Asked) -> Result<Made> {
    let Asked { name, title, responses, id, .. } = asked;
    let mut shape = Shape::Null;
    for (_, _, tree) in responses {
        shape = shape.and(Shape::of(tree)?);
    }
    let fixtures = fixtures::of(responses, id)?;
    let (around, key) = around(id);
    let (envelopes, within) = wire::structs(&shape, &around);
    let is_number = is_number(&shape, &around, &key);
    let reader = if is_number { "integer_id" } else { "id" };
    let leaves = shape.leaves();
    let example = fixtures
        .iter()
        .find_map(|it| (it.name == "documented").then(|| it.id.clone())?)
        .unwrap_or_default();
    let smallest = fixtures
        .iter()
        .find(|it| it.name == "minimal")
        .map(|it| it.body.trim())
        .unwrap_or_default();
    let way = mapping::way(&envelopes, &around);
    ensure!(
        !smallest.contains("\"#"),
        "the response has the characters \"# in it, which the example of the documentation cannot hold"
    );
    let has_way = !envelopes.is_empty();
    let mut marks: Vec<(&str, String)> =
        asked.login.marks(name, &format!("{}Source", asked.type_name));
    marks.extend([
        (
            "NO_TICKET",
            if has_way {
                include_str!("templates/no_ticket.txt").to_owned()
            } else {
                String::new()
            },
        ),
        ("DECODE", if has_way { "{Cursor, Document}" } else { "Document" }.to_owned()),
        ("ERROR_KIND", if has_way { "ErrorKind, " } else { "" }.to_owned()),
        ("WAY", way.trim_end().to_owned()),
        ("SMALLEST", smallest.to_owned()),
        ("EXAMPLE_ID", example.clone()),
        ("ROWS", mapping::rows(&leaves, id)),
        ("PATH", asked.path.clone()),
        ("SEGMENTS", segments(&asked.path)),
        ("BASE_URL", asked.base_url.clone()),
        ("TICKETS", tickets(&fixtures)),
        ("RESPONSES", stand_in(&fixtures)),
        ("CASES", cases(&fixtures)),
        ("TITLE", title.clone()),
        ("TYPE", asked.type_name.clone()),
        ("UPPER", name.to_uppercase()),
        ("NAME", name.clone()),
    ]);
    let filled = |template: &str| {
        let mut text = template.to_owned();
        for (mark, value) in &marks {
            text = text.replace(&format!("@{mark}@"), value);
        }
        text
    };
    let folder = format!("crates/{name}-provider");
    let mut files = vec![
        (format!("{folder}/Cargo.toml"), filled(include_str!("templates/cargo.txt"))),
        (format!("{folder}/README.md"), filled(include_str!("templates/readme.txt"))),
        (format!("{folder}/LICENSE-APACHE"), include_str!("../../../LICENSE-APACHE").to_owned()),
        (format!("{folder}/LICENSE-MIT"), include_str!("../../../LICENSE-MIT").to_owned()),
    ];
    for (path, text) in [
        ("src/lib.rs", filled(include_str!("templates/lib.txt"))),
        ("src/wire.rs", wire::file(title, &envelopes, &within)),
        ("src/map.rs", mapping::functions(&within, &key, reader)),
        ("src/rules.rs", filled(include_str!("templates/rules.txt"))),
        ("src/error.rs", filled(include_str!("templates/error.txt"))),
        ("src/request.rs", filled(include_str!("templates/request.txt"))),
        ("src/capabilities.rs", filled(include_str!("templates/capabilities.txt"))),
        ("src/source.rs", filled(include_str!("templates/source.txt"))),
        ("tests/mapping.rs", filled(include_str!("templates/test_mapping.txt"))),
        ("tests/contract.rs", filled(include_str!("templates/test_conformance.txt"))),
        ("examples/stand_in.rs", filled(include_str!("templates/stand_in.txt"))),
    ] {
        files.push((format!("{folder}/{path}"), rust(&text)?));
    }
    let row = rust(&filled(include_str!("templates/cli.txt")))?;
    files.push((format!("crates/ticket-cli/src/providers/{name}.rs"), row));
    for Fixture { name: fixture, body, .. } in &fixtures {
        files.push((format!("fixtures/{name}/{fixture}.json"), body.clone()));
    }
    let section = fixtures::section(name, &asked.path, &fixtures);
    Ok(Made { files, section, undecided: leaves.len() - 1, example })
}

/// The keys around the ticket, and that of its id.
fn around(id: &str) -> (Vec<String>, String) {
    let mut keys: Vec<String> = fixtures::steps(id).into_iter().map(str::to_owned).collect();
    let key = keys.pop().unwrap_or_default();
    (keys, key)
}

fn is_number(shape: &Shape, around: &[String], key: &str) -> bool {
    let ticket = around.iter().try_fold(shape, |here, key| here.member(key));
    ticket.and_then(|ticket| ticket.member(key)) == Some(&Shape::Number)
}

/// The body of the function that builds the address.
fn segments(path: &str) -> String {
    let mut names = Vec::new();
    let mut before = String::new();
    for segment in path.split('/').skip(1) {
        if segment == "{id}" {
            names.push("id.as_str()".to_owned());
        } else if segment.contains("{id}") {
            before = format!("let segment = format!({segment:?});\n");
            names.push("&segment".to_owned());
        } else {
            names.push(format!("{segment:?}"));
        }
    }
    format!("{before}Ok(Request::get(crate::GET_TICKET, base.join(&[{}])?))", names.join(", "))
}

/// The two tickets of the suite: those that have not the same id as the documented one.
fn tickets(fixtures: &[Fixture]) -> String {
    let is_whole = |it: &&Fixture| it.id.is_some() && !matches!(&*it.name, "minimal" | "all_null");
    let line = |it: &Fixture| {
        format!(
            ".ticket({:?}, fixture({:?}).body)\n",
            it.id.as_deref().unwrap_or_default(),
            it.name
        )
    };
    fixtures.iter().filter(is_whole).map(line).collect::<String>().trim().to_owned()
}

/// The responses of the stand-in.
fn stand_in(fixtures: &[Fixture]) -> String {
    let is_whole = |it: &&Fixture| it.id.is_some() && !matches!(&*it.name, "minimal" | "all_null");
    let line = |it: &Fixture| {
        format!(
            ".response({:?}, Reply::json(200, body({:?})))\n",
            it.id.as_deref().unwrap_or_default(),
            it.name
        )
    };
    fixtures.iter().filter(is_whole).map(line).collect::<String>().trim().to_owned()
}

/// The other responses, for the proof of the mapping.
fn cases(fixtures: &[Fixture]) -> String {
    let others = fixtures.iter().filter(|it| matches!(&*it.name, "minimal" | "all_null"));
    let names: Vec<_> = others.map(|it| format!("{:?}", it.name)).collect();
    format!("[{}]", names.join(", "))
}
