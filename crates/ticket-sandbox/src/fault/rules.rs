//! The rules of a running server, each with what it has counted.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::rule::EVERY_ROUTE;
use super::{Fault, Rule, RuleError};

/// The rules in force, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Rules(Mutex<Vec<Running>>);

#[derive(Debug)]
struct Running {
    rule: Rule,
    /// How many requests of each route there were since the rule came.
    counts: HashMap<&'static str, u64>,
}

impl Rules {
    /// Adds a rule whose route is one of these, or all.
    pub(crate) fn add(&self, rule: Rule, routes: &[&str]) -> Result<(), RuleError> {
        rule.check(routes)?;
        self.running().push(Running { rule, counts: HashMap::new() });
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.running().clear();
    }

    /// Counts a request, and says what is to go wrong with it: of several rules that are about it the first decides.
    pub(crate) fn strike(&self, route: &'static str) -> Option<Fault> {
        let mut fault = None;
        for Running { rule, counts } in &mut *self.running() {
            if rule.route() != EVERY_ROUTE && rule.route() != route {
                continue;
            }
            let count = counts.entry(route).or_default();
            *count += 1;
            if fault.is_none() && rule.requests().contain(route, *count) {
                fault = Some(rule.fault().clone());
            }
        }
        fault
    }

    fn running(&self) -> MutexGuard<'_, Vec<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Rules;

    fn rules(texts: &[&str]) -> Rules {
        let rules = Rules::default();
        for text in texts {
            rules.add(text.parse().expect(text), &["a", "b"]).expect(text);
        }
        rules
    }

    fn names(rules: &Rules, routes: &[&'static str]) -> Vec<&'static str> {
        routes.iter().map(|route| rules.strike(route).map_or("", |fault| fault.name())).collect()
    }

    #[test]
    fn each_rule_counts_each_route_by_itself() {
        let rules = rules(&["* 2: reset", "b 1: silence"]);
        assert_eq!(
            names(&rules, &["a", "b", "a", "b", "a"]),
            ["", "silence", "reset", "reset", ""]
        );
    }

    #[test]
    fn of_several_rules_the_first_decides_and_all_of_them_count() {
        let rules = rules(&["a 1: reset", "a 1-2: silence"]);
        assert_eq!(names(&rules, &["a", "a", "a"]), ["reset", "silence", ""]);
    }

    #[test]
    fn a_rule_counts_from_when_it_came_until_all_are_cleared() {
        let rules = rules(&[]);
        assert_eq!(names(&rules, &["a", "a"]), ["", ""]);
        rules.add("a 1: reset".parse().expect("a rule"), &["a"]).expect("a route");
        assert_eq!(names(&rules, &["a", "a"]), ["reset", ""]);
        rules.add("a: null".parse().expect("a rule"), &["a"]).expect("a route");
        rules.clear();
        assert_eq!(names(&rules, &["a"]), [""]);
    }

    #[test]
    fn a_route_that_nobody_has_is_refused() {
        let rules = rules(&[]);
        assert!(rules.add("c: reset".parse().expect("a rule"), &["a", "b"]).is_err());
        assert_eq!(names(&rules, &["c"]), [""]);
    }
}
