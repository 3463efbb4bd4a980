//! A line of the log: for people as words and `key=value`, for programs as one JSON object.

use anstyle::Style;
use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::view::clean::{one_line, word};
use crate::view::ink::{Ink, NOTICE, PLAIN, QUIET};

/// Facts by name, in the order in which they were told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts(Vec<(&'static str, Value)>);

impl Facts {
    /// Adds a fact; one of the same name gives way, because what stands nearer to the event knows better.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Adds all of these facts.
    pub(crate) fn extend(&mut self, others: &Self) {
        for (name, value) in &others.0 {
            self.set(name, value.clone());
        }
    }
}

/// One thing that happened.
#[derive(Debug)]
pub(crate) struct Line {
    /// When.
    pub(crate) time: Timestamp,
    /// How grave it is: `INFO`, `WARN` …
    pub(crate) level: &'static str,
    /// What.
    pub(crate) message: String,
    /// All that is known of it.
    pub(crate) facts: Facts,
}

impl Line {
    /// For people: nothing in it acts on a terminal, and no value can pass for another fact.
    pub(crate) fn text(&self) -> Ink {
        let mut ink = Ink::of(QUIET, &self.moment());
        ink.word(style(self.level), self.level);
        ink.word(PLAIN, &one_line(&self.message));
        for (name, value) in &self.facts.0 {
            ink.word(QUIET, &format!("{name}="));
            ink.push(PLAIN, &shown(value));
        }
        ink
    }

    fn moment(&self) -> String {
        format!("{:.3}", self.time)
    }
}

/// For programs: one flat object.
impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("time", &self.moment())?;
        map.serialize_entry("level", self.level)?;
        map.serialize_entry("message", &self.message)?;
        for (name, value) in &self.facts.0 {
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

/// A value as it is; a text that is not plainly one word in quotes.
fn shown(value: &Value) -> String {
    if let Value::String(text) = value { word(text) } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::{Facts, Line};
    use crate::view::clean::is_unseen;
    use crate::view::json::compact;

    fn line(facts: &[(&'static str, serde_json::Value)]) -> Line {
        let mut line = Line {
            time: Timestamp::UNIX_EPOCH,
            level: "INFO",
            message: "done".into(),
            facts: Facts::default(),
        };
        for (name, value) in facts {
            line.facts.set(name, value.clone());
        }
        line
    }

    #[test]
    fn a_line_has_its_moment_its_level_its_message_and_its_facts_in_order() {
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
    fn a_fact_that_is_told_again_takes_the_place_of_the_first() {
        let line =
            line(&[("operation", json!("a")), ("code", json!(1)), ("operation", json!("b"))]);
        assert!(line.text().as_str().ends_with(" operation=b code=1"));
        assert_eq!(compact(&line).matches("operation").count(), 1);
    }

    #[test]
    fn no_value_acts_on_a_terminal_or_passes_for_another_fact() {
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
            assert_eq!(read["code"], sent, "JSON is exact");
        }
    }
}
