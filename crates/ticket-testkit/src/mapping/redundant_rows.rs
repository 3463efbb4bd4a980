//! Every row is needed: without it, the comparison finds a mismatch at its location.

use ticket_core::mapping::Rule;

use super::Mismatch;
use super::observe::Observations;

/// Returns the rows whose removal is not noticed.
pub(super) fn find(observations: &Observations, rules: &[Rule]) -> Vec<Mismatch> {
    let is_needed = |index: usize, rule: &Rule| {
        let mut others = rules.to_vec();
        others.remove(index);
        observations.compare(&others).iter().any(|mismatch| names(&mismatch.to_string(), rule))
    };
    let redundant = rules.iter().enumerate().filter(|(index, rule)| !is_needed(*index, rule));
    let mismatch = |rule: &Rule| Mismatch {
        location: [rule.sources, rule.targets].concat().join(", "),
        problem: "this row is redundant (all)".to_owned(),
    };
    redundant.map(|(_, rule)| mismatch(rule)).collect()
}

/// Returns whether a mismatch names the last key of a source or a target of this rule.
fn names(mismatch: &str, rule: &Rule) -> bool {
    let is_key = |key: &&str| key.len() > 1 && !key.ends_with('?');
    let mut paths = rule.sources.iter().chain(rule.targets);
    paths.any(|path| {
        // A one-letter key at the root has no longer key; its whole path is compared.
        let key = path.split(['/', '.', '[', ']']).rfind(is_key);
        mismatch.contains(key.unwrap_or(path))
    })
}
