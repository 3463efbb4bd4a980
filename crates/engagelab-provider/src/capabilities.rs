//! What the EngageLab LiveDesk API supports, by its documentation.

use ticket_core::mapping::{Capabilities, Operation};

pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    operations: &[
        Operation {
            name: crate::GET_TICKET,
            request: "GET /api/v2/accounts/tickets/:ticket_id",
            is_used: true,
            limits: &[],
            note: "includes the whole conversation",
        },
        Operation {
            name: crate::GET_FILE,
            request: "GET {file_url}",
            is_used: true,
            limits: &[],
            note: "a file; with credentials only if it is at the address of the API",
        },
        Operation {
            name: "create_ticket",
            request: "POST /api/v2/accounts/tickets",
            is_used: false,
            limits: &[],
            note: "the response is not documented",
        },
        Operation {
            name: "update_ticket",
            request: "PUT /api/v2/accounts/tickets/:ticket_id",
            is_used: false,
            limits: &[],
            note: "no documented way to change the status",
        },
    ],
    list: None,
    limitations: &[
        "There is no list and no search of tickets: ids must be known.",
        "There is no call to check the credentials without a ticket id.",
        "Rate limits and error codes are not documented.",
        "A ticket has a team, but no assignee and no channel.",
        "One data centre, in Singapore.",
    ],
};
