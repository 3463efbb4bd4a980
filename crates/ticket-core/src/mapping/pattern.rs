//! The paths of rules: which places of a response or of a ticket they mean.

use std::collections::HashMap;

use super::rule::{Rule, RuleKind};
use super::tree::{Path, Step, Tree};

/// A free key that every rule with one accepts: a name, and a language.
const SAMPLE_KEY: &str = "en_us";

/// A path of a [`Rule`], taken apart.
///
/// ```
/// use ticket_core::mapping::pattern::{Pattern, Reach};
/// use ticket_core::mapping::tree::Tree;
///
/// let response = Tree::parse(r#"{"messages": [{"text": "a"}, {"text": "b"}]}"#)?;
/// let source = Pattern::source("/messages/[i]/text");
/// let target = Pattern::target("conversation.messages[i].body");
/// let (path, _) = &response.leaves()[1];
/// let bindings = source.bind(path, Reach::Exact).expect("it is one of its places");
/// assert_eq!(bindings["i"], 1);
/// assert_eq!(target.place(&bindings), "conversation.messages[1].body");
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pattern(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Key(String),
    /// `[i]`, or `[i?]`: an index that is only there where a list was sent.
    Index {
        name: String,
        is_optional: bool,
    },
    /// `*`: a free key; in a source its position can be an index of the target.
    Free {
        is_source: bool,
    },
}

/// What the indices of a source are at a place; `*` is the position of a free key.
pub type Bindings = HashMap<String, usize>;

/// How much of a path a pattern has to account for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All of it, and nothing more.
    Exact,
    /// The path may go on below the pattern: the value there is free.
    Below,
    /// The pattern may go on below the path: nothing was sent there.
    Above,
}

impl Pattern {
    /// A source: `/data/list/[i]/key`.
    pub fn source(text: &str) -> Self {
        Self(text.split('/').skip(1).map(|part| Part::of(part, true)).collect())
    }

    /// A target: `list[i].key`.
    pub fn target(text: &str) -> Self {
        Self(text.replace('[', ".[").split('.').map(|part| Part::of(part, false)).collect())
    }

    /// The indices, where this path is meant.
    pub fn bind(&self, path: &[Step], reach: Reach) -> Option<Bindings> {
        let mut bindings = Bindings::new();
        bind(&self.0, path, reach, &mut bindings).then_some(bindings)
    }

    /// Whether this path is meant, under the indices of a source. An index that the source does not have may be any.
    pub fn matches(&self, path: &[Step], bindings: &Bindings, reach: Reach) -> bool {
        self.bind(path, reach).is_some_and(|own| {
            own.iter().all(|(name, index)| bindings.get(name).is_none_or(|bound| bound == index))
        })
    }

    /// Whether this path is meant by a part of the pattern only: what it means lies below.
    pub fn goes_below(&self, path: &[Step]) -> bool {
        self.bind(path, Reach::Above).is_some() && self.bind(path, Reach::Exact).is_none()
    }

    /// Whether what this path means has documented keys.
    pub fn is_object_at(&self, path: &[Step]) -> bool {
        let below = self.goes_below(path).then(|| self.grown(path, Tree::List(Vec::new())));
        matches!(below.flatten(), Some(Tree::Object(_)))
    }

    /// Whether the last step of this path is a free key, which makes its object a list by another name.
    pub fn ends_free(&self, path: &[Step]) -> bool {
        matches!(self.0.last(), Some(Part::Free { .. })) && self.bind(path, Reach::Exact).is_some()
    }

    /// The place that is meant under these indices, as a target is written; an index that is not known stays a name.
    pub fn place(&self, bindings: &Bindings) -> String {
        let mut place = String::new();
        for part in &self.0 {
            match part {
                Part::Key(key) if place.is_empty() => place.push_str(key),
                Part::Key(key) => place.extend([".", key]),
                Part::Free { .. } => place.push_str(".*"),
                Part::Index { name, .. } => {
                    let index =
                        bindings.get(name).map_or_else(|| name.clone(), ToString::to_string);
                    place.extend(["[", &index, "]"]);
                }
            }
        }
        place
    }

