//! Footnotes: a sentence that many rows share stands once.

use std::fmt::Write as _;

use ticket_core::mapping::Rule;

use crate::generated::TAKES;

/// A note of at most so many characters stands in its row.
const SHORT: usize = 40;

/// The footnotes of a page, in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Notes {
    prose: Vec<&'static str>,
    texts: Vec<String>,
}

impl Notes {
    /// Footnotes for a page whose prose says some things already.
    pub(super) fn beside(prose: &[&'static str]) -> Self {
        Self { prose: prose.to_vec(), texts: Vec::new() }
    }

    /// What a row says of its rule: the short note itself, or a mark that leads to the footnote.
    pub(super) fn mark(&mut self, rule: &Rule) -> String {
        let is_said = self.prose.iter().any(|prose| prose.contains(rule.note));
        let note = if is_said { "" } else { rule.note };
        if rule.evidence.is_empty() && note.len() <= SHORT {
            return if note.is_empty() { String::new() } else { format!(" ({note})") };
        }
        let text = match (note, rule.evidence) {
            (note, "") => note.to_owned(),
            ("", evidence) => format!("*Source:* {evidence}"),
            (note, evidence) => format!("{note}. *Source:* {evidence}"),
        };
        let number = self.texts.iter().position(|known| *known == text).unwrap_or_else(|| {
            self.texts.push(text);
            self.texts.len() - 1
        });
        format!("[^{}]", number + 1)
    }

    /// The footnotes, as the end of the page.
    pub(super) fn text(&self) -> String {
        let mut lines = String::new();
        for (index, text) in self.texts.iter().enumerate() {
            writeln!(lines, "[^{}]: {text}", index + 1).expect(TAKES);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;
    use ticket_core::mapping::Rule;

    #[test]
    fn a_long_note_stands_once_and_a_short_one_in_its_row() {
        let long = "a sentence that is too long to stand in a row of a table";
        let rule = Rule::text(&["a"], &["/a"]);
        let mut notes = Notes::beside(&["What is said before the table."]);
        assert_eq!(notes.mark(&rule), "");
        assert_eq!(notes.mark(&rule.note("said before")), "");
        assert_eq!(notes.mark(&rule.note("Markdown")), " (Markdown)");
        assert_eq!(notes.mark(&rule.note(long)), "[^1]");
        assert_eq!(notes.mark(&rule.note("Markdown").evidence("the page")), "[^2]");
        assert_eq!(notes.mark(&rule.evidence("the page")), "[^3]");
        assert_eq!(notes.mark(&rule.note(long)), "[^1]");
        assert_eq!(
            notes.text(),
            format!("[^1]: {long}\n[^2]: Markdown. *Source:* the page\n[^3]: *Source:* the page\n")
        );
    }
}
