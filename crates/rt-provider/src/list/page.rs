//! Reads a page of a search: whole tickets.

use ticket_core::decode::Document;
use ticket_core::{Decoded, Error, Response, VocabularyOverrides};

use crate::{LIST_TICKETS, error, map, wire};

/// A page of a search.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) tickets: Vec<Decoded>,
    /// The pointers of rows without an id.
    pub(crate) unreadable: Vec<String>,
    /// How many tickets match; RT says it only if the user may see all of them.
    pub(crate) total: Option<u64>,
}

/// Reads a page.
///
/// # Errors
/// If it is not a successful response of the search.
pub(crate) fn read(response: &Response, overrides: &VocabularyOverrides) -> Result<Page, Error> {
    if !response.is_success() {
        return Err(error::rejection(response));
    }
    let document = Document::open(response)?.named(LIST_TICKETS, 0);
    let cursor = document.root();
    let (items, total) = document.parse::<wire::TicketPage<'_>>()?.open(&cursor);
    let base = cursor.key(items.key()).pointer();
    let rows = cursor
        .list(items, |cursor, item| map::ticket(cursor, item, overrides).ok())
        .ok_or_else(|| error::no_list(base.clone()))?;
    let notes = document.close_rows(&base, rows.len())?;
    let mut page = Page { tickets: Vec::with_capacity(rows.len()), unreadable: Vec::new(), total };
    for (index, (row, (extra, diagnostics))) in rows.into_iter().zip(notes).enumerate() {
        match row {
            Some(mut ticket) => {
                ticket.extra = extra;
                page.tickets.push(Decoded { ticket, diagnostics });
            }
            None => page.unreadable.push(format!("{base}/{index}")),
        }
    }
    Ok(page)
}
