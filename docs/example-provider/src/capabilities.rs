//! What Acorn Desk can do, by its documentation.

use ticket_core::mapping::{Capabilities, Limit, Operation};

pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    operations: &[Operation {
        name: crate::GET_TICKET,
        request: "GET /v1/tickets/{id}",
        is_used: true,
        limits: &[Limit { requests: 5, seconds: 1 }],
        note: "brings the whole conversation with it",
    }],
    caps: &["There is no list and no search of tickets: an id must be known."],
};
