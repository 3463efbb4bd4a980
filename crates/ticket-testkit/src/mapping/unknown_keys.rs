//! Unknown keys in every object of every response: they are kept in `extra` as they were sent.

use ticket_core::DiagnosticKind;
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::pattern::Pattern;
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};
use ticket_core::model::Json;

use super::{Mismatch, SampleResponse, decode, is_around};

/// Returns the mismatches of responses with unknown keys.
pub(super) fn find(decoder: &dyn MappingDescription, samples: &[SampleResponse]) -> Vec<Mismatch> {
    let sources: Vec<_> = decoder
        .rules()
        .iter()
        .flat_map(|rule| rule.sources)
        .map(|source| Pattern::source(source))
        .collect();
    let mut mismatches = Vec::new();
    for sample in samples {
        let response = sample.tree(decoder);
        let Ok(original) = decode(decoder, &response) else { continue };
        for object in response.objects() {
            let location = pointer(&object);
            let is_kept = original.ticket.extra.keys().any(|kept| is_around(kept, &location));
            if is_kept {
                continue;
            }
            match keys_of(&object, &sources) {
                Keys::Documented => check(decoder, sample, &response, &object, &mut mismatches),
                Keys::Free => mismatches.extend(lost(decoder, sample, &response, &object)),
                Keys::Foreign => {}
            }
        }
    }
    mismatches
}

/// What the rules say about the keys of an object.
enum Keys {
    /// Some keys have a rule.
    Documented,
    /// Any key has a rule.
    Free,
    /// No key has a rule.
    Foreign,
}

fn keys_of(object: &Path, sources: &[Pattern]) -> Keys {
    let mut with_any_key = object.clone();
    with_any_key.push(Step::Key("unknown".to_owned(), 0));
    if sources.iter().any(|source| source.ends_free(&with_any_key)) {
        Keys::Free
    } else if sources.iter().any(|source| source.is_object_at(object)) {
        Keys::Documented
    } else {
        Keys::Foreign
    }
}

/// Returns a mismatch if a free key is lost with its value.
fn lost(
    decoder: &dyn MappingDescription,
    sample: &SampleResponse,
    response: &Tree,
    object: &Path,
) -> Option<Mismatch> {
    const VALUE: &str = "\"a unique value\"";
    let mut changed = response.clone();
    let Some(Tree::Object(members)) = changed.at_mut(object) else { return None };
    members.push(("free/key~".to_owned(), Tree::Scalar(VALUE.into())));
    let output = decode(decoder, &changed).ok();
    let ticket = output.and_then(|output| serde_json::to_string(&output.ticket).ok());
    let is_there = ticket.is_some_and(|ticket| ticket.contains(VALUE));
    (!is_there).then(|| Mismatch {
        location: format!("{}/free~1key~0", pointer(object)),
        problem: format!("an unknown key is neither in the ticket nor in extra ({})", sample.name),
    })
}

fn check(
    decoder: &dyn MappingDescription,
    sample: &SampleResponse,
    response: &Tree,
    object: &Path,
    mismatches: &mut Vec<Mismatch>,
) {
    let values = values_to_keep();
    let mut changed = response.clone();
    let Some(Tree::Object(members)) = changed.at_mut(object) else { return };
    for (index, value) in values.iter().enumerate() {
        members.push((format!("unknown/{index}~"), Tree::Scalar(value.as_str().into())));
    }
    let mut mismatch = |location: String, problem: &str| {
        mismatches.push(Mismatch { location, problem: format!("{problem} ({})", sample.name) });
    };
    let output = match decode(decoder, &changed) {
        Ok(output) => output,
        Err(error) => {
            return mismatch(
                pointer(object),
                &format!("a response with an unknown key is rejected: {error}"),
            );
        }
    };
    for (index, value) in values.iter().enumerate() {
        let location = format!("{}/unknown~1{index}~0", pointer(object));
        let sent: Json = value.parse().expect("every value is JSON");
        match output.ticket.extra.get(&location) {
            None => mismatch(location.clone(), "an unknown key is not in extra"),
            Some(kept) if *kept != sent => {
                mismatch(location.clone(), &format!("an unknown key became {kept} in extra"));
            }
            Some(_) => {}
        }
        let is_reported = output.diagnostics.iter().any(|diagnostic| {
            diagnostic.pointer == location && diagnostic.kind == DiagnosticKind::UnknownKey
        });
        if !is_reported {
            mismatch(location, "an unknown key is not reported");
        }
    }
}

/// Returns values of each JSON type, and values that are hard to parse.
fn values_to_keep() -> Vec<String> {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let mut values: Vec<String> = [
        "null",
        "true",
        "\"text\"",
        "7",
        "18446744073709551616",
        "1e400",
        "[]",
        "{}",
        "{\"a\":[1]}",
    ]
    .map(str::to_owned)
    .to_vec();
    values.extend([deep, r#""half a surrogate pair \ud83d""#.to_owned()]);
    values
}
