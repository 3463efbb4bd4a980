//! What a value is read as, straight into its place: what is moved once is not moved again.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::field::FieldState;
use super::pass::Pass;
use super::raw::{Raw, without_place};
use super::scalar::Scalar;

/// A shape that a value can be read as.
///
/// A shape takes over the JSON types that it knows; every other type is read past and is [`FieldState::Invalid`].
pub trait WireValue<'t>: Sized {
    /// What is expected, for reports: "a text", "an object".
    const EXPECTED: &'static str;

    /// Whether it is read from its raw text, so that whatever may hold it has to hand that over.
    fn is_raw(_pass: Pass<'_>) -> bool {
        false
    }

    /// Reads a value, whatever it is, into its place.
    ///
    /// # Errors
    /// Only where the JSON itself is broken, a known key stands twice, or the pass was too quick.
    fn read<D: Deserializer<'t>>(place: Place<'_, Self>, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(place)
    }

    /// From a text or an integer.
    fn from_scalar(_scalar: Scalar<'t>) -> Option<Self> {
        None
    }

    /// From `true` or `false`.
    fn from_flag(_flag: bool) -> Option<Self> {
        None
    }

    /// From an object.
    ///
    /// # Errors
    /// As [`WireValue::read`].
    fn from_object<A: MapAccess<'t>>(
        place: Place<'_, Self>,
        mut object: A,
    ) -> Result<(), A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        place.put(FieldState::Invalid);
        Ok(())
    }

    /// From a list.
    ///
    /// # Errors
    /// As [`WireValue::read`].
    fn from_list<A: SeqAccess<'t>>(place: Place<'_, Self>, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        place.put(FieldState::Invalid);
        Ok(())
    }
}

/// Where a value goes that is being read.
#[derive(Debug)]
pub struct Place<'p, T> {
    sent: &'p mut FieldState<T>,
    pass: Pass<'p>,
}

impl<'p, T> Place<'p, T> {
    pub(super) fn new(sent: &'p mut FieldState<T>, pass: Pass<'p>) -> Self {
        Self { sent, pass }
    }

    /// How the response is gone through.
    pub fn pass(&self) -> Pass<'p> {
        self.pass
    }

    /// Puts a value there, to be filled where it stands.
    pub fn fill(self, value: T) -> &'p mut T {
        *self.sent = FieldState::Valid(value);
        match self.sent {
            FieldState::Valid(value) => value,
            _ => unreachable!("it was put there"),
        }
    }

    pub(super) fn put(self, sent: FieldState<T>) {
        *self.sent = sent;
    }
}

impl<'t, T: WireValue<'t>> DeserializeSeed<'t> for Place<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        T::read(self, deserializer)
    }
}

impl<'t, T: WireValue<'t>> Visitor<'t> for Place<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTED)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(FieldState::Null);
        Ok(())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.put(T::from_flag(flag).map_or(FieldState::Invalid, FieldState::Valid));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<(), E> {
        self.scalar(Scalar::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.scalar(Scalar::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_i64<E>(self, integer: i64) -> Result<(), E> {
        self.scalar(Scalar::Integer(integer));
        Ok(())
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<(), E> {
        match i64::try_from(integer) {
            Ok(integer) => self.visit_i64(integer),
            Err(_) => self.digits(),
        }
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.digits()
    }

    fn visit_map<A: MapAccess<'t>>(self, object: A) -> Result<(), A::Error> {
        T::from_object(self, object)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, list: A) -> Result<(), A::Error> {
        T::from_list(self, list)
    }
}

impl<'t, T: WireValue<'t>> Place<'_, T> {
    fn scalar(self, scalar: Scalar<'t>) {
        self.put(T::from_scalar(scalar).map_or(FieldState::Invalid, FieldState::Valid));
    }

    /// A number of which only the digits would be exact.
    fn digits<E: Error>(self) -> Result<(), E> {
        if !self.pass.is_exact() {
            return Err(E::custom("a number has to be read by its digits"));
        }
        self.put(FieldState::Invalid);
        Ok(())
    }
}

impl<'t> WireValue<'t> for String {
    const EXPECTED: &'static str = "a text";

    fn from_scalar(scalar: Scalar<'t>) -> Option<Self> {
        match scalar {
            Scalar::Text(text) => Some(text.into_owned()),
            Scalar::Integer(_) | Scalar::Number(_) => None,
        }
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

    fn from_list<A: SeqAccess<'t>>(place: Place<'_, Self>, mut list: A) -> Result<(), A::Error> {
        let pass = place.pass();
        let items = place.fill(Vec::new());
        let mut item = FieldState::Absent;
        while list.next_element_seed(Place::new(&mut item, pass))?.is_some() {
            pass.count()?;
            items.push(std::mem::replace(&mut item, FieldState::Absent));
        }
        Ok(())
    }
}

/// Something that is documented alone or as a list, and is sent either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrMany<T> {
    /// It was sent alone.
    One(T),
    /// It was sent as a list.
    Many(Vec<FieldState<T>>),
}

