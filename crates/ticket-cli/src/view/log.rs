//! Formats a log line as text with `key=value` pairs, or as a JSON object.

use anstyle::Style;
use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::view::clean::{one_line, word};
use crate::view::ink::{NOTICE, PLAIN, QUIET, StyledText};

/// Fields by name, in the order in which they were recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    /// Sets a field; replaces a field of the same name, because inner spans are more specific.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Sets all fields of `others`.
    pub(crate) fn extend(&mut self, others: &Self) {
        for (name, value) in &others.0 {
            self.set(name, value.clone());
        }
    }
}

/// A log line.
#[derive(Debug)]
pub(crate) struct Line {
    /// The time of the event.
    pub(crate) time: Timestamp,
    /// The level: `INFO`, `WARN` …
    pub(crate) level: &'static str,
    /// The message of the event.
    pub(crate) message: String,
    /// The fields of the event and its spans.
    pub(crate) fields: Fields,
}

impl Line {
    /// Returns the line as text. Control characters are escaped, and ambiguous values are quoted.
    pub(crate) fn text(&self) -> StyledText {
        let mut ink = StyledText::of(QUIET, &self.timestamp());
        ink.word(style(self.level), self.level);
        ink.word(PLAIN, &one_line(&self.message));
        for (name, value) in &self.fields.0 {
            ink.word(QUIET, &format!("{name}="));
            ink.push(PLAIN, &display_value(value));
        }
        ink
    }

    fn timestamp(&self) -> String {
        format!("{:.3}", self.time)
    }
}

/// Serializes the line as a flat object.
impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("time", &self.timestamp())?;
        map.serialize_entry("level", self.level)?;
        map.serialize_entry("message", &self.message)?;
        for (name, value) in &self.fields.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

fn style(level: &str) -> Style {
    match level {
        "INFO" => PLAIN,
        "DEBUG" => QUIET,
        _ => NOTICE,
    }
}

/// Returns a value as text; quotes a string unless it is a single word.
fn display_value(value: &Value) -> String {
    if let Value::String(text) = value { word(text) } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::{Fields, Line};
    use crate::view::clean::is_unseen;
    use crate::view::json::compact;

    fn line(fields: &[(&'static str, serde_json::Value)]) -> Line {
        let mut line = Line {
            time: Timestamp::UNIX_EPOCH,
            level: "INFO",
            message: "done".into(),
            fields: Fields::default(),
        };
        for (name, value) in fields {
            line.fields.set(name, value.clone());
        }
        line
    }

    #[test]
    fn formats_a_line_as_text_and_as_json() {
        let line =
            line(&[("provider", json!("feishu")), ("attempts", json!(2)), ("ok", json!(true))]);
        assert_eq!(
            line.text().as_str(),
            "1970-01-01T00:00:00.000Z INFO done provider=feishu attempts=2 ok=true"
        );
        assert_eq!(
            compact(&line),
            r#"{"time":"1970-01-01T00:00:00.000Z","level":"INFO","message":"done","provider":"feishu","attempts":2,"ok":true}"#
        );
    }

    #[test]
    fn replaces_a_field_of_the_same_name() {
        let line =
            line(&[("operation", json!("a")), ("code", json!(1)), ("operation", json!("b"))]);
        assert!(line.text().as_str().ends_with(" operation=b code=1"));
        assert_eq!(compact(&line).matches("operation").count(), 1);
    }

    #[test]
    fn escapes_control_characters_and_quotes_ambiguous_values() {
        for (sent, seen) in [
            ("\u{1b}[2J\u{9b}31m", r#""\u{1b}[2J\u{9b}31m""#),
            ("a outcome=ok", r#""a outcome=ok""#),
            ("a=b", r#""a=b""#),
            ("a\" b=\"c", r#""a\" b=\"c""#),
            ("a\nINFO done", r#""a\nINFO done""#),
            ("\u{202e}drow", r#""\u{202e}drow""#),
            ("", "\"\""),
            ("工单", "工单"),
        ] {
            let line = line(&[("code", json!(sent))]);
            let text = line.text().as_str().to_owned();
            assert!(text.ends_with(&format!(" code={seen}")), "{text}");
            assert!(!text.contains(is_unseen), "{text:?}");
            let read: serde_json::Value = serde_json::from_str(&compact(&line)).unwrap();
            assert_eq!(read["code"], sent, "JSON keeps the exact value");
        }
    }
}
