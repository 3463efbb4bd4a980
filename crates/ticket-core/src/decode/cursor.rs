//! A position in a response, and how objects and lists are read there.

use super::context::Context;
use super::field::Field;
use super::field_state::FieldState;
use super::recording;
use super::response_name::split_response_name;
use super::scan::push_step;
use super::wire_struct::{Prefixed, Unknown};
use super::wire_value::{OneOrMany, WireValue};
use crate::DiagnosticKind;

/// A position in a response.
///
/// Each method that reads a field returns its value, or `None` if there is none: nothing was sent, a sentinel was sent (a
/// time of `-1`, `0` or `""`, a duration of `-1`, an id of `""`), or the value is invalid. An invalid value is kept in `extra`
/// and reported as a diagnostic.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'p> {
    pub(super) context: &'p Context<'p>,
    parent: Option<&'p Cursor<'p>>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Item(usize),
}

impl<'p> Cursor<'p> {
    pub(super) fn root(context: &'p Context<'p>) -> Self {
        Self { context, parent: None, step: Step::Root }
    }

    /// Returns the position below this key.
    pub fn key<'q>(&'q self, key: &'q str) -> Cursor<'q> {
        Cursor { context: self.context, parent: Some(self), step: Step::Key(key) }
    }

    fn item(&self, index: usize) -> Cursor<'_> {
        Cursor { context: self.context, parent: Some(self), step: Step::Item(index) }
    }

    /// Returns the RFC 6901 pointer of this position, after the name of the response if it has one.
    pub fn pointer(&self) -> String {
        let mut pointer = self.parent.map(Cursor::pointer).unwrap_or_default();
        match self.step {
            Step::Root => pointer.push_str(&self.context.name),
            Step::Key(key) => push_step(&mut pointer, key),
            Step::Item(index) => push_step(&mut pointer, &index.to_string()),
        }
        pointer
    }

    /// Returns the pointer of this position with `[]` for each index, and `[p]` for the index of a response.
    fn pattern(&self) -> String {
        let mut pattern = self.parent.map(Cursor::pattern).unwrap_or_default();
        match self.step {
            Step::Root => {
                if let Some((operation, ..)) = split_response_name(&self.context.name) {
                    pattern.extend([operation, "[p]#"]);
                }
            }
            Step::Key(key) => push_step(&mut pattern, key),
            Step::Item(_) => pattern.push_str("/[]"),
        }
        pattern
    }

    /// Records that a method reads the value at this position, if a test records that.
    pub(super) fn record(&self, reader: &'static str) {
        if self.context.is_recorded {
            recording::push(self.pointer(), self.pattern(), reader);
        }
    }

    /// Reads an object, and returns it with its position.
    pub fn object<'t, T: WireValue<'t>>(&self, field: Field<T>) -> Option<(Cursor<'_>, T)> {
        let here = self.key(field.key());
        let value = here.value(field.state)?;
        Some((here, value))
    }

    /// Reads a list; `None` if none was sent. An invalid item becomes the default value, so that the others keep their index.
    pub fn list<'t, T: WireValue<'t>, U: Default>(
        &self,
        field: Field<Vec<FieldState<T>>>,
        read: impl FnMut(&Cursor<'_>, T) -> U,
    ) -> Option<Vec<U>> {
        let here = self.key(field.key());
        Some(here.items(here.value(field.state)?, read))
    }

    /// Reads a field that is documented as one object, and sent as one or as a list. A lone object without any value is left
    /// out.
    pub fn one_or_many<'t, T: WireValue<'t>, U: Default + PartialEq>(
        &self,
        field: Field<OneOrMany<T>>,
        mut read: impl FnMut(&Cursor<'_>, T) -> U,
    ) -> Vec<U> {
        let here = self.key(field.key());
        here.record(recording::ONE_OR_MANY);
        match here.value(field.state) {
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

    /// Reads a field that holds one object; a list with one item is accepted too.
    pub fn only<'t, T: WireValue<'t>, U>(
        &self,
        field: Field<OneOrMany<T>>,
        read: impl FnOnce(&Cursor<'_>, T) -> U,
    ) -> Option<U> {
        let here = self.key(field.key());
        here.record(recording::ONE_OR_MANY);
        match here.value(field.state)? {
            OneOrMany::One(value) => Some(read(&here, value)),
            OneOrMany::Many(mut items) => {
                here.tolerate("an object", "a list");
                if items.len() > 1 {
                    here.invalid("one object");
                    return None;
                }
                let item = here.item(0);
                Some(read(&item, item.value(items.pop()?)?))
            }
        }
    }

    /// Reads a value that is documented as one object or as a list of them.
    pub fn objects<'t, T: WireValue<'t>, U: Default>(
        &self,
        value: OneOrMany<T>,
        mut read: impl FnMut(&Cursor<'_>, T) -> U,
    ) -> Vec<U> {
        self.record(recording::ONE_OR_MANY);
        match value {
            OneOrMany::One(value) => vec![read(self, value)],
            OneOrMany::Many(items) => self.items(items, read),
        }
    }

    /// Reads the members of an object whose keys begin alike, each at its position and with its key.
    pub fn prefixed<'t, T: WireValue<'t>>(
        &self,
        members: Prefixed<'t, T>,
        mut read: impl FnMut(&Cursor<'_>, &str, T),
    ) {
        for (key, state) in members.0 {
            let here = self.key(key.as_str());
            if let Some(value) = here.value(state) {
                read(&here, key.as_str(), value);
            }
        }
    }

    /// Keeps undocumented members in `extra` and reports each.
    pub fn unknown(&self, unknown: Unknown<'_>) {
        for (key, raw) in unknown.0 {
            let pointer = self.key(key.as_str()).pointer();
            self.context.keep_raw(pointer.clone(), raw);
            self.context.report(pointer, DiagnosticKind::UnknownKey);
        }
    }

    /// Keeps a documented field in `extra` and reports it, because its mapping is not decided yet.
    #[allow(clippy::needless_pass_by_value, reason = "a field is read once")]
    pub fn undecided<T>(&self, field: Field<T>) {
        self.key(field.key()).record("undecided");
        if matches!(field.state, FieldState::Valid(_) | FieldState::Invalid) {
            let pointer = self.key(field.key()).pointer();
            self.context.keep(&pointer);
            self.context.report(pointer, DiagnosticKind::Undecided);
        }
    }

    /// Keeps a documented field in `extra`, because the ticket has no field for it.
    #[allow(clippy::needless_pass_by_value, reason = "a field is read once")]
    pub fn kept<T>(&self, field: Field<T>) {
        self.key(field.key()).record("kept");
        if matches!(field.state, FieldState::Valid(_) | FieldState::Invalid) {
            self.context.keep(&self.key(field.key()).pointer());
        }
    }

    /// Keeps the whole value at this position in `extra`, because the ticket has no field for it.
    pub fn kept_here(&self) {
        self.record("kept");
        self.context.keep(&self.pointer());
    }

    /// Reports that the value at this position has another JSON type than documented and was accepted.
    pub fn tolerate(&self, documented: &'static str, sent: &'static str) {
        let kind = DiagnosticKind::UnexpectedType { documented, sent };
        self.context.report(self.pointer(), kind);
    }

    /// Keeps the value at this position in `extra` and reports it as invalid.
    pub fn invalid(&self, expected: &'static str) {
        let pointer = self.pointer();
        self.context.keep(&pointer);
        self.context.report(pointer, DiagnosticKind::InvalidValue { expected });
    }

    /// Returns the value at this position, if it is valid.
    pub(super) fn value<'t, T: WireValue<'t>>(&self, state: FieldState<T>) -> Option<T> {
        self.value_or(state, T::EXPECTED)
    }

    /// Returns the value at this position, if it is valid; otherwise reports what was expected.
    pub(super) fn value_or<T>(&self, state: FieldState<T>, expected: &'static str) -> Option<T> {
        match state {
            FieldState::Valid(value) => Some(value),
            FieldState::Absent | FieldState::Null => None,
            FieldState::Invalid => {
                self.invalid(expected);
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
            here.value(item).map(|value| read(&here, value)).unwrap_or_default()
        };
        items.into_iter().enumerate().map(read_item).collect()
    }
}
