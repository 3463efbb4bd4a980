//! Changes the values of each response, and records what moves in the ticket.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ticket_core::decode::recording::ONE_OR_MANY;
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};

use super::outcome::{Difference, Kept, Outcome, meanings, target};
use super::shapes::{Reads, Shapes, is_value, reads};
use super::{Mismatch, SampleResponse, probes};

/// How many values of a source are changed, and how many of them have the same indices.
const MAX_PLACES: usize = 12;
const MAX_ALIKE: usize = 2;

/// How many ids of people are tried as an id.
const MAX_ACTORS: usize = 4;

/// A key that no response has, for an object with free keys.
const KEY: &str = "fr_fr";

/// What moves in the tickets, by the source that was changed.
#[derive(Debug, Default)]
pub(super) struct Observations {
    pub(super) sources: BTreeMap<String, Source>,
    /// The values of every target that a ticket has.
    pub(super) targets: BTreeMap<String, BTreeSet<String>>,
    /// The patterns of fields that the code reads, and that no response has.
    pub(super) unsent: BTreeSet<String>,
    pub(super) mismatches: Vec<Mismatch>,
}

/// Values of the responses with the same pattern.
#[allow(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) readers: BTreeSet<&'static str>,
    /// The words of the vocabulary in which the code looks them up, in its order.
    pub(super) words: Vec<String>,
    /// The scalars that the responses have, as JSON.
    pub(super) values: BTreeSet<String>,
    pub(super) links: BTreeMap<String, Link>,
    pub(super) moves: Vec<Move>,
    pub(super) is_sent: bool,
    /// Whether a value is kept on purpose, or undecided.
    pub(super) is_kept: bool,
    pub(super) is_undecided: bool,
    /// Whether a value moves nothing.
    pub(super) is_dropped: bool,
    /// Whether a response is rejected if the value is new, missing, or invalid.
    pub(super) is_rejected: bool,
    places: Vec<Place>,
    /// The places where nothing was sent.
    hollow: Vec<Place>,
}

/// How a source moves a target.
#[allow(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
#[derive(Debug, Default)]
pub(super) struct Link {
    /// Whether the value of the target is made from that of the source.
    pub(super) is_value: bool,
    /// Whether it always was the same value.
    pub(super) is_copy: bool,
    /// Whether the target is the free key of the source.
    pub(super) is_key: bool,
    /// Whether the target changes alone, not only together with the object around it.
    pub(super) is_own: bool,
    /// Whether one and the same target has different values.
    pub(super) is_deciding: bool,
    /// The indices of source and target, whenever one moved the other.
    pub(super) indices: BTreeSet<(Vec<usize>, Vec<usize>)>,
    /// What the target is for each value of the source.
    pub(super) meanings: BTreeMap<String, BTreeSet<Option<String>>>,
}

/// What one change moves.
#[derive(Debug)]
pub(super) struct Move {
    pub(super) moved: BTreeSet<String>,
    /// The targets in lists that get another length.
    pub(super) shifted: BTreeSet<String>,
}

#[derive(Debug, Clone)]
struct Place {
    sample: usize,
    path: Path,
    indices: Vec<usize>,
}

