//! How an answer is gone through, and how much of it there may be.

use std::cell::Cell;

use serde::de::Error;

/// An item takes up to a kilobyte, and a hostile answer spends three bytes on it: eight megabytes of `{},` would fill the
/// memory. The largest tickets have some thousands.
const MOST_ITEMS: usize = 100_000;

/// How an answer is gone through.
///
/// A quick pass has no look at the text of a scalar: almost every answer can be read so. It ends at a number that is no
/// 64 bit integer, since of those the digits are not to be had. An exact one has the text of each scalar.
#[derive(Debug, Clone, Copy)]
pub struct Pass<'p> {
    is_exact: bool,
    left: &'p Left,
}

/// How many items there may still be.
#[derive(Debug)]
pub(super) struct Left(Cell<usize>);

impl Left {
    /// All that an answer may have.
    pub(super) fn all() -> Self {
        Self(Cell::new(MOST_ITEMS))
    }
}

impl<'p> Pass<'p> {
    pub(super) fn quick(left: &'p Left) -> Self {
        Self { is_exact: false, left }
    }

    pub(super) fn exact(left: &'p Left) -> Self {
        Self { is_exact: true, left }
    }

    pub(super) fn is_exact(self) -> bool {
        self.is_exact
    }

    /// Counts an item of a list, or a member of an object under a key that no documentation names.
    ///
    /// # Errors
    /// Where there were 100,000 already.
    pub fn count<E: Error>(self) -> Result<(), E> {
        let Some(left) = self.left.0.get().checked_sub(1) else {
            let message = format!("the answer has more than {MOST_ITEMS} items and unknown keys");
            return Err(E::custom(message));
        };
        self.left.0.set(left);
        Ok(())
    }
}
