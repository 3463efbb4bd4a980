//! Reads a list completely, or says what is missing.

use std::collections::HashSet;

use futures_util::stream::{self, Stream};
use jiff::Timestamp;

use super::{ListItem, ListPage, ListQuery, PageToken, TicketList};
use crate::{CallStats, Error, ErrorKind};

/// How often a list is read before it counts as incomplete: tickets move between pages while others work on them.
const MAX_PASSES: u32 = 3;
/// How often a page is asked for again that has no rows, although the service claims more than came.
const MAX_EMPTY: u32 = 3;

/// Reads all pages of a query and returns each ticket once.
///
/// A list has no stable order, so a ticket can move to a page that was already read. If fewer tickets came than the service claims,
/// the reader reads the list again, three times in all at most. [`receipt`](Self::receipt) then says what was read.
///
/// ```
/// # use ticket_core::{Error, ListQuery, TicketSource};
/// # async fn example(source: &dyn TicketSource) -> Result<(), Error> {
/// let list = source.list().expect("this helpdesk has a list");
/// let mut reader = list.read(ListQuery::default());
/// while let Some(items) = reader.next_page().await? {
///     for item in items {
///         println!("{}", item.id());
///     }
/// }
/// assert_eq!(reader.receipt().is_complete(), Some(true));
/// # Ok(())
/// # }
/// ```
pub struct ListReader<'l> {
    list: &'l dyn TicketList,
    query: ListQuery,
    /// The next page: `None` before the first one.
    token: Option<PageToken>,
    /// The tokens of this pass: a list whose pages lead back would never end.
    visited: HashSet<PageToken>,
    seen: HashSet<String>,
    receipt: ListReceipt,
    has_ended: bool,
}

/// What a [`ListReader`] has read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListReceipt {
    /// The number of different tickets.
    pub tickets: u64,
    /// The number of rows that are not a ticket with an id.
    pub unreadable: u64,
    /// How many tickets match, as the service claims; `None` if it does not say.
    pub claimed: Option<u64>,
    /// Whether more tickets match than the service lists.
    pub exceeds_limit: bool,
    /// Whether all pages were read.
    pub has_ended: bool,
    /// How often the list was read, completely or in part.
    pub passes: u32,
    /// The sum of all calls.
    pub stats: CallStats,
}

impl ListReceipt {
    /// Returns whether every ticket was read that matches; `None` if the service does not say how many there are.
    pub fn is_complete(&self) -> Option<bool> {
        if !self.has_ended || self.exceeds_limit || self.unreadable > 0 {
            return Some(false);
        }
        self.claimed.map(|claimed| self.tickets >= claimed)
    }

    /// Returns how many tickets are missing, as far as the service says.
    pub fn missing(&self) -> u64 {
        self.claimed.unwrap_or_default().saturating_sub(self.tickets)
    }
}

impl<'l> ListReader<'l> {
    /// Creates a reader. A range that has a beginning and no end ends now, so that it does not grow while it is read. If it begins
    /// later, it ends where it begins.
    pub(super) fn new(list: &'l dyn TicketList, mut query: ListQuery) -> Self {
        for range in [&mut query.created, &mut query.updated] {
            if let Some(since) = range.since {
                range.until.get_or_insert_with(|| Timestamp::now().max(since));
            }
        }
        let receipt = ListReceipt { passes: 1, ..ListReceipt::default() };
        let (visited, seen) = (HashSet::new(), HashSet::new());
        Self { list, query, token: None, visited, seen, receipt, has_ended: false }
    }

    /// Reads the next page and returns the tickets that no page before had; `None` after the last page.
    ///
    /// # Errors
    /// Those of [`TicketList::page`], and [`InvalidResponse`](ErrorKind::InvalidResponse) if the pages lead in a circle. The reader may
    /// be used again: it continues with the same page.
    pub async fn next_page(&mut self) -> Result<Option<Vec<ListItem>>, Error> {
        if self.has_ended {
            return Ok(None);
        }
        let page = self.page().await?;
        let receipt = &mut self.receipt;
        let ListPage { items, unreadable, total, next, response: _, stats: _ } = page;
        if let Some(token) = &next
            && !self.visited.insert(token.clone())
        {
            let message =
                format!("the list leads back to the page \"{}\"", token.as_str().escape_debug());
            return Err(Error::new(ErrorKind::InvalidResponse, message));
        }
        // A page that suddenly claims less, perhaps nothing, does not end the list: the largest claim of a pass counts.
        receipt.claimed = total.max(receipt.claimed);
        let new: Vec<_> =
            items.into_iter().filter(|item| self.seen.insert(item.id().to_owned())).collect();
        receipt.tickets = self.seen.len() as u64;
        // Rows without an id cannot be told apart, so only those of one pass count.
        receipt.unreadable += unreadable.len() as u64;
        let limit = self.list.capabilities().max_tickets;
        receipt.exceeds_limit =
            limit.zip(receipt.claimed).is_some_and(|(limit, claimed)| claimed >= limit);
        let is_last = next.is_none();
        self.token = next;
        if is_last {
            receipt.has_ended = true;
            self.visited.clear();
            let is_short = receipt.missing() > receipt.unreadable && !receipt.exceeds_limit;
            if is_short && receipt.passes < MAX_PASSES {
                *receipt = ListReceipt {
                    passes: receipt.passes + 1,
                    has_ended: false,
                    unreadable: 0,
                    claimed: None,
                    ..*receipt
                };
            } else {
                self.has_ended = true;
            }
        }
        Ok(Some(new))
    }

    /// Fetches the next page; again if it has no rows, although the service claims more than came.
    async fn page(&mut self) -> Result<ListPage, Error> {
        let mut empty = 0;
        loop {
            let page = self.list.page(&self.query, self.token.as_ref()).await;
            self.receipt.stats += match &page {
                Ok(page) => page.stats,
                Err(error) => error.stats(),
            };
            let page = page?;
            let claimed = page.total.max(self.receipt.claimed).unwrap_or_default();
            let has_rows = !page.items.is_empty() || !page.unreadable.is_empty();
            let limit = self.list.capabilities().max_tickets.unwrap_or(u64::MAX);
            let is_expected = claimed <= self.receipt.tickets || claimed >= limit;
            if has_rows || is_expected || empty == MAX_EMPTY {
                return Ok(page);
            }
            empty += 1;
        }
    }

    /// Returns what was read so far.
    pub fn receipt(&self) -> ListReceipt {
        self.receipt
    }

    /// Returns the tickets as a stream; a page is fetched when its first ticket is asked for. It ends after an error.
    pub fn into_stream(self) -> impl Stream<Item = Result<ListItem, Error>> + Send {
        stream::unfold((Some(self), Vec::new().into_iter()), async |(mut reader, mut items)| {
            loop {
                if let Some(item) = items.next() {
                    return Some((Ok(item), (reader, items)));
                }
                match reader.as_mut()?.next_page().await {
                    Ok(Some(page)) => items = page.into_iter(),
                    Ok(None) => return None,
                    Err(error) => return Some((Err(error), (None, items))),
                }
            }
        })
    }
}

impl std::fmt::Debug for ListReader<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ListReader")
            .field("query", &self.query)
            .field("receipt", &self.receipt)
            .finish_non_exhaustive()
    }
}
