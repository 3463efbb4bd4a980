//! Builds the requests to EngageLab, as values.

use ticket_core::{BaseUrl, Error, Request, TicketId};

/// The base URL of the `LiveDesk` API; there is one data centre.
pub const BASE_URL: &str = "https://livedesk-api.engagelab.com";

/// The path before `accounts`. Older documentation has `/v2`.
pub const PATH_PREFIX: &str = "/api/v2";

/// `GET {prefix}/accounts/tickets/:ticket_id`
///
/// # Errors
/// [`InvalidRequest`](ticket_core::ErrorKind::InvalidRequest) if the prefix is not a path.
pub fn get_ticket(base: &BaseUrl, path_prefix: &str, id: &TicketId) -> Result<Request, Error> {
    let mut segments: Vec<&str> =
        path_prefix.split('/').filter(|segment| !segment.is_empty()).collect();
    segments.extend(["accounts", "tickets", id.as_str()]);
    // The documentation sends the content type with a GET as well.
    let request = Request::get(crate::GET_TICKET, base.join(&segments)?);
    Ok(request.with_header("content-type", "application/json"))
}
