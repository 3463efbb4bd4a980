//! Derives the table of a mapping: changes the values of each response, looks at what moves in the ticket, and compares that with
//! the provider's table.

mod fidelity;
mod merge;
mod observe;
mod outcome;
mod probes;
mod rows;
mod shapes;
mod single_item_lists;
mod swapped;
mod unknown_keys;

use std::fmt::{self, Write as _};
use std::path::Path;
use std::{env, fs};

use ticket_core::mapping::table::{self, TableRow};
use ticket_core::mapping::tree::Tree;
use ticket_core::mapping::{MappingDescription, ResponseTree, RuleKind};
use ticket_core::{Decoded, Error, Response, VocabularyOverrides, saved};

/// The responses of one fetch, to test a decoder with.
#[derive(Debug, Clone, Copy)]
pub struct SampleResponse {
    /// The name in messages.
    pub name: &'static str,
    /// The body of a successful response, or several as [`saved::write`] returns them.
    pub body: &'static [u8],
}

impl SampleResponse {
    /// Returns the responses.
    ///
    /// # Panics
    /// If the body names an unknown operation.
    pub(crate) fn responses(&self, decoder: &dyn MappingDescription) -> Vec<Response> {
        saved::read(self.body.into(), decoder)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Parses the responses.
    fn tree(&self, decoder: &dyn MappingDescription) -> Tree {
        let parsed = ResponseTree::parse(decoder, &self.responses(decoder));
        parsed.unwrap_or_else(|error| panic!("{}: {error}", self.name)).tree
    }
}

/// Decodes responses that were changed as a tree.
fn decode(decoder: &dyn MappingDescription, tree: &Tree) -> Result<Decoded, Error> {
    decoder.decode(&ResponseTree::responses(decoder, tree), &VocabularyOverrides::default())
}

/// Returns whether `kept` is the pointer or a parent of it.
fn is_around(kept: &str, pointer: &str) -> bool {
    pointer.strip_prefix(kept).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Something wrong with a mapping.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Mismatch {
    /// A pointer into the response, or a path of the ticket.
    location: String,
    /// What is wrong there.
    problem: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.location, self.problem)
    }
}

/// Derives the table of a mapping, and verifies that the provider's file has the same rows.
///
/// Each value of each response is replaced by new values that its reader accepts, by those of other responses, by an invalid
/// value and by null. What moves in the ticket gives the targets. `cargo xtask docs` writes the rows that differ; the notes of
/// the file are written by hand, and stay. The checks:
///
/// - The file has the derived rows. A value that fills no field has a row with the reason.
/// - Some response has a value for each field that the code reads.
/// - Only an envelope and the id of the ticket reject a response. An invalid value is kept in `extra`.
/// - Of two neighbours, neither has the name that fits the target of the other.
/// - Unknown keys in every object are kept in `extra` and reported.
/// - A list of one item is accepted where a row has `[i?]`.
/// - Copied values equal the sent ones, and every sent value is explained.
/// - A ticket equals the one that its JSON parses to.
///
/// The file shows the meaning of the words of a vocabulary. Check it, and test other conversions.
///
/// # Panics
/// If a check fails, or the file cannot be read. The message names every location.
pub fn verify_mapping(
    decoder: &dyn MappingDescription,
    samples: &[SampleResponse],
    table: impl AsRef<Path>,
) {
    let path = table.as_ref();
    let text = fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let old = table::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (rows, mut mismatches) = derive(decoder, samples, &old);
    let new = table::write(&rows);
    if new == text {
        mismatches.extend(find_losses(decoder, samples));
    } else if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, new)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    } else {
        let difference = merge::difference(&text, &new);
        mismatches.push(Mismatch {
            location: path.display().to_string(),
            problem: format!(
                "the code maps differently; `cargo xtask docs` writes this:{difference}"
            ),
        });
    }
    if let Some(message) = message(decoder, &mismatches) {
        panic!("{message}");
    }
}

/// Returns the derived table with the notes of the old one, and what is wrong.
fn derive(
    decoder: &dyn MappingDescription,
    samples: &[SampleResponse],
    old: &[TableRow],
) -> (Vec<TableRow>, Vec<Mismatch>) {
    let observations = observe::Observations::of(decoder, samples);
    let mut derived = rows::derive(&observations);
    let mut mismatches = std::mem::take(&mut derived.mismatches);
    let rows = merge::merge(derived, old);
    mismatches.extend(swapped::find(&rows));
    for row in &rows {
        let is_explained = !row.note.is_empty() || row.kind == RuleKind::Undecided;
        if row.targets.is_empty() && !is_explained {
            mismatches.push(Mismatch {
                location: row.sources.join(", "),
                problem: format!(
                    "it is {}: write the reason as `note` of its row",
                    row.kind.as_str()
                ),
            });
        }
    }
    for pattern in observations.unsent.iter().filter(|it| !merge::is_expected(&rows, it)) {
        let problem =
            "no response has a value there: add one that has, or a row `unsent`".to_owned();
        mismatches.push(Mismatch { location: pattern.clone(), problem });
    }
    mismatches.extend(observations.mismatches);
    (rows, mismatches)
}

