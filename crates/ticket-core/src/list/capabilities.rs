//! How the lists of a service behave, as data.

use std::fmt;

use serde::{Serialize, Serializer};

use super::ListQuery;
use crate::{Error, ErrorKind};

/// How the lists of a service behave: what a reader of a whole helpdesk has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ListCapabilities {
    /// The filters of [`ListQuery`] that the service can apply.
    pub filters: &'static [ListFilter],
    /// The names of the service's own filters.
    pub native_filters: &'static [&'static str],
    /// The largest number of tickets in a page.
    pub max_page_size: u32,
    /// At which number of tickets a list ends, however many match; `None` without such a limit.
    pub max_tickets: Option<u64>,
    /// The rule for ranges of the creation time.
    pub created: Option<RangeRule>,
    /// The rule for ranges of the time of the last change.
    pub updated: Option<RangeRule>,
    /// The order of the tickets; `None` if it is not documented, so that tickets may move between pages.
    pub order: Option<&'static str>,
    /// What the total means.
    pub total: TotalRule,
    /// What a row is.
    pub items: ListItems,
}

/// A filter of [`ListQuery`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListFilter {
    /// [`ListQuery::statuses`]
    Status,
    /// [`ListQuery::created`]
    Created,
    /// [`ListQuery::updated`]
    Updated,
    /// [`ListQuery::requester`]
    Requester,
    /// [`ListQuery::assignee`]
    Assignee,
    /// [`ListQuery::tags`]
    Tag,
    /// [`ListQuery::text`]
    Text,
    /// [`ListQuery::after`], for a list that is ordered by id
    After,
}

impl ListFilter {
    /// Every filter.
    pub const ALL: &'static [Self] = &[
        Self::Status,
        Self::Created,
        Self::Updated,
        Self::Requester,
        Self::Assignee,
        Self::Tag,
        Self::Text,
        Self::After,
    ];

    /// Returns the name, as JSON and messages spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Requester => "requester",
            Self::Assignee => "assignee",
            Self::Tag => "tag",
            Self::Text => "text",
            Self::After => "after",
        }
    }

    /// Returns whether the query uses the filter.
    fn is_set(self, query: &ListQuery) -> bool {
        match self {
            Self::Status => !query.statuses.is_empty(),
            Self::Created => !query.created.is_unbounded(),
            Self::Updated => !query.updated.is_unbounded(),
            Self::Requester => query.requester.is_some(),
            Self::Assignee => query.assignee.is_some(),
            Self::Tag => !query.tags.is_empty(),
            Self::Text => query.text.is_some(),
            Self::After => query.after.is_some(),
        }
    }
}

impl fmt::Display for ListFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl Serialize for ListFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The rule for a range of instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RangeRule {
    /// Whether both ends have to be sent. A provider then replaces an open end by one that excludes nothing.
    pub needs_both_ends: bool,
    /// Whether the ends belong to the range; `None` if it is not documented.
    pub is_inclusive: Option<bool>,
    /// The smallest step of an instant, in milliseconds.
    pub step_milliseconds: u32,
}

/// What the total of a list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TotalRule {
    /// The number of tickets that match, up to [`max_tickets`](ListCapabilities::max_tickets): there it means "or more".
    Claimed,
    /// The service may not say how many there are.
    Unknown,
}

/// What a row of a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ListItems {
    /// A whole ticket.
    Tickets,
    /// Only the id of a ticket.
    Ids,
}

impl ListCapabilities {
    /// Checks that the service can answer the query.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidRequest`]: a filter is not supported or a range is reversed; the message names it and the hint what
    ///   is supported.
    pub fn check(&self, query: &ListQuery) -> Result<(), Error> {
        let refuse = |message: String, hint: String| {
            Err(Error::new(ErrorKind::InvalidRequest, message).with_hint(hint))
        };
        let supported = self.filters.iter().map(|filter| filter.as_str());
        for filter in ListFilter::ALL {
            if filter.is_set(query) && !self.filters.contains(filter) {
                let known: Vec<_> = supported.collect();
                let hint = format!("its filters are {}", known.join(", "));
                return refuse(format!("the service cannot filter by {filter}"), hint);
            }
        }
        for (name, _) in &query.native {
            if !self.native_filters.contains(&name.as_str()) {
                let message = format!("the service has no filter \"{}\"", name.escape_debug());
                let hint = format!("its own filters are {}", self.native_filters.join(", "));
                return refuse(message, hint);
            }
        }
        query.check_ranges()?;
        match query.page_size {
            Some(size) if size == 0 || size > self.max_page_size => refuse(
                format!("a page of {size} tickets is not possible"),
                format!("use 1 to {}", self.max_page_size),
            ),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ListCapabilities, ListFilter, ListItems, TotalRule};
    use crate::{ErrorKind, ListQuery, TimeRange};

    const STATUS_ONLY: ListCapabilities = ListCapabilities {
        filters: &[ListFilter::Status, ListFilter::Created],
        native_filters: &["channel"],
        max_page_size: 50,
        max_tickets: None,
        created: None,
        updated: None,
        order: None,
        total: TotalRule::Unknown,
        items: ListItems::Ids,
    };

    #[test]
    fn refuses_filters_that_the_service_does_not_have_and_names_those_it_has() {
        let day = |text: &str| Some(text.parse().unwrap());
        let reversed =
            TimeRange { since: day("2026-01-02T00:00:00Z"), until: day("2026-01-01T00:00:00Z") };
        for (query, message, hint) in [
            (
                ListQuery { text: Some("x".into()), ..ListQuery::default() },
                "the service cannot filter by text",
                "its filters are status, created",
            ),
            (
                ListQuery { native: vec![("stage".into(), "1".into())], ..ListQuery::default() },
                "the service has no filter \"stage\"",
                "its own filters are channel",
            ),
            (
                ListQuery { created: reversed, ..ListQuery::default() },
                "the created range ends before it begins: 2026-01-02T00:00:00Z to 2026-01-01T00:00:00Z",
                "swap the two ends",
            ),
            (
                ListQuery { page_size: Some(51), ..ListQuery::default() },
                "a page of 51 tickets is not possible",
                "use 1 to 50",
            ),
        ] {
            let error = STATUS_ONLY.check(&query).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert_eq!((error.message(), error.hint()), (message, Some(hint)));
        }
        STATUS_ONLY.check(&ListQuery::default()).unwrap();
    }
}
