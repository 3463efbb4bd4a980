//! What the examples of a response have in common: a shape, from which the wire structs and the rows are proposed.

use std::collections::BTreeSet;

use anyhow::{Result, bail, ensure};
use ticket_core::mapping::tree::Tree;

use super::spelling::is_tenants;

/// What stands at one place of the responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing was seen there but `null`.
    Null,
    Text(String),
    Number,
    Flag,
    /// The members in the order in which they were met; none where the object was empty in every response.
    Object(Vec<(String, Shape)>),
    /// What the items are; `None` where the list was empty in every response.
    List(Option<Box<Shape>>),
    /// Several of these at the same place.
    Mixed(Vec<Shape>),
}

impl Shape {
    /// The shape of one response.
    ///
    /// # Errors
    /// Where a key cannot stand in a rule, or stands twice.
    pub(super) fn of(tree: &Tree) -> Result<Self> {
        at(tree, "")
    }

    /// The shape of this response and another one.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Null, shape) | (shape, Self::Null) => shape,
            (Self::Object(mut members), Self::Object(others)) => {
                for (key, other) in others {
                    match members.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, shape)) => *shape = shape.clone().and(other),
                        None => members.push((key, other)),
                    }
                }
                Self::Object(members)
            }
            (Self::List(None), Self::List(items)) | (Self::List(items), Self::List(None)) => {
                Self::List(items)
            }
            (Self::List(Some(one)), Self::List(Some(other))) => {
                Self::List(Some(Box::new(one.and(*other))))
            }
            (Self::Text(text), Self::Text(_)) => Self::Text(text),
            (Self::Number, Self::Number) => Self::Number,
            (Self::Flag, Self::Flag) => Self::Flag,
            (Self::Mixed(mut shapes), other) => {
                let alike = shapes.iter().position(|shape| {
                    std::mem::discriminant(shape) == std::mem::discriminant(&other)
                });
                match alike {
                    Some(place) => shapes[place] = shapes[place].clone().and(other),
                    None => shapes.push(other),
                }
                Self::Mixed(shapes)
            }
            (one, Self::Mixed(shapes)) => Self::Mixed(shapes).and(one),
            (one, other) => Self::Mixed(vec![one, other]),
        }
    }

    /// The pointers of all leaves, as rules write them: `/ticket/messages/[i]/body`.
    pub(super) fn leaves(&self) -> Vec<String> {
        let mut leaves = Vec::new();
        self.collect("", 0, &mut leaves);
        let mut met = BTreeSet::new();
        leaves.retain(|leaf| met.insert(leaf.clone()));
        leaves
    }

    fn collect(&self, place: &str, depth: usize, leaves: &mut Vec<String>) {
        match self {
            Self::Object(members) if !members.is_empty() => {
                for (key, shape) in members {
                    let place = format!("{place}/{key}");
                    // Keys of the tenant's own are no leaves that a table could name.
                    if is_tenants(key) && matches!(shape, Self::Object(_)) {
                        leaves.push(place);
                    } else {
                        shape.collect(&place, depth, leaves);
                    }
                }
            }
            Self::List(Some(item)) => {
                item.collect(&within_list(place, depth), depth + 1, leaves);
            }
            Self::Mixed(shapes) => {
                for shape in shapes {
                    shape.collect(place, depth, leaves);
                }
            }
            Self::Null
            | Self::Text(_)
            | Self::Number
            | Self::Flag
            | Self::Object(_)
            | Self::List(None) => leaves.push(place.to_owned()),
        }
    }

    /// The member of this key.
    pub(super) fn member(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find_map(|(known, shape)| (known == key).then_some(shape))
    }
}

/// The place of any item of the list at this place, around which so many lists stand.
pub(super) fn within_list(place: &str, depth: usize) -> String {
    let index = ["i", "j", "k", "l", "m", "n"].get(depth).copied().unwrap_or("o");
    format!("{place}/[{index}]")
}

fn at(tree: &Tree, place: &str) -> Result<Shape> {
    Ok(match tree {
        Tree::Scalar(text) if &**text == "null" => Shape::Null,
        Tree::Scalar(text) if matches!(&**text, "true" | "false") => Shape::Flag,
        Tree::Scalar(text) if text.starts_with('"') => {
            Shape::Text(serde_json::from_str(text).unwrap_or_default())
        }
        Tree::Scalar(text) if text.starts_with(['[', '{']) => {
            bail!(
                "the response is nested too deeply at {place}; take what is too deep out of the example"
            )
        }
        Tree::Scalar(_) => Shape::Number,
        Tree::List(items) => {
            let mut shape = None;
            for item in items {
                let item = at(item, &format!("{place}/[i]"))?;
                shape = Some(match shape {
                    None => item,
                    Some(shape) => Shape::and(shape, item),
                });
            }
            Shape::List(shape.map(Box::new))
        }
        Tree::Object(members) => {
            let mut shapes: Vec<(String, Shape)> = Vec::new();
            for (key, value) in members {
                ensure!(
                    !shapes.iter().any(|(known, _)| known == key),
                    "the key `{key}` stands twice at {place}/; a response with each key once is needed"
                );
                let is_plain = !key.is_empty()
                    && key != "*"
                    && !key.starts_with('[')
                    && !key.contains(['/', '~']);
                ensure!(
                    is_plain && !key.contains(['"', '\\', '`']) && !key.contains(char::is_control),
                    "the key {key:?} at {place}/ cannot stand in the pointer of a rule: an object with such keys has free keys; \
                     take its members out of the example (leave `{{}}`), and read them with `Members` afterwards"
                );
                shapes.push((key.clone(), at(value, &format!("{place}/{key}"))?));
            }
            Shape::Object(shapes)
        }
    })
}

#[cfg(test)]
mod tests {
    use ticket_core::mapping::tree::Tree;

    use super::Shape;

    fn shape(text: &str) -> Shape {
        Shape::of(&Tree::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn every_leaf_has_a_pointer_and_items_share_theirs() {
        let text = r#"{"id": 1, "a": null, "b": {}, "c": [], "d": [{"x": [1, 2]}, {"y": true}], "e": {"f": "g"},
            "customFields": {"floor": 3}}"#;
        let leaves = ["/id", "/a", "/b", "/c", "/d/[i]/x/[j]", "/d/[i]/y", "/e/f", "/customFields"];
        assert_eq!(shape(text).leaves(), leaves);
    }

    #[test]
    fn what_is_empty_in_one_response_is_filled_from_another() {
        let one = shape(r#"{"a": null, "b": {}, "c": [], "d": 1}"#);
        let other = shape(r#"{"a": "x", "b": {"x": 1}, "c": [{"x": 1}], "e": true}"#);
        assert_eq!(one.and(other).leaves(), ["/a", "/b/x", "/c/[i]/x", "/d", "/e"]);
    }

    #[test]
    fn what_is_now_this_and_now_that_has_the_leaves_of_both() {
        let both = shape(r#"{"a": ["x", {"id": 1}, 7, {"name": "y"}]}"#);
        assert_eq!(both.leaves(), ["/a/[i]", "/a/[i]/id", "/a/[i]/name"]);
    }

    #[test]
    fn a_key_that_no_rule_can_name_is_refused_with_its_place() {
        for (text, said) in [
            (r#"{"a": {"b/c": 1}}"#, "the key \"b/c\" at /a/ cannot stand"),
            (r#"{"a": {"*": 1}}"#, "the key \"*\" at /a/ cannot stand"),
            (r#"{"a": 1, "a": 2}"#, "the key `a` stands twice at /"),
        ] {
            let error = Shape::of(&Tree::parse(text).unwrap()).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
