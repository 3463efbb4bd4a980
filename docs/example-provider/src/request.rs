//! The questions to Acorn Desk, as values.

use ticket_core::{BaseUrl, Error, Request, TicketId};

/// Where the API of Acorn Desk lies.
pub const BASE_URL: &str = "https://api.acorn.example";

/// `GET /v1/tickets/{id}`
///
/// # Errors
/// [`InvalidRequest`](ticket_core::ErrorKind::InvalidRequest) where the id would change the address, which no
/// [`TicketId`] does.
pub fn get_ticket(base: &BaseUrl, id: &TicketId) -> Result<Request, Error> {
    Ok(Request::get(crate::GET_TICKET, base.join(&["v1", "tickets", id.as_str()])?))
}
