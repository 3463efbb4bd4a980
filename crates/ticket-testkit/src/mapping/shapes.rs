//! The patterns of values: which lists are optional, and which keys are free.

use std::collections::{HashMap, HashSet};

use ticket_core::decode::recording::{ONE_OR_MANY, Read, record};
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};

use super::{decode, is_around};

/// Keys that an object with free keys may accept: a language, and any.
const FREE_KEYS: [&str; 2] = ["fr_fr", "free/key~"];

/// What was read of a response, by pointer.
pub(super) type Reads = HashMap<String, Vec<Read>>;

/// Decodes a response and returns what was read.
pub(super) fn reads(decoder: &dyn MappingDescription, response: &Tree) -> Reads {
    let (_, all) = record(|| decode(decoder, response));
    let mut reads = Reads::new();
    for read in all {
        reads.entry(read.pointer.clone()).or_default().push(read);
    }
    reads
}

/// Returns whether a value itself was read, not only the objects inside of it.
pub(super) fn is_value(reads: &[Read]) -> bool {
    reads.iter().any(|read| read.reader != ONE_OR_MANY)
}

/// Which lists are optional, and which keys are free.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    /// The patterns of objects that may be lists.
    optional: HashSet<String>,
    /// How a free key begins, by the pattern of the key; `None` for a documented key.
    free: HashMap<String, Option<String>>,
}

impl Shapes {
    /// Finds out the shapes of these responses, from what was read and by renaming keys.
    pub(super) fn of(decoder: &dyn MappingDescription, trees: &[Tree], all: &[Reads]) -> Self {
        let reads = all.iter().flat_map(Reads::values).flatten();
        let optional = reads.filter(|read| read.reader == ONE_OR_MANY);
        let mut shapes = Self {
            optional: optional.map(|read| read.pattern.clone()).collect(),
            free: HashMap::new(),
        };
        for (tree, reads) in trees.iter().zip(all) {
            for object in tree.objects() {
                // Keys inside of a value that was read as a whole have no pattern.
                let is_whole = (0..=object.len()).any(|length| {
                    reads.get(&pointer(&object[..length])).is_some_and(|it| is_value(it))
                });
                if !is_whole {
                    shapes.rename(decoder, tree, &object);
                }
            }
        }
        shapes
    }

    fn rename(&mut self, decoder: &dyn MappingDescription, tree: &Tree, object: &Path) {
        let Some(Tree::Object(members)) = tree.at(object) else { return };
        for (position, (key, _)) in members.iter().enumerate() {
            let here = with_step(object, Step::Key(key.clone(), position));
            let pattern = raw_steps(&here).concat();
            if key.ends_with('#') || self.free.contains_key(&pattern) {
                continue;
            }
            let is_read = |name: &str| {
                let mut changed = tree.clone();
                let Some(Tree::Object(members)) = changed.at_mut(object) else { return false };
                name.clone_into(&mut members[position].0);
                let here = pointer(&with_step(object, Step::Key(name.to_owned(), position)));
                reads(decoder, &changed).keys().any(|read| is_around(&here, read))
            };
            let prefix = if FREE_KEYS.iter().any(|name| is_read(name)) {
                Some(String::new())
            } else if is_read(&format!("{key}7")) {
                let mut ends = (1..=key.len()).filter(|end| key.is_char_boundary(*end));
                ends.find(|end| is_read(&format!("{}77", &key[..*end])))
                    .map(|end| key[..end].to_owned())
            } else {
                None
            };
            self.free.insert(pattern, prefix);
        }
    }

    /// Returns the pattern of a path, with `[]` for an index, `[?]` for an optional one and `*` for a free key, and its indices.
    pub(super) fn pattern(&self, path: &[Step]) -> (String, Vec<usize>) {
        let steps = raw_steps(path);
        let (mut raw, mut pattern) = (steps[0].clone(), steps[0].clone());
        let below = if raw.is_empty() { path } else { &path[2..] };
        let mut indices = Vec::new();
        let mut is_optional = self.optional.contains(&raw);
        for (text, step) in steps[1..].iter().zip(below) {
            if is_optional {
                pattern.push_str("/[?]");
            }
            match step {
                Step::Index(index) => {
                    if !is_optional {
                        pattern.push_str("/[]");
                    }
                    indices.push(*index);
                }
                Step::Key(_, position) => {
                    indices.extend(is_optional.then_some(0));
                    if let Some(Some(prefix)) = self.free.get(&format!("{raw}{text}")) {
                        pattern.extend(["/", prefix, "*"]);
                        indices.push(*position);
                    } else {
                        pattern.push_str(text);
                    }
                }
            }
            raw.push_str(text);
            is_optional = self.optional.contains(&raw);
        }
        if is_optional {
            pattern.push_str("/[?]");
            indices.push(0);
        }
        (pattern, indices)
    }
}

/// Returns the path one step longer.
pub(super) fn with_step(path: &[Step], step: Step) -> Path {
    path.iter().cloned().chain([step]).collect()
}

/// Returns the name of the response, and the steps of the path with `[]` for an index, as a recorded pattern has them.
fn raw_steps(path: &[Step]) -> Vec<String> {
    let (first, below) = match path {
        [Step::Key(name, _), Step::Index(_), below @ ..] if name.ends_with('#') => {
            (format!("{}[p]#", name.trim_end_matches('#')), below)
        }
        path => (String::new(), path),
    };
    let step = |step: &Step| match step {
        Step::Key(..) => pointer(std::slice::from_ref(step)),
        Step::Index(_) => "/[]".to_owned(),
    };
    std::iter::once(first).chain(below.iter().map(step)).collect()
}
