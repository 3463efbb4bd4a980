//! The field that was asked for: whether a ticket has it, and which of its values belong to it.

use serde_json::Value;
use strsim::osa_distance;
use ticket_core::ErrorKind;
use ticket_core::mapping::explain::{Explained, How};

use crate::outcome::{Failure, Hint};
use crate::similar::slips;

/// The one field that no rule fills: it takes what the rules leave.
const REST: &str = "extra";
/// What stands for everything below a place.
const ANYTHING: &str = "*";
/// How many names are offered in place of a wrong one.
const OFFERED: usize = 4;

/// A field of the ticket, and all that lies below it.
#[derive(Debug)]
pub(super) struct Asked {
    text: String,
    steps: Vec<String>,
}

impl Asked {
    /// Reads a path such as `status`, `agents[0].name` or `notes[i].body`.
    ///
    /// # Errors
    /// Where no ticket has such a field.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let asked = Self { text: text.to_owned(), steps: steps(text) };
        let places = places();
        let plain: Vec<_> = asked.steps.iter().map(|step| plain(step)).collect();
        if places.iter().any(|place| leads_to(&steps(place), &plain)) {
            return Ok(asked);
        }
        let failure =
            Failure::new(ErrorKind::InvalidRequest, format!("a ticket has no field \"{text}\""));
        Err(failure.with_hint(match near(text, &places).as_slice() {
            [] => Hint::with_command("all fields are in the schema", "ticket schema"),
            near => format!("did you mean {}?", near.join(", ")).into(),
        }))
    }

    /// What belongs to the field; where nothing was sent around it, what is said of the place around it.
    ///
    /// # Errors
    /// Where this ticket has not so many items, or no such key.
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

    /// Whether one of these fields is asked for.
    pub(super) fn touches(&self, fields: &[String]) -> bool {
        fields
            .iter()
            .map(|field| steps(field))
            .any(|field| begins_with(&field, &self.steps) || begins_with(&self.steps, &field))
    }
}

/// `agents[0].name` as `agents`, `[0]`, `name`.
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

/// A step without the index that it names.
fn plain(step: &str) -> String {
    if is_index(step) { "[i]".to_owned() } else { step.to_owned() }
}

/// Whether a path begins with these steps, of which `[i]` and `[]` mean any item.
fn begins_with(path: &[String], steps: &[String]) -> bool {
    let is_any = |step: &String| is_index(step) && !step.contains(|it: char| it.is_ascii_digit());
    path.len() >= steps.len()
        && path.iter().zip(steps).all(|(one, other)| {
            one == other || is_index(one) && is_index(other) && (is_any(one) || is_any(other))
        })
}

/// Whether a place of the schema is the one that was asked for.
fn leads_to(place: &[String], asked: &[String]) -> bool {
    match place.split_last() {
        Some((last, around)) if last == ANYTHING => {
            asked.len() > around.len() && asked.starts_with(around)
        }
        _ => place == asked,
    }
}

/// Every place of a ticket, in the order of its schema, with `[i]` for each index.
fn places() -> Vec<String> {
    let schema: Value = serde_json::from_str(&ticket_model::schema()).expect("the schema is JSON");
    let mut places = Vec::new();
    walk(&schema, &schema, "", &mut places);
    places
}

fn walk(root: &Value, part: &Value, path: &str, places: &mut Vec<String>) {
    let part = resolve(root, part);
    if !path.is_empty() {
        places.push(path.to_owned());
    }
    let is_closed = |values: &Value| values == &Value::Bool(false);
    if let Some(items) = part.get("items") {
        walk(root, items, &format!("{path}[i]"), places);
    } else if let Some(properties) = part.get("properties").and_then(Value::as_object) {
        let names = part.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in names.filter_map(Value::as_str) {
            let below = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            walk(root, &properties[name], &below, places);
        }
    } else if part.get("additionalProperties").is_some_and(|values| !is_closed(values)) {
        places.push(format!("{path}.{ANYTHING}"));
    } else if ["type", "oneOf", "enum", "const"].iter().all(|key| part.get(key).is_none()) {
        // Whatever JSON it is.
        places.push(format!("{path}.{ANYTHING}"));
        places.push(format!("{path}[i].{ANYTHING}"));
        places.push(format!("{path}[i]"));
    }
}

/// The part itself, where it is a reference or may be null.
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

/// The places whose names are most like this text, the most alike first.
fn near(text: &str, places: &[String]) -> Vec<String> {
    let text: String = steps(text).iter().map(|step| plain(step)).collect::<Vec<_>>().join(".");
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let far = slips(&text);
    let mut near: Vec<_> = places
        .iter()
        .filter(|place| !place.ends_with(ANYTHING))
        .filter_map(|place| {
            let path = steps(place).join(".");
            // A name without the path that leads to it is a little further off than a slip of the keys.
            let distance = osa_distance(&text, &path).min(1 + osa_distance(&text, &last(&path)));
            (distance <= far).then_some((distance, place))
        })
        .collect();
    near.sort_by_key(|(distance, place)| (*distance, place.len()));
    near.into_iter().take(OFFERED).map(|(_, place)| place.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Asked, begins_with, steps};

    #[test]
    fn a_field_is_known_with_its_indices_and_below_free_json() {
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
            assert!(Asked::read(known).is_ok(), "{known}");
        }
    }

    #[test]
    fn an_unknown_field_is_told_with_near_ones() {
        for (wrong, near) in [
            ("statsu", "status"),
            ("status.categroy", "status.value"),
            ("category", "status.value"),
            ("agents[0].nmae", "agents[i].name"),
            ("requester.emial", "requester.email"),
        ] {
            let told = Asked::read(wrong).unwrap_err().account().as_str().to_owned();
            let hint = told.split("did you mean ").nth(1).unwrap_or_else(|| panic!("{told}"));
            assert!(hint.trim_end_matches('?').split(", ").any(|it| it == near), "{told}");
        }
        for wrong in ["", "agents.name", "x\u{1b}", "status.value.x", "a[0"] {
            let told = Asked::read(wrong).unwrap_err().account().as_str().to_owned();
            assert!(told.contains("a ticket has no field"), "{told}");
        }
        let told = Asked::read("weather").unwrap_err().account().as_str().to_owned();
        assert!(told.ends_with("hint: all fields are in the schema:\n  ticket schema"), "{told}");
    }

    #[test]
    fn a_field_covers_what_lies_below_it_and_not_what_only_begins_like_it() {
        let covers = |asked: &str, path: &str| begins_with(&steps(path), &steps(asked));
        assert!(covers("status", "status.value"));
        assert!(covers("agents[i].name", "agents[10].name") && covers("agents", "agents[0].id"));
        assert!(!covers("status", "status_changes[0].at") && !covers("status.value", "status"));
        assert!(!covers("agents[1]", "agents[10].name"));
    }
}
