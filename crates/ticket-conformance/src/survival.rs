//! Whatever comes instead of a response is survived, and told as it should be.

mod mutate;
pub(crate) mod panic;
mod promises;

use std::panic::{AssertUnwindSafe, catch_unwind};

use ticket_core::mapping::MappingDescription;
use ticket_core::{Response, VocabularyOverrides};

use crate::Case;

pub use promises::{broken_promises, broken_promises_of_telling};

/// How many changes of each response are read.
const CHANGES: u64 = 150;

/// How many changes of each refusal are read.
#[cfg(feature = "promises")]
const CHANGES_OF_REFUSALS: u64 = 25;

/// The HTTP statuses with which changed responses come, besides the one of a saved response, which is not known.
const STATUSES: [u16; 9] = [200, 204, 302, 400, 401, 404, 429, 500, 502];

/// Reads many random changes of each response, and the responses themselves, and checks what a reading promises.
///
/// The changes are the same in every run: bits flipped, bytes cut, put in and doubled; keys that stand twice, are renamed or
/// gone; values of other types, huge numbers, deep nesting, halves of surrogate pairs, bytes that are no text. What must
/// hold all the same is said at [`broken_promises`] and [`broken_promises_of_telling`].
///
/// # Panics
/// Where a promise was broken, or the reading itself panics. The message names the response, the seed (for
/// [`mutated`]) and what was read.
pub fn survive_mutations(decoder: &dyn MappingDescription, cases: &[Case]) {
    if let Some(death) = death(decoder, cases) {
        panic!("{death}");
    }
}

/// What is not survived, where anything is not.
pub(crate) fn death(decoder: &dyn MappingDescription, cases: &[Case]) -> Option<String> {
    assert!(!cases.is_empty(), "there is nothing to change");
    for case in cases {
        for seed in 0..=CHANGES {
            let body = if seed == 0 { case.body.to_vec() } else { mutated(case.body, seed) };
            let status = seed.checked_sub(1).and_then(|seed| {
                // Mostly a success, which is read deepest.
                let index = usize::try_from(seed % 20).ok()?;
                Some(STATUSES.get(index).copied().unwrap_or(200))
            });
            let what = format!("{} changed by seed {seed}", case.name);
            if let Some(death) = dies(decoder, status, &body, &what) {
                return Some(death);
            }
        }
        if let Some(death) = confused(decoder, case) {
            return Some(death);
        }
    }
    None
}

/// The same of refusals, each with its HTTP status: at random, swollen, and with each key twice.
#[cfg(feature = "promises")]
pub(crate) fn death_of_refusals<'a>(
    decoder: &dyn MappingDescription,
    refusals: impl Iterator<Item = (u16, &'a [u8])>,
) -> Option<String> {
    for (status, body) in refusals {
        let random = (1..=CHANGES_OF_REFUSALS)
            .map(|seed| (format!("changed by seed {seed}"), mutated(body, seed)));
        let changed = mutate::swollen(body).into_iter().chain(mutate::doubled(body));
        for (how, body) in random.chain(changed) {
            let what = format!("a refusal {how}");
            // A saved response has no status, and has to be told by its body.
            for status in [Some(status), None] {
                if let Some(death) = dies(decoder, status, &body, &what) {
                    return Some(death);
                }
            }
        }
    }
    None
}

/// What is not survived of one response, where anything is not.
fn dies(
    decoder: &dyn MappingDescription,
    status: Option<u16>,
    body: &[u8],
    what: &str,
) -> Option<String> {
    let broken = broken(decoder, status, body);
    (!broken.is_empty()).then(|| {
        let status = status.map_or("no HTTP status".to_owned(), |it| format!("HTTP {it}"));
        format!(
            "{what} and read with {status}:\n{}\nthe body: b\"{}\"",
            broken.join("\n"),
            body.escape_ascii()
        )
    })
}

/// What is wrong where a response is not found among those to other questions, or one of them is taken for it.
fn confused(decoder: &dyn MappingDescription, case: &Case) -> Option<String> {
    let overrides = VocabularyOverrides::default();
    let right = Response::saved(decoder.ticket_operation(), case.body);
    let other = Response::saved("another_operation", case.body);
    let read = |responses: &[Response]| {
        catch_unwind(AssertUnwindSafe(|| decoder.decode(responses, &overrides).ok())).ok()
    };
    let expected = read(std::slice::from_ref(&right));
    for (responses, what, expected) in [
        (&[][..], "no response", &Some(None)),
        (std::slice::from_ref(&other), "a response to another question", &Some(None)),
        (&[other.clone(), right], "a response behind one to another question", &expected),
    ] {
        if read(responses) != *expected {
            return Some(format!("{}: {what} is not read as it should be", case.name));
        }
    }
    None
}

/// The change of a response that a seed names, to repeat what [`survive_mutations`] has found.
pub fn mutated(body: &[u8], seed: u64) -> Vec<u8> {
    mutate::mutated(body, seed)
}

/// The promises that were broken; a panic breaks all of them.
fn broken(decoder: &dyn MappingDescription, status: Option<u16>, body: &[u8]) -> Vec<String> {
    let mut response = Response::saved(decoder.ticket_operation(), body.to_vec());
    response.http_status = status;
    let read = catch_unwind(AssertUnwindSafe(|| {
        let mut broken = broken_promises(decoder, &response);
        broken.extend(broken_promises_of_telling(decoder, &response));
        broken
    }));
    read.unwrap_or_else(|panic| vec![format!("the reading panics: {}", panic::message(&*panic))])
}
