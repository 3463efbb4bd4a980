//! The readers of texts, ids, words, numbers and instants.

use std::borrow::Cow;

use jiff::Timestamp;
use ticket_model::{Json, Seconds};

use super::At;
use super::decimal::minutes_to_milliseconds;
use super::field::{Field, Sent};
use super::raw::Raw;
use super::time;
use crate::Finding;

/// What the documentation says a scalar is; the other one is understood and reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Documented {
    Text,
    Integer,
}

impl Documented {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Integer => "an integer",
        }
    }
}

impl At<'_> {
    /// A text.
    pub fn text(&self, field: Field<String>) -> Option<String> {
        self.key(field.key()).sent(field.sent)
    }

    /// True or false.
    pub fn flag(&self, field: Field<bool>) -> Option<bool> {
        self.key(field.key()).sent(field.sent)
    }

    /// An id that is documented as text; an integer is understood.
    pub fn id(&self, field: Field<Raw<'_>>) -> Option<String> {
        self.raw(field).and_then(|(here, raw)| here.id_of(raw))
    }

    /// An id that is documented as text and stands at this place itself.
    pub fn id_of(&self, raw: Raw<'_>) -> Option<String> {
        self.scalar(raw, Documented::Text).filter(|id| !id.is_empty()).map(Cow::into_owned)
    }

    /// An id that is documented as an integer; a text is understood.
    pub fn integer_id(&self, field: Field<Raw<'_>>) -> Option<String> {
        let (here, raw) = self.raw(field)?;
        here.scalar(raw, Documented::Integer).filter(|id| !id.is_empty()).map(Cow::into_owned)
    }

    /// A word of a vocabulary, documented as text: our word and the provider's.
    ///
    /// A word that `meaning` does not know is `other`, and is reported; an integer in its place is understood.
    pub fn word<K>(
        &self,
        field: Field<Raw<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<(K, String)> {
        self.vocabulary(field, Documented::Text, meaning, other)
    }

    /// A code of a vocabulary, documented as an integer: our word and the provider's code.
    ///
    /// A code that `meaning` does not know is `other`, and is reported; a text in its place is understood.
    pub fn code<K>(
        &self,
        field: Field<Raw<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<(K, String)> {
        self.vocabulary(field, Documented::Integer, meaning, other)
    }

    /// One of a few documented integers; one that `meaning` does not know cannot be read.
    pub fn choice<K>(
        &self,
        field: Field<Raw<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        expected: &'static str,
    ) -> Option<K> {
        self.number(field, expected, meaning)
    }

    /// An integer; a text of digits is understood.
    pub fn integer(&self, field: Field<Raw<'_>>) -> Option<i64> {
        self.number(field, "an integer", |digits| digits.parse().ok())
    }

    /// A rating from `min` to `max`; one off the scale cannot be read.
    pub fn rating(&self, field: Field<Raw<'_>>, min: i64, max: i64) -> Option<i64> {
        self.number(field, "a rating of the documented scale", |digits| {
            digits.parse().ok().filter(|rating| (min..=max).contains(rating))
        })
    }

    /// A size in bytes, documented as text; an integer is understood.
    pub fn size(&self, field: Field<Raw<'_>>) -> Option<u64> {
        let (here, raw) = self.raw(field)?;
        let digits = here.scalar(raw, Documented::Text)?;
        here.readable(digits.parse().ok(), "a size in bytes")
    }

    /// A duration in whole seconds; `-1` is none.
    pub fn seconds(&self, field: Field<Raw<'_>>) -> Option<u64> {
        self.number(field, "a duration in seconds", |digits| match digits {
            "-1" => Some(None),
            _ => digits.parse().ok().map(Some),
        })?
    }

    /// A duration in decimal minutes, as seconds; `-1` is none.
    pub fn minutes(&self, field: Field<Raw<'_>>) -> Option<Seconds> {
        let (here, raw) = self.raw(field)?;
        let sent = here.document.original(raw);
        let decimal = match raw.text() {
            Some(text) => {
                here.tolerate("a number", "a text");
                Cow::Owned(text)
            }
            None => Cow::Borrowed(sent),
        };
        if decimal == "-1" {
            return None;
        }
        let seconds = minutes_to_milliseconds(&decimal).and_then(Seconds::from_milliseconds);
        here.readable(seconds, "a duration in minutes")
    }

    /// An instant in milliseconds since 1970; a text of digits is understood; `-1`, `0` and `""` are none.
    pub fn milliseconds(&self, field: Field<Raw<'_>>) -> Option<Timestamp> {
        let (here, raw) = self.raw(field)?;
        let digits = here.scalar(raw, Documented::Integer)?;
        if time::is_sentinel(&digits) {
            return None;
        }
        here.readable(
            time::from_milliseconds(&digits),
            "an instant of 2000 to 2100 in milliseconds since 1970",
        )
    }

    /// An instant as RFC 3339 text; `-1`, `0` and `""` are none.
    pub fn rfc_3339(&self, field: Field<Raw<'_>>) -> Option<Timestamp> {
        let (here, raw) = self.raw(field)?;
        // Most instants have no escapes and need not be copied to be read.
        let text = match here.document.original(raw).strip_prefix('"') {
            Some(quoted) if !quoted.contains('\\') => Cow::Borrowed(quoted.trim_end_matches('"')),
            Some(_) => Cow::Owned(raw.text().unwrap_or_default()),
            None if time::is_sentinel(raw.as_str()) => return None,
            None => {
                here.unreadable("an RFC 3339 text");
                return None;
            }
        };
        if time::is_sentinel(&text) {
            return None;
        }
        here.readable(
            time::from_rfc_3339(&text),
            "an RFC 3339 instant of 2000 to 2100 with its offset",
        )
    }

    /// An integer number and nothing else, for the code that decides whether an answer is a success.
    pub fn exact_integer(&self, field: &Field<Raw<'_>>) -> Option<i64> {
        let raw = field.value()?;
        integer(self.document.original(*raw))?.parse().ok()
    }

    /// Any value, as the JSON that was sent.
    pub fn json(&self, field: Field<Raw<'_>>) -> Option<Json> {
        self.raw(field).and_then(|(here, raw)| here.json_of(raw))
    }

    /// Any value that stands at this place itself, as the JSON that was sent; `null` is none.
    pub fn json_of(&self, raw: Raw<'_>) -> Option<Json> {
        (raw.as_str() != "null").then(|| self.document.json(raw))
    }

    /// A text that stands at this place itself; `null` is none.
    pub fn text_of(&self, raw: Raw<'_>) -> Option<String> {
        match raw.text() {
            None if raw.as_str() != "null" => self.readable(None, "a text"),
            text => text,
        }
    }

    /// A raw value and its place.
    #[allow(clippy::needless_pass_by_value, reason = "a field is read once")]
    fn raw<'t>(&self, field: Field<Raw<'t>>) -> Option<(At<'_>, Raw<'t>)> {
        let here = self.key(field.key());
        match field.sent {
            Sent::Value(raw) => Some((here, raw)),
            Sent::Absent | Sent::Null | Sent::Odd => None,
        }
    }

    /// A text, or the digits of an integer, whichever was sent.
    fn scalar<'q>(&'q self, raw: Raw<'_>, documented: Documented) -> Option<Cow<'q, str>> {
        let text = raw.text();
        let sent = if text.is_some() { Documented::Text } else { Documented::Integer };
        // What was sent counts, not what a repair made of it.
        let integer = || integer(self.document.original(raw)).map(Cow::Borrowed);
        let Some(scalar) = text.map(Cow::Owned).or_else(integer) else {
            self.unreadable(documented.as_str());
            return None;
        };
        if sent != documented {
            self.tolerate(documented.as_str(), sent.as_str());
        }
        Some(scalar)
    }

    /// An integer by its digits.
    fn number<T>(
        &self,
        field: Field<Raw<'_>>,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let (here, raw) = self.raw(field)?;
        let digits = here.scalar(raw, Documented::Integer)?;
        here.readable(read(&digits), expected)
    }

    /// Our word for the provider's, and the provider's.
    fn vocabulary<K>(
        &self,
        field: Field<Raw<'_>>,
        documented: Documented,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<(K, String)> {
        let (here, raw) = self.raw(field)?;
        let native = here.scalar(raw, documented)?.into_owned();
        let ours = meaning(&native).unwrap_or_else(|| {
            let finding = Finding::UnknownWord { native: native.clone() };
            self.document.remark(here.pointer(), finding);
            other
        });
        Some((ours, native))
    }

    /// The value; where there is none, what stands here is kept and reported.
    fn readable<T>(&self, value: Option<T>, expected: &'static str) -> Option<T> {
        if value.is_none() {
            self.unreadable(expected);
        }
        value
    }
}

/// The meaning of a word by a table of words, for [`At::word`], [`At::code`] and [`At::choice`].
pub fn look_up<K: Copy>(words: &[(&str, K)]) -> impl Fn(&str) -> Option<K> {
    move |native| words.iter().find(|(word, _)| *word == native).map(|(_, ours)| *ours)
}

/// The digits of an integer number.
fn integer(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
}
