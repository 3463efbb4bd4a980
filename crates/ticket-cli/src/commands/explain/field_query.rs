//! The `--field` option: checks the field and selects its values.

use serde_json::Value;
use strsim::osa_distance;
use ticket_core::ErrorKind;
use ticket_core::mapping::explain::{Explained, How};

use crate::outcome::{Failure, Hint};
use crate::similar::slips;

/// The field that no rule fills: it keeps the unmapped values.
const REST: &str = "extra";
/// Matches everything below a path.
const ANYTHING: &str = "*";
/// How many names are suggested for an unknown one.
const SUGGESTIONS: usize = 4;

/// The requested field of a ticket, with everything below it.
#[derive(Debug)]
pub(super) struct FieldQuery {
    text: String,
    steps: Vec<String>,
}

impl FieldQuery {
    /// Parses a path such as `status`, `agents[0].name` or `notes[i].body`.
    ///
    /// # Errors
    /// If the model has no such field.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let query = Self { text: text.to_owned(), steps: steps(text) };
        let paths = paths();
        let plain: Vec<_> = query.steps.iter().map(|step| plain(step)).collect();
        if paths.iter().any(|path| is_match(&steps(path), &plain)) {
            return Ok(query);
        }
        let failure =
            Failure::new(ErrorKind::InvalidRequest, format!("a ticket has no field \"{text}\""));
        Err(failure.with_hint(match near(text, &paths).as_slice() {
            [] => Hint::with_command("all fields are in the schema", "ticket schema"),
            near => format!("did you mean {}?", near.join(", ")).into(),
        }))
    }

    /// Selects what belongs to the field, or the absent object that contains it.
    ///
    /// # Errors
    /// If this ticket has no such item or key.
    pub(super) fn pick(&self, explained: Vec<Explained>) -> Result<Vec<Explained>, Failure> {
        if self.text == REST {
            return Ok(explained.into_iter().filter(|it| it.how == How::Extra).collect());
        }
        let is_below = |field: &[String]| begins_with(field, &self.steps);
        let is_around = |field: &[String]| begins_with(&self.steps, field);
        let (mut below, mut around) = (Vec::new(), Vec::new());
        for explained in explained {
            let Some(field) = explained.field.as_deref().map(steps) else { continue };
            if is_below(&field) {
                below.push(explained);
            } else if is_around(&field) && explained.value.is_none() {
                around.push(explained);
            }
        }
        match (below.is_empty(), around.is_empty()) {
            (false, _) => Ok(below),
            (true, false) => Ok(around),
            (true, true) => Err(Failure::new(
                ErrorKind::InvalidRequest,
                format!("this ticket has no {}", self.text),
            )),
        }
    }

    /// Returns whether one of these fields was requested.
    pub(super) fn touches(&self, fields: &[String]) -> bool {
        fields
            .iter()
            .map(|field| steps(field))
            .any(|field| begins_with(&field, &self.steps) || begins_with(&self.steps, &field))
    }
}

/// Splits `agents[0].name` into `agents`, `[0]` and `name`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        for (number, step) in part.split('[').enumerate() {
            steps.push(if number == 0 { step.to_owned() } else { format!("[{step}") });
        }
    }
    steps
}

fn is_index(step: &str) -> bool {
    step.starts_with('[') && step.ends_with(']')
}

/// Replaces the index of a step by `[i]`.
fn plain(step: &str) -> String {
    if is_index(step) { "[i]".to_owned() } else { step.to_owned() }
}

/// Returns whether a path begins with these steps; `[i]` and `[]` match any item.
fn begins_with(path: &[String], steps: &[String]) -> bool {
    let is_any = |step: &String| is_index(step) && !step.contains(|it: char| it.is_ascii_digit());
    path.len() >= steps.len()
        && path.iter().zip(steps).all(|(one, other)| {
            one == other || is_index(one) && is_index(other) && (is_any(one) || is_any(other))
        })
}

/// Returns whether a path of the schema matches the requested one.
fn is_match(path: &[String], query: &[String]) -> bool {
    match path.split_last() {
        Some((last, around)) if last == ANYTHING => {
            query.len() > around.len() && query.starts_with(around)
        }
        _ => path == query,
    }
}

/// Returns every path of a ticket in the order of its schema, with `[i]` for each index.
fn paths() -> Vec<String> {
    let schema: Value = serde_json::from_str(&ticket_model::schema()).expect("the schema is JSON");
    let mut paths = Vec::new();
    walk(&schema, &schema, "", &mut paths);
    paths
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

/// Returns the paths with the most similar names, the most similar first.
fn near(text: &str, paths: &[String]) -> Vec<String> {
    let text: String = steps(text).iter().map(|step| plain(step)).collect::<Vec<_>>().join(".");
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let far = slips(&text);
    let mut near: Vec<_> = paths
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
    near.into_iter().take(SUGGESTIONS).map(|(_, path)| path.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{FieldQuery, begins_with, steps};

    #[test]
    fn accepts_fields_with_indices_and_below_free_json() {
        for known in [
            "status",
            "status.value",
            "agents[0].name",
            "agents[i].name",
            "agents[]",
            "conversation.messages[3].attachments[0].url",
            "custom_fields[0].value.any.thing[0]",
            "custom_fields[0].value[2].x",
            "satisfaction.reasons[0].zh_cn",
            "extra",
        ] {
            assert!(FieldQuery::read(known).is_ok(), "{known}");
        }
    }

    #[test]
    fn suggests_similar_fields_for_an_unknown_one() {
        for (wrong, near) in [
            ("statsu", "status"),
            ("status.vlaue", "status.value"),
            ("email", "requester.email"),
            ("agents[0].nmae", "agents[i].name"),
            ("requester.emial", "requester.email"),
        ] {
            let message = FieldQuery::read(wrong).unwrap_err().details().as_str().to_owned();
            let hint = message.split("did you mean ").nth(1).unwrap_or_else(|| panic!("{message}"));
            assert!(hint.trim_end_matches('?').split(", ").any(|it| it == near), "{message}");
        }
        for wrong in ["", "agents.name", "x\u{1b}", "status.value.x", "a[0"] {
            let message = FieldQuery::read(wrong).unwrap_err().details().as_str().to_owned();
            assert!(message.contains("a ticket has no field"), "{message}");
        }
        let message = FieldQuery::read("weather").unwrap_err().details().as_str().to_owned();
        assert!(
            message.ends_with("hint: all fields are in the schema:\n  ticket schema"),
            "{message}"
        );
    }

    #[test]
    fn a_field_covers_its_descendants_only() {
        let covers = |query: &str, path: &str| begins_with(&steps(path), &steps(query));
        assert!(covers("status", "status.value"));
        assert!(covers("agents[i].name", "agents[10].name") && covers("agents", "agents[0].id"));
        assert!(!covers("status", "status_changes[0].at") && !covers("status.value", "status"));
        assert!(!covers("agents[1]", "agents[10].name"));
    }
}
