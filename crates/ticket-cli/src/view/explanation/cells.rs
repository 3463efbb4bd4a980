//! The cells of an explained field.

use anstyle::Style;
use ticket_core::mapping::explain::{Explained, How, Source};
use ticket_model::Json;

use super::notes::Notes;
use crate::view::clean::one_line;
use crate::view::cut::cut;
use crate::view::ink::{ALARM, NOTICE, PLAIN, QUIET, StyledText};

/// The number of characters after which a value is cut.
const MAX_VALUE_LENGTH: usize = 60;

/// The cells of one field, one per column.
pub(super) struct Cells {
    pub(super) field: String,
    pub(super) value: StyledText,
    pub(super) how: StyledText,
    pub(super) from: StyledText,
}

impl Cells {
    /// Creates the cells of a field; `…` replaces `base` in its pointers.
    pub(super) fn of(explained: &Explained, base: &str, notes: &mut Notes) -> Self {
        let Explained { field, value, how, sources, rule, note } = explained;
        let mut from = StyledText::default();
        let (sent, unsent): (Vec<_>, Vec<_>) =
            sources.iter().partition(|source| source.native.is_some());
        for sent in &sent {
            // A source that contains another source adds nothing to it.
            let prefix = format!("{}/", sent.pointer);
            if sources.iter().any(|other| other.pointer.starts_with(&prefix)) {
                continue;
            }
            from.line();
            // The value column already shows what was copied.
            if *how == How::Copied && sent.native == *value {
                from.push(PLAIN, &pointer(&sent.pointer, base));
            } else {
                from.append(&source(sent, base));
            }
        }
        if let Some((first, more)) = unsent.split_first().filter(|_| sent.is_empty()) {
            from.push(PLAIN, &pointer(&first.pointer, base));
            if !more.is_empty() {
                from.word(QUIET, &format!("and {} more", more.len()));
            }
        }
        let mut name = StyledText::of(style(*how), how.as_str());
        match how {
            How::Copied | How::Converted | How::Derived => {
                // For a copy and for an unnamed rule, the name of the rule adds nothing.
                let says_more = *how == How::Converted && *rule != "custom";
                let rule = if says_more { *rule } else { "" };
                name.word(QUIET, &notes.mark(rule, note));
            }
            How::Constant => {}
            How::Absent => from.fact(QUIET, &one_line(note)),
            _ => {
                from.line();
                from.push(QUIET, &one_line(note));
            }
        }
        Self {
            field: one_line(field.as_deref().unwrap_or_default()),
            value: value.as_ref().map_or_else(|| StyledText::of(QUIET, "–"), literal),
            how: name,
            from,
        }
    }

    /// Returns all cells but the field, in lines.
    pub(super) fn without_field(&self) -> StyledText {
        let mut ink = StyledText::default();
        ink.append(&self.value);
        ink.line();
        ink.append(&self.how);
        ink.facts(&self.from);
        ink
    }
}

/// Returns the pointer of a source, and its value in the response.
pub(super) fn source(source: &Source, base: &str) -> StyledText {
    let mut ink = StyledText::of(PLAIN, &pointer(&source.pointer, base));
    if let Some(native) = &source.native {
        ink.word(QUIET, "=");
        ink.push(QUIET, " ");
        ink.append(&literal(native));
    }
    ink
}

/// Returns the style of a kind of mapping.
pub(super) fn style(how: How) -> Style {
    match how {
        How::Absent | How::NotProvided | How::Unmapped => QUIET,
        How::InvalidValue => ALARM,
        How::Extra | How::Overridden => NOTICE,
        _ => PLAIN,
    }
}

/// Returns a pointer with `…` instead of the base.
fn pointer(pointer: &str, base: &str) -> String {
    match pointer.strip_prefix(base) {
        Some(rest) if !base.is_empty() && rest.starts_with('/') => format!("…{}", one_line(rest)),
        _ => one_line(pointer),
    }
}

/// Returns a value as JSON, cut if it is long.
fn literal(json: &Json) -> StyledText {
    // Re-encodes strings to show the characters of needless escapes.
    let text = json.to_text().and_then(|text| serde_json::to_string(&text).ok());
    cut(text.as_deref().unwrap_or(json.as_str()), MAX_VALUE_LENGTH)
}
