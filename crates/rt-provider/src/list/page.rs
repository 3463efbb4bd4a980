//! Reads a page of a search: whole tickets.

use ticket_core::decode::Document;
use ticket_core::{Error, Response, TicketRows, VocabularyOverrides};

use crate::{LIST_TICKETS, error, map, wire};

/// Reads a page.
///
/// # Errors
/// If it is not a successful response of the search.
pub(crate) fn read(
    response: &Response,
    overrides: &VocabularyOverrides,
) -> Result<TicketRows, Error> {
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
    document.close_rows(&base, rows, total)
}
