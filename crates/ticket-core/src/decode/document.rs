//! One response while it is read: its text, and what is noticed on the way.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use ticket_model::{IndexMap, Json, unpaired_surrogates};

use super::Cursor;
use super::collect::Wanted;
use super::field::FieldState;
use super::pass::{Left, Pass};
use super::quote::{quoted, shown};
use super::raw::Raw;
use super::scan::{Repaired, pointer_at, pointers_of, repair};
use super::wire_value::{Place, WireValue};
use crate::{Diagnostic, DiagnosticKind, Error, ErrorKind, Response};

/// The longest content type that is repeated in a message, in characters.
const LONGEST_TYPE: usize = 100;

/// A response that is being read.
///
/// The order is: [`open`](Document::open), [`parse`](Document::parse), take apart with
/// [`root`](Document::root), [`close`](Document::close).
#[derive(Debug)]
pub struct Document<'a> {
    original: &'a str,
    repaired: OnceCell<Option<Repaired>>,
    notes: RefCell<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    diagnostics: Vec<Diagnostic>,
    wanted: Wanted,
    /// Values that go to `extra`, with their places in the text.
    extra: Vec<(Range<usize>, String)>,
    /// Raw values with unpaired surrogates that became part of the ticket, with their places in the text.
    raw: Vec<(Range<usize>, String)>,
}

impl<'a> Document<'a> {
    /// Checks that the body is text, once; a byte order mark at its start is skipped.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] where the body is empty, no UTF-8, or a page of HTML or XML.
    pub fn open(response: &'a Response) -> Result<Self, Error> {
        let body: &[u8] = &response.body;
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        if let Some(encoding) = other_encoding(body) {
            return Err(unreadable(format!("the response is {encoding} text, not UTF-8"))
                .with_hint(format!(
                    "convert it to UTF-8, for example with `iconv -f {encoding} -t UTF-8`"
                )));
        }
        let original = simdutf8::compat::from_utf8(body).map_err(|error| {
            unreadable(format!("the response is no UTF-8 from byte {} on", error.valid_up_to()))
        })?;
        if original.trim_ascii().is_empty() {
            return Err(unreadable("the response is empty"));
        }
        if original.trim_ascii_start().starts_with('<') {
            let kind = response.header(&["content-type"]).unwrap_or("no content type");
            let kind = shown(kind, LONGEST_TYPE);
            return Err(unreadable(format!(
                "the response is a page of HTML or XML, not JSON ({kind}); it begins with {}",
                beginning(original)
            ))
            .with_hint("a proxy, a sign-in page or a wrong base URL responds like this"));
        }
        Ok(Self { original, repaired: OnceCell::new(), notes: RefCell::default() })
    }

    /// Parses the response as this object.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] where it is no JSON, no object, has a documented key twice, or more than 100,000 items of
    /// lists and undocumented keys; with the pointer to the place.
    pub fn parse<'t, T: WireValue<'t>>(&'t self) -> Result<T, Error> {
        // A raw value may hold an unpaired surrogate that no parser would notice here.
        if unpaired_surrogates(self.original).next().is_some() {
            self.repaired.get_or_init(|| repair(self.original));
        }
        let sent = sent(self.parsed(), Pass::quick(&Left::all()))
            .or_else(|_| sent(self.parsed(), Pass::exact(&Left::all())))
            .or_else(|error| match self.repaired.get_or_init(|| repair(self.original)) {
                Some(repaired) => sent(&repaired.text, Pass::exact(&Left::all())),
                None => Err(error),
            });
        match sent.map_err(|error| self.broken(&error))? {
            FieldState::Valid(value) => Ok(value),
            FieldState::Absent | FieldState::Null => {
                Err(unreadable(format!("the response is null, not {}", T::EXPECTED)))
            }
            FieldState::Invalid => {
                let sort = match self.original.trim_ascii_start().as_bytes()[0] {
                    b'[' => "a list",
                    b'{' => "an object",
                    b'"' => "a text",
                    b't' | b'f' => "true or false",
                    _ => "a number",
                };
                Err(unreadable(format!("the response is {sort}, not {}", T::EXPECTED)))
            }
        }
    }

