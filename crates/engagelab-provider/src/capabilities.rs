//! What EngageLab LiveDesk can do, by its documentation.

use ticket_core::capabilities::{Capabilities, Operation};

pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    operations: &[
        Operation {
            name: crate::GET_TICKET,
            request: "GET /api/v2/accounts/tickets/:ticket_id",
            is_used: true,
            limits: &[],
            note: "brings the whole conversation with it",
        },
        Operation {
            name: "create_ticket",
            request: "POST /api/v2/accounts/tickets",
            is_used: false,
            limits: &[],
            note: "the page does not show its response",
        },
        Operation {
            name: "update_ticket",
            request: "PUT /api/v2/accounts/tickets/:ticket_id",
            is_used: false,
            limits: &[],
            note: "no documented way to change the status",
        },
    ],
    caps: &[
        "There is no list and no search of tickets: an id must be known.",
        "There is no harmless call: only fetching a ticket proves the credentials.",
        "No limit of requests is documented, and no error codes.",
        "A ticket names its team, but no responsible agent and no channel.",
        "One data centre, in Singapore.",
    ],
};
