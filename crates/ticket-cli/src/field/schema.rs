//! The fields of the JSON Schema of a ticket.

use std::sync::LazyLock;

use serde_json::Value;
use strsim::osa_distance;

use super::{is_index, steps};
use crate::similar::slips;

/// Matches everything below a path.
const ANYTHING: &str = "*";
/// How many names are suggested for an unknown one.
const SUGGESTIONS: usize = 4;

/// Every path of a ticket in the order of its schema, with `[i]` for each index.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(&ticket_model::schema()).expect("the schema is JSON");
    let mut paths = Vec::new();
    walk(&schema, &schema, "", &mut paths);
    paths
});

/// Returns whether the schema has a path with these steps.
pub(super) fn has(path: &[String]) -> bool {
    let plain: Vec<_> = path.iter().map(|step| plain(step)).collect();
    PATHS.iter().any(|path| is_match(&steps(path), &plain))
}

/// Replaces the index of a step by `[i]`.
fn plain(step: &str) -> String {
    if is_index(step) { "[i]".to_owned() } else { step.to_owned() }
}

/// Returns whether a path of the schema matches the requested one.
fn is_match(path: &[String], requested: &[String]) -> bool {
    match path.split_last() {
        Some((last, around)) if last == ANYTHING => {
            requested.len() > around.len() && requested.starts_with(around)
        }
        _ => path == requested,
    }
}

fn walk(root: &Value, part: &Value, path: &str, paths: &mut Vec<String>) {
    let part = resolve(root, part);
    if !path.is_empty() {
        paths.push(path.to_owned());
    }
    let is_closed = |values: &Value| values == &Value::Bool(false);
    if let Some(items) = part.get("items") {
        walk(root, items, &format!("{path}[i]"), paths);
    } else if let Some(properties) = part.get("properties").and_then(Value::as_object) {
        let names = part.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in names.filter_map(Value::as_str) {
            let below = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            walk(root, &properties[name], &below, paths);
        }
    } else if part.get("additionalProperties").is_some_and(|values| !is_closed(values)) {
        paths.push(format!("{path}.{ANYTHING}"));
    } else if ["type", "oneOf", "enum", "const"].iter().all(|key| part.get(key).is_none()) {
        // Any JSON value.
        paths.push(format!("{path}.{ANYTHING}"));
        paths.push(format!("{path}[i].{ANYTHING}"));
        paths.push(format!("{path}[i]"));
    }
}

/// Follows references, and unwraps a part that may be null.
fn resolve<'s>(root: &'s Value, part: &'s Value) -> &'s Value {
    let target = part.get("$ref").and_then(Value::as_str);
    if let Some(target) = target.and_then(|target| root.pointer(target.trim_start_matches('#'))) {
        return resolve(root, target);
    }
    let choices = part.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let is_null = |choice: &&Value| choice.get("type").and_then(Value::as_str) == Some("null");
    match choices.filter(|choice| !is_null(choice)).collect::<Vec<_>>().as_slice() {
        [choice] => resolve(root, choice),
        _ => part,
    }
}

/// Returns the paths with the most similar names, the most similar first, with `[]` for each index.
///
/// A path whose indices are missing is the only suggestion.
pub(super) fn near(text: &str) -> Vec<String> {
    let names = |path: &str| steps(path).into_iter().filter(|it| !is_index(it)).collect::<Vec<_>>();
    let (wanted, shown) = (names(text), |path: &String| path.replace("[i]", "[]"));
    let known = PATHS.iter().filter(|path| !path.ends_with(ANYTHING));
    let same: Vec<_> = known.filter(|path| names(path) == wanted).take(1).map(shown).collect();
    if !same.is_empty() {
        return same;
    }
    let text: String = steps(text).iter().map(|step| plain(step)).collect::<Vec<_>>().join(".");
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let far = slips(&text);
    let mut near: Vec<_> = PATHS
        .iter()
        .filter(|path| !path.ends_with(ANYTHING))
        .filter_map(|path| {
            let joined = steps(path).join(".");
            // A name without its path counts one more than a typing error in the whole path.
            let of_name = 1 + osa_distance(&text, &last(&joined));
            let distance = osa_distance(&text, &joined).min(of_name);
            (distance <= far).then_some((distance, path))
        })
        .collect();
    near.sort_by_key(|(distance, path)| (*distance, path.len()));
    near.into_iter().take(SUGGESTIONS).map(|(_, path)| shown(path)).collect()
}
