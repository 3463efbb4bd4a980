//! The `--field` option: checks the field and selects its values.

use ticket_core::ErrorKind;
use ticket_core::mapping::explain::{Explained, How};

use crate::field::{FieldPath, is_each, is_index, steps};
use crate::outcome::Failure;

/// The field that no rule fills: it keeps the unmapped values.
const REST: &str = "extra";

/// The requested field of a ticket, with everything below it.
#[derive(Debug)]
pub(in crate::commands) struct FieldQuery(FieldPath);

impl FieldQuery {
    /// Parses a path such as `status`, `agents[0].name` or `notes[i].body`.
    ///
    /// # Errors
    /// If the model has no such field.
    pub(in crate::commands) fn read(text: &str) -> Result<Self, Failure> {
        FieldPath::parse(text).map(Self)
    }

    /// Selects what belongs to the field, or the absent object that contains it.
    ///
    /// # Errors
    /// If this ticket has no such item or key.
    pub(in crate::commands) fn pick(
        &self,
        explained: Vec<Explained>,
    ) -> Result<Vec<Explained>, Failure> {
        if self.0.text() == REST {
            return Ok(explained.into_iter().filter(|it| it.how == How::Extra).collect());
        }
        let is_below = |field: &[String]| begins_with(field, self.0.steps());
        let is_around = |field: &[String]| begins_with(self.0.steps(), field);
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
                format!("this ticket has no {}", self.0.text()),
            )),
        }
    }

    /// Returns whether one of these fields was requested.
    pub(in crate::commands) fn touches(&self, fields: &[String]) -> bool {
        fields
            .iter()
            .map(|field| steps(field))
            .any(|field| begins_with(&field, self.0.steps()) || begins_with(self.0.steps(), &field))
    }
}

/// Returns whether a path begins with these steps; `[i]` and `[]` match any item.
fn begins_with(path: &[String], steps: &[String]) -> bool {
    path.len() >= steps.len()
        && path.iter().zip(steps).all(|(one, other)| {
            one == other || is_index(one) && is_index(other) && (is_each(one) || is_each(other))
        })
}

#[cfg(test)]
mod tests {
    use super::{begins_with, steps};

    #[test]
    fn a_field_covers_its_descendants_only() {
        let covers = |query: &str, path: &str| begins_with(&steps(path), &steps(query));
        assert!(covers("status", "status.value"));
        assert!(covers("agents[i].name", "agents[10].name") && covers("agents", "agents[0].id"));
        assert!(!covers("status", "status_changes[0].at") && !covers("status.value", "status"));
        assert!(!covers("agents[1]", "agents[10].name"));
    }
}
