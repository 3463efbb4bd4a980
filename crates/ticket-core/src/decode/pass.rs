//! How a response is gone through, and how much of it there may be.

use std::cell::Cell;

use serde::de::Error;

/// An item takes up to a kilobyte, and a hostile response spends three bytes on it: eight megabytes of `{},` would fill the
/// memory. The largest tickets have some thousands.
const MOST_ITEMS: usize = 100_000;

/// How a response is gone through.
///
/// A quick pass has no look at the text of a scalar: almost every response can be read so. It ends at a number that is no
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
    /// All that a response may have.
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
            let message = format!("the response has more than {MOST_ITEMS} items and unknown keys");
            return Err(E::custom(message));
        };
        self.left.0.set(left);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::decode::{Document, FieldState, Members};
    use crate::{Error, ErrorKind, Response, wire_struct};

    wire_struct! {
        struct Ticket {
            notes: Vec<FieldState<Note<'t>>>,
            fields: Members<'t>,
        }
    }

    wire_struct! {
        struct Note {
            text: String,
        }
    }

    fn parse(text: String) -> Result<(), Error> {
        let response = Response::saved("get_ticket", text);
        let document = Document::open(&response)?;
        let Ticket { notes: _, fields: _, unknown: _ } = document.parse()?;
        Ok(())
    }

    #[test]
    fn more_items_than_any_ticket_has_are_refused_before_they_fill_the_memory() {
        let items = |count| vec!["{}"; count].join(",");
        let keys = |count| {
            let keys: Vec<_> = (0..count).map(|key| format!(r#""k{key}": 1"#)).collect();
            keys.join(",")
        };
        for (before, many, after) in [
            (r#"{"notes": ["#, &items as &dyn Fn(usize) -> String, "]}"),
            (r#"{"fields": {"#, &keys, "}}"),
            ("{", &keys, "}"),
        ] {
            let with = |count| [before, &many(count), after].concat();
            parse(with(100_000)).unwrap();
            let error = parse(with(100_001)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse);
            let message = "the response has more than 100000 items and unknown keys";
            assert_eq!(error.message(), message, "{before}");
        }
    }
}
