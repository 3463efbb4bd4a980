//! A limit on how many items a response may have.

use std::cell::Cell;

use serde::de::Error;

/// How many items a response may have. An item takes up to a kilobyte of memory, and a hostile response spends three bytes
/// (`{},`) on it: without a limit, eight megabytes of them would fill the memory. The largest tickets have some thousands.
const MAX_ITEMS: usize = 100_000;

/// Counts the items of a response while it is parsed: items of lists, and members of objects that are not documented.
#[derive(Debug)]
pub struct ItemBudget(Cell<usize>);

impl ItemBudget {
    /// Returns the budget of one response.
    pub(super) fn new() -> Self {
        Self(Cell::new(MAX_ITEMS))
    }

    /// Counts one item.
    ///
    /// # Errors
    /// If the response has more than 100,000 items.
    pub fn take<E: Error>(&self) -> Result<(), E> {
        let Some(left) = self.0.get().checked_sub(1) else {
            let message =
                format!("the response has more than {MAX_ITEMS} items and undocumented keys");
            return Err(E::custom(message));
        };
        self.0.set(left);
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
    fn limits_list_items_free_keys_and_unknown_keys() {
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
            let message = "the response has more than 100000 items and undocumented keys";
            assert_eq!(error.message(), message, "{before}");
        }
    }
}
