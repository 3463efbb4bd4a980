//! Keys that nobody documents, put into every object of every answer: they come back as they were sent.

use ticket_core::pattern::Pattern;
use ticket_core::tree::{Path, Step, Tree, pointer};
use ticket_core::{Answer, Dialect, Finding, Reading};

use super::observe::is_around;
use super::{Case, Fault};

/// The faults of answers with such keys.
pub(super) fn faults(dialect: &dyn Dialect, cases: &[Case]) -> Vec<Fault> {
    let sources: Vec<_> = dialect
        .rules()
        .iter()
        .flat_map(|rule| rule.sources)
        .map(|source| Pattern::source(source))
        .collect();
    let mut faults = Vec::new();
    for case in cases {
        let answer = case.tree();
        let original = Answer::saved(dialect.ticket_operation(), case.body);
        let Ok(original) = dialect.decode(&[original], &Reading::default()) else { continue };
        for object in answer.objects() {
            let place = pointer(&object);
            let is_kept = original.ticket.extra.keys().any(|kept| is_around(kept, &place));
            if is_documented(&object, &sources) && !is_kept {
                check(dialect, case, &answer, &object, &mut faults);
            }
        }
    }
    faults
}

/// Whether rules speak of keys of this object, and its keys are not free.
fn is_documented(object: &Path, sources: &[Pattern]) -> bool {
    let mut with_any_key = object.clone();
    with_any_key.push(Step::Key("nobody".to_owned(), 0));
    sources.iter().any(|source| source.is_object_at(object))
        && !sources.iter().any(|source| source.ends_free(&with_any_key))
}

fn check(
    dialect: &dyn Dialect,
    case: &Case,
    answer: &Tree,
    object: &Path,
    faults: &mut Vec<Fault>,
) {
    let values = strange_values();
    let mut changed = answer.clone();
    let Some(Tree::Object(members)) = changed.at_mut(object) else { return };
    for (index, value) in values.iter().enumerate() {
        members.push((format!("nobody/{index}~"), Tree::Scalar(value.as_str().into())));
    }
    let mut fault = |place: String, problem: &str| {
        faults.push(Fault { place, problem: format!("{problem} ({})", case.name) });
    };
    let answer = Answer::saved(dialect.ticket_operation(), changed.to_string());
    let decoded = match dialect.decode(&[answer], &Reading::default()) {
        Ok(decoded) => decoded,
        Err(error) => {
            return fault(pointer(object), &format!("an unknown key costs the ticket: {error}"));
        }
    };
    for (index, value) in values.iter().enumerate() {
        let place = format!("{}/nobody~1{index}~0", pointer(object));
        match decoded.ticket.extra.get(&place) {
            None => fault(place.clone(), "an unknown key is not in extra"),
            Some(kept) if kept.as_str() != value => {
                fault(place.clone(), &format!("an unknown key became {kept} in extra"));
            }
            Some(_) => {}
        }
        let is_reported = decoded
            .report
            .remarks
            .iter()
            .any(|remark| remark.pointer == place && remark.finding == Finding::UnknownKey);
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
