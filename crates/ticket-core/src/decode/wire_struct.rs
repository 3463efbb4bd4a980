//! One JSON object of a provider: its documented fields, and all other members.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::field_state::FieldState;
use super::item_budget::ItemBudget;
use super::raw::Raw;
use super::wire_value::{Reader, WireValue};

/// Declares a JSON object of a provider, in the provider's spelling.
///
/// Each member becomes a [`Field`](crate::decode::Field) of the given [`WireValue`](crate::decode::WireValue). The member
/// `unknown` is added; it holds every key that is not declared. If a key is not a Rust name, write it as a text after the
/// member: `kind "type": Scalar<'t>`.
///
/// A tenant may add keys that begin alike, such as `RT::CustomRole-1`. `keys` after the struct adds a member that holds them:
///
/// ```
/// # use ticket_core::{decode::Scalar, wire_struct};
/// wire_struct! {
///     struct Ticket {
///         id: Scalar<'t>,
///     }
///     keys roles "RT::CustomRole-": Scalar<'t>
/// }
/// ```
///
/// The struct is generic over `'t`, the text of the response.
#[macro_export]
macro_rules! wire_struct {
    (
        $(#[$about:meta])*
        $visibility:vis struct $name:ident {
            $($(#[$doc:meta])* $member:ident $($key:literal)?: $value:ty),* $(,)?
        }
        $(keys $tenant:ident $prefix:literal: $tenant_value:ty)?
    ) => {
        $(#[$about])*
        #[derive(Debug)]
        #[allow(clippy::struct_field_names, reason = "the provider's spelling")]
        $visibility struct $name<'t> {
            $($(#[$doc])* $visibility $member: $crate::decode::Field<$value>,)*
            $(/// The keys that begin alike.
            $visibility $tenant: $crate::decode::Prefixed<'t, $tenant_value>,)?
            /// Every key that is not documented.
            $visibility unknown: $crate::decode::Unknown<'t>,
        }

        impl<'t> $crate::decode::WireValue<'t> for $name<'t> {
            const EXPECTED: &'static str = "an object";

            fn from_object<A: $crate::decode::MapAccess<'t>>(
                mut object: A,
                budget: &$crate::decode::ItemBudget,
            ) -> Result<$crate::decode::FieldState<Self>, A::Error> {
                let mut read = Self {
                    $($member: $crate::decode::Field::absent(&$crate::wire_struct!(@key $member $($key)?)),)*
                    $($tenant: $crate::decode::Prefixed::default(),)?
                    unknown: $crate::decode::Unknown::default(),
                };
                while let Some(key) = object.next_key::<$crate::decode::Key<'t>>()? {
                    match key.as_str() {
                        $($crate::wire_struct!(@key $member $($key)?) => read.$member.read(&mut object, budget)?,)*
                        $(text if text.starts_with($prefix) => {
                            budget.take()?;
                            read.$tenant.read(key, &mut object, budget)?;
                        })?
                        _ => {
                            budget.take()?;
                            read.unknown.push(key, object.next_value()?);
                        }
                    }
                }
                Ok($crate::decode::FieldState::Valid(read))
            }
        }
    };
    (@key $member:ident) => { stringify!($member) };
    (@key $member:ident $key:literal) => { $key };
}

/// The key of an object, borrowed from the response if it has no escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key<'t>(Cow<'t, str>);

impl Key<'_> {
    /// Returns the key.
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

/// The undocumented members of an object, in the order in which they were sent.
#[derive(Debug, Default)]
pub struct Unknown<'t>(pub(super) Vec<(Key<'t>, Raw<'t>)>);

impl<'t> Unknown<'t> {
    /// Adds a member.
    pub fn push(&mut self, key: Key<'t>, value: Raw<'t>) {
        self.0.push((key, value));
    }
}

/// The members of an object whose keys begin alike, in the order in which they were sent.
#[derive(Debug)]
pub struct Prefixed<'t, T>(pub(super) Vec<(Key<'t>, FieldState<T>)>);

impl<T> Default for Prefixed<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'t, T: WireValue<'t>> Prefixed<'t, T> {
    /// Reads the value of a member.
    ///
    /// # Errors
    /// As [`WireValue::read`].
    pub fn read<A: MapAccess<'t>>(
        &mut self,
        key: Key<'t>,
        object: &mut A,
        budget: &ItemBudget,
    ) -> Result<(), A::Error> {
        self.0.push((key, object.next_value_seed(Reader::new(budget))?));
        Ok(())
    }
}

/// An object without documented keys: all of its members, in the order in which they were sent.
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
        mut object: A,
        budget: &ItemBudget,
    ) -> Result<FieldState<Self>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            budget.take()?;
            members.push(member);
        }
        Ok(FieldState::Valid(Self(members)))
    }
}
