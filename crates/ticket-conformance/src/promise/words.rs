//! Words that nobody documents, and words of a tenant.

use std::collections::BTreeMap;

use ticket_core::mapping::pattern::{Pattern, Reach};
use ticket_core::mapping::tree::{Path, Tree, pointer};
use ticket_core::mapping::{MappingDescription, Rule, RuleKind};
use ticket_core::{Response, VocabularyOverrides};
use ticket_sandbox::{Reply, Requests};

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene};
use crate::Subject;

/// The end of a target that keeps the provider's own word.
const NATIVE: &str = ".native";

/// What a tenant may say of its words: the end of the target, the vocabulary, and two words of ours.
const VOCABULARIES: [(&str, &str, [&str; 2]); 4] = [
    (".category", "status", ["open", "closed"]),
    ("priority.value", "priority", ["low", "urgent"]),
    ("type.value", "kind", ["task", "question"]),
    ("channel.value", "channel", ["search", "share"]),
];

pub(super) async fn an_unknown_word_is_kept(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let decoder = subject.decoder.ok_or("the subject names no decoder")?;
    // Where more than the word decides, it may be known in one place; but not in all.
    let mut derived = BTreeMap::<_, Vec<Option<String>>>::new();
    for (id, body) in &subject.tickets {
        let Some(body) = body else { continue };
        let text = String::from_utf8_lossy(body);
        let tree = Tree::parse(&text).map_err(|error| format!("{id}: {error}"))?;
        for Word { path, targets, is_derived, .. } in words(decoder, &tree) {
            let (native, other) = with_another_word(&tree, &path);
            let place = format!("`{native}` at {} of {id}", pointer(&path));
            let reply = Reply::json(200, other.to_string());
            let scene = Scene::of(subject, Play::with(Requests::All, reply)).await?;
            let outcome = scene.fetch(id).await;
            let fault = outcome.unless_ticket(id).or_else(|| lost(&outcome, native));
            let fault = fault.map(|fault| format!("{place}: {fault}"));
            if is_derived {
                derived.entry(targets).or_default().push(fault);
            } else {
                faults.0.extend(fault);
            }
        }
    }
    for found in derived.into_values().filter(|found| found.iter().all(Option::is_some)) {
        faults.0.extend(found.into_iter().flatten());
    }
    Ok(faults)
}

pub(super) async fn words_of_the_tenant_come_first(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let decoder = subject.decoder.ok_or("the subject names no decoder")?;
    for body in subject.tickets.iter().filter_map(|(_, body)| *body) {
        let text = String::from_utf8_lossy(body);
        let tree = Tree::parse(&text).map_err(|error| error.to_string())?;
        let response = Response::saved(decoder.ticket_operation(), body);
        for Word { path, targets, sent, .. } in words(decoder, &tree) {
            let taught = VOCABULARIES.into_iter().find(|(end, ..)| {
                targets
                    .iter()
                    .any(|target| target == end || end.starts_with('.') && target.ends_with(end))
            });
            let Some((_, vocabulary, ours)) = taught else { continue };
            for ours in ours {
                let overrides = VocabularyOverrides::default().with(vocabulary, &sent, ours);
                let overrides = overrides.map_err(|error| error.to_string())?;
                let decoded = decoder.decode(std::slice::from_ref(&response), &overrides);
                let ticket = decoded.ok().and_then(|it| serde_json::to_value(it.ticket).ok());
                let is_heard = ticket.is_some_and(|ticket| is_meant(&ticket, &sent, ours));
                let place = format!("`{sent}` at {}, which is `{ours}` here", pointer(&path));
                faults.add(&place, (!is_heard).then(|| "it becomes something else".to_owned()));
            }
        }
    }
    Ok(faults)
}

/// A word of the provider in a response.
struct Word {
    path: Path,
    /// The word, or the digits.
    sent: String,
    /// The targets of all rules that read it.
    targets: Vec<&'static str>,
    /// Whether more than the word decides what it means.
    is_derived: bool,
}

/// Every word of a response that is kept beside ours.
fn words(decoder: &dyn MappingDescription, tree: &Tree) -> Vec<Word> {
    let mut words = Vec::new();
    for (path, leaf) in tree.leaves() {
        let reads = |rule: &&Rule| {
            let mut sources = rule.sources.iter();
            sources.any(|source| Pattern::source(source).bind(&path, Reach::Exact).is_some())
        };
        let rules: Vec<_> = decoder.rules().iter().filter(reads).collect();
        let targets: Vec<_> = rules.iter().flat_map(|rule| rule.targets).copied().collect();
        let Tree::Scalar(json) = leaf else { continue };
        if leaf.is_hollow() || !targets.iter().any(|target| target.ends_with(NATIVE)) {
            continue;
        }
        let sent = serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_string());
        let is_derived = rules.iter().any(|rule| rule.kind == RuleKind::Derived);
        words.push(Word { path, sent, targets, is_derived });
    }
    words
}

/// A word of the same type that nobody knows, and the response with it.
fn with_another_word(tree: &Tree, path: &Path) -> (&'static str, Tree) {
    let mut other = tree.clone();
    let Some(leaf) = other.at_mut(path) else { unreachable!("a word stands where it was found") };
    let (native, json) = if leaf.to_string().starts_with('"') {
        ("a word that nobody knows", "\"a word that nobody knows\"")
    } else {
        ("987654", "987654")
    };
    *leaf = Tree::Scalar(json.into());
    (native, other)
}

/// What is wrong with what became of a word.
fn lost(outcome: &Outcome, native: &str) -> Option<String> {
    let Outcome::Ticket(record) = outcome else { return None };
    let ticket = serde_json::to_value(&record.ticket).unwrap_or_default();
    (!is_meant(&ticket, native, "other"))
        .then(|| "nothing in the ticket is `other` with that word beside it".to_owned())
}

/// Whether some object holds both the provider's word and ours.
fn is_meant(value: &serde_json::Value, native: &str, ours: &str) -> bool {
    let members: Vec<_> = match value {
        serde_json::Value::Object(members) => members.values().collect(),
        serde_json::Value::Array(items) => {
            return items.iter().any(|item| is_meant(item, native, ours));
        }
        _ => return false,
    };
    let has = |word: &str| members.iter().any(|member| member.as_str() == Some(word));
    (has(ours) && has(native)) || members.iter().any(|member| is_meant(member, native, ours))
}
