//! The patterns of rules: which values of a response or a ticket they match.

use std::collections::HashMap;

use super::rule::Rule;
use super::tree::{Path, Step, Tree};
use crate::decode::split_response_name;

/// A key that every rule with `*` accepts: it is a name and a language.
const SAMPLE_KEY: &str = "en_us";

/// A parsed source or target of a [`Rule`].
///
/// ```
/// use ticket_core::mapping::pattern::{Pattern, Reach};
/// use ticket_core::mapping::tree::Tree;
///
/// let response = Tree::parse(r#"{"messages": [{"text": "a"}, {"text": "b"}]}"#)?;
/// let source = Pattern::source("/messages/[i]/text");
/// let target = Pattern::target("conversation.messages[i].body");
/// let (path, _) = &response.leaves()[1];
/// let bindings = source.bind(path, Reach::Exact).expect("the source matches");
/// assert_eq!(bindings["i"], 1);
/// assert_eq!(target.ticket_path(&bindings), "conversation.messages[1].body");
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pattern(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Key(String),
    /// `[i]`, or `[i?]` for an index that exists only if a list was sent.
    Index {
        name: String,
        is_optional: bool,
    },
    /// `*`: an undocumented key; in a source its position can be an index of the target. `prefix*`: one that begins like this.
    Free {
        prefix: String,
        is_source: bool,
    },
}

/// The values of the indices of a pattern; `*` is the position of an undocumented key.
pub type Bindings = HashMap<String, usize>;

/// How a pattern and a path may differ in length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// They have the same length.
    Exact,
    /// The path may be longer: the value is any JSON.
    Below,
    /// The pattern may be longer: nothing was sent there.
    Above,
}

impl Pattern {
    /// Parses a source: `/data/list/[i]/key`, or `list_messages[p]#/data/list/[i]/key` in another response than that of the ticket.
    pub fn source(text: &str) -> Self {
        let named = split_response_name(text);
        let pointer = named.map_or(text, |(_, _, pointer)| pointer);
        let response = named.into_iter().flat_map(|(operation, index, _)| {
            [Part::Key(format!("{operation}#")), Part::of(&format!("[{index}]"), true)]
        });
        let steps = pointer.split('/').skip(1).map(|part| Part::of(part, true));
        Self(response.chain(steps).collect())
    }

    /// Parses a target: `list[i].key`.
    pub fn target(text: &str) -> Self {
        Self(text.replace('[', ".[").split('.').map(|part| Part::of(part, false)).collect())
    }

    /// Returns the indices, if the pattern matches this path.
    pub fn bind(&self, path: &[Step], reach: Reach) -> Option<Bindings> {
        let mut bindings = Bindings::new();
        bind(&self.0, path, reach, &mut bindings).then_some(bindings)
    }

    /// Returns whether the pattern matches this path with these indices. An index that they do not have may be any.
    pub fn matches(&self, path: &[Step], bindings: &Bindings, reach: Reach) -> bool {
        self.bind(path, reach).is_some_and(|own| {
            own.iter().all(|(name, index)| bindings.get(name).is_none_or(|bound| bound == index))
        })
    }

    /// Returns whether the pattern matches only values below this path.
    pub fn goes_below(&self, path: &[Step]) -> bool {
        self.bind(path, Reach::Above).is_some() && self.bind(path, Reach::Exact).is_none()
    }

    /// Returns whether the pattern has a documented key right below this path.
    pub fn is_object_at(&self, path: &[Step]) -> bool {
        let below = self.goes_below(path).then(|| self.grown(path, Tree::List(Vec::new())));
        matches!(below.flatten(), Some(Tree::Object(_)))
    }

    /// Returns whether the pattern matches this path and its last step is an undocumented key.
    pub fn ends_free(&self, path: &[Step]) -> bool {
        matches!(self.0.last(), Some(Part::Free { .. })) && self.bind(path, Reach::Exact).is_some()
    }

