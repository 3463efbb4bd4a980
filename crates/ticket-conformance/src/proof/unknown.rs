//! Keys that nobody documents, put into every object of every response: they come back as they were sent.

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::pattern::Pattern;
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};
use ticket_core::model::Json;
use ticket_core::{DiagnosticKind, Response, VocabularyOverrides};

use super::observe::is_around;
use super::{Case, Fault};

/// The faults of responses with such keys.
pub(super) fn faults(decoder: &dyn MappingDescription, cases: &[Case]) -> Vec<Fault> {
    let sources: Vec<_> = decoder
        .rules()
        .iter()
        .flat_map(|rule| rule.sources)
        .map(|source| Pattern::source(source))
        .collect();
    let mut faults = Vec::new();
    for case in cases {
        let response = case.tree();
        let original = Response::saved(decoder.ticket_operation(), case.body);
        let Ok(original) = decoder.decode(&[original], &VocabularyOverrides::default()) else {
            continue;
        };
        for object in response.objects() {
            let place = pointer(&object);
            let is_kept = original.ticket.extra.keys().any(|kept| is_around(kept, &place));
            if is_kept {
                continue;
            }
            match keys_of(&object, &sources) {
                Keys::Documented => check(decoder, case, &response, &object, &mut faults),
                Keys::Free => faults.extend(lost(decoder, case, &response, &object)),
                Keys::Foreign => {}
            }
        }
    }
    faults
}

/// What the rules say of the keys of an object.
enum Keys {
    /// They speak of some.
    Documented,
    /// They speak of any.
    Free,
    /// They do not speak of them.
    Foreign,
}

fn keys_of(object: &Path, sources: &[Pattern]) -> Keys {
    let mut with_any_key = object.clone();
    with_any_key.push(Step::Key("nobody".to_owned(), 0));
    if sources.iter().any(|source| source.ends_free(&with_any_key)) {
        Keys::Free
    } else if sources.iter().any(|source| source.is_object_at(object)) {
        Keys::Documented
    } else {
        Keys::Foreign
    }
}

/// What is wrong where a key that is free, and has no meaning, gets lost with its value.
fn lost(
    decoder: &dyn MappingDescription,
    case: &Case,
    response: &Tree,
    object: &Path,
) -> Option<Fault> {
    const VALUE: &str = "\"what nobody else says\"";
    let mut changed = response.clone();
    let Some(Tree::Object(members)) = changed.at_mut(object) else { return None };
    members.push(("no/key~".to_owned(), Tree::Scalar(VALUE.into())));
    let response = Response::saved(decoder.ticket_operation(), changed.to_string());
    let decoded = decoder.decode(&[response], &VocabularyOverrides::default()).ok();
    let ticket = decoded.and_then(|decoded| serde_json::to_string(&decoded.ticket).ok());
    let is_there = ticket.is_some_and(|ticket| ticket.contains(VALUE));
    (!is_there).then(|| Fault {
        place: format!("{}/no~1key~0", pointer(object)),
        problem: format!("an unknown key is neither in the ticket nor in extra ({})", case.name),
    })
}

fn check(
    decoder: &dyn MappingDescription,
    case: &Case,
    response: &Tree,
    object: &Path,
    faults: &mut Vec<Fault>,
) {
    let values = strange_values();
    let mut changed = response.clone();
    let Some(Tree::Object(members)) = changed.at_mut(object) else { return };
    for (index, value) in values.iter().enumerate() {
        members.push((format!("nobody/{index}~"), Tree::Scalar(value.as_str().into())));
    }
    let mut fault = |place: String, problem: &str| {
        faults.push(Fault { place, problem: format!("{problem} ({})", case.name) });
    };
    let response = Response::saved(decoder.ticket_operation(), changed.to_string());
    let decoded = match decoder.decode(&[response], &VocabularyOverrides::default()) {
        Ok(decoded) => decoded,
        Err(error) => {
            return fault(pointer(object), &format!("an unknown key costs the ticket: {error}"));
        }
    };
    for (index, value) in values.iter().enumerate() {
        let place = format!("{}/nobody~1{index}~0", pointer(object));
        let sent: Json = value.parse().expect("each of them is JSON");
        match decoded.ticket.extra.get(&place) {
            None => fault(place.clone(), "an unknown key is not in extra"),
            Some(kept) if *kept != sent => {
                fault(place.clone(), &format!("an unknown key became {kept} in extra"));
            }
            Some(_) => {}
        }
        let is_reported = decoded.diagnostics.iter().any(|diagnostic| {
            diagnostic.pointer == place && diagnostic.kind == DiagnosticKind::UnknownKey
        });
        if !is_reported {
            fault(place, "an unknown key is not reported");
        }
    }
}

/// A value of each JSON type, and what parsers stumble over.
fn strange_values() -> Vec<String> {
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
    values.extend([deep, r#""half a pair \ud83d""#.to_owned()]);
    values
}
