//! Rules below the table: what many fields share is said once.

use crate::view::clean::one_line;
use crate::view::ink::{Ink, PLAIN, QUIET};
use crate::view::sheet::Sheet;

/// The rules in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<(String, String)>);

impl Notes {
    /// The mark that leads to a rule, by its name and its sentence; none where there is nothing to say.
    pub(super) fn mark(&mut self, rule: &str, note: &str) -> String {
        if rule.is_empty() && note.is_empty() {
            return String::new();
        }
        let said = (rule.to_owned(), note.to_owned());
        let known = self.0.iter().position(|known| *known == said);
        let number = known.unwrap_or_else(|| {
            self.0.push(said);
            self.0.len() - 1
        });
        format!("[{}]", number + 1)
    }

    /// Writes what the marks lead to.
    pub(super) fn write(&self, sheet: &mut Sheet) {
        if self.0.is_empty() {
            return;
        }
        sheet.heading("Rules", "");
        for (number, (rule, note)) in self.0.iter().enumerate() {
            let mut ink = Ink::of(QUIET, &format!("[{}]", number + 1));
            ink.word(PLAIN, &one_line(rule));
            if !(rule.is_empty() || note.is_empty()) {
                ink.push(QUIET, ":");
            }
            ink.word(PLAIN, &one_line(note));
            sheet.item(&ink);
        }
    }
}
