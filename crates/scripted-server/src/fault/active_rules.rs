//! The rules of a running server, each with its counters.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::rule::ANY_ROUTE;
use super::{Fault, FaultRule, FaultRuleError};

/// The active rules, oldest first.
#[derive(Debug, Default)]
pub(crate) struct ActiveRules(Mutex<Vec<ActiveRule>>);

#[derive(Debug)]
struct ActiveRule {
    rule: FaultRule,
    /// The number of requests of each route since the rule was added.
    counts: HashMap<&'static str, u64>,
}

impl ActiveRules {
    /// Adds a rule. Its route must be one of these, or `*`.
    pub(crate) fn add(&self, rule: FaultRule, routes: &[&str]) -> Result<(), FaultRuleError> {
        rule.check(routes)?;
        self.lock().push(ActiveRule { rule, counts: HashMap::new() });
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// Counts a request and returns its fault: that of the first rule that matches.
    pub(crate) fn next_fault(&self, route: &'static str) -> Option<Fault> {
        let mut fault = None;
        for ActiveRule { rule, counts } in &mut *self.lock() {
            if rule.route() != ANY_ROUTE && rule.route() != route {
                continue;
            }
            let count = counts.entry(route).or_default();
            *count += 1;
            if fault.is_none() && rule.requests().contains(route, *count) {
                fault = Some(rule.fault().clone());
            }
        }
        fault
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ActiveRule>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::ActiveRules;

    fn rules(texts: &[&str]) -> ActiveRules {
        let rules = ActiveRules::default();
        for text in texts {
            rules.add(text.parse().expect(text), &["a", "b"]).expect(text);
        }
        rules
    }

    fn names(rules: &ActiveRules, routes: &[&'static str]) -> Vec<&'static str> {
        routes
            .iter()
            .map(|route| rules.next_fault(route).map_or("", |fault| fault.name()))
            .collect()
    }

    #[test]
    fn each_rule_counts_each_route_separately() {
        let rules = rules(&["* 2: reset", "b 1: silence"]);
        assert_eq!(
            names(&rules, &["a", "b", "a", "b", "a"]),
            ["", "silence", "reset", "reset", ""]
        );
    }

    #[test]
    fn first_matching_rule_wins_and_all_rules_count() {
        let rules = rules(&["a 1: reset", "a 1-2: silence"]);
        assert_eq!(names(&rules, &["a", "a", "a"]), ["reset", "silence", ""]);
    }

    #[test]
    fn counts_start_when_a_rule_is_added() {
        let rules = rules(&[]);
        assert_eq!(names(&rules, &["a", "a"]), ["", ""]);
        rules.add("a 1: reset".parse().expect("a rule"), &["a"]).expect("a route");
        assert_eq!(names(&rules, &["a", "a"]), ["reset", ""]);
        rules.add("a: null".parse().expect("a rule"), &["a"]).expect("a route");
        rules.clear();
        assert_eq!(names(&rules, &["a"]), [""]);
    }

    #[test]
    fn rejects_unknown_route() {
        let rules = rules(&[]);
        assert!(rules.add("c: reset".parse().expect("a rule"), &["a", "b"]).is_err());
        assert_eq!(names(&rules, &["c"]), [""]);
    }
}
