//! Derives the rows of the table from what moves in the tickets.

use std::collections::{BTreeMap, BTreeSet};

use ticket_core::mapping::RuleKind;
use ticket_core::mapping::table::{ANY_OTHER, TableRow};
use ticket_core::mapping::tree::Tree;
use ticket_core::model::{IndexMap, Json, Ticket};

use super::Mismatch;
use super::observe::{Link, Observations, Source, bare};
use super::outcome::is_meaning;

/// The names of indices.
const INDICES: [&str; 8] = ["i", "j", "k", "l", "m", "n", "o", "q"];

/// The readers whose values are the same in the ticket.
const COPIES: [&str; 8] =
    ["text", "id", "flag", "integer", "integer size", "seconds", "rating", "any JSON"];

/// What the code does with the values of the responses.
#[derive(Debug, Default)]
pub(super) struct Derived {
    /// The rows that fill the ticket.
    pub(super) rows: Vec<TableRow>,
    /// The sources that fill nothing, or not always. A row has to say why.
    pub(super) others: BTreeSet<(RuleKind, String)>,
    /// The sources that the code reads, and no response has.
    pub(super) unsent: BTreeSet<String>,
    /// What is wrong with the rejection of responses.
    pub(super) mismatches: Vec<Mismatch>,
}

/// The sources that each target has, by how it depends on them.
struct Roles<'o> {
    all: &'o Observations,
    /// The sources whose value becomes the target.
    values: BTreeMap<&'o str, BTreeSet<&'o str>>,
    /// For the other targets, the sources that decide which value it is.
    decides: BTreeMap<&'o str, BTreeSet<&'o str>>,
    /// The sources that decide where the values of other sources are.
    /// With the top-level field of these values.
    selectors: BTreeSet<(&'o str, &'o str)>,
}

/// Derives the rows.
pub(super) fn derive(all: &Observations) -> Derived {
    let roles = Roles::of(all);
    let mut rows: Vec<TableRow> = Vec::new();
    let targets: BTreeSet<&str> =
        all.targets.keys().map(String::as_str).chain(roles.values.keys().copied()).collect();
    for target in targets.into_iter().filter(|target| !roles.is_inside_json(target)) {
        let row = roles.row(target);
        let is_same = |known: &&mut TableRow| {
            known.kind != RuleKind::Constant
                && (known.kind, &known.name, &known.sources) == (row.kind, &row.name, &row.sources)
        };
        match rows.iter_mut().find(is_same) {
            Some(known) => {
                known.targets.extend(row.targets);
                known.words.extend(row.words);
            }
            None => rows.push(row),
        }
    }
    for row in &mut rows {
        // The meaning of a word comes before the word.
        row.targets.sort_by_cached_key(|it| {
            (it.replace(".native", ""), it.ends_with(".native"), it.clone())
        });
        row.targets.sort_by_key(|it| it.ends_with(".native"));
    }
    let order = fields();
    rows.sort_by_cached_key(|row| {
        let field = top(&row.targets[0]);
        (order.iter().position(|known| known == field), row.targets.clone())
    });
    let mismatches = rejections(all, &rows);
    Derived { rows, others: roles.others(), unsent: all.unsent.clone(), mismatches }
}

/// Returns the values that reject a response, except the envelope and the id, and those of the two that do not.
fn rejections(all: &Observations, rows: &[TableRow]) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    let mut add = |location: &str, problem: &str| {
        mismatches.push(Mismatch { location: location.to_owned(), problem: problem.to_owned() });
    };
    let required = rows.iter().filter(|row| row.kind == RuleKind::Required);
    let required: Vec<_> = required.flat_map(|row| &row.sources).collect();
    if required.is_empty() {
        add("id", "a response without it is accepted as a ticket");
    }
    for (pattern, source) in &all.sources {
        let is_envelope = source.readers.contains("envelope");
        if is_envelope && !source.is_rejected {
            add(pattern, "a response with another value is accepted as a success");
        } else if source.is_rejected && !is_envelope && !required.contains(&pattern) {
            add(pattern, "a response with another value is rejected");
        }
    }
    mismatches
}

