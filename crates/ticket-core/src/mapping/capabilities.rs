//! What a provider can do, as data.

use std::fmt;

use serde::Serialize;

use crate::ListCapabilities;

/// The operations of a provider, and what is known to be impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// The documented operations on tickets, and those that they need.
    pub operations: &'static [Operation],
    /// How lists of tickets behave; `None` if there are none.
    pub list: Option<ListCapabilities>,
    /// What is impossible or limited, each in a sentence.
    pub limitations: &'static [&'static str],
}

/// A documented operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// The name, as in [`Response::operation`](crate::Response::operation).
    pub name: &'static str,
    /// The method and the path.
    pub request: &'static str,
    /// Whether this workspace uses it.
    pub is_used: bool,
    /// The rate limits, all of which hold; empty if none is documented.
    pub limits: &'static [Limit],
    /// What else there is to know.
    pub note: &'static str,
}

/// A rate limit: a number of requests in a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The number of requests.
    pub requests: u32,
    /// The number of seconds.
    pub seconds: u32,
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, seconds } = self;
        match seconds {
            1 => write!(formatter, "{requests} a second"),
            60 => write!(formatter, "{requests} a minute"),
            seconds => write!(formatter, "{requests} in {seconds} seconds"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn prints_a_limit_in_words() {
        for (requests, seconds, text) in
            [(10, 1, "10 a second"), (1_000, 60, "1000 a minute"), (5, 10, "5 in 10 seconds")]
        {
            assert_eq!(Limit { requests, seconds }.to_string(), text);
        }
    }
}
