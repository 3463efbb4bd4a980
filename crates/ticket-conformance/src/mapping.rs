//! The promise that no leaf of an answer is dropped, and that the table of rules knows each of them.

use serde_json::Value;
use ticket_core::{Answer, Dialect, RuleKind};

use crate::{Leaf, leaves};

/// Asserts that every leaf of this answer counts.
///
/// Each leaf is replaced in turn by another value of its type, and by a value of another type. Either must change the
/// ticket (where nothing else has room for it, under `extra`), or the answer must be refused, unless the table of rules
/// says that the leaf is not mapped. And each leaf must have a rule.
///
/// # Panics
/// Where a leaf does not count; the message names all of them.
pub fn every_leaf_counts(dialect: &dyn Dialect, body: &str) {
    let answer: Value = serde_json::from_str(body).expect("the answer is JSON");
    let original = outcome(dialect, &answer).expect("the answer is a ticket");
    let mut faults = Vec::new();
    for leaf in leaves(&answer) {
        let rules: Vec<_> = dialect
            .rules()
            .iter()
            .filter(|rule| rule.sources.iter().any(|source| knows(source, &leaf)))
            .collect();
        if rules.is_empty() {
            faults.push(format!("{} has no rule", leaf.pointer));
        }
        if rules.iter().all(|rule| rule.kind == RuleKind::Unmapped) {
            continue;
        }
        for other in others(&leaf) {
            let mut changed = answer.clone();
            *changed.pointer_mut(&leaf.pointer).expect("the leaf is there") = other.clone();
            if outcome(dialect, &changed).is_ok_and(|ticket| ticket == original) {
                faults.push(format!("{} may be {other} and nothing changes", leaf.pointer));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{}: {} faults:\n{}",
        dialect.provider(),
        faults.len(),
        faults.join("\n")
    );
}

fn outcome(dialect: &dyn Dialect, answer: &Value) -> Result<Value, ticket_core::Error> {
    let answer = Answer::saved(dialect.ticket_operation(), answer.to_string());
    let ticket = dialect.decode(&[answer])?.ticket;
    Ok(serde_json::to_value(ticket).expect("a ticket is JSON"))
}

/// Other values for a leaf: one like it, and one of another type.
fn others(leaf: &Leaf) -> Vec<Value> {
    let alike = match &leaf.value {
        Value::String(text) => match text.rfind(|character: char| character.is_ascii_digit()) {
            // Stays an instant, a number, an id.
            Some(place) => {
                let digit = if &text[place..=place] == "1" { "2" } else { "1" };
                format!("{}{digit}{}", &text[..place], &text[place + 1..]).into()
            }
            None => format!("{text} x").into(),
        },
        Value::Number(number) => match number.as_u64() {
            Some(integer) => (integer + 1).into(),
            None => (number.as_f64().unwrap_or_default() + 1.0).into(),
        },
        Value::Bool(flag) => (!flag).into(),
        _ => "2020-02-02T02:02:02Z".into(),
    };
    vec![alike, serde_json::json!([{"strange": true}])]
}

/// Whether a source of a rule is about this leaf: is its place, or lies below where nothing was sent.
fn knows(source: &str, leaf: &Leaf) -> bool {
    let is_hollow = !matches!(leaf.value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    let mut ends = source.match_indices('/').map(|(place, _)| place).chain([source.len()]);
    matches(source, &leaf.pointer)
        || (is_hollow && ends.any(|end| matches(&source[..end], &leaf.pointer)))
}

/// Whether the pointer of a rule, with `[i]` for an index and `*` for any key, means this pointer.
///
/// A list of one may stand for the one: `[i]` also matches nothing.
fn matches(rule: &str, pointer: &str) -> bool {
    fn steps(mut rule: std::str::Split<'_, char>, mut pointer: std::str::Split<'_, char>) -> bool {
        match rule.next() {
            None => pointer.next().is_none(),
            Some(step) if step.starts_with('[') => {
                let mut rest = pointer.clone();
                let is_index = rest.next().is_some_and(|step| step.parse::<usize>().is_ok());
                (is_index && steps(rule.clone(), rest)) || steps(rule, pointer)
            }
            // Whatever is below a free key is its value.
            Some("*") => pointer.next().is_some(),
            Some(step) => pointer.next() == Some(step) && steps(rule, pointer),
        }
    }
    steps(rule.split('/'), pointer.split('/'))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_rule_matches_its_places_and_no_others() {
        for (rule, pointer, expected) in [
            ("/data/title", "/data/title", true),
            ("/data/title", "/data/titles", false),
            ("/data/title", "/data/title/x", false),
            ("/data/list/[i]/a", "/data/list/3/a", true),
            ("/data/list/[i]/a", "/data/list/a", true),
            ("/data/list/[i]/a", "/data/list/x/a", false),
            ("/data/list/[i]", "/data/list/0", true),
            ("/data/free/*", "/data/free/any", true),
            ("/data/free/*", "/data/free/any/deeper/0", true),
            ("/data/free/*", "/data/free", false),
        ] {
            assert_eq!(matches(rule, pointer), expected, "{rule} {pointer}");
        }
    }
}