/// Returns the fields of a ticket in their order.
fn fields() -> Vec<String> {
    let json = serde_json::to_string(&Ticket::new("any", "1")).expect("a ticket is JSON");
    match Tree::parse(&json).expect("a ticket is JSON") {
        Tree::Object(members) => members.into_iter().map(|(key, _)| key).collect(),
        Tree::Scalar(_) | Tree::List(_) => Vec::new(),
    }
}

/// Returns the top-level field of a target.
fn top(target: &str) -> &str {
    target.split(['.', '[']).next().unwrap_or(target)
}

impl<'o> Roles<'o> {
    fn of(all: &'o Observations) -> Self {
        let mut roles = Self {
            all,
            values: BTreeMap::new(),
            decides: BTreeMap::new(),
            selectors: BTreeSet::new(),
        };
        for (pattern, source) in &all.sources {
            for (target, link) in &source.links {
                if link.is_value && !is_meaning(target) {
                    roles.values.entry(target).or_default().insert(pattern);
                }
            }
        }
        for (pattern, source) in &all.sources {
            let is_kept = source.readers.iter().eq(&["kept"]);
            for change in source.moves.iter().filter(|_| !is_kept) {
                roles.add(pattern, change);
            }
        }
        roles.omit_selectors();
        roles
    }

    /// Omits items of lists that select what is near a single value, if another source alone decides that value.
    fn omit_selectors(&mut self) {
        for (target, sources) in &mut self.decides {
            let depth = |path: &str| path.matches("[]").count();
            let selects = |source: &str| {
                depth(source) > depth(target) && self.selectors.contains(&(source, top(target)))
            };
            let decides = |source: &str| self.all.sources[source].links[*target].is_deciding;
            if sources.iter().any(|source| !selects(source) && decides(source)) {
                sources.retain(|source| !selects(source));
            }
        }
    }

    fn add(&mut self, source: &'o str, change: &'o super::observe::Move) {
        let is_of_others =
            |target: &&String| self.values.get(&***target).is_some_and(|it| !it.contains(source));
        let moved = change.moved.iter().chain(&change.shifted);
        let selected: BTreeSet<&str> =
            moved.filter(|it| is_of_others(it)).map(|target| top(target)).collect();
        self.selectors.extend(selected.iter().map(|field| (source, *field)));
        for target in &change.moved {
            // Where it also selects, the target is that of another value.
            if !self.values.contains_key(&**target)
                && !selected.contains(top(target))
                && !self.is_constant(target)
            {
                self.decides.entry(target).or_default().insert(source);
            }
        }
    }

    /// Returns whether a target only appears and disappears, with the object around it.
    fn is_constant(&self, target: &str) -> bool {
        let mut links = self.all.sources.values().filter_map(|source| source.links.get(target));
        !links.any(|link| link.is_own || link.is_deciding)
    }

    /// Returns whether a target is a part of a value that is any JSON.
    fn is_inside_json(&self, target: &str) -> bool {
        let is_json = |sources: &BTreeSet<&str>| {
            sources.iter().any(|source| self.all.sources[*source].readers.contains("any JSON"))
        };
        self.values.iter().any(|(json, sources)| {
            target.strip_prefix(json).is_some_and(|rest| rest.starts_with(['.', '[']))
                && is_json(sources)
        })
    }

    fn row(&self, target: &str) -> TableRow {
        let values = self.values.get(target);
        let Some(sources) = values.or_else(|| self.decides.get(target)) else {
            let only = match self.all.targets[target].iter().collect::<Vec<_>>()[..] {
                [only] => Some((ANY_OTHER.to_owned(), bare(only).to_owned())),
                _ => None,
            };
            return TableRow {
                targets: vec![with_names(target, &INDICES.map(str::to_owned))],
                words: only.into_iter().collect(),
                ..TableRow::new(RuleKind::Constant)
            };
        };
        let of: Vec<(&str, &Source, &Link)> = sources
            .iter()
            .map(|it| (*it, &self.all.sources[*it], &self.all.sources[*it].links[target]))
            .collect();
        let (kind, name) = self.conversion(target, &of, values.is_some());
        let (targets, sources) = self.named(target, &of);
        let words = if values.is_some() { IndexMap::new() } else { words(&of) };
        TableRow { targets: vec![targets], sources, name, words, ..TableRow::new(kind) }
    }

