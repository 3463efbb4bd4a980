//! One page of a list.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::quote::quoted;
use crate::{CallStats, Decoded, Error, ErrorKind, Record, Response, TicketId};

/// One page of a list.
///
/// A ticket has only the undocumented keys of its own row. Those of the envelope around the rows are nowhere but in
/// [`response`](Self::response).
#[derive(Debug, Clone)]
pub struct ListPage {
    /// The tickets, in the order of the service.
    pub items: Vec<ListItem>,
    /// The RFC 6901 pointers of rows that are not a ticket with an id.
    pub unreadable: Vec<String>,
    /// How many tickets match, as the service claims; `None` if it does not say. See [`TotalRule`](crate::TotalRule).
    pub total: Option<u64>,
    /// The token of the next page; `None` on the last page.
    pub next: Option<PageToken>,
    /// The response; `None` for a source in memory.
    pub response: Option<Response>,
    /// The statistics of the call.
    pub stats: CallStats,
}

/// The rows of a page that are whole tickets. [`Document::close_rows`](crate::decode::Document::close_rows) creates them.
#[derive(Debug, Default)]
pub struct TicketRows {
    /// The tickets, in the order of the service.
    pub tickets: Vec<Decoded>,
    /// The RFC 6901 pointer of the list of rows.
    pub list: String,
    /// The RFC 6901 pointers of rows that are not a ticket with an id.
    pub unreadable: Vec<String>,
    /// How many tickets match, as the service claims; `None` if it does not say.
    pub total: Option<u64>,
}

impl TicketRows {
    /// Returns whether the page has no rows.
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty() && self.unreadable.is_empty()
    }
}

/// A row of a list: a whole ticket, or only its id.
#[derive(Debug, Clone)]
pub enum ListItem {
    /// A whole ticket, without its conversation.
    Ticket(Box<Record>),
    /// The id of a ticket, to be fetched by another call.
    Id(TicketId),
}

impl ListItem {
    /// Returns the provider's id of the ticket.
    pub fn id(&self) -> &str {
        match self {
            Self::Ticket(record) => &record.ticket.id,
            Self::Id(id) => id.as_str(),
        }
    }
}

/// The token of a page. It can be stored as JSON and used later with the same query.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(String);

impl PageToken {
    /// Creates a token from the provider's text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the number of the page, for a service whose pages are numbered from 1.
    ///
    /// # Errors
    /// [`InvalidRequest`](ErrorKind::InvalidRequest): the token is of another list.
    pub fn number(&self) -> Result<u32, Error> {
        self.0.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
            let message = format!("{} is not a page of this list", quoted(&self.0));
            Error::new(ErrorKind::InvalidRequest, message)
                .with_hint("use the token that came with the page before, or none")
        })
    }

    /// Returns the provider's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PageToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}
