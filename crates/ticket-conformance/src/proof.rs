//! The proof of a mapping: what moves in the ticket when a leaf of the response changes is what the table says.

mod faithful;
mod judge;
mod keys;
mod lists;
mod needed;
mod observe;
mod row;
mod unknown;

use std::fmt::{self, Write as _};

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::tree::Tree;

use observe::Observations;

/// A response to prove the mapping with.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The name under which a fault is reported.
    pub name: &'static str,
    /// The body of a successful response.
    pub body: &'static [u8],
}

impl Case {
    /// The response, taken apart.
    fn tree(&self) -> Tree {
        let text = std::str::from_utf8(self.body).expect("a response is text");
        Tree::parse(text).expect("a response is JSON")
    }
}

/// Something that the table of rules says and the code does not do, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fault {
    /// The place: a pointer into the response, or a path of the ticket.
    place: String,
    /// What is wrong there.
    problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.problem)
    }
}

/// Proves that a provider's table of rules is what its code does.
///
/// Each leaf of each response is set in turn to other values of its documented kind, to values that nobody documents, to
/// null, and is taken away. Each change may move the targets of its rows and `extra` at its place, and nothing
/// else. All changes together must move every target. Every leaf has a row, and every source of a row is a leaf. An
/// response whose envelope is changed is refused, as is one whose ticket has no id. A rating off the scale, and an object or
/// a list in the place of something else, is in `extra` at least; a value of the kind that the row names is not. Keys that
/// nobody documents, put into every object, come back in `extra` and in the report; a list of one, where a row has `[i?]`,
/// is read as the one and reported. What is copied is equal to what was sent, every value that was sent is told of, and
/// what is printed reads back as it was. And a table without any one of its rows would be found out, by name.
///
/// What the values are (that 5 means waiting for the requester) no proof can know: that is what table tests are for.
///
/// # Panics
/// Where the two differ; the message names every place.
pub fn prove_mapping(decoder: &dyn MappingDescription, cases: &[Case]) {
    if let Some(refutation) = refutation(decoder, cases) {
        panic!("{refutation}");
    }
}

/// What refutes the table of rules, where anything does.
pub(crate) fn refutation(decoder: &dyn MappingDescription, cases: &[Case]) -> Option<String> {
    let observations = Observations::of(decoder, cases);
    let mut faults = observations.judge(decoder.rules());
    faults.extend(observations.without_effect(decoder.rules()));
    faults.extend(needed::faults(&observations, decoder.rules()));
    faults.extend(unknown::faults(decoder, cases));
    faults.extend(faithful::faults(decoder, cases));
    faults.extend(keys::faults(decoder, cases));
    faults.extend(lists::faults(decoder, cases));
    let (provider, count) = (decoder.provider(), faults.len());
    (count > 0).then(|| format!("the mapping of {provider} has {count} faults:{}", told(&faults)))
}

/// How many faults are told in all, and how many of one place: the first of them says most.
const MOST: usize = 40;
const MOST_OF_ONE_PLACE: usize = 4;

fn told(faults: &[Fault]) -> String {
    let mut text = String::new();
    let mut left = MOST;
    for here in faults.chunk_by(|one, other| one.place == other.place) {
        let shown = here.len().min(MOST_OF_ONE_PLACE).min(left);
        left -= shown;
        for fault in &here[..shown] {
            write!(text, "\n{fault}").expect("a String takes everything");
        }
        if shown > 0 && shown < here.len() {
            write!(text, "\n  … {} more of this place", here.len() - shown)
                .expect("a String takes everything");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_faults_of_one_place_leave_room_for_those_of_others() {
        let fault = |place: &str, problem: usize| Fault {
            place: place.to_owned(),
            problem: format!("problem {problem}"),
        };
        let mut faults: Vec<_> = (0..50).map(|problem| fault("/a", problem)).collect();
        faults.push(fault("/b", 50));
        let text = told(&faults);
        assert!(
            text.ends_with("/a: problem 3\n  … 46 more of this place\n/b: problem 50"),
            "{text}"
        );
    }
}
