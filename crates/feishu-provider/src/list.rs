//! The list call: how lists behave, the parameters of a query, and a page.

mod page;
#[cfg(feature = "http")]
mod query;

use ticket_core::{ListCapabilities, ListFilter, ListItems, RangeRule, TotalRule};

pub(crate) use page::read;
#[cfg(feature = "http")]
pub(crate) use query::parameters;

/// The largest page.
pub(crate) const MAX_PAGE_SIZE: u32 = 200;
/// Where the list and its total end.
pub(crate) const MAX_TICKETS: u64 = 10_000;

/// How lists behave, by the page of the list call.
pub(crate) const CAPABILITIES: ListCapabilities = ListCapabilities {
    filters: &[
        ListFilter::Status,
        ListFilter::Created,
        ListFilter::Updated,
        ListFilter::Requester,
        ListFilter::Assignee,
        ListFilter::Tag,
    ],
    native_filters: &[
        "ticket_id",
        "agent_id",
        "closed_by_id",
        "guest_id",
        "guest_name",
        "type",
        "channel",
        "solved",
        "score",
        "status_list",
        "tags",
    ],
    max_page_size: MAX_PAGE_SIZE,
    max_tickets: Some(MAX_TICKETS),
    created: Some(RangeRule {
        needs_both_ends: true,
        is_inclusive: Some(true),
        step_milliseconds: 1,
    }),
    updated: Some(RangeRule { needs_both_ends: true, is_inclusive: None, step_milliseconds: 1 }),
    order: None,
    total: TotalRule::Claimed,
    items: ListItems::Tickets,
};
