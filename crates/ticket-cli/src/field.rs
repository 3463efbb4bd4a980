//! Paths of fields, such as `requester.name` or `tags[].name`.

mod schema;
pub(crate) mod value;

use ticket_core::ErrorKind;

use crate::outcome::{Failure, Hint};

/// A path that the schema of a ticket has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldPath {
    text: String,
    steps: Vec<String>,
}

impl FieldPath {
    /// Parses a path such as `status`, `agents[0].name`, or `tags[].name` for the name of each tag.
    ///
    /// # Errors
    /// If the model has no such field.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let path = Self { text: text.to_owned(), steps: steps(text) };
        if schema::has(&path.steps) && path.steps.iter().all(|step| is_name_or_index(step)) {
            return Ok(path);
        }
        let failure =
            Failure::new(ErrorKind::InvalidRequest, format!("a ticket has no field \"{text}\""));
        Err(failure.with_hint(match schema::near(text).as_slice() {
            [] => Hint::with_command("all fields are in the schema", "ticket schema"),
            near => format!("did you mean {}?", near.join(", ")).into(),
        }))
    }

    /// Returns the path as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the steps: a name, or an index such as `[0]` or `[]`.
    pub(crate) fn steps(&self) -> &[String] {
        &self.steps
    }
}

/// Splits `agents[0].name` into `agents`, `[0]` and `name`.
pub(crate) fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        for (number, step) in part.split('[').enumerate() {
            steps.push(if number == 0 { step.to_owned() } else { format!("[{step}") });
        }
    }
    steps
}

/// Returns whether a step selects items of a list.
pub(crate) fn is_index(step: &str) -> bool {
    step.starts_with('[') && step.ends_with(']')
}

/// Returns whether a step selects each item of a list.
pub(crate) fn is_each(step: &str) -> bool {
    matches!(step, "[]" | "[i]")
}

/// Returns the number of the item that a step selects; `None` unless it selects a single item.
fn item(step: &str) -> Option<usize> {
    step.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

fn is_name_or_index(step: &str) -> bool {
    !step.starts_with('[') || is_each(step) || item(step).is_some()
}

#[cfg(test)]
mod tests {
    use super::FieldPath;

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
            assert!(FieldPath::parse(known).is_ok(), "{known}");
        }
    }

    #[test]
    fn suggests_similar_fields_for_an_unknown_one() {
        for (wrong, near) in [
            ("statsu", "status"),
            ("status.vlaue", "status.value"),
            ("email", "requester.email"),
            ("agents[0].nmae", "agents[].name"),
            ("tags.name", "tags[].name"),
            (
                "conversation.messages[3].attachments.url",
                "conversation.messages[].attachments[].url",
            ),
            ("requester.emial", "requester.email"),
        ] {
            let message = FieldPath::parse(wrong).unwrap_err().details().as_str().to_owned();
            let hint = message.split("did you mean ").nth(1).unwrap_or_else(|| panic!("{message}"));
            assert!(hint.trim_end_matches('?').split(", ").any(|it| it == near), "{message}");
        }
        for wrong in [
            "",
            "agents.name",
            "x\u{1b}",
            "status.value.x",
            "a[0",
            "agents[x].name",
            "agents[-1].name",
            "agents[99999999999999999999].name",
        ] {
            let message = FieldPath::parse(wrong).unwrap_err().details().as_str().to_owned();
            assert!(message.contains("a ticket has no field"), "{message}");
        }
        let message = FieldPath::parse("weather").unwrap_err().details().as_str().to_owned();
        assert!(
            message.ends_with("hint: all fields are in the schema:\n  ticket schema"),
            "{message}"
        );
    }
}
