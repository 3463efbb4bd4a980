//! EngageLab LiveDesk: `GET /api/v2/accounts/tickets/:ticket_id`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::http::{Request, Response};
use crate::{Credentials, tickets};

/// The name of its one route.
pub(crate) const TICKET: &str = "engagelab.ticket";

/// Responds with a ticket, or says why not.
///
/// LiveDesk documents neither codes nor statuses of its errors. These responses are in the manner of other EngageLab
/// APIs, whose bodies are `{"code", "message"}` and whose codes are 2001 for wrong credentials and 4001 for what is
/// not found; that the latter has HTTP 404 here, where a sibling has 400, is the choice of this server.
pub(crate) fn ticket(credentials: &Credentials, request: &Request, id: &str) -> Response {
    if request.method != "GET" {
        return refusal(405, 405, "method not allowed").with_header("Allow", "GET");
    }
    if !is_authorized(credentials, request) {
        return refusal(401, 2001, "wrong api key or api secret");
    }
    match tickets::find("engagelab", id) {
        Some(ticket) => Response::json(200, ticket.response),
        None => refusal(404, 4001, "ticket not found"),
    }
}

/// Responds with another ticket than this one.
pub(crate) fn another_ticket(id: &str) -> Response {
    Response::json(200, tickets::another("engagelab", id).response)
}

/// Whether the request has `Authorization: Basic base64(api_key:api_secret)`.
fn is_authorized(credentials: &Credentials, request: &Request) -> bool {
    let Credentials { engagelab_api_key: key, engagelab_api_secret: secret, .. } = credentials;
    let Some((scheme, sent)) =
        request.header("Authorization").and_then(|value| value.split_once(' '))
    else {
        return false;
    };
    scheme.eq_ignore_ascii_case("basic")
        && sent.trim() == STANDARD.encode(format!("{key}:{secret}"))
}

/// Refuses, in the envelope of the service.
pub(crate) fn refusal(status: u16, code: i64, message: &str) -> Response {
    #[derive(Serialize)]
    struct Body<'a> {
        code: i64,
        message: &'a str,
    }
    Response::json_of(status, &Body { code, message })
}