    /// Returns how a target is made of its sources.
    fn conversion(
        &self,
        target: &str,
        of: &[(&str, &Source, &Link)],
        is_value: bool,
    ) -> (RuleKind, String) {
        let custom = (RuleKind::Converted, "custom".to_owned());
        if !is_value && of.len() > 1 {
            return (RuleKind::Derived, String::new());
        }
        if of.iter().all(|(.., link)| link.is_key) {
            return (RuleKind::Copied, "key".to_owned());
        }
        let mut readers: BTreeSet<&str> = of.iter().flat_map(|it| it.1.readers.clone()).collect();
        readers.remove("kept");
        let is_copy = of.iter().all(|(.., link)| link.is_copy);
        let reader = match readers.into_iter().collect::<Vec<_>>()[..] {
            [reader] => reader,
            ["id", "text"] => "text",
            _ => return custom,
        };
        // The word belongs to the row of its meaning, unless more than the word decides that.
        let is_pair = target.strip_suffix(".value").is_some()
            || target.strip_suffix(".native").is_some_and(|pair| {
                self.decides.get(&*format!("{pair}.value")).is_some_and(|it| it.len() == of.len())
            });
        if target == "id" && of.iter().any(|(_, source, _)| source.is_rejected) {
            (RuleKind::Required, "id".to_owned())
        } else if (COPIES.contains(&reader) || reader == "word" && !is_pair) && is_copy {
            let sent = self.all.targets.get(target).into_iter().flatten();
            let mut sent = sent.filter(|json| !matches!(&json[..1], "{" | "["));
            let is_sent = |json: &String| {
                let mut values = of.iter().flat_map(|(_, source, _)| &source.values);
                reader == "any JSON" || values.any(|value| plain(value) == plain(json))
            };
            if matches!(reader, "id" | "text" | "word") && !sent.all(is_sent) {
                return custom;
            }
            let is_id = target.ends_with("id");
            let name = match reader {
                "integer size" => "size",
                "word" => "text",
                "id" if !is_id => "text",
                reader => reader,
            };
            (RuleKind::Copied, name.to_owned())
        } else if COPIES.contains(&reader)
            || reader == "choice"
            || reader == "count"
            || (reader == "word" && !is_pair)
        {
            custom
        } else {
            (RuleKind::Converted, reader.to_owned())
        }
    }

    /// Returns the target and the sources with the names of their indices. An index that is the same in both has the same name.
    fn named(&self, target: &str, of: &[(&str, &Source, &Link)]) -> (String, Vec<String>) {
        let depth = target.matches("[]").count();
        let mut names: Vec<String> = INDICES[..depth].iter().map(|it| (*it).to_owned()).collect();
        let mut sources = Vec::new();
        for (pattern, ..) in of {
            let mut own = Vec::new();
            let mut rest = INDICES[depth..].iter();
            for (position, is_free) in is_free(pattern).into_iter().enumerate() {
                let same =
                    (0..depth).find(|index| self.is_same((pattern, position), (target, *index)));
                match same {
                    Some(index) if is_free => "*".clone_into(&mut names[index]),
                    Some(index) => own.push(names[index].clone()),
                    None if is_free => {}
                    None => own.push((*rest.next().unwrap_or(&"r")).to_owned()),
                }
            }
            sources.push(with_names(pattern, &own));
        }
        (with_names(target, &names), sources)
    }

    /// Returns whether an index of a source always is that of a target, for all that is moved between the two lists.
    fn is_same(&self, (source, position): (&str, usize), (target, index): (&str, usize)) -> bool {
        let (items, list) = (up_to(source, position), up_to(target, index));
        let sources = self.all.sources.iter().filter(|(it, _)| it.starts_with(items));
        let links = sources.flat_map(|(pattern, source)| {
            let own = source.links.iter().filter(|(it, _)| it.starts_with(list));
            own.filter(move |(it, _)| self.is_source(pattern, it))
        });
        links
            .flat_map(|(_, link)| &link.indices)
            .all(|(one, other)| one.get(position) == other.get(index))
    }