impl<'t, T: WireValue<'t>> WireValue<'t> for OneOrMany<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<D: Deserializer<'t>>(place: Place<'_, Self>, deserializer: D) -> Result<(), D::Error> {
        if !T::is_raw(place.pass) {
            return deserializer.deserialize_any(place);
        }
        let raw = Raw::from_deserializer(deserializer)?;
        let sent = if raw.as_str().starts_with('[') {
            raw.read(place.pass).map_err(without_place)?.map(Self::Many)
        } else {
            raw.read(place.pass).map_err(without_place)?.map(Self::One)
        };
        place.put(sent);
        Ok(())
    }

    fn from_scalar(scalar: Scalar<'t>) -> Option<Self> {
        T::from_scalar(scalar).map(Self::One)
    }

    fn from_flag(flag: bool) -> Option<Self> {
        T::from_flag(flag).map(Self::One)
    }

    fn from_object<A: MapAccess<'t>>(place: Place<'_, Self>, object: A) -> Result<(), A::Error> {
        let mut one = FieldState::Absent;
        T::from_object(Place::new(&mut one, place.pass), object)?;
        place.put(one.map(Self::One));
        Ok(())
    }

    fn from_list<A: SeqAccess<'t>>(place: Place<'_, Self>, list: A) -> Result<(), A::Error> {
        let mut many = FieldState::Absent;
        Vec::from_list(Place::new(&mut many, place.pass), list)?;
        place.put(many.map(Self::Many));
        Ok(())
    }
}

/// Something that is sent as an object, or as a bare text or number in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextOr<'t, T> {
    /// The bare text or number.
    Text(Scalar<'t>),
    /// The object.
    Object(T),
}

impl<'t, T: WireValue<'t>> WireValue<'t> for TextOr<'t, T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn is_raw(pass: Pass<'_>) -> bool {
        pass.is_exact()
    }

    fn read<D: Deserializer<'t>>(place: Place<'_, Self>, deserializer: D) -> Result<(), D::Error> {
        if !Self::is_raw(place.pass) {
            return deserializer.deserialize_any(place);
        }
        let raw = Raw::from_deserializer(deserializer)?;
        let sent = match raw.scalar().map_err(without_place)? {
            Some(scalar) => FieldState::Valid(Self::Text(scalar)),
            None => raw.read(place.pass).map_err(without_place)?.map(Self::Object),
        };
        place.put(sent);
        Ok(())
    }

    fn from_scalar(scalar: Scalar<'t>) -> Option<Self> {
        Some(Self::Text(scalar))
    }

    fn from_object<A: MapAccess<'t>>(place: Place<'_, Self>, object: A) -> Result<(), A::Error> {
        let mut inner = FieldState::Absent;
        T::from_object(Place::new(&mut inner, place.pass), object)?;
        place.put(inner.map(Self::Object));
        Ok(())
    }
}
