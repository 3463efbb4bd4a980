//! The fields of the ticket in the order of its JSON Schema.

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A field of the ticket with the fields below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// The path: `conversation.messages[i].body`.
    pub(super) path: String,
    /// Empty for a value.
    pub(super) below: Vec<Field>,
}

/// Returns the top-level fields of the ticket.
///
/// # Errors
/// Fails if the schema uses a keyword that is not handled here.
pub(super) fn of_ticket() -> Result<Vec<Field>> {
    let schema: Value =
        serde_json::from_str(&ticket_model::schema()).context("the schema is invalid JSON")?;
    Ok(Schema { root: &schema }.field(&schema, String::new(), 0)?.below)
}

impl Field {
    /// Returns the last step of the path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }
}

/// Replaces every index in a path by `[]`.
pub(super) fn without_indices(path: &str) -> String {
    let mut plain = String::new();
    for (number, step) in path.split('[').enumerate() {
        if number == 0 {
            plain.push_str(step);
        } else {
            plain.push_str("[]");
            plain.push_str(step.split_once(']').map_or("", |(_, rest)| rest));
        }
    }
    plain
}

/// The names of indices, from the outermost list to the innermost.
const INDICES: [char; 4] = ['i', 'j', 'k', 'l'];

struct Schema<'s> {
    root: &'s Value,
}

impl<'s> Schema<'s> {
    /// Returns the field of a part of the schema; `depth` counts the lists around it.
    fn field(&self, part: &'s Value, path: String, depth: usize) -> Result<Field> {
        let part = self.resolve(part)?;
        let below = if let Some(items) = part.get("items") {
            let index =
                INDICES.get(depth).context("too many nested lists: add a name to INDICES")?;
            let item = self.field(items, format!("{path}[{index}]"), depth + 1)?;
            // An item without fields is a field itself.
            if item.below.is_empty() { vec![item] } else { item.below }
        } else if let Some(names) = part.get("required").and_then(Value::as_array) {
            let properties = part.get("properties").context("an object has properties")?;
            let mut below = Vec::new();
            for name in names {
                let name = name.as_str().context("a name is text")?;
                let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                let property =
                    properties.get(name).with_context(|| format!("{path} is not described"))?;
                below.push(self.field(property, path, depth)?);
            }
            below
        } else if part
            .get("additionalProperties")
            .is_some_and(|values| values != &Value::Bool(false))
        {
            vec![Field { path: format!("{path}.*"), below: Vec::new() }]
        } else {
            Vec::new()
        };
        Ok(Field { path, below })
    }

    /// Follows references, and removes `null` from a choice.
    fn resolve(&self, part: &'s Value) -> Result<&'s Value> {
        if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
            let pointer =
                reference.strip_prefix('#').context("a reference leads out of the schema")?;
            let target = self
                .root
                .pointer(pointer)
                .with_context(|| format!("{reference} does not exist"))?;
            return self.resolve(target);
        }
        let Some(choices) = part.get("anyOf").and_then(Value::as_array) else {
            return Ok(part);
        };
        let is_null = |choice: &&Value| choice.get("type").and_then(Value::as_str) == Some("null");
        match choices.iter().filter(|choice| !is_null(choice)).collect::<Vec<_>>().as_slice() {
            [choice] => self.resolve(choice),
            choices => bail!("a choice of {} types is not supported", choices.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, of_ticket, without_indices};

    fn values(field: &Field) -> Vec<String> {
        if field.below.is_empty() {
            vec![field.path.clone()]
        } else {
            field.below.iter().flat_map(values).collect()
        }
    }

    #[test]
    fn lists_every_value_in_the_order_of_the_json() {
        let paths: Vec<_> = of_ticket().unwrap().iter().flat_map(values).collect();
        assert_eq!(paths[..4], ["provider", "id", "helpdesk_id", "url"]);
        for path in [
            "status.value",
            "requester.handles[i].followers[j].name",
            "agents[i].handles[j].followers[k].id",
            "custom_fields[i].value",
            "conversation.messages[i].author.person.handles[j].followers[k].name",
            "conversation.complete",
            "satisfaction.reasons[i].*",
            "metrics.agent_service_seconds",
            "extra.*",
        ] {
            assert_eq!(paths.iter().filter(|known| *known == path).count(), 1, "{path}");
        }
        let full = include_str!("../../../../ticket-model/tests/full.json");
        let order: Vec<_> = full
            .lines()
            .filter_map(|line| line.strip_prefix("  \"")?.split_once('"'))
            .map(|(key, _)| key)
            .collect();
        let tops: Vec<_> = of_ticket().unwrap().into_iter().map(|field| field.path).collect();
        assert_eq!(tops, order);
    }

    #[test]
    fn ignores_the_names_of_indices() {
        assert_eq!(without_indices("a[i].b[j].c"), "a[].b[].c");
        assert_eq!(without_indices("custom_fields[*].value"), "custom_fields[].value");
        assert_eq!(without_indices("tags[i]"), "tags[]");
        assert_eq!(without_indices("title"), "title");
    }
}
