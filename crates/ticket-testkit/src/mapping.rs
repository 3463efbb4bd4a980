//! Verifies that a table of rules describes what the mapping does: changes each leaf of each response, and compares what
//! changes in the ticket with the rules.

mod compare;
mod fidelity;
mod free_keys;
mod observe;
mod redundant_rows;
mod row;
mod single_item_lists;
mod unknown_keys;

use std::fmt::{self, Write as _};

use ticket_core::mapping::tree::Tree;
use ticket_core::mapping::{MappingDescription, ResponseTree};
use ticket_core::{Decoded, Error, Response, VocabularyOverrides, saved};

use observe::Observations;

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

/// A difference between the table of rules and the code.
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

/// Verifies that a provider's table of rules describes what its code does.
///
/// Each leaf of each response is replaced by samples of its documented kind, by undocumented values and by null, and is
/// removed. The checks:
///
/// - A change affects only the targets of its rows, and `extra` at its location. All changes together affect every target.
/// - Every leaf has a row, every source of a row is a leaf, and no row is redundant.
/// - A response with a changed envelope, or without the id of the ticket, is rejected.
/// - Values that the row does not accept are kept in `extra`; values that it accepts are not.
/// - Unknown keys in every object are kept in `extra` and reported.
/// - A list of one item is accepted and reported where a row has `[i?]`.
/// - Copied values equal the sent ones, and every sent value is explained.
/// - A ticket equals the one that its JSON parses to.
///
/// The meaning of words (5 is "waiting for the requester") is not checked: write table tests.
///
/// # Panics
/// If table and code differ. The message names every location.
pub fn verify_mapping(decoder: &dyn MappingDescription, samples: &[SampleResponse]) {
    if let Some(mismatches) = find_mismatches(decoder, samples) {
        panic!("{mismatches}");
    }
}

/// Returns all differences between the table of rules and the code, as one message.
pub(crate) fn find_mismatches(
    decoder: &dyn MappingDescription,
    samples: &[SampleResponse],
) -> Option<String> {
    let observations = Observations::of(decoder, samples);
    let mut mismatches = observations.compare(decoder.rules());
    mismatches.extend(observations.without_effect(decoder.rules()));
    mismatches.extend(redundant_rows::find(&observations, decoder.rules()));
    mismatches.extend(unknown_keys::find(decoder, samples));
    mismatches.extend(fidelity::find(decoder, samples));
    mismatches.extend(free_keys::find(decoder, samples));
    mismatches.extend(single_item_lists::find(decoder, samples));
    let (provider, count) = (decoder.provider(), mismatches.len());
    let message =
        || format!("the mapping of {provider} has {count} mismatches:{}", list(&mismatches));
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