/// Returns what the mapping loses or changes, and what it does that the table does not say.
///
/// The samples may show less than the table says.
#[cfg(feature = "contract")]
pub(crate) fn find_problems(
    decoder: &dyn MappingDescription,
    samples: &[SampleResponse],
) -> Option<String> {
    let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
    let row = |rule: &ticket_core::mapping::Rule| TableRow {
        targets: owned(rule.targets),
        sources: owned(rule.sources),
        name: rule.name.to_owned(),
        ..TableRow::new(rule.kind)
    };
    let table: Vec<TableRow> = decoder.rules().iter().map(row).collect();
    let derived = rows::derive(&observe::Observations::of(decoder, samples));
    let mut mismatches = derived.mismatches;
    let has = |paths: &[String], path: &String| {
        paths.iter().any(|it| rows::without_names(it) == rows::without_names(path))
    };
    // What a row of several sources, or of one with a conversion of its own, depends on shows only in many samples.
    let is_plain = |row: &&TableRow| row.kind != RuleKind::Derived && row.name != "custom";
    for row in derived.rows.iter().filter(is_plain) {
        for (target, source) in
            row.targets.iter().flat_map(|target| row.sources.iter().map(move |it| (target, it)))
        {
            if !table.iter().any(|row| has(&row.targets, target) && has(&row.sources, source)) {
                let problem = format!("it becomes {target}, but no row of the table says so");
                mismatches.push(Mismatch { location: source.clone(), problem });
            }
        }
    }
    for other in derived.others.iter().filter(|(kind, _)| *kind == RuleKind::Unmapped) {
        let covers = |row: &TableRow| row.sources.iter().any(|it| merge::covers(row, it, other));
        if !table.iter().any(covers) {
            let problem = "it is dropped, but no row of the table says so".to_owned();
            mismatches.push(Mismatch { location: other.1.clone(), problem });
        }
    }
    mismatches.extend(find_losses(decoder, samples));
    message(decoder, &mismatches)
}

fn find_losses(decoder: &dyn MappingDescription, samples: &[SampleResponse]) -> Vec<Mismatch> {
    let mut mismatches = unknown_keys::find(decoder, samples);
    mismatches.extend(fidelity::find(decoder, samples));
    mismatches.extend(single_item_lists::find(decoder, samples));
    mismatches
}

fn message(decoder: &dyn MappingDescription, mismatches: &[Mismatch]) -> Option<String> {
    let (provider, count) = (decoder.provider(), mismatches.len());
    let message =
        || format!("the mapping of {provider} has {count} mismatches:{}", list(mismatches));
    (count > 0).then(message)
}

/// The most mismatches shown.
const MAX_SHOWN: usize = 40;

/// Lists the mismatches, those that differ only in an index or in the response once.
fn list(mismatches: &[Mismatch]) -> String {
    let mut alike: Vec<(String, &Mismatch, usize)> = Vec::new();
    for mismatch in mismatches {
        let form = form(mismatch);
        match alike.iter_mut().find(|(known, ..)| *known == form) {
            Some((_, _, more)) => *more += 1,
            None => alike.push((form, mismatch, 0)),
        }
    }
    let mut text = String::new();
    for (_, mismatch, more) in alike.iter().take(MAX_SHOWN) {
        write!(text, "\n{mismatch}").expect("writing to a String cannot fail");
        if *more > 0 {
            write!(text, "\n  … and {more} alike").expect("writing to a String cannot fail");
        }
    }
    if alike.len() > MAX_SHOWN {
        write!(text, "\n… {} others", alike.len() - MAX_SHOWN)
            .expect("writing to a String cannot fail");
    }
    text
}

/// Returns the mismatch without indices, without the changed value, and without the response.
fn form(mismatch: &Mismatch) -> String {
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let bare = |text: &str| {
        let steps = text.split(['/', '[', ']', '.']);
        steps.map(|step| if is_index(step) { "i" } else { step }).collect::<Vec<_>>().join("/")
    };
    let problem = mismatch.problem.split(" if it is ").next().unwrap_or_default();
    let problem = problem.rsplit_once(" (").map_or(problem, |(problem, _)| problem);
    format!("{}: {}", bare(&mismatch.location), bare(problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mismatches_that_are_alike_are_shown_once() {
        let mismatch = |location: String, problem: &str| Mismatch {
            location,
            problem: format!("{problem} (documented)"),
        };
        let mut mismatches: Vec<_> =
            (0..50).map(|index| mismatch(format!("/a/{index}/b"), "it is lost")).collect();
        mismatches.extend((0..50).map(|index| mismatch(format!("/k{index}"), "it is lost")));
        let text = list(&mismatches);
        assert!(
            text.starts_with("\n/a/0/b: it is lost (documented)\n  … and 49 alike\n/k0:"),
            "{text}"
        );
        assert!(text.ends_with("\n/k38: it is lost (documented)\n… 11 others"), "{text}");
    }
}
