//! JSON as a tree whose leaves are text: numbers keep every digit, and any nesting is accepted.
//!
//! It serves the code that looks at all values of a response or a ticket: `explain`, `drift`, and the tests that verify a
//! mapping. Decoding does not use it.

use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use ticket_model::Json;

use crate::decode::response_name;
use crate::decode::scan::push_step;
use crate::{Error, ErrorKind};

/// Below this depth every value is a leaf.
const MAX_DEPTH: usize = 40;

/// A JSON value. Scalars, and values below a depth of 40, are kept as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// A text, a number, `true`, `false` or `null`, as JSON text.
    Scalar(Box<str>),
    /// A list.
    List(Vec<Tree>),
    /// An object, with its members in the order in which they were sent.
    Object(Vec<(String, Tree)>),
}

/// A step from a value to one of its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key, and its position among the keys of its object.
    Key(String, usize),
    /// An index.
    Index(usize),
}

/// The steps from a value to one of its parts.
pub type Path = Vec<Step>;

impl Tree {
    /// Parses JSON text; a byte order mark before it is skipped.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidResponse`]: the text is not JSON.
    pub fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .and_then(|raw| Self::of(raw, 0))
            .map_err(|error| {
                Error::new(ErrorKind::InvalidResponse, "the text is not JSON").with_source(error)
            })
    }

    fn of(raw: &RawValue, depth: usize) -> Result<Self, serde_json::Error> {
        let text = raw.get();
        if depth < MAX_DEPTH && text.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            items
                .into_iter()
                .map(|item| Self::of(item, depth + 1))
                .collect::<Result<_, _>>()
                .map(Self::List)
        } else if depth < MAX_DEPTH && text.starts_with('{') {
            let Members(members) = serde_json::from_str(text)?;
            let part = |(key, value)| Ok((key, Self::of(value, depth + 1)?));
            members
                .into_iter()
                .map(part)
                .collect::<Result<_, serde_json::Error>>()
                .map(Self::Object)
        } else {
            Ok(Self::Scalar(text.into()))
        }
    }

    /// Returns all leaves with their paths: scalars, `[]` and `{}`.
    pub fn leaves(&self) -> Vec<(Path, &Self)> {
        let mut leaves = Vec::new();
        self.walk(&mut Vec::new(), &mut |path, tree| {
            if tree.is_leaf() {
                leaves.push((path.to_vec(), tree));
            }
        });
        leaves
    }

    /// Returns the paths of all objects.
    pub fn objects(&self) -> Vec<Path> {
        let mut objects = Vec::new();
        self.walk(&mut Vec::new(), &mut |path, tree| {
            if matches!(tree, Self::Object(_)) {
                objects.push(path.to_vec());
            }
        });
        objects
    }

    fn walk<'a>(&'a self, path: &mut Path, visit: &mut impl FnMut(&[Step], &'a Self)) {
        visit(path, self);
        let parts: Vec<(Step, &Self)> = match self {
            Self::Scalar(_) => return,
            Self::List(items) => {
                items.iter().enumerate().map(|(index, item)| (Step::Index(index), item)).collect()
            }
            Self::Object(members) => {
                let step = |(position, (key, value)): (usize, &'a (String, Self))| {
                    (Step::Key(key.clone(), position), value)
                };
                members.iter().enumerate().map(step).collect()
            }
        };
        for (step, part) in parts {
            path.push(step);
            part.walk(path, visit);
            path.pop();
        }
    }

    fn is_leaf(&self) -> bool {
        match self {
            Self::Scalar(_) => true,
            Self::List(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
        }
    }

    /// Returns whether the value is `null`, `[]` or `{}`.
    pub fn is_hollow(&self) -> bool {
        match self {
            Self::Scalar(text) => &**text == "null",
            Self::List(_) | Self::Object(_) => self.is_leaf(),
        }
    }

    /// Returns the part at this path.
    pub fn at(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |tree, step| match (tree, step) {
            (Self::List(items), Step::Index(index)) => items.get(*index),
            (Self::Object(members), Step::Key(_, position)) => {
                members.get(*position).map(|(_, value)| value)
            }
            _ => None,
        })
    }

    /// Returns the part at this path, to change it.
    pub fn at_mut(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, |tree, step| match (tree, step) {
            (Self::List(items), Step::Index(index)) => items.get_mut(*index),
            (Self::Object(members), Step::Key(_, position)) => {
                members.get_mut(*position).map(|(_, value)| value)
            }
            _ => None,
        })
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(text) => formatter.write_str(text),
            Self::List(items) => {
                formatter.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(formatter, "{}{item}", if index == 0 { "" } else { "," })?;
                }
                formatter.write_str("]")
            }
            Self::Object(members) => {
                formatter.write_str("{")?;
                for (index, (key, value)) in members.iter().enumerate() {
                    let key = serde_json::to_string(key).map_err(|_| fmt::Error)?;
                    write!(formatter, "{}{key}:{value}", if index == 0 { "" } else { "," })?;
                }
                formatter.write_str("}")
            }
        }
    }
}

/// Returns a path of a ticket in the notation of rules: `conversation.messages[2].body`.
pub fn ticket_path(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key, _) if path.is_empty() => path.push_str(key),
            Step::Key(key, _) => path.extend([".", key]),
            Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
        }
    }
    path
}

/// Returns the RFC 6901 pointer of a path, after the name of the response if it has one: `list_messages[1]#/data`.
pub fn pointer(path: &[Step]) -> String {
    let (mut pointer, path) = match path {
        [Step::Key(name, _), Step::Index(index), path @ ..] if name.ends_with('#') => {
            (response_name(name.trim_end_matches('#'), *index), path)
        }
        path => (String::new(), path),
    };
    for step in path {
        match step {
            Step::Key(key, _) => push_step(&mut pointer, key),
            Step::Index(index) => push_step(&mut pointer, &index.to_string()),
        }
    }
    pointer
}

struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: serde::Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'t> Visitor<'t> for All {
            type Value = Members<'t>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut object: A) -> Result<Members<'t>, A::Error> {
                let mut members = Vec::new();
                while let Some((Key(key), value)) = object.next_entry()? {
                    members.push((key, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(All)
    }
}

/// A key; half of a surrogate pair in it becomes U+FFFD, as in decoding.
struct Key(String);

impl<'t> Deserialize<'t> for Key {
    fn deserialize<D: serde::Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Json::from(<&RawValue>::deserialize(deserializer)?).to_text();
        text.map(Self).ok_or_else(|| serde::de::Error::custom("a key must be a text"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Tree, pointer};

    #[test]
    fn prints_the_parsed_text_and_lists_its_leaves() {
        let text = r#"{"a":[1,{"b/c":null}],"d":[],"e":1e400,"f":"\ud83d","���":2}"#;
        let tree = Tree::parse(text).unwrap();
        assert_eq!(tree.to_string(), text);
        let leaves = tree.leaves();
        let pointers: Vec<_> = leaves.iter().map(|(path, _)| pointer(path)).collect();
        assert_eq!(pointers, ["/a/0", "/a/1/b~1c", "/d", "/e", "/f", "/���"]);
        let mut changed = tree.clone();
        *changed.at_mut(&leaves[1].0).unwrap() = Tree::Scalar("7".into());
        assert_eq!(changed.to_string(), text.replace("null", "7"));
    }

    #[test]
    fn replaces_half_surrogate_pairs_in_keys() {
        let tree = Tree::parse(r#"{"cut \ud83d":1,"\u0061":2}"#).unwrap();
        assert_eq!(tree.to_string(), "{\"cut \u{FFFD}\":1,\"a\":2}");
    }
}
