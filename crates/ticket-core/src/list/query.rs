//! What to list, in the words of the model.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ticket_model::Status;

use crate::{Error, ErrorKind};

/// Which tickets to list. A ticket has to match every filter that is set; the default query matches all tickets.
///
/// ```
/// use ticket_core::{ListQuery, TimeRange};
/// use ticket_core::model::Status;
///
/// let query = ListQuery {
///     statuses: vec![Status::Open, Status::New],
///     created: TimeRange { since: Some("2026-01-01T00:00:00Z".parse()?), until: None },
///     ..ListQuery::default()
/// };
/// assert!(query.updated.is_unbounded());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// The status is one of these; any status if the list is empty.
    pub statuses: Vec<Status>,
    /// When the ticket was created.
    pub created: TimeRange,
    /// When the ticket was last changed.
    pub updated: TimeRange,
    /// The provider's id of the requester.
    pub requester: Option<String>,
    /// The provider's id of the assignee.
    pub assignee: Option<String>,
    /// The names of tags, all of which the ticket has.
    pub tags: Vec<String>,
    /// Words to search for.
    pub text: Option<String>,
    /// Only tickets whose id comes after this one in the order of the list: where an interrupted reader goes on.
    pub after: Option<String>,
    /// Filters of the service by their own names; a name may occur several times.
    pub native: Vec<(String, String)>,
    /// The number of tickets in a page; the largest that the service allows if it is not set.
    pub page_size: Option<u32>,
}

impl ListQuery {
    /// Checks that no range of time ends before it begins.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidRequest`]: the message names the range.
    pub fn check_ranges(&self) -> Result<(), Error> {
        for (name, range) in [("created", &self.created), ("updated", &self.updated)] {
            if let TimeRange { since: Some(since), until: Some(until) } = range
                && since > until
            {
                let message = format!("the {name} range ends before it begins: {since} to {until}");
                let error = Error::new(ErrorKind::InvalidRequest, message);
                return Err(error.with_hint("swap the two ends"));
            }
        }
        Ok(())
    }
}

/// A range of instants, inclusive at both ends; an end that is not set is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeRange {
    /// The first instant.
    pub since: Option<Timestamp>,
    /// The last instant.
    pub until: Option<Timestamp>,
}

impl TimeRange {
    /// Returns whether both ends are open.
    pub const fn is_unbounded(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }
}
