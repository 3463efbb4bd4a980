//! Builds the requests to Acorn Desk.

use ticket_core::{BaseUrl, Error, Request, TicketId};

/// The documented base URL of the API.
pub const BASE_URL: &str = "https://api.acorn.example";

/// Builds `GET /v1/tickets/{id}`.
///
/// # Errors
/// [`InvalidRequest`](ticket_core::ErrorKind::InvalidRequest) if the path cannot be joined to the base URL.
pub fn get_ticket(base: &BaseUrl, id: &TicketId) -> Result<Request, Error> {
    Ok(Request::get(crate::GET_TICKET, base.join(&["v1", "tickets", id.as_str()])?))
}