    /// Returns whether a row of the target has this source.
    fn is_source(&self, source: &str, target: &str) -> bool {
        let sources = self.values.get(target).or_else(|| self.decides.get(target));
        sources.is_some_and(|sources| sources.contains(source))
    }

    fn others(&self) -> BTreeSet<(RuleKind, String)> {
        let mut others = BTreeSet::new();
        for (pattern, source) in &self.all.sources {
            for (is_so, kind) in [
                (source.readers.contains("envelope"), RuleKind::Envelope),
                (source.readers.contains("undecided"), RuleKind::Undecided),
                (source.is_kept, RuleKind::Kept),
                (source.is_dropped, RuleKind::Unmapped),
                (self.selectors.iter().any(|(source, _)| source == pattern), RuleKind::Selector),
            ] {
                if is_so {
                    others.insert((kind, with_names(pattern, &INDICES.map(str::to_owned))));
                }
            }
        }
        others
    }
}

/// Returns a text without quotes and escapes, and any other JSON as it is.
fn plain(json: &str) -> String {
    json.parse::<Json>().ok().and_then(|json| json.to_text()).unwrap_or_else(|| json.to_owned())
}

/// Returns what each word becomes, if one of the sources is looked up in a vocabulary.
fn words(of: &[(&str, &Source, &Link)]) -> IndexMap<String, String> {
    let mut words = IndexMap::new();
    let mut with_words = of
        .iter()
        .filter(|(_, source, _)| !source.words.is_empty() || source.readers.contains("flag"));
    let (Some((_, source, link)), None) = (with_words.next(), with_words.next()) else {
        return words;
    };
    let flags = ["true".to_owned(), "false".to_owned()];
    let (known, rest) =
        if source.words.is_empty() { (&flags[..], "null") } else { (&source.words[..], ANY_OTHER) };
    let meaning = |word: &str| match link.meanings.get(word)?.iter().collect::<Vec<_>>()[..] {
        [Some(ours)] => Some(ours.clone()),
        _ => None,
    };
    for word in known {
        words.extend(meaning(word).map(|ours| (word.clone(), ours)));
    }
    if of.len() == 1 {
        words.extend(meaning(rest).map(|ours| (ANY_OTHER.to_owned(), ours)));
    }
    words
}

/// Returns whether each index of a pattern is the position of a free key.
fn is_free(pattern: &str) -> Vec<bool> {
    let steps = pattern.split('/').skip(1);
    steps
        .filter(|step| step.starts_with('[') || step.ends_with('*'))
        .map(|step| step.ends_with('*'))
        .collect()
}

/// Returns the beginning of a path up to this index.
fn up_to(path: &str, index: usize) -> &str {
    let ends = path.char_indices().filter(|(_, letter)| matches!(letter, ']' | '*'));
    let mut ends = ends.filter(|(at, _)| !path[..=*at].ends_with("[p]"));
    ends.nth(index).map_or(path, |(at, _)| &path[..=at])
}

/// Fills in the names of indices.
fn with_names(pattern: &str, names: &[String]) -> String {
    let mut parts = pattern.split("[]").flat_map(|part| part.split("[?]"));
    let optional = pattern.match_indices("[?]").map(|(at, _)| at);
    let plain = pattern.match_indices("[]").map(|(at, _)| at);
    let optional: BTreeSet<usize> = optional.collect();
    let all: BTreeSet<usize> = plain.chain(optional.iter().copied()).collect();
    let mut text = parts.next().unwrap_or_default().to_owned();
    for ((at, part), name) in all.iter().zip(parts).zip(names) {
        let mark = if optional.contains(at) { "?" } else { "" };
        text.extend(["[", name, mark, "]", part]);
    }
    text
}

/// Removes the names of indices.
pub(super) fn without_names(path: &str) -> String {
    let mut parts = path.split('[');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(']').unwrap_or((part, ""));
        text.push_str(match name {
            "p" => "[p]",
            name if name.ends_with('?') => "[?]",
            _ => "[]",
        });
        text.push_str(rest);
    }
    text
}
