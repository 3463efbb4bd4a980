//! Words that nobody documents.

use ticket_core::Dialect;
use ticket_core::pattern::{Pattern, Reach};
use ticket_core::tree::{Path, Tree, pointer};
use ticket_sandbox::{Reply, Requests};

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene};
use crate::Subject;

/// The name of the rules that read a word.
const WORD: &str = "word";

pub(super) async fn an_unknown_word_is_kept(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let dialect = subject.dialect.ok_or("the subject names no dialect")?;
    for (id, body) in &subject.tickets {
        let Some(body) = body else { continue };
        let text = String::from_utf8_lossy(body);
        let tree = Tree::parse(&text).map_err(|error| format!("{id}: {error}"))?;
        for (path, native, other) in changes(dialect, &tree) {
            let place = format!("`{native}` at {} of {id}", pointer(&path));
            let reply = Reply::json(200, other.to_string());
            let scene = Scene::of(subject, Play::with(Requests::All, reply)).await?;
            let outcome = scene.fetch(id).await;
            let lost = || lost(&outcome, native);
            faults.add(&place, outcome.unless_ticket(id).or_else(lost));
        }
    }
    Ok(faults)
}

/// The answer with another word, for each place where there is one: where, which, and the answer.
fn changes(dialect: &dyn Dialect, tree: &Tree) -> Vec<(Path, &'static str, Tree)> {
    let words = dialect.rules().iter().filter(|rule| rule.name == WORD);
    let sources: Vec<_> =
        words.flat_map(|rule| rule.sources).map(|source| Pattern::source(source)).collect();
    let mut all = Vec::new();
    for (path, leaf) in tree.leaves() {
        let is_word = sources.iter().any(|source| source.bind(&path, Reach::Exact).is_some());
        let Tree::Scalar(leaf) = leaf else { continue };
        if !is_word || &**leaf == "null" {
            continue;
        }
        let (native, json) = if leaf.starts_with('"') {
            ("a word that nobody knows", "\"a word that nobody knows\"")
        } else {
            ("987654", "987654")
        };
        let mut other = tree.clone();
        if let Some(leaf) = other.at_mut(&path) {
            *leaf = Tree::Scalar(json.into());
            all.push((path, native, other));
        }
    }
    all
}

/// What is wrong with what became of a word.
fn lost(outcome: &Outcome, native: &str) -> Option<String> {
    let Outcome::Ticket(record) = outcome else { return None };
    let ticket = serde_json::to_value(&record.ticket).unwrap_or_default();
    (!is_other(&ticket, native))
        .then(|| "nothing in the ticket is `other` with that word beside it".to_owned())
}

/// Whether some object holds both `other` and the word.
fn is_other(value: &serde_json::Value, native: &str) -> bool {
    let members: Vec<_> = match value {
        serde_json::Value::Object(members) => members.values().collect(),
        serde_json::Value::Array(items) => return items.iter().any(|item| is_other(item, native)),
        _ => return false,
    };
    let has = |word: &str| members.iter().any(|member| member.as_str() == Some(word));
    (has("other") && has(native)) || members.iter().any(|member| is_other(member, native))
}
