//! What is left to decide of a provider, leaf by leaf, each with a proposal.

mod guess;
mod proposal;

use std::fmt::Write as _;

use anyhow::{Context, Result};
use ticket_core::mapping::pattern::{Bindings, Pattern};
use ticket_core::mapping::tree::Tree;
use ticket_core::mapping::{MappingDescription, Rule, RuleKind};

use crate::generated::TAKES;
use crate::providers::PROVIDERS;
pub(super) use proposal::Leaf;

/// Prints what is left.
///
/// # Errors
/// Where there is no such provider.
pub(super) fn run(name: &str) -> Result<()> {
    let names = || PROVIDERS.iter().map(|it| it.provider()).collect::<Vec<_>>().join(", ");
    let decoder = PROVIDERS
        .iter()
        .find(|decoder| decoder.provider() == name)
        .with_context(|| format!("no provider is called `{name}`; there are {}", names()))?;
    let fixtures: Vec<_> = ticket_fixtures::of(name)
        .filter(|case| case.http_status == 200)
        .filter_map(|case| Tree::parse(std::str::from_utf8(case.body).ok()?).ok())
        .collect();
    print!("{}", text(*decoder, &fixtures));
    Ok(())
}

fn text(decoder: &dyn MappingDescription, responses: &[Tree]) -> String {
    let (name, rules) = (decoder.provider(), decoder.rules());
    let undecided: Vec<_> = rules.iter().filter(|rule| rule.kind == RuleKind::Undecided).collect();
    let leaves = rules.iter().filter(|rule| !rule.sources.is_empty()).count();
    if undecided.is_empty() {
        return format!("{name}: all of {leaves} rows are decided\n");
    }
    let mut text = format!("{name}: {} of {leaves} rows are undecided\n", undecided.len());
    let ticket = place_of_ticket(rules);
    let all: Vec<&str> = rules.iter().flat_map(|rule| rule.sources).copied().collect();
    for source in undecided.iter().flat_map(|rule| rule.sources) {
        let value = value(source, responses);
        let time = time_beside(source, &all, responses);
        text.push('\n');
        text.push_str(&told(&Leaf { ticket, source, value: &value, time: time.as_deref() }));
    }
    text
}

/// Where the ticket stands: around its id.
fn place_of_ticket(rules: &[Rule]) -> &'static str {
    let id = rules.iter().find(|rule| rule.targets == ["id"]);
    let id = id.and_then(|rule| rule.sources.first()).copied().unwrap_or_default();
    id.rsplit_once('/').map_or("", |(ticket, _)| ticket)
}

/// A value that a response has there; `null` where none has any.
fn value(source: &str, responses: &[Tree]) -> String {
    let pattern = Pattern::source(source);
    let found =
        responses.iter().flat_map(|response| pattern.find(response, &Bindings::new(), usize::MAX));
    let mut values = found.map(|(_, value)| value.to_string());
    values.find(|value| !matches!(&**value, "null" | "[]" | "{}")).unwrap_or("null".to_owned())
}

/// The value of the time that stands next to this leaf in the same object: the last one before it, or the first one after it.
fn time_beside(source: &str, all: &[&str], responses: &[Tree]) -> Option<String> {
    let around = |source: &str| source.rsplit_once('/').map(|(around, _)| around.to_owned());
    let here = all.iter().position(|other| *other == source)?;
    let (before, after) = all.split_at(here);
    let mut others = before.iter().rev().chain(after).filter(|it| around(it) == around(source));
    others.find_map(|other| {
        Some(value(other, responses)).filter(|value| proposal::instant(value).is_some())
    })
}

/// A leaf with its value, and what is proposed for it.
pub(super) fn told(leaf: &Leaf<'_>) -> String {
    let shown: String = leaf.value.chars().take(60).collect();
    let mut text = format!("{} = {shown}\n", leaf.source);
    for (file, line) in proposal::lines(leaf) {
        writeln!(text, "    {file:<8}  {line}").expect(TAKES);
    }
    text
}
