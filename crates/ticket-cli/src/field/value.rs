//! Selects the values of fields from the JSON of a ticket.
//!
//! The values stay text, because parsing a number may change it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{FieldPath, is_each, item};

/// Separates the values of a list in one cell.
const BETWEEN_VALUES: &str = "; ";
const NULL: &str = "null";

/// The value of a field, as JSON texts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FieldValue<'j> {
    /// A single value; `null` if it is absent.
    One(&'j str),
    /// The value in each item of a list.
    Each(Vec<&'j str>),
}

/// Returns the value of each of these fields in the JSON of a ticket.
pub(crate) fn select<'j>(json: &'j str, paths: &[FieldPath]) -> Vec<FieldValue<'j>> {
    // The ticket itself is scanned once, and not for each field.
    let ticket = Members::of(json);
    paths
        .iter()
        .map(|path| {
            let mut found = Vec::new();
            if let [name, rest @ ..] = path.steps()
                && let Some(value) = ticket.get(name)
            {
                collect(value, rest, &mut found);
            }
            if path.steps().iter().any(|step| is_each(step)) {
                FieldValue::Each(found)
            } else {
                FieldValue::One(found.first().copied().unwrap_or(NULL))
            }
        })
        .collect()
}

impl FieldValue<'_> {
    /// Appends the value as JSON.
    pub(crate) fn push_json(&self, out: &mut String) {
        match self {
            Self::One(value) => out.push_str(value),
            Self::Each(values) => {
                out.push('[');
                out.push_str(&values.join(","));
                out.push(']');
            }
        }
    }

    /// Returns the value as the text of one cell: empty for `null`, a string without quotes, and anything else as JSON.
    pub(crate) fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::One(value) => text(value),
            Self::Each(values) => {
                let texts: Vec<_> = values.iter().map(|value| text(value)).collect();
                let texts: Vec<&str> =
                    texts.iter().map(AsRef::as_ref).filter(|text| !text.is_empty()).collect();
                texts.join(BETWEEN_VALUES).into()
            }
        }
    }
}

/// Appends the values below these steps.
fn collect<'j>(value: &'j str, steps: &[String], found: &mut Vec<&'j str>) {
    let Some((step, rest)) = steps.split_first() else {
        found.push(value);
        return;
    };
    if is_each(step) {
        for item in items(value) {
            collect(item, rest, found);
        }
    } else if let Some(number) = item(step) {
        if let Some(item) = items(value).get(number) {
            collect(item, rest, found);
        }
    } else if let Some(value) = Members::of(value).get(step) {
        collect(value, rest, found);
    }
}

/// Returns the items of a list; nothing for any other value.
fn items(json: &str) -> Vec<&str> {
    let items: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
    items.into_iter().map(RawValue::get).collect()
}

fn text(json: &str) -> Cow<'_, str> {
    match json {
        NULL => "".into(),
        _ if json.starts_with('"') => {
            serde_json::from_str::<String>(json).map_or(json.into(), Cow::from)
        }
        _ => json.into(),
    }
}

/// The members of an object in their order.
#[derive(Default)]
struct Members<'j>(Vec<(Cow<'j, str>, &'j str)>);

impl<'j> Members<'j> {
    /// Returns the members of an object; nothing for any other value.
    fn of(json: &'j str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    fn get(&self, name: &str) -> Option<&'j str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;

        impl<'de> Visitor<'de> for OfObject {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry::<_, &RawValue>()? {
                    members.push((name, value.get()));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(OfObject)
    }
}

/// The name of a member, borrowed unless it has escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'j>(#[serde(borrow)] Cow<'j, str>);

#[cfg(test)]
mod tests {
    use super::{FieldValue, select};
    use crate::field::FieldPath;

    const TICKET: &str = r#"{"id":"1","title":"a \"b\"","status":{"value":"closed","native":null},
        "tags":[{"id":"t1","name":"vip"},{"id":"t2","name":null},{"id":null,"name":"a; b"}],
        "custom_fields":[{"value":{"deep":[1,{"x":12345678901234567890123}]}},{"value":1e400}],
        "requester":null,"agents":[],"extra":{"/data/\u0061":[true]}}"#;

    #[test]
    fn selects_values_as_json_and_as_text() {
        for (path, json, text) in [
            ("id", r#""1""#, "1"),
            ("title", r#""a \"b\"""#, r#"a "b""#),
            ("status.value", r#""closed""#, "closed"),
            ("status.native", "null", ""),
            (
                "status",
                r#"{"value":"closed","native":null}"#,
                r#"{"value":"closed","native":null}"#,
            ),
            ("requester.name", "null", ""),
            ("assignee", "null", ""),
            ("tags[0].name", r#""vip""#, "vip"),
            ("tags[9].name", "null", ""),
            ("tags[].name", r#"["vip",null,"a; b"]"#, "vip; a; b"),
            ("tags[i].id", r#"["t1","t2",null]"#, "t1; t2"),
            ("agents[].name", "[]", ""),
            ("followers[].name", "[]", ""),
            (
                "custom_fields[0].value.deep[1].x",
                "12345678901234567890123",
                "12345678901234567890123",
            ),
            ("custom_fields[1].value", "1e400", "1e400"),
            ("extra./data/a", "[true]", "[true]"),
        ] {
            let paths = [FieldPath::parse("id").unwrap(), FieldPath::parse(path).unwrap()];
            let values = select(TICKET, &paths);
            let mut written = String::new();
            values[1].push_json(&mut written);
            assert_eq!((written.as_str(), values[1].to_text().as_ref()), (json, text), "{path}");
            assert_eq!(values[0], FieldValue::One(r#""1""#));
        }
    }

    #[test]
    fn selects_nothing_from_anything_but_an_object() {
        let paths = [FieldPath::parse("tags[].name").unwrap()];
        for json in ["null", "[]", "", "1"] {
            assert_eq!(select(json, &paths), [FieldValue::Each(vec![])]);
        }
    }
}
