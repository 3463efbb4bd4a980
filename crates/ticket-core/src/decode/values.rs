//! The readers of texts, ids, words, numbers and instants.

use std::borrow::Cow;

use jiff::Timestamp;
use ticket_model::{Coded, Json, Seconds};

use super::Cursor;
use super::decimal::minutes_to_milliseconds;
use super::field::{Field, FieldState};
use super::raw::Raw;
use super::scalar::Scalar;
use super::time;
use crate::DiagnosticKind;

/// What the documentation says a scalar is; the other one is understood and reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Documented {
    Text,
    Integer,
}

impl Documented {
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
    /// A text.
    pub fn text(&self, field: Field<String>) -> Option<String> {
        self.key(field.key()).sent(field.sent)
    }

    /// True or false.
    pub fn flag(&self, field: Field<bool>) -> Option<bool> {
        self.key(field.key()).sent(field.sent)
    }

    /// An id that is documented as text; an integer is understood.
    pub fn id(&self, field: Field<Scalar<'_>>) -> Option<String> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, Documented::Text.as_str())?;
        here.id_of(scalar)
    }

    /// An id that is documented as text and stands at this place itself.
    pub fn id_of(&self, scalar: Scalar<'_>) -> Option<String> {
        self.as_text(scalar, Documented::Text).filter(|id| !id.is_empty())
    }

    /// An id that is documented as an integer; a text is understood.
    pub fn integer_id(&self, field: Field<Scalar<'_>>) -> Option<String> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, Documented::Integer.as_str())?;
        here.as_text(scalar, Documented::Integer).filter(|id| !id.is_empty())
    }

    /// A word of a vocabulary, documented as text: our word and the provider's.
    ///
    /// A word that `meaning` does not know is `other`, and is reported; an integer in its place is understood.
    pub fn word<K>(
        &self,
        field: Field<Scalar<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<Coded<K>> {
        self.vocabulary(field, Documented::Text, meaning, other)
    }

    /// A code of a vocabulary, documented as an integer: our word and the provider's code.
    ///
    /// A code that `meaning` does not know is `other`, and is reported; a text in its place is understood.
    pub fn code<K>(
        &self,
        field: Field<Scalar<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<Coded<K>> {
        self.vocabulary(field, Documented::Integer, meaning, other)
    }

    /// One of a few documented integers; one that `meaning` does not know cannot be read.
    pub fn choice<K>(
        &self,
        field: Field<Scalar<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        expected: &'static str,
    ) -> Option<K> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, Documented::Integer.as_str())?;
        let digits = here.as_text(scalar, Documented::Integer)?;
        here.readable(meaning(&digits), expected)
    }