impl Observations {
    /// Decodes each response and every change of it.
    ///
    /// # Panics
    /// If an unchanged response is not a ticket.
    pub(super) fn of(decoder: &dyn MappingDescription, samples: &[SampleResponse]) -> Self {
        // Small responses are decoded faster, and show the most.
        let mut samples = samples.to_vec();
        samples.sort_by_key(|sample| sample.body.len());
        let mut trees: Vec<Tree> = samples.iter().map(|it| it.tree(decoder)).collect();
        let all_reads: Vec<Reads> = trees.iter().map(|tree| reads(decoder, tree)).collect();
        let shapes = Shapes::of(decoder, &trees, &all_reads);
        let outcome = |(tree, sample): (&Tree, &SampleResponse)| {
            Outcome::of(decoder, tree).unwrap_or_else(|| {
                panic!("{} is not a ticket of {}", sample.name, decoder.provider())
            })
        };
        let outcomes: Vec<_> = trees.iter().zip(&samples).map(outcome).collect();
        let mut all = Self::default();
        let values: Vec<_> = outcomes.iter().map(Outcome::values).collect();
        for (path, json) in values.iter().flatten() {
            all.targets.entry(target(path).0).or_default().insert(json.clone());
        }
        for (sample, (tree, reads)) in trees.iter().zip(&all_reads).enumerate() {
            all.add_places(sample, tree, reads, &shapes);
        }
        let meanings: Vec<_> = values.iter().map(|values| meanings(values)).collect();
        let read = all_reads.iter().flat_map(Reads::values).flatten();
        let read = read.filter(|it| !matches!(it.reader, ONE_OR_MANY | "undecided"));
        let patterns = read.map(|it| shapes.pattern(&path_of(&it.pattern)).0);
        all.unsent =
            patterns.filter(|it| all.sources.get(it).is_none_or(|it| !it.is_sent)).collect();
        for (pattern, source) in &mut all.sources {
            for place in source.chosen(&meanings, &outcomes) {
                let tree = &mut trees[place.sample];
                let change = Change {
                    decoder,
                    place: &place,
                    original: &outcomes[place.sample],
                    values: &values[place.sample],
                };
                let name = samples[place.sample].name;
                let problems = change.try_all(source, tree);
                all.mismatches.extend(problems.into_iter().map(|problem| Mismatch {
                    location: pointer(&place.path),
                    problem: format!("{problem} ({name})"),
                }));
                if pattern.ends_with('*') {
                    change.rename(source, pattern, tree);
                }
            }
        }
        all
    }

    fn add_places(&mut self, sample: usize, tree: &Tree, reads: &Reads, shapes: &Shapes) {
        let mut seen = HashSet::new();
        for (leaf, value) in tree.leaves() {
            let read = (1..=leaf.len()).find_map(|length| {
                let here = reads.get(&pointer(&leaf[..length]))?;
                is_value(here).then_some((length, here))
            });
            let path = &leaf[..read.map_or(leaf.len(), |(length, _)| length)];
            if !seen.insert(path.to_vec()) {
                continue;
            }
            let (pattern, indices) = shapes.pattern(path);
            let source = self.sources.entry(pattern).or_default();
            for read in read.into_iter().flat_map(|(_, reads)| reads) {
                source.readers.extend(Some(read.reader).filter(|it| *it != ONE_OR_MANY));
                for word in &read.words {
                    if !source.words.contains(word) {
                        source.words.push(word.clone());
                    }
                }
            }
            let place = Place { sample, path: path.to_vec(), indices };
            if path.len() == leaf.len() && value.is_hollow() {
                source.hollow.extend(read.map(|_| place));
                continue;
            }
            source.is_sent = true;
            if let Some(Tree::Scalar(text)) = tree.at(path) {
                source.values.insert(text.to_string());
            }
            source.places.push(place);
        }
    }
}

impl Source {
    /// Returns places in tickets with different meanings first, then such with different indices.
    fn chosen<M: Eq>(&mut self, meanings: &[M], outcomes: &[Outcome]) -> Vec<Place> {
        let mut chosen: Vec<Place> = Vec::new();
        let hollow = std::mem::take(&mut self.hollow);
        let places = std::mem::take(&mut self.places).into_iter().chain(hollow);
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        let is_alike = |one: &Place, other: &Place| {
            let kept = |place: &Place| outcomes[place.sample].kept(&pointer(&place.path));
            meanings[one.sample] == meanings[other.sample] && kept(one) == kept(other)
        };
        for place in places {
            let is_known = |it: &Place| is_alike(it, &place);
            if first.iter().any(is_known) { rest.push(place) } else { first.push(place) }
        }
        for place in first.into_iter().chain(rest) {
            let alike = chosen.iter().filter(|it| it.indices == place.indices).count();
            let is_new = !chosen.iter().any(|it| is_alike(it, &place));
            if chosen.len() < MAX_PLACES && (is_new || alike < MAX_ALIKE) {
                chosen.push(place);
            }
        }
        chosen
    }
}

