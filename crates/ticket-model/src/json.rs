//! Any JSON value, kept as text.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Any JSON value as raw text, without white space outside of strings.
///
/// The text is kept because parsing loses information: an integer above 64 bits would become a float, and `1e400` or a nesting
/// deeper than 128 could not be read at all. Two values are equal if their texts are.
///
/// The text is valid for strict parsers: an [unpaired surrogate](unpaired_surrogates) becomes `\ufffd`.
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
    /// Returns the text of the value.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Deserializes the value.
    ///
    /// # Errors
    /// [`NotJson`] if the value is not of that type.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, NotJson> {
        serde_json::from_str(self.as_str()).map_err(NotJson)
    }

    /// Returns the text of a string; `None` for other values.
    pub fn to_text(&self) -> Option<String> {
        serde_json::from_str(self.as_str()).ok()
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
        Self::normalized(raw.get()).unwrap_or_else(|| Self(raw.to_owned()))
    }
}

impl Json {
    /// Returns the normal form of a JSON text; `None` if the text is already normal.
    fn normalized(text: &str) -> Option<Self> {
        let compact = without_white_space(text);
        let paired = with_paired_surrogates(compact.as_deref().unwrap_or(text));
        let text = paired.or(compact)?;
        let raw = RawValue::from_string(text)
            .expect("JSON stays JSON without white space and with other escapes");
        Some(Self(raw))
    }
}

/// Replaces each unpaired surrogate by `\ufffd`; `None` if there is none.
fn with_paired_surrogates(text: &str) -> Option<String> {
    let mut offsets = unpaired_surrogates(text).peekable();
    offsets.peek()?;
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for offset in offsets {
        out.push_str(&text[copied..offset]);
        out.push_str(r"\ufffd");
        copied = offset + ESCAPE;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

/// The length of an escape such as `\ud83d`.
const ESCAPE: usize = 6;

/// Returns the byte offset of each `\uXXXX` escape in a JSON text that is one half of a surrogate pair without the other.
///
/// Such an escape is allowed by the JSON grammar, but means no character. Strict parsers refuse it.
///
/// ```
/// use ticket_model::unpaired_surrogates;
///
/// let offsets: Vec<_> = unpaired_surrogates(r#"["\ud83d\ude00", "\ud83d"]"#).collect();
/// assert_eq!(offsets, [18]);
/// ```
pub fn unpaired_surrogates(json: &str) -> impl Iterator<Item = usize> {
    let bytes = json.as_bytes();
    let unit = move |offset: usize| -> Option<u16> {
        let digits = bytes.get(offset..offset + ESCAPE)?.strip_prefix(br"\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut index = 0;
    std::iter::from_fn(move || {
        loop {
            index += json.get(index..)?.find('\\')?;
            let offset = index;
            index += match unit(offset) {
                Some(0xD800..=0xDBFF) if matches!(unit(offset + ESCAPE), Some(0xDC00..=0xDFFF)) => {
                    2 * ESCAPE
                }
                Some(0xD800..=0xDFFF) => {
                    index += ESCAPE;
                    return Some(offset);
                }
                Some(_) => ESCAPE,
                None => 2,
            };
        }
    })
}

/// Returns the JSON without white space outside of strings; `None` if there is none.
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
        Ok(Self::normalized(raw.get()).unwrap_or(Self(raw)))
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

/// The error for text that is not JSON, or not JSON of the requested type.
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
    use super::{Json, unpaired_surrogates};

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
    fn finds_unpaired_surrogates() {
        for (text, offsets) in [
            (r#""plain""#, vec![]),
            (r#""\ud83d\ude00""#, vec![]),
            (r#""\ud83d""#, vec![1]),
            (r#""\uDE00""#, vec![1]),
            (r#""\ud83d\ud83d\ude00""#, vec![1]),
            (r#""\\ud83d""#, vec![]),
            (r#""\\\ud83d x""#, vec![3]),
            (r#""\ud83d工\ud83d""#, vec![1, 10]),
            (r#"["\ud83d","\ude00"]"#, vec![2, 11]),
            (r#""\u00"#, vec![]),
            (r#""\"#, vec![]),
        ] {
            assert_eq!(unpaired_surrogates(text).collect::<Vec<_>>(), offsets, "{text}");
        }
    }

    #[test]
    fn replaces_unpaired_surrogates_in_texts_and_keys() {
        for (sent, kept) in [
            (r#""cut \ud83d here, \uDE00""#, r#""cut \ufffd here, \ufffd""#),
            (
                r#"{ "a\ud83d" : ["\ude00\ud83d", "\ud83d\ude00"] }"#,
                r#"{"a\ufffd":["\ufffd\ufffd","\ud83d\ude00"]}"#,
            ),
        ] {
            let value = json(sent);
            assert_eq!(value.as_str(), kept);
            assert_eq!(serde_json::from_str::<Json>(sent).unwrap(), value);
            serde_json::from_str::<serde_json::Value>(value.as_str()).unwrap();
        }
        assert_eq!(json(r#""cut \ud83d""#).to_text().unwrap(), "cut \u{FFFD}");
        assert_eq!(json("7").to_text(), None);
        assert_eq!(json(r#""plain""#).to_text().unwrap(), "plain");
    }
}
