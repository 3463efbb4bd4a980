//! Unknown words, and vocabulary overrides of a tenant.

use std::collections::BTreeMap;

use scripted_server::{Reply, Requests};
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::pattern::{Pattern, Reach};
use ticket_core::mapping::tree::{Path, Tree, pointer};
use ticket_core::mapping::{Rule, RuleKind};
use ticket_core::{Response, VocabularyOverrides};

use super::harness::{Harness, Problems, Scenario, TestResult};
use super::outcome::Outcome;
use crate::SourceUnderTest;

/// The end of a target with the word of the provider.
const NATIVE: &str = ".native";

/// The vocabularies that can be overridden: the targets, the name, and two values.
const VOCABULARIES: [(&[&str], &str, [&str; 2]); 4] = [
    (STATUSES, "status", ["open", "closed"]),
    (&["priority.value"], "priority", ["low", "urgent"]),
    (&["type.value"], "type", ["task", "question"]),
    (&["channel.value"], "channel", ["search", "share"]),
];

const STATUSES: &[&str] =
    &["status.value", "status_changes[i].from.value", "status_changes[i].to.value"];

pub(super) async fn unknown_word_is_kept(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let decoder = subject.decoder.ok_or("the source has no decoder")?;
    // If more than the word decides, the word may have a meaning in one field but not in all.
    let mut derived = BTreeMap::<_, Vec<Option<String>>>::new();
    for (id, body) in &subject.tickets {
        let Some(body) = body else { continue };
        let text = String::from_utf8_lossy(body);
        let tree = Tree::parse(&text).map_err(|error| format!("{id}: {error}"))?;
        for Word { path, targets, is_derived, .. } in words(decoder, &tree) {
            let (native, other) = with_unknown_word(&tree, &path);
            let situation = format!("`{native}` at {} of {id}", pointer(&path));
            let reply = Reply::json(200, other.to_string());
            let harness =
                Harness::start(subject, Scenario::ticket_reply(Requests::All, reply)).await?;
            let outcome = harness.fetch(id).await;
            let problem = outcome.expect_ticket(id).or_else(|| lost(&outcome, native));
            let problem = problem.map(|problem| format!("{situation}: {problem}"));
            if is_derived {
                derived.entry(targets).or_default().push(problem);
            } else {
                problems.0.extend(problem);
            }
        }
    }
    for found in derived.into_values().filter(|found| found.iter().all(Option::is_some)) {
        problems.0.extend(found.into_iter().flatten());
    }
    Ok(problems)
}

pub(super) async fn vocabulary_overrides_take_precedence(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let decoder = subject.decoder.ok_or("the source has no decoder")?;
    for body in subject.tickets.iter().filter_map(|(_, body)| *body) {
        let text = String::from_utf8_lossy(body);
        let tree = Tree::parse(&text).map_err(|error| error.to_string())?;
        let response = Response::saved(decoder.ticket_operation(), body);
        for Word { path, targets, sent, .. } in words(decoder, &tree) {
            let overridden = VOCABULARIES
                .into_iter()
                .find(|(of, ..)| targets.iter().any(|target| of.contains(target)));
            let Some((_, vocabulary, values)) = overridden else { continue };
            for value in values {
                let overrides = VocabularyOverrides::default().with(vocabulary, &sent, value);
                let overrides = overrides.map_err(|error| error.to_string())?;
                let output = decoder.decode(std::slice::from_ref(&response), &overrides);
                let ticket = output.ok().and_then(|it| serde_json::to_value(it.ticket).ok());
                let is_applied = ticket.is_some_and(|ticket| is_pair(&ticket, &sent, value));
                let situation = format!("`{sent}` at {}, overridden as `{value}`", pointer(&path));
                problems
                    .add(&situation, (!is_applied).then(|| "the override is ignored".to_owned()));
            }
        }
    }
    Ok(problems)
}

/// A word of the provider in a response.
struct Word {
    path: Path,
    /// The word, or a number.
    sent: String,
    /// The targets of all rules with this source.
    targets: Vec<&'static str>,
    /// Whether more than the word decides its meaning.
    is_derived: bool,
}

/// Returns every word of a response that is kept in `native`.
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

/// Replaces a word by an unknown word of the same type.
fn with_unknown_word(tree: &Tree, path: &Path) -> (&'static str, Tree) {
    let mut other = tree.clone();
    let Some(leaf) = other.at_mut(path) else { unreachable!("the word was found there") };
    let (native, json) = if leaf.to_string().starts_with('"') {
        ("an unknown word", "\"an unknown word\"")
    } else {
        ("987654", "987654")
    };
    *leaf = Tree::Scalar(json.into());
    (native, other)
}

/// Returns a problem unless the ticket has `other` with this word.
fn lost(outcome: &Outcome, native: &str) -> Option<String> {
    let Outcome::Ticket(record) = outcome else { return None };
    let ticket = serde_json::to_value(&record.ticket).unwrap_or_default();
    (!is_pair(&ticket, native, "other"))
        .then(|| "the ticket does not have `other` with that word".to_owned())
}

/// Returns whether some object has both the word of the provider and this value.
fn is_pair(value: &serde_json::Value, native: &str, ours: &str) -> bool {
    let members: Vec<_> = match value {
        serde_json::Value::Object(members) => members.values().collect(),
        serde_json::Value::Array(items) => {
            return items.iter().any(|item| is_pair(item, native, ours));
        }
        _ => return false,
    };
    let has = |word: &str| members.iter().any(|member| member.as_str() == Some(word));
    (has(ours) && has(native)) || members.iter().any(|member| is_pair(member, native, ours))
}
