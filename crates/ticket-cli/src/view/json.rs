//! Serializes values as JSON.

use serde::Serialize;

/// Returns a value as one line of JSON.
pub(crate) fn compact(value: &impl Serialize) -> String {
    // The printed types contain no map with keys that are not strings, so serializing cannot fail.
    serde_json::to_string(value).expect("the model is JSON")
}

/// Appends a value as one line of JSON, with its line break.
pub(crate) fn append_line(out: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(&mut *out, value).expect("the model is JSON");
    out.push(b'\n');
}

/// Returns a value as indented JSON.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("the model is JSON")
}
