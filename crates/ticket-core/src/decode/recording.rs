//! Records which reader reads which value, for the test that derives the table of a mapping.

use std::cell::RefCell;

/// The reader of a value that is one object or a list of them.
pub const ONE_OR_MANY: &str = "one or many";

/// A value that was read, or would have been if it had been sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The pointer of the value.
    pub pointer: String,
    /// The pointer with `[]` for each index, and `[p]` for the index of a response.
    pub pattern: String,
    /// The name of the reader: `text`, `RFC 3339`.
    pub reader: &'static str,
    /// The words of the tables in which the value was looked up.
    pub words: Vec<String>,
}

thread_local! {
    static READS: RefCell<Option<Vec<Read>>> = const { RefCell::new(None) };
}

/// Runs a function that decodes on this thread, and returns what it read.
pub fn record<T>(decode: impl FnOnce() -> T) -> (T, Vec<Read>) {
    READS.set(Some(Vec::new()));
    let result = decode();
    (result, READS.take().unwrap_or_default())
}

pub(super) fn is_on() -> bool {
    READS.with_borrow(Option::is_some)
}

pub(super) fn push(pointer: String, pattern: String, reader: &'static str) {
    READS.with_borrow_mut(|reads| {
        let read = Read { pointer, pattern, reader, words: Vec::new() };
        reads.get_or_insert_default().push(read);
    });
}

/// Adds the words of a table to the last read.
pub(super) fn push_words<'w>(words: impl Iterator<Item = &'w str>) {
    READS.with_borrow_mut(|reads| {
        if let Some(last) = reads.as_mut().and_then(|reads| reads.last_mut()) {
            last.words.extend(words.map(str::to_owned));
        }
    });
}
