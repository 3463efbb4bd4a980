//! A response while it is decoded: its text, what goes to `extra`, and the diagnostics.

use std::ops::Range;

use ticket_model::{IndexMap, Json, Ticket, unpaired_surrogates};

use super::context::Context;
use super::cursor::Cursor;
use super::field_state::FieldState;
use super::item_budget::ItemBudget;
use super::response_name::response_name;
use super::scan::{Repaired, pointer_at, pointers_of, repair};
use super::wire_value::WireValue;
use crate::quote::{escaped, quoted};
use crate::{
    Decoded, Diagnostic, DiagnosticKind, Error, ErrorKind, Response, TicketId, TicketRows,
};

/// How many characters of a content type a message repeats.
const MAX_CONTENT_TYPE: usize = 100;

/// A response while it is decoded.
///
/// The order is: [`open`](Document::open), [`parse`](Document::parse), read the fields from [`root`](Document::root) on,
/// [`close`](Document::close).
#[derive(Debug)]
pub struct Document<'a>(Context<'a>);

impl<'a> Document<'a> {
    /// Opens a response and checks that its body is text. A byte order mark at its start is skipped.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidResponse`]: the body is empty, is not UTF-8, or is an HTML or XML page.
    pub fn open(response: &'a Response) -> Result<Self, Error> {
        let body: &[u8] = &response.body;
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        if let Some(encoding) = other_encoding(body) {
            return Err(invalid(format!("the response is {encoding} text, not UTF-8")).with_hint(
                format!("convert it to UTF-8, for example with `iconv -f {encoding} -t UTF-8`"),
            ));
        }
        let original = simdutf8::compat::from_utf8(body).map_err(|error| {
            invalid(format!(
                "the response is not UTF-8: invalid byte at offset {}",
                error.valid_up_to()
            ))
        })?;
        if original.trim_ascii().is_empty() {
            return Err(invalid("the response is empty"));
        }
        if original.trim_ascii_start().starts_with('<') {
            let kind = response.header(&["content-type"]).unwrap_or("no content type");
            let kind = escaped(kind, MAX_CONTENT_TYPE);
            return Err(invalid(format!(
                "the response is an HTML or XML page, not JSON ({kind}); it begins with {}",
                beginning(original)
            ))
            .with_hint(
                "check the base URL and the proxy: sign-in pages and proxies respond like this",
            ));
        }
        Ok(Self(Context::new(original)))
    }

    /// Names the response in pointers: `list_messages[1]#/data/messages/0`. Only the response of the ticket call has no name.
    ///
    /// `index` counts the responses of this operation.
    #[must_use]
    pub fn named(mut self, operation: &str, index: usize) -> Self {
        self.0.name = response_name(operation, index);
        self
    }

    /// Parses the response as this object.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidResponse`]: the response is not JSON or not an object, a documented key is duplicated, or there are
    ///   more than 100,000 list items and undocumented keys. The error has the pointer of the position.
    pub fn parse<'t, T: WireValue<'t>>(&'t self) -> Result<T, Error> {
        // A raw value may hold an unpaired surrogate that the parser does not notice.
        if unpaired_surrogates(self.0.original).next().is_some() {
            self.0.repaired.get_or_init(|| repair(self.0.original));
        }
        let state = parse(self.0.parsed()).or_else(|error| {
            match self.0.repaired.get_or_init(|| repair(self.0.original)) {
                Some(repaired) => parse(&repaired.text),
                None => Err(error),
            }
        });
        match state.map_err(|error| self.malformed(&error))? {
            FieldState::Valid(value) => Ok(value),
            FieldState::Absent | FieldState::Null => {
                Err(invalid(format!("the response is null, not {}", T::EXPECTED)))
            }
            FieldState::Invalid => {
                let sent = match self.0.original.trim_ascii_start().as_bytes()[0] {
                    b'[' => "a list",
                    b'{' => "an object",
                    b'"' => "a text",
                    b't' | b'f' => "true or false",
                    _ => "a number",
                };
                Err(invalid(format!("the response is {sent}, not {}", T::EXPECTED)))
            }
        }
    }

