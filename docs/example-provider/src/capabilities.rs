//! What the API of Acorn Desk offers, according to its documentation.

use ticket_core::mapping::{Capabilities, Limit, Operation};

pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    operations: &[Operation {
        name: crate::GET_TICKET,
        request: "GET /v1/tickets/{id}",
        is_used: true,
        limits: LIMITS,
        note: "",
    }],
    list: None,
    limitations: &[
        "No endpoint lists or searches tickets: the id must be known.", // example only
    ],
};

const LIMITS: &[Limit] = &[
    Limit { requests: 5, seconds: 1 }, // example only
];
