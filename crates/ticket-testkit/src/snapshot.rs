//! Snapshots of decoded responses.

use std::fmt::Write;

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::tree::Tree;
use ticket_core::{Bytes, VocabularyOverrides, saved};

/// The key of a custom field with free JSON, where `null` and empty lists are data.
const FREE_JSON: &str = "value";

/// Returns the text of a decoded response for a snapshot: the ticket and its diagnostics, or the error.
///
/// Fields that are `null` or empty are left out, so that a new field of the model changes only the snapshots that have
/// it.
pub fn snapshot(decoder: &dyn MappingDescription, http_status: u16, body: &'static [u8]) -> String {
    let mut text = String::new();
    let responses = saved::read(Bytes::from_static(body), decoder).map(|mut responses| {
        for response in &mut responses {
            response.http_status = Some(http_status);
        }
        responses
    });
    let decode = |responses: Vec<_>| decoder.decode(&responses, &VocabularyOverrides::default());
    match responses.and_then(decode) {
        Ok(output) => {
            let ticket = serde_json::to_string(&output.ticket).expect("a ticket is JSON");
            write_compact(&mut text, &Tree::parse(&ticket).expect("a ticket is JSON"), 0);
            for diagnostic in &output.diagnostics {
                write!(text, "\n{diagnostic}").expect(INFALLIBLE);
            }
        }
        Err(error) => {
            write!(text, "{}: {error}", error.kind()).expect(INFALLIBLE);
            if let Some(hint) = error.hint() {
                write!(text, "\nhint: {hint}").expect(INFALLIBLE);
            }
        }
    }
    text
}

const INFALLIBLE: &str = "writing to a String cannot fail";

/// Writes indented JSON without empty members. Free JSON stays on one line, unchanged.
fn write_compact(text: &mut String, tree: &Tree, depth: usize) {
    let items: Vec<(Option<&str>, &Tree)> = match tree {
        Tree::Scalar(json) => return text.push_str(json),
        Tree::List(items) => items.iter().map(|item| (None, item)).collect(),
        Tree::Object(members) => {
            let members = members.iter().filter(|(key, value)| !is_empty(key, value));
            members.map(|(key, value)| (Some(key.as_str()), value)).collect()
        }
    };
    let (open, close) = if matches!(tree, Tree::List(_)) { ('[', ']') } else { ('{', '}') };
    text.push(open);
    for (index, (key, value)) in items.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(text, "{comma}\n{:width$}", "", width = 2 * (depth + 1)).expect(INFALLIBLE);
        if let Some(key) = key {
            write!(text, "{}: ", serde_json::Value::from(*key)).expect(INFALLIBLE);
        }
        match (key, value) {
            (Some("extra"), Tree::Object(members)) => write_extra(text, members, depth + 1),
            (Some(FREE_JSON), value) => {
                write!(text, "{value}").expect(INFALLIBLE);
            }
            (_, value) => write_compact(text, value, depth + 1),
        }
    }
    if !items.is_empty() {
        write!(text, "\n{:width$}", "", width = 2 * depth).expect(INFALLIBLE);
    }
    text.push(close);
}

/// Writes `extra` with one member per line.
fn write_extra(text: &mut String, members: &[(String, Tree)], depth: usize) {
    let lines = members.iter().map(|(pointer, value)| {
        format!(
            "{:width$}{}: {value}",
            "",
            serde_json::Value::from(&**pointer),
            width = 2 * (depth + 1)
        )
    });
    let lines: Vec<_> = lines.collect();
    write!(text, "{{\n{}\n{:width$}}}", lines.join(",\n"), "", width = 2 * depth)
        .expect(INFALLIBLE);
}

fn is_empty(key: &str, value: &Tree) -> bool {
    match value {
        Tree::Scalar(json) => &**json == "null",
        Tree::List(items) => items.is_empty() && key != FREE_JSON,
        Tree::Object(members) => members.is_empty() && key != FREE_JSON,
    }
}

#[cfg(test)]
mod tests {
    use super::write_compact;
    use ticket_core::mapping::tree::Tree;

    #[test]
    fn omits_empty_members_except_in_free_json() {
        let json = r#"{"id":"1","title":null,"tags":[],"people":[{"name":null,"age":7}],
            "fields":[{"value":[null,{}]},{"value":[]}],"extra":{"/a":null,"/b":[]}}"#;
        let mut text = String::new();
        write_compact(&mut text, &Tree::parse(json).expect("JSON"), 0);
        let expected = r#"{
  "id": "1",
  "people": [
    {
      "age": 7
    }
  ],
  "fields": [
    {
      "value": [null,{}]
    },
    {
      "value": []
    }
  ],
  "extra": {
    "/a": null,
    "/b": []
  }
}"#;
        assert_eq!(text, expected);
    }
}