    /// The top of the response, from which its values are read.
    pub fn root(&self) -> Cursor<'_> {
        Cursor::root(self)
    }

    /// What goes to `extra`, in the order of the response, and what was noticed.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] where a place of the response cannot be found again, which would be a fault of
    /// the provider's reading.
    pub fn close(self) -> Result<(IndexMap<String, Json>, Vec<Diagnostic>), Error> {
        let mut notes = self.notes.take();
        let found = notes.wanted.collect(self.parsed()).map_err(|error| self.broken(&error))?;
        for (pointer, raw) in found {
            notes.extra.push((self.range(raw.as_str()), pointer));
        }
        notes.extra.sort_by_key(|(range, _)| range.start);
        let mut extra = IndexMap::with_capacity(notes.extra.len());
        for (range, pointer) in notes.extra {
            let json = self.original[range.clone()].parse::<Json>().map_err(|error| {
                unreadable("a value cannot be kept").with_path(&*pointer).with_source(error)
            })?;
            if self.has_unpaired_surrogate(&range) {
                notes.raw.push((range, pointer.clone()));
            }
            extra.insert(pointer, json);
        }
        if let Some(Some(repaired)) = self.repaired.into_inner() {
            let pointers = unpaired(&repaired, notes.raw);
            let diagnostic = |pointer| Diagnostic { pointer, kind: DiagnosticKind::LoneSurrogate };
            notes.diagnostics.extend(pointers.into_iter().map(diagnostic));
        }
        Ok((extra, notes.diagnostics))
    }

    /// The text that was parsed: the original, or its repaired copy with the same places.
    fn parsed(&self) -> &str {
        self.repaired().map_or(self.original, |repaired| &repaired.text)
    }

    fn repaired(&self) -> Option<&Repaired> {
        self.repaired.get()?.as_ref()
    }

    /// Where in the text a part of it stands.
    fn range(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr().addr() - self.parsed().as_ptr().addr();
        start..start + part.len()
    }

    /// A part of the text as it was sent, before any repair.
    pub(super) fn original(&self, part: &str) -> &str {
        &self.original[self.range(part)]
    }

    /// Returns the raw value as JSON, with the digits that were sent; `pointer` is its place.
    pub(super) fn json(&self, raw: Raw<'_>, pointer: impl FnOnce() -> String) -> Json {
        if self.repaired().is_none() {
            return raw.json();
        }
        let range = self.range(raw.as_str());
        let json = self.original[range.clone()].parse().expect("it was read as JSON before");
        if self.has_unpaired_surrogate(&range) {
            self.notes.borrow_mut().raw.push((range, pointer()));
        }
        json
    }

    /// Returns whether an unpaired surrogate was sent in this part of the text.
    fn has_unpaired_surrogate(&self, range: &Range<usize>) -> bool {
        self.repaired().is_some_and(|repaired| {
            let before = repaired.surrogates.partition_point(|place| *place < range.start);
            repaired.surrogates.get(before).is_some_and(|place| range.contains(place))
        })
    }

    pub(super) fn diagnostic(&self, pointer: String, kind: DiagnosticKind) {
        self.notes.borrow_mut().diagnostics.push(Diagnostic { pointer, kind });
    }

    /// Keeps what stands at this pointer in `extra`.
    pub(super) fn keep(&self, pointer: &str) {
        self.notes.borrow_mut().wanted.insert(pointer);
    }

    /// Keeps this value in `extra`.
    pub(super) fn keep_raw(&self, pointer: String, raw: Raw<'_>) {
        let range = self.range(raw.as_str());
        self.notes.borrow_mut().extra.push((range, pointer));
    }

    /// What is wrong with JSON that could not be parsed, and where.
    fn broken(&self, error: &serde_json::Error) -> Error {
        let text = self.parsed();
        let place = text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum::<usize>()
            + error.column();
        let message = match error.classify() {
            serde_json::error::Category::Eof => {
                format!("the response breaks off after {} bytes", self.original.len())
            }
            serde_json::error::Category::Data => {
                let text = error.to_string();
                text.split(" at line ").next().unwrap_or_default().to_owned()
            }
            _ if !text.trim_ascii_start().starts_with(['{', '[']) => {
                format!("the response is no JSON; it begins with {}", beginning(text))
            }
            _ => format!("the response is no JSON: {error}"),
        };
        unreadable(message).with_path(pointer_at(text, place))
    }
}

/// Returns the pointer of each text, key and raw value with an unpaired surrogate, in the order of the text.
///
/// A raw value counts once, however many it holds: so the pointers never take much more room than the text.
fn unpaired(repaired: &Repaired, mut raw: Vec<(Range<usize>, String)>) -> Vec<String> {
    raw.sort_by_key(|(range, _)| range.start);
    let is_outside = |place: &usize| {
        let before = raw.partition_point(|(range, _)| range.start <= *place);
        before == 0 || !raw[before - 1].0.contains(place)
    };
    let outside: Vec<_> = repaired.surrogates.iter().copied().filter(is_outside).collect();
    let mut pointers = pointers_of(&repaired.text, &outside);
    pointers.extend(raw.into_iter().map(|(range, pointer)| (range.start, pointer)));
    pointers.sort_by_key(|(place, _)| *place);
    // A key and its value share a pointer.
    pointers.dedup_by(|(_, one), (_, other)| one == other);
    pointers.into_iter().map(|(_, pointer)| pointer).collect()
}

/// The whole text as a shape.
fn sent<'t, T: WireValue<'t>>(
    text: &'t str,
    pass: Pass<'_>,
) -> Result<FieldState<T>, serde_json::Error> {
    let mut sent = FieldState::Absent;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    T::read(Place::new(&mut sent, pass), &mut deserializer)?;
    deserializer.end()?;
    Ok(sent)
}

/// Returns the encoding of JSON text that is UTF-16 or UTF-32, by its byte order mark or its first characters.
///
/// JSON begins with two ASCII characters, or with one and an end.
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

fn unreadable(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidResponse, message)
}

/// The first characters of a text, safe to show.
fn beginning(text: &str) -> String {
    let shown: String = text.trim().chars().take(60).collect();
    quoted(&shown)
}