    /// Returns the position from which all values are read.
    pub fn root(&self) -> Cursor<'_> {
        Cursor::root(&self.0)
    }

    /// Returns what goes to `extra`, in the order of the response, and the diagnostics.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidResponse`]: a value that goes to `extra` is not found again. That would be a bug of the provider.
    pub fn close(self) -> Result<(IndexMap<String, Json>, Vec<Diagnostic>), Error> {
        let mut notes = self.0.notes.take();
        let found =
            notes.wanted.collect(self.0.parsed()).map_err(|error| self.malformed(&error))?;
        let name = &self.0.name;
        for (pointer, raw) in found {
            notes.extra.push((self.0.range(raw.as_str()), [name, &*pointer].concat()));
        }
        notes.extra.sort_by_key(|(range, _)| range.start);
        let mut extra = IndexMap::with_capacity(notes.extra.len());
        for (range, pointer) in notes.extra {
            let json = self.0.original[range.clone()].parse::<Json>().map_err(|error| {
                invalid("cannot copy a value to `extra`").with_path(&*pointer).with_source(error)
            })?;
            if self.0.has_unpaired_surrogate(&range) {
                notes.raw.push((range, pointer.clone()));
            }
            extra.insert(pointer, json);
        }
        if let Some(Some(repaired)) = self.0.repaired.into_inner() {
            for pointer in unpaired(&repaired, notes.raw, &self.0.name) {
                notes.diagnostics.push(Diagnostic { pointer, kind: DiagnosticKind::LoneSurrogate });
            }
        }
        Ok((extra, notes.diagnostics))
    }

    /// Returns the tickets of a page of a list, each with what goes to `extra` and the diagnostics of its row.
    ///
    /// `list` is the pointer of the list, `rows` the ticket of each row; `None` is a row that cannot be read. What is outside of the
    /// rows stays in the response. The pointers of a ticket have `[i]` for the index of its row, so that they do not depend on its
    /// place in the page: `list_tickets[0]#/data/tickets/[i]/key`.
    ///
    /// # Errors
    /// As [`close`](Self::close).
    pub fn close_rows(
        self,
        list: &str,
        rows: Vec<Option<Ticket>>,
        total: Option<u64>,
    ) -> Result<TicketRows, Error> {
        let (extra, diagnostics) = self.close()?;
        let mut notes: Vec<(IndexMap<String, Json>, Vec<Diagnostic>)> = Vec::new();
        notes.resize_with(rows.len(), Default::default);
        // The index of the row, and the pointer without it.
        let row = |pointer: &str| {
            let below = pointer.strip_prefix(list)?.strip_prefix('/')?;
            let (index, key) = below.split_once('/')?;
            let index = index.parse::<usize>().ok().filter(|index| *index < rows.len())?;
            Some((index, format!("{list}/[i]/{key}")))
        };
        for (pointer, value) in extra {
            if let Some((index, pointer)) = row(&pointer) {
                notes[index].0.insert(pointer, value);
            }
        }
        for Diagnostic { pointer, kind } in diagnostics {
            if let Some((index, pointer)) = row(&pointer) {
                notes[index].1.push(Diagnostic { pointer, kind });
            }
        }
        let mut page = TicketRows { list: list.to_owned(), total, ..TicketRows::default() };
        for (index, (ticket, (extra, diagnostics))) in rows.into_iter().zip(notes).enumerate() {
            match ticket {
                // An id that no call accepts names no ticket.
                Some(ticket) if TicketId::new(&*ticket.id).is_ok() => {
                    page.tickets.push(Decoded { ticket: Ticket { extra, ..ticket }, diagnostics });
                }
                _ => page.unreadable.push(format!("{list}/{index}")),
            }
        }
        Ok(page)
    }

    /// Returns the error for text that cannot be parsed, with the pointer of the position.
    fn malformed(&self, error: &serde_json::Error) -> Error {
        let text = self.0.parsed();
        let offset = text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum::<usize>()
            + error.column();
        let message = match error.classify() {
            serde_json::error::Category::Eof => {
                format!(
                    "the response ends after {} bytes, in the middle of a value",
                    self.0.original.len()
                )
            }
            serde_json::error::Category::Data => {
                let text = error.to_string();
                text.split(" at line ").next().unwrap_or_default().to_owned()
            }
            _ if !text.trim_ascii_start().starts_with(['{', '[']) => {
                format!("the response is not JSON; it begins with {}", beginning(text))
            }
            _ => format!("the response is not JSON: {error}"),
        };
        let pointer = self.0.name.clone() + &pointer_at(text, offset);
        // The top of the response is no place.
        if pointer.is_empty() { invalid(message) } else { invalid(message).with_path(pointer) }
    }
}

/// Returns the pointer of each text, key and raw value with an unpaired surrogate, in the order of the text.
///
/// A raw value counts once, however many it contains, so that the pointers never take much more memory than the text.
fn unpaired(repaired: &Repaired, mut raw: Vec<(Range<usize>, String)>, name: &str) -> Vec<String> {
    raw.sort_by_key(|(range, _)| range.start);
    let is_outside = |offset: &usize| {
        let before = raw.partition_point(|(range, _)| range.start <= *offset);
        before == 0 || !raw[before - 1].0.contains(offset)
    };
    let outside: Vec<_> = repaired.surrogates.iter().copied().filter(is_outside).collect();
    let mut pointers = pointers_of(&repaired.text, &outside);
    for (_, pointer) in &mut pointers {
        pointer.insert_str(0, name);
    }
    pointers.extend(raw.into_iter().map(|(range, pointer)| (range.start, pointer)));
    pointers.sort_by_key(|(offset, _)| *offset);
    // A key and its value have the same pointer.
    pointers.dedup_by(|(_, one), (_, other)| one == other);
    pointers.into_iter().map(|(_, pointer)| pointer).collect()
}

/// Parses the whole text.
fn parse<'t, T: WireValue<'t>>(text: &'t str) -> Result<FieldState<T>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let state = T::read(&mut deserializer, &ItemBudget::new())?;
    deserializer.end()?;
    Ok(state)
}

/// Returns the encoding of JSON text in UTF-16 or UTF-32, by its byte order mark or its first characters.
///
/// JSON begins with two ASCII characters, or is one ASCII character long.
fn other_encoding(body: &[u8]) -> Option<&'static str> {
    match body {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        [1..=0x7F, 0, 0, 0, ..] => Some("UTF-32LE"),
        [0, 0, 0, 1..=0x7F, ..] => Some("UTF-32BE"),
        [1..=0x7F, 0, ..] => Some("UTF-16LE"),
        [0, 1..=0x7F, ..] => Some("UTF-16BE"),
        _ => None,
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidResponse, message)
}

/// Returns the first characters of a text, quoted.
fn beginning(text: &str) -> String {
    let shown: String = text.trim().chars().take(60).collect();
    quoted(&shown)
}