    /// One of a few documented words, `"0"` and `"1"` for example; one that `meaning` does not know cannot be read.
    pub fn choice_of_words<K>(
        &self,
        field: Field<Scalar<'_>>,
        meaning: impl FnOnce(&str) -> Option<K>,
        expected: &'static str,
    ) -> Option<K> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, Documented::Text.as_str())?;
        let word = here.as_text(scalar, Documented::Text)?;
        here.readable(meaning(&word), expected)
    }

    /// An integer; a text of digits is understood.
    pub fn integer(&self, field: Field<Scalar<'_>>) -> Option<i64> {
        self.number(field, "an integer", |integer| integer.try_into().ok())
    }

    /// A rating from `min` to `max`; one off the scale cannot be read.
    pub fn rating(&self, field: Field<Scalar<'_>>, min: i64, max: i64) -> Option<i64> {
        self.number(field, "a rating of the documented scale", |rating| {
            rating.try_into().ok().filter(|rating| (min..=max).contains(rating))
        })
    }

    /// A size in bytes, documented as text; an integer is understood.
    pub fn size(&self, field: Field<Scalar<'_>>) -> Option<u64> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, Documented::Text.as_str())?;
        here.integer_of(scalar, Documented::Text, "a size in bytes", |size| size.try_into().ok())
    }

    /// A size in bytes, documented as an integer; a text of digits is understood.
    pub fn integer_size(&self, field: Field<Scalar<'_>>) -> Option<u64> {
        self.number(field, "a size in bytes", |size| size.try_into().ok())
    }

    /// A duration in whole seconds; `-1` is none. An instant is [`unix_seconds`](Self::unix_seconds).
    pub fn seconds(&self, field: Field<Scalar<'_>>) -> Option<u64> {
        self.number(field, "a duration in seconds", |seconds| match seconds {
            -1 => Some(None),
            _ => seconds.try_into().ok().map(Some),
        })?
    }

    /// A duration in decimal minutes, as seconds; `-1` is none.
    pub fn minutes(&self, field: Field<Raw<'_>>) -> Option<Seconds> {
        let here = self.key(field.key());
        let raw = here.sent(field.sent)?;
        let decimal = match raw.text() {
            Some(text) => {
                here.tolerate("a number", "a text");
                text
            }
            None => Cow::Borrowed(here.document.original(raw.as_str())),
        };
        if decimal == "-1" {
            return None;
        }
        let seconds = minutes_to_milliseconds(&decimal).and_then(Seconds::from_milliseconds);
        here.readable(seconds, "a duration in minutes")
    }

    /// An instant in seconds since 1970; a text of digits is understood; `-1`, `0` and `""` are none.
    pub fn unix_seconds(&self, field: Field<Scalar<'_>>) -> Option<Timestamp> {
        let expected = "an instant of 2000 to 2100 in seconds since 1970";
        self.unix(field, expected, time::from_unix_seconds)
    }

    /// An instant in milliseconds since 1970; a text of digits is understood; `-1`, `0` and `""` are none.
    pub fn unix_milliseconds(&self, field: Field<Scalar<'_>>) -> Option<Timestamp> {
        let expected = "an instant of 2000 to 2100 in milliseconds since 1970";
        self.unix(field, expected, time::from_unix_milliseconds)
    }

    /// Reads an instant from RFC 3339 text; `-1`, `0` and `""` are none.
    ///
    /// Second 60 is read as second 59; then the text is kept in `extra` and reported.
    pub fn rfc_3339(&self, field: Field<Scalar<'_>>) -> Option<Timestamp> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, "an RFC 3339 text")?;
        match scalar {
            _ if scalar.is_sentinel() => None,
            Scalar::Text(text) => {
                let expected = "an RFC 3339 instant of 2000 to 2100 with its offset";
                let instant = here.readable(time::from_rfc_3339(&text), expected)?;
                if time::has_second_60(&text) {
                    let pointer = here.pointer();
                    here.document.keep(&pointer);
                    here.document.diagnostic(pointer, DiagnosticKind::LeapSecond);
                }
                Some(instant)
            }
            Scalar::Integer(_) | Scalar::Number(_) => here.readable(None, "an RFC 3339 text"),
        }
    }

    /// An integer number and nothing else, for the code that decides whether a response is a success.
    pub fn exact_integer(&self, field: &Field<Scalar<'_>>) -> Option<i64> {
        match field.value()? {
            Scalar::Integer(integer) => Some(*integer),
            Scalar::Text(_) | Scalar::Number(_) => None,
        }
    }

    /// Reads any value as JSON.
    pub fn json(&self, field: Field<Raw<'_>>) -> Option<Json> {
        let here = self.key(field.key());
        here.json_of(here.sent(field.sent)?)
    }

    /// Reads any value that stands at this place itself as JSON; `null` is none.
    pub fn json_of(&self, raw: Raw<'_>) -> Option<Json> {
        (!raw.is_null()).then(|| self.document.json(raw, || self.pointer()))
    }

    /// A text that stands at this place itself.
    pub fn text_of(&self, scalar: Scalar<'_>) -> Option<String> {
        match scalar {
            Scalar::Text(text) => Some(text.into_owned()),
            Scalar::Integer(_) | Scalar::Number(_) => self.readable(None, "a text"),
        }
    }

    /// A text that stands at this place itself, under a free key; `null` is none.
    pub fn free_text(&self, raw: Raw<'_>) -> Option<String> {
        match raw.text() {
            None if !raw.is_null() => self.readable(None, "a text"),
            text => text.map(Cow::into_owned),
        }
    }

    /// A text or a number.
    fn scalar<'t>(
        &self,
        sent: FieldState<Scalar<'t>>,
        expected: &'static str,
    ) -> Option<Scalar<'t>> {
        match sent {
            FieldState::Valid(scalar) => Some(scalar),
            FieldState::Absent | FieldState::Null => None,
            FieldState::Invalid => self.readable(None, expected),
        }
    }

    /// A text, or the digits of an integer, whichever was sent.
    fn as_text(&self, scalar: Scalar<'_>, documented: Documented) -> Option<String> {
        let sent = Documented::of(&scalar);
        let text = match scalar {
            Scalar::Text(text) => text.into_owned(),
            Scalar::Integer(integer) => integer.to_string(),
            Scalar::Number(digits) => self.digits(digits, documented)?.to_owned(),
        };
        self.expect(documented, sent);
        Some(text)
    }

    /// What an integer means, or the one that a text holds.
    fn integer_of<T>(
        &self,
        scalar: Scalar<'_>,
        documented: Documented,
        expected: &'static str,
        read: impl FnOnce(i128) -> Option<T>,
    ) -> Option<T> {
        let sent = Documented::of(&scalar);
        let integer = match scalar {
            Scalar::Text(text) => text.parse().ok(),
            Scalar::Integer(integer) => Some(integer.into()),
            Scalar::Number(digits) => self.digits(digits, documented)?.parse().ok(),
        };
        self.expect(documented, sent);
        self.readable(integer.and_then(read), expected)
    }

    /// The digits of a number that has to be an integer: those that were sent, and not what a repair made of them.
    fn digits(&self, number: &str, documented: Documented) -> Option<&str> {
        let sent = self.document.original(number);
        let digits = sent.strip_prefix('-').unwrap_or(sent);
        let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
        self.readable(is_integer.then_some(sent), documented.as_str())
    }

    /// Reports where the one was documented and the other was sent.
    fn expect(&self, documented: Documented, sent: Documented) {
        if sent != documented {
            self.tolerate(documented.as_str(), sent.as_str());
        }
    }

    /// An integer that means something.
    fn number<T>(
        &self,
        field: Field<Scalar<'_>>,
        expected: &'static str,
        read: impl FnOnce(i128) -> Option<T>,
    ) -> Option<T> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, Documented::Integer.as_str())?;
        here.integer_of(scalar, Documented::Integer, expected, read)
    }

    /// An instant by what it counts since 1970.
    fn unix(
        &self,
        field: Field<Scalar<'_>>,
        expected: &'static str,
        instant: impl FnOnce(i64) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, Documented::Integer.as_str())?;
        if scalar.is_sentinel() {
            here.expect(Documented::Integer, Documented::of(&scalar));
            return None;
        }
        here.integer_of(scalar, Documented::Integer, expected, |count| {
            instant(count.try_into().ok()?)
        })
    }

    /// Our word for the provider's, and the provider's.
    fn vocabulary<K>(
        &self,
        field: Field<Scalar<'_>>,
        documented: Documented,
        meaning: impl FnOnce(&str) -> Option<K>,
        other: K,
    ) -> Option<Coded<K>> {
        let here = self.key(field.key());
        let scalar = here.scalar(field.sent, documented.as_str())?;
        let native = here.as_text(scalar, documented)?;
        let value = meaning(&native).unwrap_or_else(|| {
            let kind = DiagnosticKind::UnknownWord { native: native.clone() };
            self.document.diagnostic(here.pointer(), kind);
            other
        });
        Some(Coded::new(value, native))
    }

    /// The value; where there is none, what stands here is kept and reported.
    fn readable<T>(&self, value: Option<T>, expected: &'static str) -> Option<T> {
        if value.is_none() {
            self.invalid(expected);
        }
        value
    }
}

/// The meaning of a word by a table of words, for [`Cursor::word`], [`Cursor::code`] and the choices.
pub fn look_up<K: Copy>(words: &[(&str, K)]) -> impl Fn(&str) -> Option<K> {
    move |native| words.iter().find(|(word, _)| *word == native).map(|(_, ours)| *ours)
}
