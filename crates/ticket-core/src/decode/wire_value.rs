//! The types that a JSON value can be read as.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::field_state::FieldState;
use super::item_budget::ItemBudget;
use super::raw::{Raw, without_position};
use super::scalar::Scalar;

/// A type that a JSON value can be read as.
///
/// A value of another JSON type is skipped and is [`FieldState::Invalid`]: it never fails the whole response.
///
/// A type that may be a number overrides [`read`](Self::read) and takes the raw text, because serde hands over no digits. Every
/// other type implements the `from_…` method of the JSON types that it accepts.
pub trait WireValue<'t>: Sized {
    /// What is expected, for diagnostics: "a text", "an object".
    const EXPECTED: &'static str;

    /// Reads a value of any JSON type.
    ///
    /// # Errors
    /// If the JSON is malformed, a documented key is duplicated, or the budget is used up.
    fn read<D: Deserializer<'t>>(
        deserializer: D,
        budget: &ItemBudget,
    ) -> Result<FieldState<Self>, D::Error> {
        deserializer.deserialize_any(Reader::new(budget))
    }

    /// Converts a text.
    fn from_text(_text: Cow<'t, str>) -> Option<Self> {
        None
    }

    /// Converts `true` or `false`.
    fn from_flag(_flag: bool) -> Option<Self> {
        None
    }

    /// Reads an object.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn from_object<A: MapAccess<'t>>(
        mut object: A,
        _budget: &ItemBudget,
    ) -> Result<FieldState<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(FieldState::Invalid)
    }

    /// Reads a list.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn from_list<A: SeqAccess<'t>>(
        mut list: A,
        _budget: &ItemBudget,
    ) -> Result<FieldState<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(FieldState::Invalid)
    }
}

/// Connects a [`WireValue`] to serde: as a seed it calls `read`, as a visitor the `from_…` methods.
pub(super) struct Reader<'b, T> {
    budget: &'b ItemBudget,
    value: PhantomData<T>,
}

impl<'b, T> Reader<'b, T> {
    pub(super) fn new(budget: &'b ItemBudget) -> Self {
        Self { budget, value: PhantomData }
    }
}

impl<'t, T: WireValue<'t>> DeserializeSeed<'t> for Reader<'_, T> {
    type Value = FieldState<T>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<FieldState<T>, D::Error> {
        T::read(deserializer, self.budget)
    }
}

impl<'t, T: WireValue<'t>> Visitor<'t> for Reader<'_, T> {
    type Value = FieldState<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTED)
    }

    fn visit_map<A: MapAccess<'t>>(self, object: A) -> Result<FieldState<T>, A::Error> {
        T::from_object(object, self.budget)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, list: A) -> Result<FieldState<T>, A::Error> {
        T::from_list(list, self.budget)
    }

    fn visit_unit<E>(self) -> Result<FieldState<T>, E> {
        Ok(FieldState::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<FieldState<T>, E> {
        Ok(T::from_flag(flag).map_or(FieldState::Invalid, FieldState::Valid))
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<FieldState<T>, E> {
        Ok(T::from_text(Cow::Borrowed(text)).map_or(FieldState::Invalid, FieldState::Valid))
    }

    fn visit_str<E>(self, text: &str) -> Result<FieldState<T>, E> {
        Ok(T::from_text(Cow::Owned(text.to_owned())).map_or(FieldState::Invalid, FieldState::Valid))
    }

    fn visit_i64<E>(self, _: i64) -> Result<FieldState<T>, E> {
        Ok(FieldState::Invalid)
    }

    fn visit_u64<E>(self, _: u64) -> Result<FieldState<T>, E> {
        Ok(FieldState::Invalid)
    }

    fn visit_f64<E>(self, _: f64) -> Result<FieldState<T>, E> {
        Ok(FieldState::Invalid)
    }
}

impl<'t> WireValue<'t> for Raw<'t> {
    const EXPECTED: &'static str = "any value";

    fn read<D: Deserializer<'t>>(
        deserializer: D,
        _: &ItemBudget,
    ) -> Result<FieldState<Self>, D::Error> {
        Self::from_deserializer(deserializer)?.convert(|raw| Ok(Some(raw)))
    }
}

impl<'t> WireValue<'t> for Scalar<'t> {
    const EXPECTED: &'static str = "a text or a number";

    fn read<D: Deserializer<'t>>(
        deserializer: D,
        _: &ItemBudget,
    ) -> Result<FieldState<Self>, D::Error> {
        Raw::from_deserializer(deserializer)?.convert(Self::from_raw)
    }
}

impl<'t> WireValue<'t> for String {
    const EXPECTED: &'static str = "a text";

    fn from_text(text: Cow<'t, str>) -> Option<Self> {
        Some(text.into_owned())
    }
}

impl WireValue<'_> for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

impl<'t, T: WireValue<'t>> WireValue<'t> for Vec<FieldState<T>> {
    const EXPECTED: &'static str = "a list";

    fn from_list<A: SeqAccess<'t>>(
        mut list: A,
        budget: &ItemBudget,
    ) -> Result<FieldState<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Reader::new(budget))? {
            budget.take()?;
            items.push(item);
        }
        Ok(FieldState::Valid(items))
    }
}

/// An object (or a text) that is documented alone or as a list, and is sent either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrMany<T> {
    /// The value alone.
    One(T),
    /// A list of values.
    Many(Vec<FieldState<T>>),
}

impl<'t, T: WireValue<'t>> WireValue<'t> for OneOrMany<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_text(text: Cow<'t, str>) -> Option<Self> {
        T::from_text(text).map(Self::One)
    }

    fn from_object<A: MapAccess<'t>>(
        object: A,
        budget: &ItemBudget,
    ) -> Result<FieldState<Self>, A::Error> {
        Ok(T::from_object(object, budget)?.map(Self::One))
    }

    fn from_list<A: SeqAccess<'t>>(
        list: A,
        budget: &ItemBudget,
    ) -> Result<FieldState<Self>, A::Error> {
        Ok(Vec::from_list(list, budget)?.map(Self::Many))
    }
}

/// A value that is sent as an object or as a bare text or number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextOr<'t, T> {
    /// The bare text or number.
    Text(Scalar<'t>),
    /// The object.
    Object(T),
}

impl<'t, T: WireValue<'t>> WireValue<'t> for TextOr<'t, T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<D: Deserializer<'t>>(
        deserializer: D,
        budget: &ItemBudget,
    ) -> Result<FieldState<Self>, D::Error> {
        let raw = Raw::from_deserializer(deserializer)?;
        if raw.as_str().starts_with('{') {
            let mut deserializer = serde_json::Deserializer::from_str(raw.as_str());
            T::read(&mut deserializer, budget)
                .map(|state| state.map(Self::Object))
                .map_err(without_position)
        } else {
            raw.convert(|raw| Ok(Scalar::from_raw(raw)?.map(Self::Text)))
        }
    }

    fn from_text(text: Cow<'t, str>) -> Option<Self> {
        Some(Self::Text(Scalar::Text(text)))
    }

    fn from_object<A: MapAccess<'t>>(
        object: A,
        budget: &ItemBudget,
    ) -> Result<FieldState<Self>, A::Error> {
        Ok(T::from_object(object, budget)?.map(Self::Object))
    }
}
