//! A fault and the requests that it affects.

use std::fmt;
use std::str::FromStr;

use super::{Fault, Requests};

/// Matches every route.
pub(super) const ANY_ROUTE: &str = "*";

/// A fault and the requests that it affects.
///
/// The text form is `ROUTE [REQUESTS]: FAULT`, where `*` matches every route:
///
/// ```
/// use scripted_server::FaultRule;
///
/// let rule: FaultRule = "ticket every 10: delay 200ms".parse()?;
/// assert_eq!(rule.fault().name(), "delay");
/// assert_eq!(rule, FaultRule::new("ticket", "every 10".parse()?, "delay 200ms".parse()?));
/// # Ok::<(), scripted_server::FaultRuleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    route: String,
    requests: Requests,
    fault: Fault,
}

impl FaultRule {
    /// Creates a rule for these requests of a route; `*` matches every route.
    pub fn new(route: impl Into<String>, requests: Requests, fault: Fault) -> Self {
        Self { route: route.into(), requests, fault }
    }

    /// Returns the route, or `*`.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Returns which requests the rule matches.
    pub fn requests(&self) -> Requests {
        self.requests
    }

    /// Returns the fault.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Checks that the route is one of these.
    pub(super) fn check(&self, routes: &[&str]) -> Result<(), FaultRuleError> {
        if self.route == ANY_ROUTE || routes.contains(&&*self.route) {
            return Ok(());
        }
        let (route, routes) = (&self.route, routes.join(", "));
        Err(FaultRuleError::new(format!(
            "unknown route `{route}`; known routes: {routes}, and {ANY_ROUTE} for all"
        )))
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { route, requests, fault } = self;
        match requests {
            Requests::All => write!(formatter, "{route}: {fault}"),
            requests => write!(formatter, "{route} {requests}: {fault}"),
        }
    }
}

impl FromStr for FaultRule {
    type Err = FaultRuleError;

    fn from_str(text: &str) -> Result<Self, FaultRuleError> {
        let usage = || {
            FaultRuleError::new(format!(
                "invalid fault rule `{text}`; expected `ROUTE [REQUESTS]: FAULT`, such as `* 1-2: status 503`"
            ))
        };
        let (target, fault) = text.split_once(':').ok_or_else(usage)?;
        let target = target.trim();
        let (route, requests) = target.split_once(char::is_whitespace).unwrap_or((target, ""));
        if route.is_empty() {
            return Err(usage());
        }
        Ok(Self::new(route, requests.parse()?, fault.parse()?))
    }
}

/// An invalid fault rule, or a rule for an unknown route.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FaultRuleError(String);

impl FaultRuleError {
    pub(super) fn new(message: String) -> Self {
        Self(message)
    }
}

#[cfg(test)]
mod tests {
    use super::FaultRule;

    #[test]
    fn rules_round_trip() {
        for text in [
            "feishu.ticket 1-2: status 503",
            "feishu.token 2: silence",
            "*: delay 200ms",
            "* 0.5% seed 7: reset",
            "any.route every 3: status 429 with Retry-After: 3; a: b:c",
        ] {
            let rule: FaultRule = text.parse().expect(text);
            assert_eq!(rule.to_string(), text);
        }
        let rule: FaultRule = "  a   2-4 :reset ".parse().expect("white space is ignored");
        assert_eq!(rule.to_string(), "a 2-4: reset");
    }

    #[test]
    fn error_names_the_invalid_part() {
        for (text, part) in [
            ("reset", "ROUTE [REQUESTS]: FAULT"),
            (": reset", "ROUTE [REQUESTS]: FAULT"),
            ("a x: reset", "invalid requests `x`"),
            ("a: sleep", "unknown fault `sleep`"),
            ("a: status x", "invalid fault `status x`"),
        ] {
            let error = text.parse::<FaultRule>().expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
        let rule: FaultRule = "a: reset".parse().expect("a rule");
        let error = rule.check(&["b", "c"]).expect_err("unknown route").to_string();
        assert_eq!(error, "unknown route `a`; known routes: b, c, and * for all");
    }
}
