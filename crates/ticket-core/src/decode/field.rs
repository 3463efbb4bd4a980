//! A documented value as it was really sent: not at all, as null, as documented, or in another shape.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Raw;

/// A documented value as it was really sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent<T> {
    /// The key was not there.
    Absent,
    /// `null` was sent.
    Null,
    /// A value of the expected shape was sent.
    Value(T),
    /// Something of another shape was sent.
    Odd,
}

/// A documented member of an object: its key, and what was sent under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<T> {
    // A reference to a constant: half as large, and there are hundreds of them.
    key: &'static &'static str,
    pub(super) sent: Sent<T>,
}

impl<T> Field<T> {
    /// A member of which nothing was sent yet.
    pub fn absent(key: &'static &'static str) -> Self {
        Self { key, sent: Sent::Absent }
    }

    /// The key, as the provider spells it.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The value, where one of the expected shape was sent.
    pub fn value(&self) -> Option<&T> {
        match &self.sent {
            Sent::Value(value) => Some(value),
            Sent::Absent | Sent::Null | Sent::Odd => None,
        }
    }
}

impl<'t, T: Shape<'t>> Field<T> {
    /// Reads what was sent under the key.
    ///
    /// # Errors
    /// As [`Shape::sent`], and where the key stands twice: which of the two would be meant?
    pub fn read<A: MapAccess<'t>>(&mut self, object: &mut A) -> Result<(), A::Error> {
        if !matches!(self.sent, Sent::Absent) {
            return Err(A::Error::custom(format_args!("the key `{}` stands twice", self.key)));
        }
        self.sent = object.next_value()?;
        Ok(())
    }
}

/// A shape that a value can be read as.
///
/// A shape takes over the JSON types that it knows; every other type is read past and is [`Sent::Odd`].
pub trait Shape<'t>: Sized {
    /// What is expected, for reports: "a text", "an object".
    const EXPECTED: &'static str;

    /// Whether it is read from its raw text, so that whatever holds it has to hand that over.
    const IS_RAW: bool = false;

    /// Reads a value, whatever it is.
    ///
    /// # Errors
    /// Only where the JSON itself is broken, or a known key stands twice.
    fn sent<D: Deserializer<'t>>(deserializer: D) -> Result<Sent<Self>, D::Error> {
        deserializer.deserialize_any(ShapeVisitor(PhantomData))
    }

    /// From a text.
    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    /// From `true` or `false`.
    fn from_flag(_flag: bool) -> Option<Self> {
        None
    }

    /// From an object.
    ///
    /// # Errors
    /// As [`Shape::sent`].
    fn from_object<A: MapAccess<'t>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    /// From a list.
    ///
    /// # Errors
    /// As [`Shape::sent`].
    fn from_list<A: SeqAccess<'t>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

struct ShapeVisitor<T>(PhantomData<T>);

impl<'t, T: Shape<'t>> Visitor<'t> for ShapeVisitor<T> {
    type Value = Sent<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTED)
    }

    fn visit_unit<E>(self) -> Result<Sent<T>, E> {
        Ok(Sent::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Sent<T>, E> {
        Ok(T::from_flag(flag).map_or(Sent::Odd, Sent::Value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Sent<T>, E> {
        Ok(Sent::Odd)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Sent<T>, E> {
        Ok(Sent::Odd)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Sent<T>, E> {
        Ok(Sent::Odd)
    }

    fn visit_str<E>(self, text: &str) -> Result<Sent<T>, E> {
        Ok(T::from_text(text).map_or(Sent::Odd, Sent::Value))
    }

    fn visit_map<A: MapAccess<'t>>(self, object: A) -> Result<Sent<T>, A::Error> {
        Ok(T::from_object(object)?.map_or(Sent::Odd, Sent::Value))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, list: A) -> Result<Sent<T>, A::Error> {
        Ok(T::from_list(list)?.map_or(Sent::Odd, Sent::Value))
    }
}

impl<'t, T: Shape<'t>> Deserialize<'t> for Sent<T> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        T::sent(deserializer)
    }
}

impl Shape<'_> for String {
    const EXPECTED: &'static str = "a text";

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Shape<'_> for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

impl<'t, T: Shape<'t>> Shape<'t> for Vec<Sent<T>> {
    const EXPECTED: &'static str = "a list";

    fn from_list<A: SeqAccess<'t>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Some(items))
    }
}

/// Something that is documented alone or as a list, and is sent either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrMany<T> {
    /// It was sent alone.
    One(T),
    /// It was sent as a list.
    Many(Vec<Sent<T>>),
}

impl<'t, T: Shape<'t>> Shape<'t> for OneOrMany<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn sent<D: Deserializer<'t>>(deserializer: D) -> Result<Sent<Self>, D::Error> {
        if !T::IS_RAW {
            return deserializer.deserialize_any(ShapeVisitor(PhantomData));
        }
        let raw = Raw::deserialize(deserializer)?;
        if raw.as_str().starts_with('[') {
            raw.read().map(Self::Many).map(Sent::Value).map_err(Error::custom)
        } else {
            Ok(raw.read::<Sent<T>>().map_err(Error::custom)?.map(Self::One))
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(Self::One)
    }

    fn from_flag(flag: bool) -> Option<Self> {
        T::from_flag(flag).map(Self::One)
    }

    fn from_object<A: MapAccess<'t>>(object: A) -> Result<Option<Self>, A::Error> {
        Ok(T::from_object(object)?.map(Self::One))
    }

    fn from_list<A: SeqAccess<'t>>(list: A) -> Result<Option<Self>, A::Error> {
        Ok(Vec::from_list(list)?.map(Self::Many))
    }
}

/// Something that is sent as an object, or as a bare text or integer in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextOr<'t, T> {
    /// The bare text or integer.
    Text(Raw<'t>),
    /// The object.
    Object(T),
}

impl<'t, T: Shape<'t>> Shape<'t> for TextOr<'t, T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const IS_RAW: bool = true;

    fn sent<D: Deserializer<'t>>(deserializer: D) -> Result<Sent<Self>, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        if raw.is_scalar() {
            Ok(Sent::Value(Self::Text(raw)))
        } else {
            Ok(raw.read::<Sent<T>>().map_err(Error::custom)?.map(Self::Object))
        }
    }
}

impl<T> Sent<T> {
    /// Changes the value, where there is one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sent<U> {
        match self {
            Self::Absent => Sent::Absent,
            Self::Null => Sent::Null,
            Self::Value(value) => Sent::Value(change(value)),
            Self::Odd => Sent::Odd,
        }
    }
}
