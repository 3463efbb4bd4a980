//! Each row of the table is needed: without it the proof would fail, and name its place.

use ticket_core::mapping::Rule;

use super::Fault;
use super::observe::Observations;

/// The rows that nobody would miss.
pub(super) fn faults(observations: &Observations, rules: &[Rule]) -> Vec<Fault> {
    let is_missed = |index: usize, rule: &Rule| {
        let mut others = rules.to_vec();
        others.remove(index);
        observations.judge(&others).iter().any(|fault| names(&fault.to_string(), rule))
    };
    let unmissed = rules.iter().enumerate().filter(|(index, rule)| !is_missed(*index, rule));
    let fault = |rule: &Rule| Fault {
        place: [rule.sources, rule.targets].concat().join(", "),
        problem: "nobody would miss this row (all)".to_owned(),
    };
    unmissed.map(|(_, rule)| fault(rule)).collect()
}

/// Whether a fault speaks of a place of this rule: of the last key of a source or a target.
fn names(fault: &str, rule: &Rule) -> bool {
    let is_key = |key: &&str| key.len() > 1 && !key.ends_with('?');
    let mut places = rule.sources.iter().chain(rule.targets);
    places.any(|path| {
        path.split(['/', '.', '[', ']']).rfind(is_key).is_some_and(|key| fault.contains(key))
    })
}