    /// Every part of a value that this source means under these indices, with its path; of a list whose index is not among
    /// them only so many items are looked at.
    pub fn find<'t>(
        &self,
        tree: &'t Tree,
        bindings: &Bindings,
        most: usize,
    ) -> Vec<(Path, &'t Tree)> {
        let mut found = Vec::new();
        let sought = Sought { bindings, most };
        find(&self.0, tree, sought, &mut Vec::new(), &mut found);
        found
    }

    /// What would stand at `path` if `leaf` were sent at a place of this pattern below it.
    pub fn grown(&self, path: &[Step], leaf: Tree) -> Option<Tree> {
        let mut parts = &self.0[..];
        for step in path {
            // A list in place of one object is a matter of its own; here it is one object.
            while let [Part::Index { is_optional: true, .. }, rest @ ..] = parts
                && matches!(step, Step::Key(..))
            {
                parts = rest;
            }
            parts = parts.get(1..)?;
        }
        Some(parts.iter().rev().fold(leaf, |tree, part| match part {
            Part::Key(key) => Tree::Object(vec![(key.clone(), tree)]),
            Part::Free { .. } => Tree::Object(vec![(SAMPLE_KEY.to_owned(), tree)]),
            Part::Index { is_optional: false, .. } => Tree::List(vec![tree]),
            Part::Index { is_optional: true, .. } => tree,
        }))
    }
}

impl Part {
    fn of(text: &str, is_source: bool) -> Self {
        match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            Some(name) => Self::Index {
                name: name.trim_end_matches('?').to_owned(),
                is_optional: name.ends_with('?'),
            },
            None if text == "*" => Self::Free { is_source },
            None => Self::Key(text.to_owned()),
        }
    }
}

/// A [`Rule`] with its paths taken apart.
#[derive(Debug)]
pub struct Row<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// Its sources, in its order.
    pub sources: Vec<Pattern>,
    /// Its targets, in its order.
    pub targets: Vec<Pattern>,
}

impl<'r> Row<'r> {
    /// Takes the paths of a rule apart.
    pub fn of(rule: &'r Rule) -> Self {
        Self {
            rule,
            sources: rule.sources.iter().map(|source| Pattern::source(source)).collect(),
            targets: rule.targets.iter().map(|target| Pattern::target(target)).collect(),
        }
    }

    /// Whether what lies below a source belongs to its value.
    pub fn reach(&self) -> Reach {
        // What is kept is kept as it was sent, with all that lies in it.
        let is_whole = matches!(self.rule.kind, RuleKind::Kept | RuleKind::Undecided);
        if self.rule.is_free() || is_whole { Reach::Below } else { Reach::Exact }
    }
}

fn bind(parts: &[Part], path: &[Step], reach: Reach, bindings: &mut Bindings) -> bool {
    let Some((part, parts_left)) = parts.split_first() else {
        return path.is_empty() || reach == Reach::Below;
    };
    if let Part::Index { name, is_optional: true } = part
        && !matches!(path.first(), Some(Step::Index(_)))
    {
        bindings.insert(name.clone(), 0);
        return bind(parts_left, path, reach, bindings);
    }
    let Some((step, path_left)) = path.split_first() else { return reach == Reach::Above };
    match (part, step) {
        (Part::Key(wanted), Step::Key(key, _)) if wanted == key => {}
        (Part::Index { name, .. }, Step::Index(index)) => {
            bindings.insert(name.clone(), *index);
        }
        (Part::Free { is_source }, Step::Key(_, position)) => {
            if *is_source {
                bindings.insert("*".to_owned(), *position);
            }
        }
        _ => return false,
    }
    bind(parts_left, path_left, reach, bindings)
}

/// Which items of lists are looked at.
#[derive(Clone, Copy)]
struct Sought<'b> {
    bindings: &'b Bindings,
    most: usize,
}