/// A place of a response whose value is changed.
struct Change<'c> {
    decoder: &'c dyn MappingDescription,
    place: &'c Place,
    original: &'c Outcome,
    values: &'c [(Path, String)],
}

impl Change<'_> {
    /// Replaces the value by each probe, and returns what is wrong.
    fn try_all(&self, source: &mut Source, tree: &mut Tree) -> Vec<String> {
        let Self { decoder, place, original, .. } = self;
        let here = pointer(&place.path);
        let sent = tree.at(&place.path).expect("the place exists").to_string();
        let mut problems = Vec::new();
        let mut tried: Vec<(String, Outcome)> = Vec::new();
        let mut is_rejected = false;
        let mut probes = probes::of(source, &sent);
        if source.readers.contains("id") {
            probes.extend(self.actors().filter(|id| *id != sent).take(MAX_ACTORS));
        }
        for probe in probes {
            let value = Tree::parse(&probe).expect("a probe is JSON");
            let before = std::mem::replace(tree.at_mut(&place.path).expect("it exists"), value);
            let changed = Outcome::of(*decoder, tree);
            *tree.at_mut(&place.path).expect("it exists") = before;
            match changed {
                Some(changed) => tried.push((probe, changed)),
                None => is_rejected = true,
            }
        }
        source.is_rejected |= is_rejected;
        match original.kept(&here) {
            Kept::OnPurpose => source.is_kept = true,
            Kept::Undecided => source.is_undecided = true,
            Kept::No | Kept::Invalid => {}
        }
        let is_same = |(_, changed): &(String, Outcome)| {
            let is_refused = changed.kept(&here) == Kept::Invalid;
            is_refused || !changed.is_in_extra(&here) && original.differences(changed).is_empty()
        };
        let (invalid, valid): (Vec<_>, Vec<_>) =
            tried.into_iter().partition(|(probe, _)| probe == probes::INVALID);
        let is_dropped = sent != "null"
            && !is_rejected
            && !original.is_in_extra(&here)
            && valid.iter().all(is_same);
        // Of a value that is kept, some words may mean that there is none.
        let is_omitted =
            source.readers.iter().eq(&["kept"]) && sent != "null" && !original.is_in_extra(&here);
        source.is_dropped |= is_dropped || is_omitted;
        if !is_dropped
            && sent != "null"
            && !source.readers.is_empty()
            && invalid.iter().any(|(_, changed)| !changed.is_in_extra(&here))
            && !source.readers.contains("any JSON")
        {
            problems.push(format!("{} was sent and is not in extra", probes::INVALID));
        }
        self.compare(source, &here, &sent, &valid);
        problems
    }

    /// Returns the ids of the people who wrote or changed something: another id may be theirs.
    fn actors(&self) -> impl Iterator<Item = String> {
        let ids = self.values.iter().filter(|(path, _)| {
            let (target, _) = target(path);
            target.ends_with(".author.person.id") || target.ends_with(".by.person.id")
        });
        ids.map(|(_, json)| json.clone()).collect::<BTreeSet<_>>().into_iter()
    }

    fn compare(&self, source: &mut Source, here: &str, sent: &str, tried: &[(String, Outcome)]) {
        let Self { place, original, values, .. } = self;
        let accepted = tried.iter().filter(|(_, changed)| changed.kept(here) != Kept::Invalid);
        let changes: Vec<(&str, Vec<Difference>)> =
            accepted.map(|(probe, changed)| (&**probe, original.differences(changed))).collect();
        let mut paths = BTreeSet::new();
        for (_, differences) in &changes {
            let targets = |is_shifted| {
                let some = differences.iter().filter(move |it| it.is_shifted == is_shifted);
                some.map(|it| target(&it.path).0).collect()
            };
            source.moves.push(Move { moved: targets(false), shifted: targets(true) });
            paths.extend(differences.iter().filter(|it| !it.is_shifted).map(|it| &it.path));
        }
        let known: HashSet<&str> = values.iter().map(|(_, json)| &**json).collect();
        let is_text = probes::is_text(source, sent);
        let is_new = |probe: &str| {
            source.readers.iter().any(|reader| probes::new_values(reader, is_text).contains(&probe))
        };
        for path in paths {
            let at = |all: &'_ [Difference]| all.iter().position(|it| it.path == *path);
            let mut old = None;
            let mut is_own = false;
            for (_, differences) in &changes {
                if let Some(index) = at(differences) {
                    old.clone_from(&differences[index].old);
                    is_own |= !differences[index].is_whole;
                }
            }
            let found: Vec<(&str, Option<String>)> = changes
                .iter()
                .filter_map(|(probe, differences)| match at(differences) {
                    Some(index) if differences[index].is_shifted => None,
                    Some(index) => Some((*probe, differences[index].new.clone())),
                    None => Some((*probe, old.clone())),
                })
                .collect();
            let new: Vec<_> = found.iter().filter(|(probe, _)| is_new(probe)).collect();
            let is_copy = !new.is_empty()
                && new
                    .iter()
                    .all(|(probe, to)| to.as_deref().is_some_and(|to| bare(to) == bare(probe)));
            let fresh = found.iter().filter(|(probe, _)| *probe != "null");
            let fresh: BTreeSet<_> = fresh
                .filter_map(|(_, to)| to.as_deref())
                .filter(|to| !known.contains(to))
                .collect();
            let is_value = is_own && (is_copy || fresh.len() > 1);
            let ours = |json: &Option<String>| json.as_deref().map(|json| bare(json).to_owned());
            let meanings = found.iter().map(|(probe, to)| {
                let is_other = is_new(probe) && !source.readers.contains("flag");
                let word = if is_other { "*" } else { bare(probe) };
                (word.to_owned(), ours(to))
            });
            let meanings: Vec<_> = meanings.chain([(bare(sent).to_owned(), ours(&old))]).collect();
            let (target, indices) = target(path);
            let link = source.links.entry(target).or_default();
            if is_value {
                link.is_copy = is_copy && (link.is_copy || !link.is_value);
                link.is_value = true;
            }
            link.is_own |= is_own;
            let all: BTreeSet<_> = meanings.iter().filter_map(|(_, to)| to.as_ref()).collect();
            link.is_deciding |= all.len() > 1;
            link.indices.insert((place.indices.clone(), indices));
            for (word, to) in meanings {
                link.meanings.entry(word).or_default().insert(to);
            }
        }
    }

    /// Renames the free key of the value.
    fn rename(&self, source: &mut Source, pattern: &str, tree: &mut Tree) {
        let Self { decoder, place, original, .. } = self;
        let Some((Step::Key(old, position), object)) = place.path.split_last() else { return };
        let prefix = pattern.rsplit('/').next().unwrap_or_default().trim_end_matches('*');
        let key = format!("{prefix}{KEY}");
        let rename = |tree: &mut Tree, key: &str| {
            if let Some(Tree::Object(members)) = tree.at_mut(object) {
                key.clone_into(&mut members[*position].0);
            }
        };
        rename(tree, &key);
        let changed = Outcome::of(*decoder, tree);
        rename(tree, old);
        let Some(changed) = changed else { return };
        for difference in original.differences(&changed) {
            if difference.new.as_deref().is_some_and(|new| bare(new) == key) {
                let (target, indices) = target(&difference.path);
                let link = source.links.entry(target).or_default();
                (link.is_value, link.is_copy, link.is_key) = (true, true, true);
                link.indices.insert((place.indices.clone(), indices));
            }
        }
    }
}

/// Returns a path that a recorded pattern matches.
fn path_of(pattern: &str) -> Path {
    let (operation, pointer) = pattern.split_once("[p]#").unwrap_or(("", pattern));
    let response =
        (!operation.is_empty()).then(|| [Step::Key(format!("{operation}#"), 0), Step::Index(0)]);
    let step = |step: &str| match step {
        "[]" => Step::Index(0),
        key => Step::Key(key.replace("~1", "/").replace("~0", "~"), 0),
    };
    response.into_iter().flatten().chain(pointer.split('/').skip(1).map(step)).collect()
}

/// Returns a scalar without the quotes of a text.
pub(super) fn bare(json: &str) -> &str {
    json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(json)
}
