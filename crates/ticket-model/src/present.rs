//! Objects without any value become `null`.

/// An object that may have no value.
///
/// If no member has a value, the object itself is `null`. Constants (the ends of a scale) do not count as values.
///
/// ```
/// use ticket_model::{Person, Present};
///
/// assert_eq!(Person::default().present(), None);
/// let named = Person { name: Some("Ada".into()), ..Person::default() };
/// assert_eq!(named.clone().present(), Some(named));
/// ```
pub trait Present: Sized {
    /// Returns whether any member has a value.
    fn is_present(&self) -> bool;

    /// Returns the object, or `None` if no member has a value.
    fn present(self) -> Option<Self> {
        self.is_present().then_some(self)
    }
}

impl<T> Present for Option<T> {
    fn is_present(&self) -> bool {
        self.is_some()
    }
}

impl<T> Present for Vec<T> {
    fn is_present(&self) -> bool {
        !self.is_empty()
    }
}

/// Implements [`Present`] for all members; a missing one does not compile.
macro_rules! present {
    ($name:ident { $($member:ident),+ $(,)? } $(constants { $($constant:ident),+ })?) => {
        impl $crate::Present for $name {
            fn is_present(&self) -> bool {
                let Self { $($member,)+ $($($constant: _,)+)? } = self;
                $($crate::Present::is_present($member))||+
            }
        }
    };
}
pub(crate) use present;
