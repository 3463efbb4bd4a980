//! Reads a page of the list call: whole tickets, in the shape of the ticket call.

use ticket_core::decode::{Cursor, Document};
use ticket_core::{Error, ErrorKind, Response, TicketRows, VocabularyOverrides};

use crate::{LIST_TICKETS, error, map, wire};

/// Reads a page.
///
/// # Errors
/// If it is not a successful response of the list call.
pub(crate) fn read(
    response: &Response,
    overrides: &VocabularyOverrides,
) -> Result<TicketRows, Error> {
    if !response.is_success() {
        return Err(error::error_response(response));
    }
    let document = Document::open(response)?.named(LIST_TICKETS, 0);
    let root = document.root();
    let wire::ListEnvelope { code, msg, data, unknown } = document.parse()?;
    error::check_code(response, &root, &code)?;
    root.text(msg);
    root.unknown(unknown);
    let no_list = |pointer: String| {
        Error::new(ErrorKind::InvalidResponse, "the response has no list of tickets")
            .with_path(pointer)
    };
    let pointer = root.key(data.key()).pointer();
    let (cursor, wire::ListData { tickets, total, unknown }) =
        root.object(data).ok_or_else(|| no_list(pointer))?;
    cursor.unknown(unknown);
    let total = cursor.count(total);
    let base = cursor.key(tickets.key()).pointer();
    let row =
        |cursor: &Cursor<'_>, ticket: wire::Ticket<'_>| map::ticket(cursor, ticket, overrides).ok();
    // No tickets may be no list.
    let rows = match (cursor.list(tickets, row), total) {
        (Some(rows), _) => rows,
        (None, Some(0)) => Vec::new(),
        (None, _) => return Err(no_list(base)),
    };
    document.close_rows(&base, rows, total)
}
