//! The table of a provider's rules, a JSON file with one row in each line.
//!
//! `ticket_testkit::verify_mapping` derives the rows from the code that maps, and keeps the notes, which are written by hand.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use ticket_model::IndexMap;

use super::rule::{Rule, RuleKind};

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRow {
    /// The targets of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// The sources of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// How a source becomes a target.
    pub kind: RuleKind,
    /// How the value is decoded; empty if the kind says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The words of a vocabulary and what each becomes. [`ANY_OTHER`] means every other word.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub words: IndexMap<String, String>,
    /// A note about the rule, written by hand.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The source of the decision, written by hand.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

/// The key of [`words`](TableRow::words) for every word that is not listed.
pub const ANY_OTHER: &str = "*";

/// Parses a table.
///
/// # Errors
/// If the text is not a list of rows.
pub fn parse(table: &str) -> Result<Vec<TableRow>, serde_json::Error> {
    serde_json::from_str(table)
}

/// Writes a table with one row in each line.
pub fn write(rows: &[TableRow]) -> String {
    let mut text = String::from("[\n");
    for (index, row) in rows.iter().enumerate() {
        let json = serde_json::to_string(row).expect("a row has only texts");
        let comma = if index + 1 < rows.len() { "," } else { "" };
        writeln!(text, "{json}{comma}").expect("writing to a String cannot fail");
    }
    text + "]\n"
}

/// Returns the rules of a table that is compiled into the program, for a `LazyLock`: they are never freed.
///
/// # Panics
/// If the text is not a table. `ticket_testkit::verify_mapping` checks that.
///
/// ```
/// use std::sync::LazyLock;
/// use ticket_core::mapping::{Rule, table};
///
/// static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
///     table::rules(r#"[{"targets": ["title"], "sources": ["/subject"], "kind": "copied", "name": "text"}]"#)
/// });
/// assert_eq!(RULES[0].targets, ["title"]);
/// ```
pub fn rules(table: &str) -> Vec<Rule> {
    let rows = parse(table).unwrap_or_else(|error| panic!("the table of a mapping: {error}"));
    rows.into_iter().map(TableRow::into_rule).collect()
}

impl TableRow {
    /// Returns a row of this kind, with nothing else.
    pub fn new(kind: RuleKind) -> Self {
        Self {
            targets: Vec::new(),
            sources: Vec::new(),
            kind,
            name: String::new(),
            words: IndexMap::new(),
            note: String::new(),
            evidence: String::new(),
        }
    }

    fn into_rule(self) -> Rule {
        let note = self.sentence();
        let Self { targets, sources, kind, name, evidence, .. } = self;
        let name = if name.is_empty() { kind.as_str().to_owned() } else { name };
        let paths = |paths: Vec<String>| -> &'static [&'static str] {
            paths.into_iter().map(|path| &*path.leak()).collect::<Vec<_>>().leak()
        };
        Rule {
            targets: paths(targets),
            sources: paths(sources),
            kind,
            name: name.leak(),
            note: note.leak(),
            evidence: evidence.leak(),
        }
    }

    /// Returns the rule in a sentence: the meaning of words, and the note or else what the name means.
    fn sentence(&self) -> String {
        let note = match (&*self.note, &*self.name, self.kind) {
            ("", _, RuleKind::Required) => "without it the response is not a ticket",
            ("", _, RuleKind::Undecided) => "not decided yet; kept in `extra`",
            ("", "integer id", _) => "an integer with every digit, as text",
            ("", "any JSON", _) => "any JSON, as sent",
            ("", "minutes", _) => {
                "decimal minutes × 60, in exact decimal arithmetic, to the millisecond"
            }
            ("", "size", RuleKind::Converted) => "an integer of bytes, as text or as a number",
            (note, ..) => note,
        };
        let sentences = [self.meaning(), note.to_owned()];
        sentences.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// Returns the meaning of the words: `new` is `new`, done is `closed`; any other is `other`.
    fn meaning(&self) -> String {
        let listed = self.words.iter().filter(|(word, _)| *word != ANY_OTHER);
        let listed: Vec<_> = listed.map(|(word, ours)| format!("{word} is `{ours}`")).collect();
        let rest = match self.words.get(ANY_OTHER) {
            Some(only) if self.kind == RuleKind::Constant => format!("`{only}`"),
            _ if self.kind == RuleKind::Derived => String::new(),
            Some(other) => format!("; any other is `{other}`"),
            None if listed.is_empty() => String::new(),
            None => "; any other stays in `extra`".to_owned(),
        };
        listed.join(", ") + &rest
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, rules, write};

    const TABLE: &str = r#"[
{"targets":["id"],"sources":["/id"],"kind":"required","name":"id"},
{"targets":["solved"],"sources":["/solve"],"kind":"converted","name":"custom","words":{"1":"false","2":"true"}},
{"targets":["status.value","status.native"],"sources":["/state"],"kind":"converted","name":"word","words":{"done":"closed","*":"other"},"note":"the word \"done\" is final"},
{"sources":["/code"],"kind":"envelope","note":"must be 0","evidence":"the page"}
]
"#;

    #[test]
    fn writes_what_it_parses() {
        assert_eq!(write(&parse(TABLE).unwrap()), TABLE);
        assert_eq!(write(&[]), "[\n]\n");
    }

    #[test]
    fn makes_sentences_of_words_and_notes() {
        let notes: Vec<_> = rules(TABLE).iter().map(|rule| rule.note).collect();
        let expected = [
            "without it the response is not a ticket",
            "1 is `false`, 2 is `true`; any other stays in `extra`",
            "done is `closed`; any other is `other`; the word \"done\" is final",
            "must be 0",
        ];
        assert_eq!(notes, expected);
        assert_eq!(rules(TABLE)[3].name, "envelope");
    }

    #[test]
    #[should_panic(expected = "the table of a mapping: unknown field `target`")]
    fn refuses_a_misspelled_key() {
        rules(r#"[{"target": ["id"], "kind": "required"}]"#);
    }
}