fn find<'t>(
    parts: &[Part],
    tree: &'t Tree,
    sought: Sought<'_>,
    path: &mut Path,
    found: &mut Vec<(Path, &'t Tree)>,
) {
    let Some((part, rest)) = parts.split_first() else {
        found.push((path.clone(), tree));
        return;
    };
    // Where an index is known, the others are not even looked at: a list may have a million items.
    let bound = |name: &str, length: usize| match sought.bindings.get(name) {
        Some(index) => (*index).min(length)..index.saturating_add(1).min(length),
        None => 0..length.min(sought.most),
    };
    let mut descend = |step: Step, tree| {
        path.push(step);
        find(rest, tree, sought, path, found);
        path.pop();
    };
    match (part, tree) {
        (Part::Index { name, .. }, Tree::List(items)) => {
            for index in bound(name, items.len()) {
                descend(Step::Index(index), &items[index]);
            }
        }
        (Part::Index { name, is_optional: true }, one) if !bound(name, 1).is_empty() => {
            find(rest, one, sought, path, found);
        }
        (Part::Key(wanted), Tree::Object(members)) => {
            for (position, (key, value)) in
                members.iter().enumerate().filter(|(_, (key, _))| key == wanted)
            {
                descend(Step::Key(key.clone(), position), value);
            }
        }
        (Part::Free { .. }, Tree::Object(members)) => {
            for position in bound("*", members.len()) {
                let (key, value) = &members[position];
                descend(Step::Key(key.clone(), position), value);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Bindings, Pattern, Reach};
    use crate::mapping::tree::{Path, Step, Tree};

    /// A path from a pointer; keys have position 0.
    fn path(pointer: &str) -> Path {
        let step = |step: &str| match step.parse() {
            Ok(index) => Step::Index(index),
            Err(_) => Step::Key(step.to_owned(), 0),
        };
        pointer.split('/').skip(1).map(step).collect()
    }

    fn bound(source: &str, pointer: &str, reach: Reach) -> Option<Vec<(String, usize)>> {
        let mut bindings: Vec<_> =
            Pattern::source(source).bind(&path(pointer), reach)?.into_iter().collect();
        bindings.sort();
        Some(bindings)
    }

    #[test]
    fn a_source_means_its_places_and_no_others() {
        let none = Some(vec![]);
        let i = |index| Some(vec![("i".to_owned(), index)]);
        for (source, pointer, reach, expected) in [
            ("/data/title", "/data/title", Reach::Exact, none.clone()),
            ("/data/title", "/data/titles", Reach::Exact, None),
            ("/data/title", "/data/title/x", Reach::Exact, None),
            ("/data/title", "/data/title/x", Reach::Below, none.clone()),
            ("/data/title", "/data", Reach::Above, none),
            ("/data/title", "/data", Reach::Exact, None),
            ("/list/[i]/a", "/list/3/a", Reach::Exact, i(3)),
            ("/list/[i]/a", "/list/a", Reach::Exact, None),
            ("/list/[i?]/a", "/list/a", Reach::Exact, i(0)),
            ("/list/[i?]/a", "/list/2/a", Reach::Exact, i(2)),
            ("/list/[i?]", "/list", Reach::Exact, i(0)),
        ] {
            assert_eq!(bound(source, pointer, reach), expected, "{source} {pointer} {reach:?}");
        }
    }

    #[test]
    fn a_target_is_bound_to_the_index_of_its_source() {
        let target = Pattern::target("messages[i].author.role.value");
        let bindings = Bindings::from([("i".to_owned(), 2)]);
        assert!(target.matches(&path("/messages/2/author/role"), &bindings, Reach::Exact));
        assert!(!target.matches(&path("/messages/1/author/role"), &bindings, Reach::Exact));
        assert!(target.matches(&path("/messages/1/author/role"), &Bindings::new(), Reach::Exact));
    }

    #[test]
    fn a_sample_grows_where_nothing_was_sent() {
        let leaf = Tree::Scalar("7".into());
        for (source, pointer, grown) in [
            ("/data/list/[i]/a", "/data", r#"{"list":[{"a":7}]}"#),
            ("/data/list/[i]/a", "/data/list", r#"[{"a":7}]"#),
            ("/data/one/[i?]/a", "/data/one", r#"{"a":7}"#),
            ("/data/one/[i?]/a", "/data/one/0", r#"{"a":7}"#),
            ("/data/free/*", "/data/free", r#"{"en_us":7}"#),
        ] {
            let tree = Pattern::source(source).grown(&path(pointer), leaf.clone()).unwrap();
            assert_eq!(tree.to_string(), grown, "{source} {pointer}");
        }
    }
}
