//! Searches: how they behave, the query in the language of RT, and a page.

mod page;
#[cfg(feature = "http")]
mod query;

use ticket_core::{ListCapabilities, ListFilter, ListItems, RangeRule, TotalRule};

pub(crate) use page::read;
#[cfg(feature = "http")]
pub(crate) use query::ticket_sql;

use crate::request::MAX_PAGE_SIZE;

/// RT counts seconds, and the ends are sent as seconds before now.
const RANGE: RangeRule =
    RangeRule { needs_both_ends: false, is_inclusive: Some(true), step_milliseconds: 1_000 };

pub(crate) const CAPABILITIES: ListCapabilities = ListCapabilities {
    filters: &[
        ListFilter::Status,
        ListFilter::Created,
        ListFilter::Updated,
        ListFilter::Requester,
        ListFilter::Assignee,
        ListFilter::Text,
        ListFilter::After,
    ],
    native_filters: &["queue", "query"],
    max_page_size: MAX_PAGE_SIZE,
    max_tickets: None,
    created: Some(RANGE),
    updated: Some(RANGE),
    order: Some("id"),
    total: TotalRule::Unknown,
    items: ListItems::Tickets,
};
