//! Footnotes, so that a sentence that many rows share is written once.

use ticket_core::mapping::Rule;

/// A note of at most this length is shown in its row.
const SHORT: usize = 40;

/// The footnotes of a page, in their order.
#[derive(Debug, Default)]
pub(super) struct Notes {
    prose: Vec<&'static str>,
    texts: Vec<String>,
}

impl Notes {
    /// Starts the footnotes of a page; what its prose says needs no note.
    pub(super) fn beside(prose: &[&'static str]) -> Self {
        Self { prose: prose.to_vec(), texts: Vec::new() }
    }

    /// Returns the note on a rule: a short one itself, otherwise the mark of a footnote.
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

    /// Returns the footnotes, for the end of the page.
    pub(super) fn text(&self) -> String {
        let lines = self.texts.iter().zip(1..);
        lines.map(|(text, number)| format!("[^{number}]: {text}\n")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;
    use ticket_core::mapping::{Rule, RuleKind};

    #[test]
    fn writes_a_long_note_once_and_a_short_one_in_its_row() {
        let long = "a sentence that is too long for a row of a table";
        let rule = |note, evidence| Rule {
            targets: &["a"],
            sources: &["/a"],
            kind: RuleKind::Copied,
            name: "text",
            note,
            evidence,
        };
        let mut notes = Notes::beside(&["What is said before the table."]);
        for (rule, mark) in [
            (rule("", ""), ""),
            (rule("said before", ""), ""),
            (rule("Markdown", ""), " (Markdown)"),
            (rule(long, ""), "[^1]"),
            (rule("Markdown", "the page"), "[^2]"),
            (rule(long, ""), "[^1]"),
        ] {
            assert_eq!(notes.mark(&rule), mark);
        }
        assert_eq!(notes.text(), format!("[^1]: {long}\n[^2]: Markdown. *Source:* the page\n"));
    }
}
