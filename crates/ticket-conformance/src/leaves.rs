//! The leaves of a JSON value: what cannot be taken apart any further.

use serde_json::Value;

/// A scalar, `null`, `[]` or `{}`, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Its RFC 6901 pointer.
    pub pointer: String,
    /// Its value.
    pub value: Value,
}

/// All leaves of a value, in its order.
///
/// ```
/// let value = serde_json::json!({"a": [1, {"b": null}], "c": []});
/// let pointers: Vec<_> = ticket_conformance::leaves(&value).into_iter().map(|leaf| leaf.pointer).collect();
/// assert_eq!(pointers, ["/a/0", "/a/1/b", "/c"]);
/// ```
pub fn leaves(value: &Value) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    collect(value, String::new(), &mut leaves);
    leaves
}

fn collect(value: &Value, pointer: String, leaves: &mut Vec<Leaf>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                let step = key.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{pointer}/{step}"), leaves);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                collect(value, format!("{pointer}/{index}"), leaves);
            }
        }
        leaf => leaves.push(Leaf { pointer, value: leaf.clone() }),
    }
}
