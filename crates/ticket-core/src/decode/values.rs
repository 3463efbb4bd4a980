//! How texts, ids, words, numbers and instants are read.

use std::borrow::Cow;

use jiff::Timestamp;
use ticket_model::{Coded, Json, Seconds};

use super::cursor::Cursor;
use super::decimal::minutes_to_milliseconds;
use super::field::Field;
use super::raw::Raw;
use super::recording;
use super::scalar::Scalar;
use super::time;
use crate::DiagnosticKind;

/// The documented JSON type of a scalar. The other one is accepted and reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScalarType {
    Text,
    Integer,
}

impl ScalarType {
    const fn of(scalar: &Scalar<'_>) -> Self {
        match scalar {
            Scalar::Text(_) => Self::Text,
            Scalar::Integer(_) | Scalar::Number(_) => Self::Integer,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Integer => "an integer",
        }
    }
}

impl Cursor<'_> {
    /// Reads a text.
    pub fn text(&self, field: Field<String>) -> Option<String> {
        self.key(field.key()).record("text");
        self.key(field.key()).value(field.state)
    }

    /// Reads `true` or `false`.
    pub fn flag(&self, field: Field<bool>) -> Option<bool> {
        self.key(field.key()).record("flag");
        self.key(field.key()).value(field.state)
    }

    /// Reads an id that is documented as text; an integer is accepted.
    pub fn id(&self, field: Field<Scalar<'_>>) -> Option<String> {
        self.key(field.key()).record("id");
        let (here, scalar) = self.scalar(field, ScalarType::Text)?;
        here.id_of(scalar)
    }

    /// Reads an id that is documented as text and is itself the value at this position.
    pub fn id_of(&self, scalar: Scalar<'_>) -> Option<String> {
        self.record("id");
        self.as_text(scalar, ScalarType::Text).filter(|id| !id.is_empty())
    }

    /// Reads an id that is documented as an integer; a text is accepted.
    pub fn integer_id(&self, field: Field<Scalar<'_>>) -> Option<String> {
        self.key(field.key()).record("integer id");
        let (here, scalar) = self.scalar(field, ScalarType::Integer)?;
        here.as_text(scalar, ScalarType::Integer).filter(|id| !id.is_empty())
    }

    /// Reads an id that is documented as text in one call and as an integer in another.
    pub fn any_id(&self, field: Field<Scalar<'_>>) -> Option<String> {
        self.key(field.key()).record("id");
        let here = self.key(field.key());
        let scalar = here.value(field.state)?;
        let documented = ScalarType::of(&scalar);
        here.as_text(scalar, documented).filter(|id| !id.is_empty())
    }

    /// Reads a text in which `""` means that there is none.
    pub fn non_empty(&self, field: Field<String>) -> Option<String> {
        self.text(field).filter(|text| !text.is_empty())
    }

    /// Keeps a documented field in `extra`, as [`kept`](Self::kept) does, unless it is one of these words, which mean that there is none.
    pub fn kept_unless(&self, field: Field<Scalar<'_>>, none: &[&str]) {
        self.key(field.key()).record("kept");
        let is_none = match field.value() {
            Some(Scalar::Text(text)) => none.contains(&&**text),
            Some(Scalar::Integer(integer)) => none.contains(&&*integer.to_string()),
            Some(Scalar::Number(_)) | None => false,
        };
        if !is_none {
            self.kept(field);
        }
    }

    /// Reads a word of a vocabulary that is documented as text, and returns its meaning and the word.
    ///
    /// A word without a `meaning` is `other` and is reported; an integer is accepted.
    pub fn word<K>(
        &self,
        field: Field<Scalar<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<Coded<K>> {
        self.vocabulary(field, ScalarType::Text, meaning, other)
    }

    /// Reads a code of a vocabulary that is documented as an integer, and returns its meaning and the code.
    ///
    /// A code without a `meaning` is `other` and is reported; a text is accepted.
    pub fn code<K>(
        &self,
        field: Field<Scalar<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<Coded<K>> {
        self.vocabulary(field, ScalarType::Integer, meaning, other)
    }

    /// Reads one of a few documented integers; one without a `meaning` is invalid.
    pub fn choice<K>(
        &self,
        field: Field<Scalar<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        expected: &'static str,
    ) -> Option<K> {
        self.key(field.key()).record("choice");
        let (here, scalar) = self.scalar(field, ScalarType::Integer)?;
        let digits = here.as_text(scalar, ScalarType::Integer)?;
        here.valid(meaning(&digits), expected)
    }

    /// Reads an integer; a text of digits is accepted.
    pub fn integer(&self, field: Field<Scalar<'_>>) -> Option<i64> {
        self.key(field.key()).record("integer");
        self.number(field, "an integer", |integer| integer.try_into().ok())
    }

    /// Reads a rating from `min` to `max`; one outside of that is invalid.
    pub fn rating(&self, field: Field<Scalar<'_>>, min: i64, max: i64) -> Option<i64> {
        self.key(field.key()).record("rating");
        self.number(field, "a rating of the documented scale", |rating| {
            rating.try_into().ok().filter(|rating| (min..=max).contains(rating))
        })
    }

    /// Reads a size in bytes that is documented as text; an integer is accepted.
    pub fn size(&self, field: Field<Scalar<'_>>) -> Option<u64> {
        self.key(field.key()).record("size");
        let (here, scalar) = self.scalar(field, ScalarType::Text)?;
        here.integer_of(scalar, ScalarType::Text, "a size in bytes", |size| size.try_into().ok())
    }

    /// Reads a size in bytes that is documented as an integer; a text of digits is accepted.
    pub fn integer_size(&self, field: Field<Scalar<'_>>) -> Option<u64> {
        self.key(field.key()).record("integer size");
        self.number(field, "a size in bytes", |size| size.try_into().ok())
    }

    /// Reads a number of items that is documented as an integer; a text of digits is accepted.
    pub fn count(&self, field: Field<Scalar<'_>>) -> Option<u64> {
        self.key(field.key()).record("count");
        self.number(field, "a number of items", |count| count.try_into().ok())
    }

    /// Reads a duration in whole seconds; `-1` means none. For an instant see [`unix_seconds`](Self::unix_seconds).
    pub fn seconds(&self, field: Field<Scalar<'_>>) -> Option<u64> {
        self.key(field.key()).record("seconds");
        self.number(field, "a duration in seconds", |seconds| match seconds {
            -1 => Some(None),
            _ => seconds.try_into().ok().map(Some),
        })?
    }

    /// Reads a duration in decimal minutes, and returns it in seconds; `-1` means none.
    pub fn minutes(&self, field: Field<Raw<'_>>) -> Option<Seconds> {
        self.key(field.key()).record("minutes");
        let here = self.key(field.key());
        let raw = here.value(field.state)?;
        let decimal = match raw.valid_text() {
            Some(text) => {
                here.tolerate("a number", "a text");
                text
            }
            None => Cow::Borrowed(here.context.original(raw.as_str())),
        };
        if decimal == "-1" {
            return None;
        }
        let seconds = minutes_to_milliseconds(&decimal).and_then(Seconds::from_milliseconds);
        here.valid(seconds, "a duration in minutes")
    }

    /// Reads a duration in whole minutes that is documented as text, and returns it in seconds; `0` means none.
    pub fn minutes_text(&self, field: Field<Scalar<'_>>) -> Option<Seconds> {
        self.key(field.key()).record("minutes as text");
        let (here, scalar) = self.scalar(field, ScalarType::Text)?;
        here.integer_of(scalar, ScalarType::Text, "a duration in minutes", |minutes| {
            let minutes = u64::try_from(minutes).ok()?;
            let seconds = Seconds::from_milliseconds(minutes.checked_mul(60_000)?)?;
            Some((minutes > 0).then_some(seconds))
        })?
    }

    /// Reads an instant in seconds since 1970; a text of digits is accepted; `-1`, `0` and `""` mean none.
    pub fn unix_seconds(&self, field: Field<Scalar<'_>>) -> Option<Timestamp> {
        self.key(field.key()).record("Unix seconds");
        let expected = "an instant of 2000 to 2100 in seconds since 1970";
        self.unix(field, expected, time::from_unix_seconds)
    }

    /// Reads an instant in milliseconds since 1970; a text of digits is accepted; `-1`, `0` and `""` mean none.
    pub fn unix_milliseconds(&self, field: Field<Scalar<'_>>) -> Option<Timestamp> {
        self.key(field.key()).record("Unix milliseconds");
        let expected = "an instant of 2000 to 2100 in milliseconds since 1970";
        self.unix(field, expected, time::from_unix_milliseconds)
    }

    /// Reads an instant as RFC 3339 text; `-1`, `0`, `""` and the first instant of 1970 mean none.
    ///
    /// Second 60 is read as second 59; the text is kept in `extra` and reported.
    pub fn rfc_3339(&self, field: Field<Scalar<'_>>) -> Option<Timestamp> {
        self.key(field.key()).record("RFC 3339");
        let here = self.key(field.key());
        let scalar = here.value_or(field.state, "an RFC 3339 text")?;
        match scalar {
            _ if scalar.is_sentinel() => None,
            Scalar::Text(text) if time::is_unix_epoch(&text) => None,
            Scalar::Text(text) => {
                let expected = "an RFC 3339 instant of 2000 to 2100 with its offset";
                let instant = here.valid(time::from_rfc_3339(&text), expected)?;
                if time::has_second_60(&text) {
                    let pointer = here.pointer();
                    here.context.keep(&pointer);
                    here.context.report(pointer, DiagnosticKind::LeapSecond);
                }
                Some(instant)
            }
            Scalar::Integer(_) | Scalar::Number(_) => here.valid(None, "an RFC 3339 text"),
        }
    }

    /// Reads an integer and accepts no text: for the code that decides whether a response is a success.
    pub fn exact_integer(&self, field: &Field<Scalar<'_>>) -> Option<i64> {
        self.key(field.key()).record("envelope");
        match field.value()? {
            Scalar::Integer(integer) => Some(*integer),
            Scalar::Text(_) | Scalar::Number(_) => None,
        }
    }

    /// Reads any value, and returns it as the JSON that was sent.
    pub fn json(&self, field: Field<Raw<'_>>) -> Option<Json> {
        self.key(field.key()).record("any JSON");
        let here = self.key(field.key());
        here.json_of(here.value(field.state)?)
    }

    /// Returns the value at this position as the JSON that was sent; `None` for `null`.
    pub fn json_of(&self, raw: Raw<'_>) -> Option<Json> {
        self.record("any JSON");
        (!raw.is_null()).then(|| self.context.json(raw, || self.pointer()))
    }

    /// Reads a text that is itself the value at this position.
    pub fn text_of(&self, scalar: Scalar<'_>) -> Option<String> {
        self.record("text");
        match scalar {
            Scalar::Text(text) => Some(text.into_owned()),
            Scalar::Integer(_) | Scalar::Number(_) => self.valid(None, "a text"),
        }
    }

    /// Reads a text below an undocumented key; `None` for `null`.
    pub fn free_text(&self, raw: Raw<'_>) -> Option<String> {
        self.record("text");
        match raw.valid_text() {
            None if !raw.is_null() => self.valid(None, "a text"),
            text => text.map(Cow::into_owned),
        }
    }

    /// Reads a text or a number, and returns it with its position.
    fn scalar<'q, 't>(
        &'q self,
        field: Field<Scalar<'t>>,
        documented: ScalarType,
    ) -> Option<(Cursor<'q>, Scalar<'t>)> {
        let here = self.key(field.key());
        let scalar = here.value_or(field.state, documented.as_str())?;
        Some((here, scalar))
    }

    /// Returns a text, or the digits of an integer.
    fn as_text(&self, scalar: Scalar<'_>, documented: ScalarType) -> Option<String> {
        let sent = ScalarType::of(&scalar);
        let text = match scalar {
            Scalar::Text(text) => text.into_owned(),
            Scalar::Integer(integer) => integer.to_string(),
            Scalar::Number(digits) => self.digits(digits, documented)?.to_owned(),
        };
        self.expect(documented, sent);
        Some(text)
    }

    /// Converts an integer, or the digits of a text.
    fn integer_of<T>(
        &self,
        scalar: Scalar<'_>,
        documented: ScalarType,
        expected: &'static str,
        convert: impl FnOnce(i128) -> Option<T>,
    ) -> Option<T> {
        let sent = ScalarType::of(&scalar);
        let integer = match scalar {
            Scalar::Text(text) => text.parse().ok(),
            Scalar::Integer(integer) => Some(integer.into()),
            Scalar::Number(digits) => self.digits(digits, documented)?.parse().ok(),
        };
        self.expect(documented, sent);
        self.valid(integer.and_then(convert), expected)
    }

    /// Returns the digits of a number that must be an integer, as they were sent and not as they were repaired.
    fn digits(&self, number: &str, documented: ScalarType) -> Option<&str> {
        let sent = self.context.original(number);
        let digits = sent.strip_prefix('-').unwrap_or(sent);
        let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
        self.valid(is_integer.then_some(sent), documented.as_str())
    }

    /// Reports a type that is not the documented one.
    fn expect(&self, documented: ScalarType, sent: ScalarType) {
        if sent != documented {
            self.tolerate(documented.as_str(), sent.as_str());
        }
    }

    /// Reads and converts an integer.
    fn number<T>(
        &self,
        field: Field<Scalar<'_>>,
        expected: &'static str,
        convert: impl FnOnce(i128) -> Option<T>,
    ) -> Option<T> {
        let (here, scalar) = self.scalar(field, ScalarType::Integer)?;
        here.integer_of(scalar, ScalarType::Integer, expected, convert)
    }

    /// Reads an instant as a count of seconds or milliseconds since 1970.
    fn unix(
        &self,
        field: Field<Scalar<'_>>,
        expected: &'static str,
        convert: impl FnOnce(i64) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let (here, scalar) = self.scalar(field, ScalarType::Integer)?;
        if scalar.is_sentinel() {
            here.expect(ScalarType::Integer, ScalarType::of(&scalar));
            return None;
        }
        here.integer_of(scalar, ScalarType::Integer, expected, |count| {
            convert(count.try_into().ok()?)
        })
    }

    /// Reads a word or a code, and returns its meaning and the word.
    fn vocabulary<K>(
        &self,
        field: Field<Scalar<'_>>,
        documented: ScalarType,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<Coded<K>> {
        self.key(field.key()).record("word");
        let (here, scalar) = self.scalar(field, documented)?;
        let native = here.as_text(scalar, documented)?;
        let value = meaning(&native).unwrap_or_else(|| {
            let kind = DiagnosticKind::UnknownWord { native: native.clone() };
            self.context.report(here.pointer(), kind);
            other
        });
        Some(Coded::new(value, native))
    }

    /// Returns the value; without one, keeps and reports the value at this position as invalid.
    fn valid<T>(&self, value: Option<T>, expected: &'static str) -> Option<T> {
        if value.is_none() {
            self.invalid(expected);
        }
        value
    }
}

/// Returns a function that looks up a word in a table, for [`Cursor::word`], [`Cursor::code`] and the choices.
pub fn look_up<K: Copy>(words: &[(&str, K)]) -> impl Fn(&str) -> Option<K> {
    move |native| {
        if recording::is_on() {
            recording::push_words(words.iter().map(|(word, _)| *word));
        }
        words.iter().find(|(word, _)| *word == native).map(|(_, value)| *value)
    }
}
