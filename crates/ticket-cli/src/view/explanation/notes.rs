//! Footnotes for the rules that several fields share.

use crate::view::clean::one_line;
use crate::view::ink::{PLAIN, QUIET, StyledText};
use crate::view::sheet::TextLayout;

/// The rules and their descriptions, in the order of their first use.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<(String, String)>);

impl Notes {
    /// Returns the mark of the footnote for a rule and its description; empty if both are empty.
    pub(super) fn mark(&mut self, rule: &str, note: &str) -> String {
        if rule.is_empty() && note.is_empty() {
            return String::new();
        }
        let entry = (rule.to_owned(), note.to_owned());
        let known = self.0.iter().position(|known| *known == entry);
        let number = known.unwrap_or_else(|| {
            self.0.push(entry);
            self.0.len() - 1
        });
        format!("[{}]", number + 1)
    }

    /// Writes the footnotes.
    pub(super) fn write(&self, sheet: &mut TextLayout) {
        if self.0.is_empty() {
            return;
        }
        sheet.heading("Rules", "");
        for (number, (rule, note)) in self.0.iter().enumerate() {
            let mut ink = StyledText::of(QUIET, &format!("[{}]", number + 1));
            ink.word(PLAIN, &one_line(rule));
            if !(rule.is_empty() || note.is_empty()) {
                ink.push(QUIET, ":");
            }
            ink.word(PLAIN, &one_line(note));
            sheet.item(&ink);
        }
    }
}
