//! Any JSON value, kept as its own text.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Any JSON value as its raw text, without the white space outside of strings.
///
/// The text is kept because parsing loses: an integer beyond 64 bits would become a float, `1e400` and a
/// nesting deeper than 128 could not be read at all. Two values are equal when their texts are.
///
/// ```
/// use ticket_model::Json;
///
/// let json: Json = "{ \"serial\": 18446744073709551616 }".parse()?;
/// assert_eq!(json.as_str(), r#"{"serial":18446744073709551616}"#);
///
/// let list: Json = "[1, 2]".parse()?;
/// assert_eq!(list.parse::<Vec<u8>>()?, [1, 2]);
/// # Ok::<(), ticket_model::NotJson>(())
/// ```
#[derive(Clone)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The text of the value.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads the value as any type that serde can read.
    ///
    /// # Errors
    /// [`NotJson`] where the value is not of that type.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, NotJson> {
        serde_json::from_str(self.as_str()).map_err(NotJson)
    }

    /// The text inside, where the value is a string.
    ///
    /// A lone surrogate, which no Rust text can hold, becomes U+FFFD.
    pub fn to_text(&self) -> Option<String> {
        let quoted = self.as_str();
        if !quoted.starts_with('"') {
            return None;
        }
        serde_json::from_str(quoted).ok().or_else(|| {
            let mut bytes = serde_json::Deserializer::from_str(quoted);
            let text = Deserializer::deserialize_bytes(&mut bytes, Lossy);
            text.ok()
        })
    }
}

/// Reads a string whose escapes are no valid Unicode.
struct Lossy;

impl serde::de::Visitor<'_> for Lossy {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<String, E> {
        // serde_json hands a lone surrogate over as three bytes of WTF-8, each of which would become one U+FFFD.
        let mut text = String::new();
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if chunk.invalid().first() == Some(&0xED) {
                text.push('\u{FFFD}');
            }
        }
        Ok(text)
    }
}

impl std::str::FromStr for Json {
    type Err = NotJson;

    fn from_str(text: &str) -> Result<Self, NotJson> {
        let raw: &RawValue = serde_json::from_str(text).map_err(NotJson)?;
        Ok(Self::from(raw))
    }
}

impl From<&RawValue> for Json {
    fn from(raw: &RawValue) -> Self {
        match without_white_space(raw.get()) {
            None => Self(raw.to_owned()),
            Some(text) => Self(
                RawValue::from_string(text)
                    .expect("JSON stays JSON when white space between its tokens goes"),
            ),
        }
    }
}

/// The same JSON without white space outside of strings; `None` where there is none to remove.
fn without_white_space(text: &str) -> Option<String> {
    // Most values are one token.
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut in_string = false;
    let mut escaped = false;
    let mut kept = None::<String>;
    for (index, character) in text.char_indices() {
        if !in_string && matches!(character, ' ' | '\t' | '\n' | '\r') {
            kept.get_or_insert_with(|| {
                let mut start = String::with_capacity(text.len());
                start.push_str(&text[..index]);
                start
            });
            continue;
        }
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
        if let Some(kept) = &mut kept {
            kept.push(character);
        }
    }
    kept
}

impl fmt::Debug for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Json({})", self.as_str())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Json {}

impl Hash for Json {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(match without_white_space(raw.get()) {
            None => Self(raw),
            Some(_) => Self::from(&*raw),
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Json {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        true.into()
    }
}

/// A text that is no JSON, or is no JSON of the type asked for.
#[derive(Debug)]
pub struct NotJson(serde_json::Error);

impl fmt::Display for NotJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for NotJson {}

#[cfg(test)]
mod tests {
    use super::Json;

    fn json(text: &str) -> Json {
        text.parse().unwrap()
    }

    #[test]
    fn white_space_goes_outside_of_strings_and_stays_inside() {
        for (sent, kept) in [
            ("1", "1"),
            (" \t1\r\n", "1"),
            ("[ 1 , 2 ]", "[1,2]"),
            (r#"{ "a b" : "c  d" }"#, r#"{"a b":"c  d"}"#),
            (r#"[ "\" x" , " \\" , 1 ]"#, r#"["\" x"," \\",1]"#),
            ("[ \"打 印\" ]", "[\"打 印\"]"),
        ] {
            assert_eq!(json(sent).as_str(), kept);
        }
    }

    #[test]
    fn numbers_keep_every_digit_and_nesting_has_no_end() {
        let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
        for text in ["18446744073709551616", "1e400", "0.1000", &deep] {
            let value = json(text);
            assert_eq!(value.as_str(), text);
            let printed = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Json>(&printed).unwrap(), value);
        }
    }

    #[test]
    fn text_that_is_no_json_is_refused() {
        for text in ["", "x", "[1", "1 2", "{\"a\"}"] {
            assert!(text.parse::<Json>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_lone_surrogate_stays_in_the_json_and_becomes_the_replacement_character_in_text() {
        let value = json(r#""cut \ud83d here, \ud83d""#);
        assert_eq!(value.as_str(), r#""cut \ud83d here, \ud83d""#);
        assert_eq!(value.to_text().unwrap(), "cut \u{FFFD} here, \u{FFFD}");
        assert_eq!(json("7").to_text(), None);
        assert_eq!(json(r#""plain""#).to_text().unwrap(), "plain");
    }
}
