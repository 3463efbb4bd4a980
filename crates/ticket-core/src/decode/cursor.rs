//! A place in a response, and the readers of objects and lists that stand there.

use super::document::Document;
use super::field::{Field, FieldState};
use super::scan::push_step;
use super::wire_struct::Unknown;
use super::wire_value::{OneOrMany, WireValue};
use crate::DiagnosticKind;

/// A place in a response.
///
/// Every reader gives the value, or `None` where there is none: because nothing was sent, because a sentinel was
/// sent (a time of `-1`, `0` or `""`, a duration of `-1`, an id of `""`), or because what was sent cannot be
/// read. What cannot be read is kept in `extra` and reported.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'p> {
    pub(super) document: &'p Document<'p>,
    parent: Option<&'p Cursor<'p>>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Top,
    Key(&'p str),
    Item(usize),
}

impl<'p> Cursor<'p> {
    pub(super) fn root(document: &'p Document<'p>) -> Self {
        Self { document, parent: None, step: Step::Top }
    }

    /// The place under this key.
    pub fn key<'q>(&'q self, key: &'q str) -> Cursor<'q> {
        Cursor { document: self.document, parent: Some(self), step: Step::Key(key) }
    }

    /// The place of this item.
    fn item(&self, index: usize) -> Cursor<'_> {
        Cursor { document: self.document, parent: Some(self), step: Step::Item(index) }
    }

    /// The RFC 6901 pointer of this place.
    pub fn pointer(&self) -> String {
        let mut pointer = self.parent.map(Cursor::pointer).unwrap_or_default();
        match self.step {
            Step::Top => {}
            Step::Key(key) => push_step(&mut pointer, key),
            Step::Item(index) => push_step(&mut pointer, &index.to_string()),
        }
        pointer
    }

    /// An object, with its place.
    pub fn object<'t, T: WireValue<'t>>(&self, field: Field<T>) -> Option<(Cursor<'_>, T)> {
        let here = self.key(field.key());
        let value = here.sent(field.sent)?;
        Some((here, value))
    }

    /// A list; `None` where none was sent. An item that cannot be read keeps its place with no value.
    pub fn list<'t, T: WireValue<'t>, U: Default>(
        &self,
        field: Field<Vec<FieldState<T>>>,
        read: impl FnMut(&Cursor<'_>, T) -> U,
    ) -> Option<Vec<U>> {
        let here = self.key(field.key());
        Some(here.items(here.sent(field.sent)?, read))
    }

    /// Something documented as one object, and sent as one or as a list; one without any value is none.
    pub fn one_or_many<'t, T: WireValue<'t>, U: Default + PartialEq>(
        &self,
        field: Field<OneOrMany<T>>,
        mut read: impl FnMut(&Cursor<'_>, T) -> U,
    ) -> Vec<U> {
        let here = self.key(field.key());
        match here.sent(field.sent) {
            None => Vec::new(),
            Some(OneOrMany::One(value)) => {
                let one = read(&here, value);
                if one == U::default() { Vec::new() } else { vec![one] }
            }
            Some(OneOrMany::Many(items)) => {
                here.tolerate("an object", "a list");
                here.items(items, read)
            }
        }
    }

    /// Something documented as one object, of which there can be only one; a list of one is understood.
    pub fn only<'t, T: WireValue<'t>, U>(
        &self,
        field: Field<OneOrMany<T>>,
        read: impl FnOnce(&Cursor<'_>, T) -> U,
    ) -> Option<U> {
        let here = self.key(field.key());
        match here.sent(field.sent)? {
            OneOrMany::One(value) => Some(read(&here, value)),
            OneOrMany::Many(mut items) => {
                here.tolerate("an object", "a list");
                if items.len() > 1 {
                    here.invalid("one object");
                    return None;
                }
                let item = here.item(0);
                Some(read(&item, item.sent(items.pop()?)?))
            }
        }
    }

    /// Keeps and reports what nobody documents.
    pub fn unknown(&self, unknown: Unknown<'_>) {
        for (key, raw) in unknown.0 {
            let pointer = self.key(key.as_str()).pointer();
            self.document.keep_raw(pointer.clone(), raw);
            self.document.diagnostic(pointer, DiagnosticKind::UnknownKey);
        }
    }

    /// Keeps and reports what is documented and of which nobody has decided yet what it becomes, as
    /// [`Rule::undecided`](crate::Rule::undecided) says it.
    #[allow(clippy::needless_pass_by_value, reason = "a field is read once")]
    pub fn undecided<T>(&self, field: Field<T>) {
        if matches!(field.sent, FieldState::Valid(_) | FieldState::Invalid) {
            let pointer = self.key(field.key()).pointer();
            self.document.keep(&pointer);
            self.document.diagnostic(pointer, DiagnosticKind::Undecided);
        }
    }

    /// Keeps what is documented and has no field in the ticket, whatever was sent, as [`Rule::kept`](crate::Rule::kept)
    /// says it.
    #[allow(clippy::needless_pass_by_value, reason = "a field is read once")]
    pub fn kept<T>(&self, field: Field<T>) {
        if matches!(field.sent, FieldState::Valid(_) | FieldState::Invalid) {
            self.document.keep(&self.key(field.key()).pointer());
        }
    }

    /// Reports that the value at this place has another shape than documented, and was understood.
    pub fn tolerate(&self, documented: &'static str, sent: &'static str) {
        self.document
            .diagnostic(self.pointer(), DiagnosticKind::UnexpectedType { documented, sent });
    }

    /// Keeps the value at this place in `extra` and reports it.
    pub fn invalid(&self, expected: &'static str) {
        let pointer = self.pointer();
        self.document.keep(&pointer);
        self.document.diagnostic(pointer, DiagnosticKind::InvalidValue { expected });
    }

    /// What was sent to this place, where it has the expected shape.
    pub(super) fn sent<'t, T: WireValue<'t>>(&self, sent: FieldState<T>) -> Option<T> {
        match sent {
            FieldState::Valid(value) => Some(value),
            FieldState::Absent | FieldState::Null => None,
            FieldState::Invalid => {
                self.invalid(T::EXPECTED);
                None
            }
        }
    }

    fn items<'t, T: WireValue<'t>, U: Default>(
        &self,
        items: Vec<FieldState<T>>,
        mut read: impl FnMut(&Cursor<'_>, T) -> U,
    ) -> Vec<U> {
        let read_item = |(index, item)| {
            let here = self.item(index);
            here.sent(item).map(|value| read(&here, value)).unwrap_or_default()
        };
        items.into_iter().enumerate().map(read_item).collect()
    }
}
