//! Mutated responses: each is decoded or rejected as documented.

mod invariants;
mod mutate;
pub(crate) mod panic;

use std::num::NonZero;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ticket_core::mapping::MappingDescription;
use ticket_core::{Bytes, Response, VocabularyOverrides, saved};

use crate::SampleResponse;

pub use invariants::{decode_violations, explain_violations};

/// The mutations of all samples together, and the fewest and the most of each.
const ALL_MUTATIONS: usize = 600;
const MUTATIONS: RangeInclusive<usize> = 10..=150;

/// The mutations of each error response.
#[cfg(feature = "contract")]
const MUTATIONS_OF_ERRORS: u64 = 6;

/// HTTP statuses of mutated responses. A saved response has none.
const STATUSES: [u16; 9] = [200, 204, 302, 400, 401, 404, 429, 500, 502];

/// Decodes each sample and 10 to 150 random mutations of it, and checks [`decode_violations`] and [`explain_violations`].
///
/// The mutations are the same in each run: flipped, cut, inserted and repeated bytes; duplicate, renamed and missing keys;
/// values of other types, huge numbers, deep nesting, halves of surrogate pairs, and bytes that are not UTF-8.
///
/// # Panics
/// If a check fails or the decoder panics. The message names the sample, the seed (for [`mutated_body`]) and the body.
pub fn check_mutated_responses(decoder: &dyn MappingDescription, samples: &[SampleResponse]) {
    if let Some(violation) = find_violation(decoder, samples) {
        panic!("{violation}");
    }
}

/// Returns the first violation for a sample or a mutation of it. All processors look for one.
pub(crate) fn find_violation(
    decoder: &dyn MappingDescription,
    samples: &[SampleResponse],
) -> Option<String> {
    assert!(!samples.is_empty(), "samples are missing");
    let mutations = (ALL_MUTATIONS / samples.len()).clamp(*MUTATIONS.start(), *MUTATIONS.end());
    let (next, found) = (AtomicUsize::new(0), Mutex::new(None));
    let search = || {
        while let Some(sample) = samples.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(violation) = find_violation_in(decoder, sample, mutations) {
                next.store(samples.len(), Ordering::Relaxed);
                found.lock().expect("no thread panics").get_or_insert(violation);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(search))));
    found.into_inner().expect("no thread panics")
}

fn find_violation_in(
    decoder: &dyn MappingDescription,
    sample: &SampleResponse,
    mutations: usize,
) -> Option<String> {
    for seed in 0..=mutations as u64 {
        let body = if seed == 0 { sample.body.to_vec() } else { mutated_body(sample.body, seed) };
        let status = seed.checked_sub(1).and_then(|seed| {
            // Mostly a success, which is decoded most thoroughly; also among the first.
            let index = usize::try_from(seed * 7 % 20).ok()?;
            Some(STATUSES.get(index).copied().unwrap_or(200))
        });
        let name = format!("{} with mutation {seed}", sample.name);
        if let Some(violation) = check(decoder, status, &body, &name) {
            return Some(violation);
        }
    }
    check_operations(decoder, sample)
}

/// Returns the first violation for an error response with its HTTP status: with random mutations, long values, and
/// duplicate keys.
#[cfg(feature = "contract")]
pub(crate) fn find_violation_in_errors<'a>(
    decoder: &dyn MappingDescription,
    errors: impl Iterator<Item = (u16, &'a [u8])>,
) -> Option<String> {
    for (status, body) in errors {
        let random = (1..=MUTATIONS_OF_ERRORS)
            .map(|seed| (format!("with mutation {seed}"), mutated_body(body, seed)));
        let special = mutate::with_long_values(body).into_iter();
        let special = special.chain(mutate::with_duplicate_keys(body));
        for (how, body) in random.chain(special) {
            let name = format!("an error response {how}");
            // A saved response has no status, so its body must be enough.
            for status in [Some(status), None] {
                if let Some(violation) = check(decoder, status, &body, &name) {
                    return Some(violation);
                }
            }
        }
    }
    None
}

/// Returns the violations for one response as a message.
fn check(
    decoder: &dyn MappingDescription,
    status: Option<u16>,
    body: &[u8],
    name: &str,
) -> Option<String> {
    let body = Bytes::copy_from_slice(body);
    let mut responses = saved::read(body.clone(), decoder)
        .unwrap_or_else(|_| vec![Response::saved(decoder.ticket_operation(), body.clone())]);
    for response in &mut responses {
        response.http_status = status;
    }
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let mut violations = decode_violations(decoder, &responses);
        violations.extend(explain_violations(decoder, &responses));
        violations
    }));
    let violations = checked
        .unwrap_or_else(|panic| vec![format!("the decoder panics: {}", panic::message(&*panic))]);
    (!violations.is_empty()).then(|| {
        let status = status.map_or("no HTTP status".to_owned(), |status| format!("HTTP {status}"));
        format!(
            "{name} and {status}:\n{}\nthe body: b\"{}\"",
            violations.join("\n"),
            body.escape_ascii()
        )
    })
}

/// Checks that the decoder finds the ticket response among responses of other operations.
fn check_operations(decoder: &dyn MappingDescription, sample: &SampleResponse) -> Option<String> {
    let overrides = VocabularyOverrides::default();
    let mut ticket = sample.responses(decoder);
    ticket.truncate(1);
    let ticket = ticket.remove(0);
    let other = Response::saved("another_operation", sample.body);
    let decode = |responses: &[Response]| {
        catch_unwind(AssertUnwindSafe(|| decoder.decode(responses, &overrides).ok())).ok()
    };
    let expected = decode(std::slice::from_ref(&ticket));
    for (responses, description, expected) in [
        (&[][..], "no response", &Some(None)),
        (std::slice::from_ref(&other), "a response of another operation", &Some(None)),
        (&[other.clone(), ticket], "a response after one of another operation", &expected),
    ] {
        if decode(responses) != *expected {
            return Some(format!("{}: {description} is decoded wrongly", sample.name));
        }
    }
    None
}

/// Returns a body with the mutation of a seed, to repeat a failure of [`check_mutated_responses`].
pub fn mutated_body(body: &[u8], seed: u64) -> Vec<u8> {
    mutate::mutated_body(body, seed)
}
