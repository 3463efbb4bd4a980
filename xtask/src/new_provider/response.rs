//! Reads the example response: the position of the ticket's id, and the shape of everything else.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use ticket_core::TicketId;
use ticket_core::mapping::tree::Tree;

/// An example response.
#[derive(Debug)]
pub(super) struct Response {
    /// The JSON as it is in the file.
    pub(super) text: String,
    /// The shape of the whole response.
    pub(super) shape: Shape,
    /// The keys that lead to the ticket's id.
    pub(super) way: Vec<String>,
    /// The ticket's id.
    pub(super) id: String,
    /// Another id of the same form.
    pub(super) another_id: String,
    /// The response with that id.
    pub(super) another_text: String,
}

/// What a position of the response holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Null,
    Flag,
    Number,
    Text,
    List(Box<Shape>),
    /// Without the keys that a rule cannot name.
    Object(Vec<(String, Shape)>),
    /// Values of different types, or a value nested too deep.
    Mixed,
}

impl Response {
    /// Reads a file; `pointer` leads to the ticket's id, otherwise it is the topmost `id`.
    ///
    /// # Errors
    /// If the file is not a JSON object, has a key twice, or has no ticket id.
    pub(super) fn read(file: &str, pointer: Option<&str>) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
        Self::parse(text.trim_start_matches('\u{feff}'), pointer)
            .with_context(|| format!("invalid response {file}"))
    }

    /// Parses the text of a response, as [`read`](Self::read).
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(super) fn parse(text: &str, pointer: Option<&str>) -> Result<Self> {
        serde_json::from_str::<serde::de::IgnoredAny>(text).context("not JSON")?;
        let tree = Tree::parse(text)?;
        ensure!(matches!(tree, Tree::Object(_)), "not a JSON object");
        let shape = Shape::of(&tree, "")?;
        let way = match pointer {
            Some(pointer) => {
                ensure!(
                    pointer.starts_with('/'),
                    "invalid pointer {pointer:?}: write it as `--id /data/ticket_id`"
                );
                pointer.split('/').skip(1).map(str::to_owned).collect()
            }
            None => topmost_id(&tree)?,
        };
        let mut another = tree;
        let sent = way.iter().try_fold(&mut another, |tree, key| member(tree, key));
        let sent = sent.filter(|_| way.iter().all(|key| is_nameable(key))).with_context(|| {
            format!("no object has a value at /{}; check the pointer after `--id`", way.join("/"))
        })?;
        let id = id_of(sent).with_context(|| {
            format!(
                "invalid ticket id at /{}: write `--id POINTER` if it is at another position",
                way.join("/")
            )
        })?;
        // The same length and the same JSON type, and never empty.
        let last = if id.ends_with('1') { '2' } else { '1' };
        let another_id = format!("{}{last}", &id[..id.len() - 1]);
        let quote = if is_text(sent) { "\"" } else { "" };
        *sent = Tree::Scalar(format!("{quote}{another_id}{quote}").into());
        let another_text = format!("{another}\n");
        Ok(Self { text: text.to_owned(), shape, way, id, another_id, another_text })
    }
}

fn member<'t>(tree: &'t mut Tree, key: &str) -> Option<&'t mut Tree> {
    let Tree::Object(members) = tree else { return None };
    members.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
}

fn is_text(tree: &Tree) -> bool {
    matches!(tree, Tree::Scalar(text) if text.starts_with('"'))
}

fn id_of(tree: &Tree) -> Result<String> {
    match tree {
        Tree::Scalar(text) if text.starts_with('"') => {
            Ok(TicketId::new(serde_json::from_str::<String>(text)?)?.as_str().to_owned())
        }
        Tree::Scalar(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(TicketId::new(&**text)?.as_str().to_owned())
        }
        Tree::Scalar(text) => bail!("{text} is neither a string nor a non-negative integer"),
        Tree::List(_) | Tree::Object(_) => bail!("an object or a list is not an id"),
    }
}

/// Finds the `id` that is nested least, outside of lists.
fn topmost_id(tree: &Tree) -> Result<Vec<String>> {
    let mut level = vec![(Vec::new(), tree)];
    while !level.is_empty() {
        let (mut found, mut below) = (Vec::new(), Vec::new());
        for (way, tree) in level {
            let Tree::Object(members) = tree else { continue };
            for (key, value) in members {
                let way = [&way[..], std::slice::from_ref(key)].concat();
                if key == "id" {
                    found.push(way.clone());
                }
                below.push((way, value));
            }
        }
        match &found[..] {
            [] => level = below,
            [way] => return Ok(way.clone()),
            several => {
                let several: Vec<_> =
                    several.iter().map(|way| format!("/{}", way.join("/"))).collect();
                bail!(
                    "several ids at the same depth: write `--id` and one of {}",
                    several.join(", ")
                )
            }
        }
    }
    bail!("no key is called `id`: write `--id POINTER`, for example `--id /data/ticket_id`")
}

