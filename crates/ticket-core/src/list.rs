//! Lists of tickets: queries, pages, and a reader that proves what it has read.

mod capabilities;
mod moment;
mod page;
mod query;
mod reader;

use async_trait::async_trait;

pub use capabilities::{ListCapabilities, ListFilter, ListItems, RangeRule, TotalRule};
pub use moment::{FutureRange, InvalidMoment, Moment};
pub use page::{ListItem, ListPage, PageToken, TicketRows};
pub use query::{ListQuery, TimeRange};
pub use reader::{ListReader, ListReceipt};

use crate::Error;

/// A helpdesk whose tickets can be listed. [`TicketSource::list`](crate::TicketSource::list) returns it.
#[async_trait]
pub trait TicketList: Send + Sync {
    /// Returns which filters the service knows, and how its lists behave.
    fn capabilities(&self) -> &'static ListCapabilities;

    /// Fetches one page of the tickets that match the query: the first one, or the one that `token` names.
    ///
    /// A token is valid for the query that it came from.
    ///
    /// # Errors
    /// - [`InvalidRequest`](crate::ErrorKind::InvalidRequest): the service cannot filter like this, or the token is not of this list.
    /// - Any other [`ErrorKind`](crate::ErrorKind), as for [`fetch_with`](crate::TicketSource::fetch_with).
    async fn page(&self, query: &ListQuery, token: Option<&PageToken>) -> Result<ListPage, Error>;
}

impl dyn TicketList + '_ {
    /// Reads all pages of a query, each ticket once.
    pub fn read(&self, query: ListQuery) -> ListReader<'_> {
        ListReader::new(self, query)
    }
}
