//! What a provider can do, as data.

use std::fmt;

use serde::Serialize;

use crate::Decoder;

/// What a provider can do: its operations, their limits, and what is known to be impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// The documented operations on tickets, and what else is needed for them.
    pub operations: &'static [Operation],
    /// What cannot be done, or only up to a point, each in a sentence.
    pub caps: &'static [&'static str],
}

/// One documented operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// The name, as [`Response::operation`](crate::Response::operation) has it.
    pub name: &'static str,
    /// Method and path.
    pub request: &'static str,
    /// Whether this workspace uses it.
    pub is_used: bool,
    /// How many requests are allowed, each in its window; empty where no number is documented.
    pub limits: &'static [Limit],
    /// What else is to be known.
    pub note: &'static str,
}

/// So many requests in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The requests.
    pub requests: u32,
    /// The seconds.
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

/// The fields at the top of the ticket that the provider fills, in the order of its rules.
///
/// ```no_run
/// # fn example(desk: &dyn ticket_core::Decoder) {
/// let filled = ticket_core::capabilities::fields(desk);
/// assert!(filled.contains(&"id"));
/// # }
/// ```
pub fn fields(decoder: &dyn Decoder) -> Vec<&'static str> {
    let mut fields = Vec::new();
    for target in decoder.rules().iter().flat_map(|rule| rule.targets) {
        let field = target.split(['.', '[']).next().unwrap_or(target);
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn a_limit_reads_as_people_say_it() {
        for (requests, seconds, text) in
            [(10, 1, "10 a second"), (1_000, 60, "1000 a minute"), (5, 10, "5 in 10 seconds")]
        {
            assert_eq!(Limit { requests, seconds }.to_string(), text);
        }
    }
}
