//! What a provider can do, as data.

use serde::Serialize;

use crate::Dialect;

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
    /// The name, as [`Answer::operation`](crate::Answer::operation) has it.
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

/// The fields at the top of the ticket that the provider fills, in the order of its rules.
///
/// ```no_run
/// # fn example(desk: &dyn ticket_core::Dialect) {
/// let filled = ticket_core::capabilities::fields(desk);
/// assert!(filled.contains(&"id"));
/// # }
/// ```
pub fn fields(dialect: &dyn Dialect) -> Vec<&'static str> {
    let mut fields = Vec::new();
    for target in dialect.rules().iter().flat_map(|rule| rule.targets) {
        let field = target.split(['.', '[']).next().unwrap_or(target);
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}
