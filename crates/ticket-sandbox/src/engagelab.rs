//! EngageLab LiveDesk: `GET /api/v2/accounts/tickets/:ticket_id`.

mod generated;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scripted_server::{Reply, Request};
use serde::Serialize;

use crate::generated::Generator;
use crate::{Credentials, tickets};

pub(crate) use generated::id as generated_id;

/// The name of the ticket route.
pub(crate) const TICKET: &str = "engagelab.ticket";

/// Returns a ticket or an error.
///
/// LiveDesk does not document its errors. These follow other EngageLab APIs: bodies are `{"code", "message"}`, the code
/// is 2001 for wrong credentials and 4001 for an unknown resource. The latter has HTTP 404 here and 400 in another API.
pub(crate) fn ticket(
    credentials: &Credentials,
    request: &Request,
    generator: &Generator,
    id: &str,
) -> Reply {
    if request.method != "GET" {
        return error(405, 405, "method not allowed").with_header("Allow", "GET");
    }
    if !is_authorized(credentials, request) {
        return error(401, 2001, "wrong api key or api secret");
    }
    if let Some(ticket) = tickets::find("engagelab", id) {
        return Reply::json(200, ticket.body);
    }
    match generated::find(generator, id) {
        Some(k) => {
            #[derive(Serialize)]
            struct Body {
                code: i64,
                message: &'static str,
                data: serde_json::Value,
            }
            let data = generated::document(generator, k);
            Reply::json_of(200, &Body { code: 0, message: "Success", data })
        }
        None => error(404, 4001, "ticket not found"),
    }
}

/// Returns another ticket than the one with this id.
pub(crate) fn another_ticket(id: &str) -> Reply {
    Reply::json(200, tickets::another("engagelab", id).body)
}

/// Returns whether the request has `Authorization: Basic base64(api_key:api_secret)`.
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

/// Returns an error in the format of the service.
pub(crate) fn error(status: u16, code: i64, message: &str) -> Reply {
    #[derive(Serialize)]
    struct Body<'a> {
        code: i64,
        message: &'a str,
    }
    Reply::json_of(status, &Body { code, message })
}