    /// Returns the first key: `list_messages#` for a source in another response than that of the ticket.
    pub(super) fn first_key(&self) -> Option<&str> {
        match self.0.first() {
            Some(Part::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// Returns the name of the index at this step.
    pub(super) fn index_at(&self, step: usize) -> Option<&str> {
        match self.0.get(step) {
            Some(Part::Index { name, .. }) => Some(name),
            _ => None,
        }
    }

    /// Returns the pattern with these indices, in the notation of targets; an unknown index stays a name.
    pub fn ticket_path(&self, bindings: &Bindings) -> String {
        let mut path = String::new();
        for part in &self.0 {
            match part {
                Part::Key(key) if path.is_empty() => path.push_str(key),
                Part::Key(key) => path.extend([".", key]),
                Part::Free { .. } => path.push_str(".*"),
                Part::Index { name, .. } => {
                    let index =
                        bindings.get(name).map_or_else(|| name.clone(), ToString::to_string);
                    path.extend(["[", &index, "]"]);
                }
            }
        }
        path
    }

    /// Returns every part of a value that matches with these indices, with its path. Of a list whose index is unknown, only the
    /// first `most` items are searched.
    pub fn find<'t>(
        &self,
        tree: &'t Tree,
        bindings: &Bindings,
        most: usize,
    ) -> Vec<(Path, &'t Tree)> {
        let mut found = Vec::new();
        let search = Search { bindings, most };
        find(&self.0, tree, search, &mut Vec::new(), &mut found);
        found
    }

    /// Returns the value at `path` of a response in which only `leaf` is sent, at a path that matches.
    pub fn grown(&self, path: &[Step], leaf: Tree) -> Option<Tree> {
        let mut parts = &self.0[..];
        for step in path {
            // Here an object is sent instead of a list.
            while let [Part::Index { is_optional: true, .. }, rest @ ..] = parts
                && matches!(step, Step::Key(..))
            {
                parts = rest;
            }
            parts = parts.get(1..)?;
        }
        Some(parts.iter().rev().fold(leaf, |tree, part| match part {
            Part::Key(key) => Tree::Object(vec![(key.clone(), tree)]),
            Part::Free { prefix, .. } if prefix.is_empty() => {
                Tree::Object(vec![(SAMPLE_KEY.to_owned(), tree)])
            }
            Part::Free { prefix, .. } => Tree::Object(vec![(format!("{prefix}1"), tree)]),
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
            None => match text.strip_suffix('*') {
                Some(prefix) => Self::Free { prefix: prefix.to_owned(), is_source },
                None => Self::Key(text.to_owned()),
            },
        }
    }
}

/// A [`Rule`] with its parsed patterns.
#[derive(Debug)]
pub struct Row<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The sources, in the order of the rule.
    pub sources: Vec<Pattern>,
    /// The targets, in the order of the rule.
    pub targets: Vec<Pattern>,
}

impl<'r> Row<'r> {
    /// Parses the patterns of a rule.
    pub fn of(rule: &'r Rule) -> Self {
        Self {
            rule,
            sources: rule.sources.iter().map(|source| Pattern::source(source)).collect(),
            targets: rule.targets.iter().map(|target| Pattern::target(target)).collect(),
        }
    }

    /// Returns whether values below a source belong to it.
    pub fn reach(&self) -> Reach {
        if self.rule.is_free() || self.rule.is_whole() { Reach::Below } else { Reach::Exact }
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
        (Part::Free { prefix, is_source }, Step::Key(key, position)) if key.starts_with(prefix) => {
            if *is_source {
                bindings.insert("*".to_owned(), *position);
            }
        }
        _ => return false,
    }
    bind(parts_left, path_left, reach, bindings)
}

/// Which items of lists are searched.
#[derive(Clone, Copy)]
struct Search<'b> {
    bindings: &'b Bindings,
    most: usize,
}

fn find<'t>(
    parts: &[Part],
    tree: &'t Tree,
    search: Search<'_>,
    path: &mut Path,
    found: &mut Vec<(Path, &'t Tree)>,
) {
    let Some((part, rest)) = parts.split_first() else {
        found.push((path.clone(), tree));
        return;
    };
    // If an index is known, only its item is searched: a list may have a million items.
    let bound = |name: &str, length: usize| match search.bindings.get(name) {
        Some(index) => (*index).min(length)..index.saturating_add(1).min(length),
        None => 0..length.min(search.most),
    };
    let mut descend = |step: Step, tree| {
        path.push(step);
        find(rest, tree, search, path, found);
        path.pop();
    };
    match (part, tree) {
        (Part::Index { name, .. }, Tree::List(items)) => {
            for index in bound(name, items.len()) {
                descend(Step::Index(index), &items[index]);
            }
        }
        (Part::Index { name, is_optional: true }, one) if !bound(name, 1).is_empty() => {
            find(rest, one, search, path, found);
        }
        (Part::Key(wanted), Tree::Object(members)) => {
            for (position, (key, value)) in
                members.iter().enumerate().filter(|(_, (key, _))| key == wanted)
            {
                descend(Step::Key(key.clone(), position), value);
            }
        }
        (Part::Free { prefix, .. }, Tree::Object(members)) => {
            for position in bound("*", members.len()) {
                let (key, value) = &members[position];
                if !key.starts_with(prefix) {
                    continue;
                }
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
    fn source_finds_only_its_values() {
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
            ("/role-*/id", "/role-7/id", Reach::Exact, Some(vec![("*".to_owned(), 0)])),
            ("/role-*/id", "/rule-7/id", Reach::Exact, None),
        ] {
            assert_eq!(bound(source, pointer, reach), expected, "{source} {pointer} {reach:?}");
        }
    }

    #[test]
    fn target_gets_the_index_of_its_source() {
        let target = Pattern::target("messages[i].author.role.value");
        let bindings = Bindings::from([("i".to_owned(), 2)]);
        assert!(target.matches(&path("/messages/2/author/role/value"), &bindings, Reach::Exact));
        assert!(!target.matches(&path("/messages/1/author/role/value"), &bindings, Reach::Exact));
        assert!(target.matches(
            &path("/messages/1/author/role/value"),
            &Bindings::new(),
            Reach::Exact
        ));
    }

    #[test]
    fn sample_creates_missing_parents() {
        let leaf = Tree::Scalar("7".into());
        for (source, pointer, grown) in [
            ("/data/list/[i]/a", "/data", r#"{"list":[{"a":7}]}"#),
            ("/data/list/[i]/a", "/data/list", r#"[{"a":7}]"#),
            ("/data/one/[i?]/a", "/data/one", r#"{"a":7}"#),
            ("/data/one/[i?]/a", "/data/one/0", r#"{"a":7}"#),
            ("/data/free/*", "/data/free", r#"{"en_us":7}"#),
            ("/data/role-*", "/data", r#"{"role-1":7}"#),
        ] {
            let tree = Pattern::source(source).grown(&path(pointer), leaf.clone()).unwrap();
            assert_eq!(tree.to_string(), grown, "{source} {pointer}");
        }
    }
}