/// Whether a rule can name a key: rules write pointers without escapes, `[i]` for an index and `*` for any key.
fn is_nameable(key: &str) -> bool {
    !key.contains(['/', '~']) && key != "*" && !(key.starts_with('[') && key.ends_with(']'))
}

impl Shape {
    fn of(tree: &Tree, position: &str) -> Result<Self> {
        Ok(match tree {
            Tree::Scalar(text) => match text.as_bytes()[0] {
                b'n' => Self::Null,
                b't' | b'f' => Self::Flag,
                b'"' => Self::Text,
                b'{' | b'[' => Self::Mixed,
                _ => Self::Number,
            },
            Tree::List(items) => {
                let shapes = items.iter().map(|item| Self::of(item, position));
                let item = shapes.reduce(|one, other| Ok(one?.and(other?))).transpose()?;
                Self::List(Box::new(item.unwrap_or(Self::Null)))
            }
            Tree::Object(members) => {
                let mut shapes: Vec<(String, Self)> = Vec::new();
                for (key, value) in members {
                    let position = format!("{position}/{key}");
                    ensure!(
                        !shapes.iter().any(|(known, _)| known == key),
                        "the key at {position} appears twice: remove one of the two"
                    );
                    shapes.push((key.clone(), Self::of(value, &position)?));
                }
                shapes.retain(|(key, _)| is_nameable(key));
                Self::Object(shapes)
            }
        })
    }

    /// Returns the shape that both items of a list have.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Null, shape) | (shape, Self::Null) => shape,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.and(*other))),
            (Self::Object(mut members), Self::Object(others)) => {
                for (key, other) in others {
                    match members.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, shape)) => {
                            *shape = std::mem::replace(shape, Self::Null).and(other);
                        }
                        None => members.push((key, other)),
                    }
                }
                Self::Object(members)
            }
            (one, other) if one == other => one,
            _ => Self::Mixed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Response;

    #[test]
    fn finds_the_id_of_nested_and_flat_responses() {
        for (text, pointer, id, another_id) in [
            (r#"{"data": {"ticket": {"id": 42, "by": {"id": 7}}}}"#, None, "42", "41"),
            (r#"{"by": {"id": 7}, "id": "tk_1"}"#, None, "tk_1", "tk_2"),
            (r#"{"list": [{"id": 1}], "ticket": {"id": 5}}"#, None, "5", "1"),
            (r#"{"data": {"number": 7, "id": 9}}"#, Some("/data/number"), "7", "1"),
        ] {
            let response = Response::parse(text, pointer).unwrap();
            assert_eq!((&*response.id, &*response.another_id), (id, another_id), "{text}");
            let another = Response::parse(&response.another_text, pointer).unwrap();
            assert_eq!((another.id, another.shape), (response.another_id, response.shape));
        }
    }

    #[test]
    fn refuses_responses_without_a_usable_id() {
        for (text, pointer, message) in [
            ("", None, "not JSON: EOF while parsing"),
            ("{\"id\": 1", None, "not JSON: EOF while parsing"),
            ("[{\"id\": 1}]", None, "not a JSON object"),
            ("{}", None, "no key is called `id`"),
            (r#"{"list": [{"id": 1}]}"#, None, "no key is called `id`"),
            (r#"{"a": {"id": 1}, "b": {"id": 2}}"#, None, "write `--id` and one of /a/id, /b/id"),
            (r#"{"id": null}"#, None, "null is neither a string nor a non-negative integer"),
            (r#"{"id": 1.5}"#, None, "1.5 is neither a string nor"),
            (r#"{"id": {}}"#, None, "invalid ticket id at /id"),
            (r#"{"id": "a b"}"#, None, "the character ' ' is not allowed"),
            (r#"{"id": 1, "a": {"b": 1, "b": 2}}"#, None, "the key at /a/b appears twice"),
            (r#"{"id": 1}"#, Some("number"), "invalid pointer \"number\""),
            (r#"{"id": 1}"#, Some("/number"), "no object has a value at /number"),
            (r#"{"list": [{"id": 1}]}"#, Some("/list/0/id"), "no object has a value at /list/0/id"),
        ] {
            let error = format!("{:#}", Response::parse(text, pointer).unwrap_err());
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
