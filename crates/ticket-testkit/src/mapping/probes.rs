//! The values by which a value of a response is replaced, by its reader.

use std::collections::HashSet;

use super::observe::Source;

/// How many of the values that other responses have are tried.
const MAX_OBSERVED: usize = 8;

/// A value that no reader of scalars accepts.
pub(super) const INVALID: &str = r#"{"unknown":[1]}"#;

/// Returns new values that the reader accepts, as JSON.
pub(super) fn new_values(reader: &str, is_text: bool) -> &'static [&'static str] {
    match reader {
        "id" => &["\"id_7701\"", "\"id_8801\""],
        "integer id" | "integer" | "integer size" | "seconds" | "count" => &["7701", "8801"],
        "flag" => &["true", "false"],
        "rating" => &["2", "3"],
        "size" | "minutes as text" => &["\"7701\"", "\"8801\""],
        "minutes" => &["7701.5", "8801.5"],
        "RFC 3339" => &["\"2020-02-02T02:02:02Z\"", "\"2020-02-02T02:02:03+08:00\""],
        "Unix seconds" => &["1580608922", "1580608923"],
        "Unix milliseconds" => &["1580608922000", "1580608923001"],
        "word" | "choice" if !is_text => &["7701", "8801"],
        "envelope" => &["7701"],
        _ => &["\"an unknown text 7701\"", "\"an unknown text 8801\""],
    }
}

/// Returns whether a source is sent as text.
pub(super) fn is_text(source: &Source, sent: &str) -> bool {
    sent.starts_with('"') || sent == "null" && source.values.iter().any(|it| it.starts_with('"'))
}

/// Returns the values by which a value of this source is replaced.
pub(super) fn of(source: &Source, sent: &str) -> Vec<String> {
    let is_text = is_text(source, sent);
    let new = source.readers.iter().flat_map(|reader| new_values(reader, is_text));
    let mut probes: Vec<String> = new.map(|it| (*it).to_owned()).collect();
    if source.readers.is_empty() {
        probes.push("\"an unknown text 7701\"".to_owned());
    }
    let number =
        |word: &String| Some(word.clone()).filter(|it| !is_text && it.parse::<i64>().is_ok());
    let words = source.words.iter();
    probes.extend(words.map(|word| number(word).unwrap_or_else(|| format!("\"{word}\""))));
    probes.extend(source.values.iter().take(MAX_OBSERVED).cloned());
    probes.extend(["null", "\"\"", INVALID].map(str::to_owned));
    let mut seen = HashSet::from([sent.to_owned()]);
    probes.retain(|probe| seen.insert(probe.clone()));
    probes
}
