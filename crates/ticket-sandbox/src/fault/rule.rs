//! Where and when a fault strikes.

use std::fmt;
use std::str::FromStr;

use super::{Fault, Requests};

/// Stands for every route.
pub(super) const EVERY_ROUTE: &str = "*";

/// Where and when a fault strikes.
///
/// Its text form is `ROUTE [REQUESTS]: FAULT`, where `*` is every route:
///
/// ```
/// use ticket_sandbox::{Fault, Requests, Rule};
///
/// let rule: Rule = "feishu.ticket every 10: delay 200ms".parse()?;
/// assert_eq!(rule.fault().name(), "delay");
/// assert_eq!(rule, Rule::new("feishu.ticket", "every 10".parse()?, "delay 200ms".parse()?));
/// # Ok::<(), ticket_sandbox::RuleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    route: String,
    requests: Requests,
    fault: Fault,
}

impl Rule {
    /// Lets a fault strike these requests of a route, or of every route by `*`.
    pub fn new(route: impl Into<String>, requests: Requests, fault: Fault) -> Self {
        Self { route: route.into(), requests, fault }
    }

    /// The route, or `*`.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Which requests it is about.
    pub fn requests(&self) -> Requests {
        self.requests
    }

    /// The fault.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Refuses a route that is none of these.
    pub(super) fn check(&self, routes: &[&str]) -> Result<(), RuleError> {
        if self.route == EVERY_ROUTE || routes.contains(&&*self.route) {
            return Ok(());
        }
        let (route, routes) = (&self.route, routes.join(", "));
        Err(RuleError::new(format!(
            "there is no route `{route}`; there are {routes}, and {EVERY_ROUTE} for all of them"
        )))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { route, requests, fault } = self;
        match requests {
            Requests::All => write!(formatter, "{route}: {fault}"),
            requests => write!(formatter, "{route} {requests}: {fault}"),
        }
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let usage = || {
            RuleError::new(format!(
                "`{text}` is no rule: it is written `ROUTE [REQUESTS]: FAULT`, such as \
                 `feishu.ticket 1-2: status 503`"
            ))
        };
        let (place, fault) = text.split_once(':').ok_or_else(usage)?;
        let place = place.trim();
        let (route, requests) = place.split_once(char::is_whitespace).unwrap_or((place, ""));
        if route.is_empty() {
            return Err(usage());
        }
        Ok(Self::new(route, requests.parse()?, fault.parse()?))
    }
}

/// Why a text is no rule or no fault, or why a rule cannot be followed: what is wrong, and what there is instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RuleError(String);

impl RuleError {
    pub(super) fn new(message: String) -> Self {
        Self(message)
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn a_rule_is_read_and_written_the_same() {
        for text in [
            "feishu.ticket 1-2: status 503",
            "feishu.token 2: silence",
            "*: delay 200ms",
            "* 0.5% seed 7: reset",
            "any.route every 3: status 429 with Retry-After: 3; a: b:c",
        ] {
            let rule: Rule = text.parse().expect(text);
            assert_eq!(rule.to_string(), text);
        }
        let rule: Rule = "  a   2-4 :reset ".parse().expect("room is no matter");
        assert_eq!(rule.to_string(), "a 2-4: reset");
    }

    #[test]
    fn what_is_no_rule_says_which_part_is_wrong() {
        for (text, part) in [
            ("reset", "ROUTE [REQUESTS]: FAULT"),
            (": reset", "ROUTE [REQUESTS]: FAULT"),
            ("a x: reset", "`x` says no requests"),
            ("a: sleep", "there is no fault `sleep`"),
            ("a: status x", "`status x` cannot be understood"),
        ] {
            let refusal = text.parse::<Rule>().expect_err(text).to_string();
            assert!(refusal.contains(part), "{refusal}");
        }
        let rule: Rule = "a: reset".parse().expect("a rule");
        let refusal = rule.check(&["b", "c"]).expect_err("no such route").to_string();
        assert_eq!(refusal, "there is no route `a`; there are b, c, and * for all of them");
    }
}
