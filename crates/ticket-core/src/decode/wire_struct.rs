//! One JSON object of a provider: what its documentation names, and whatever else was sent.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::Raw;
use super::wire_value::{Place, WireValue};

/// Declares a JSON object of a provider in the provider's own spelling.
///
/// Each member is a [`Field`](crate::decode::Field) of the given [`WireValue`](crate::decode::WireValue); `unknown` takes
/// whatever else was sent. A key that is no Rust name stands as text behind the member: `kind "type": Scalar<'t>`.
///
/// The struct is generic over `'t`, the response's text.
#[macro_export]
macro_rules! wire_struct {
    (
        $(#[$about:meta])*
        $visibility:vis struct $name:ident {
            $($(#[$doc:meta])* $member:ident $($key:literal)?: $shape:ty),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Debug)]
        #[allow(clippy::struct_field_names, reason = "the provider's spelling")]
        $visibility struct $name<'t> {
            $($(#[$doc])* $visibility $member: $crate::decode::Field<$shape>,)*
            /// Every key that is not documented.
            $visibility unknown: $crate::decode::Unknown<'t>,
        }

        impl<'t> $crate::decode::WireValue<'t> for $name<'t> {
            const EXPECTED: &'static str = "an object";

            fn from_object<A: $crate::decode::MapAccess<'t>>(
                place: $crate::decode::Place<'_, Self>,
                mut object: A,
            ) -> Result<(), A::Error> {
                let pass = place.pass();
                let Self { $($member,)* unknown } = place.fill(Self {
                    $($member: $crate::decode::Field::absent(&$crate::wire_struct!(@key $member $($key)?)),)*
                    unknown: $crate::decode::Unknown::default(),
                });
                while let Some(key) = object.next_key::<$crate::decode::Key<'t>>()? {
                    match key.as_str() {
                        $($crate::wire_struct!(@key $member $($key)?) => $member.read(pass, &mut object)?,)*
                        _ => {
                            pass.count()?;
                            unknown.push(key, object.next_value()?);
                        }
                    }
                }
                Ok(())
            }
        }
    };
    (@key $member:ident) => { stringify!($member) };
    (@key $member:ident $key:literal) => { $key };
}

/// The key of an object, borrowed from the response where it has no escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key<'t>(Cow<'t, str>);

impl Key<'_> {
    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'t> Deserialize<'t> for Key<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'t> Visitor<'t> for KeyVisitor {
            type Value = Key<'t>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'t str) -> Result<Key<'t>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Key<'t>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

/// The members of an object that its documentation does not name, in the order sent.
#[derive(Debug, Default)]
pub struct Unknown<'t>(pub(super) Vec<(Key<'t>, Raw<'t>)>);

impl<'t> Unknown<'t> {
    /// Adds a member.
    pub fn push(&mut self, key: Key<'t>, value: Raw<'t>) {
        self.0.push((key, value));
    }
}

/// An object whose keys are free: all of its members, in the order sent.
#[derive(Debug, Default)]
pub struct Members<'t>(pub(super) Vec<(Key<'t>, Raw<'t>)>);

impl<'t> IntoIterator for Members<'t> {
    type Item = (Key<'t>, Raw<'t>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'t> WireValue<'t> for Members<'t> {
    const EXPECTED: &'static str = "an object";

    fn from_object<A: MapAccess<'t>>(
        place: Place<'_, Self>,
        mut object: A,
    ) -> Result<(), A::Error> {
        let pass = place.pass();
        let Self(members) = place.fill(Self::default());
        while let Some(member) = object.next_entry()? {
            pass.count()?;
            members.push(member);
        }
        Ok(())
    }
}
