//! What a document and its cursors share: the text, what goes to `extra`, and the diagnostics.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use ticket_model::Json;

use super::collect::Wanted;
use super::raw::Raw;
use super::recording;
use super::scan::Repaired;
use crate::{Diagnostic, DiagnosticKind};

/// The text of a response, and what is noted while it is decoded.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) original: &'a str,
    /// What comes before each pointer: the name of the response, or nothing for that of the ticket.
    pub(super) name: String,
    /// Set if the text has unpaired surrogates or cannot be parsed: the repaired text, or `None` if there was nothing to repair.
    pub(super) repaired: OnceCell<Option<Repaired>>,
    pub(super) notes: RefCell<Notes>,
    /// Whether [`record`](super::recording::record) is running.
    pub(super) is_recorded: bool,
}

#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) wanted: Wanted,
    /// Values that go to `extra`, with their ranges in the text.
    pub(super) extra: Vec<(Range<usize>, String)>,
    /// Raw values with unpaired surrogates that became part of the ticket, with their ranges in the text.
    pub(super) raw: Vec<(Range<usize>, String)>,
}

impl<'a> Context<'a> {
    pub(super) fn new(original: &'a str) -> Self {
        Self {
            original,
            name: String::new(),
            repaired: OnceCell::new(),
            notes: RefCell::default(),
            is_recorded: recording::is_on(),
        }
    }

    /// Returns the text that was parsed: the original, or its repaired copy with the same offsets.
    pub(super) fn parsed(&self) -> &str {
        self.repaired().map_or(self.original, |repaired| &repaired.text)
    }

    fn repaired(&self) -> Option<&Repaired> {
        self.repaired.get()?.as_ref()
    }

    /// Returns the range of a part of the parsed text.
    pub(super) fn range(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr().addr() - self.parsed().as_ptr().addr();
        start..start + part.len()
    }

    /// Returns a part of the parsed text as it was sent, before any repair.
    pub(super) fn original(&self, part: &str) -> &str {
        &self.original[self.range(part)]
    }

    /// Returns the raw value as JSON, with the digits that were sent; `pointer` is its position.
    pub(super) fn json(&self, raw: Raw<'_>, pointer: impl FnOnce() -> String) -> Json {
        if self.repaired().is_none() {
            return raw.json();
        }
        let range = self.range(raw.as_str());
        let json = self.original[range.clone()].parse().expect("it was parsed as JSON before");
        if self.has_unpaired_surrogate(&range) {
            self.notes.borrow_mut().raw.push((range, pointer()));
        }
        json
    }

    /// Returns whether this part of the text was sent with an unpaired surrogate.
    pub(super) fn has_unpaired_surrogate(&self, range: &Range<usize>) -> bool {
        self.repaired().is_some_and(|repaired| {
            let before = repaired.surrogates.partition_point(|offset| *offset < range.start);
            repaired.surrogates.get(before).is_some_and(|offset| range.contains(offset))
        })
    }

    /// Adds a diagnostic.
    pub(super) fn report(&self, pointer: String, kind: DiagnosticKind) {
        self.notes.borrow_mut().diagnostics.push(Diagnostic { pointer, kind });
    }

    /// Keeps the value at this pointer in `extra`.
    pub(super) fn keep(&self, pointer: &str) {
        self.notes.borrow_mut().wanted.insert(pointer);
    }

    /// Keeps this value in `extra`.
    pub(super) fn keep_raw(&self, pointer: String, raw: Raw<'_>) {
        let range = self.range(raw.as_str());
        self.notes.borrow_mut().extra.push((range, pointer));
    }
}
