//! What the Feishu Helpdesk API supports, by its documentation.

use ticket_core::mapping::{Capabilities, Limit, Operation};

pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    operations: &[
        Operation {
            name: crate::GET_TICKET,
            request: "GET /open-apis/helpdesk/v1/tickets/:ticket_id",
            is_used: true,
            limits: &[Limit { requests: 10, seconds: 1 }],
            note: "without the conversation; needs the scope helpdesk:all:readonly",
        },
        Operation {
            name: crate::LIST_TICKETS,
            request: "GET /open-apis/helpdesk/v1/tickets",
            is_used: true,
            limits: &[Limit { requests: 50, seconds: 1 }, Limit { requests: 1_000, seconds: 60 }],
            note: "at most 200 per page and 10,000 in total",
        },
        Operation {
            name: crate::GET_TOKEN,
            request: "POST /open-apis/auth/v3/tenant_access_token/internal",
            is_used: true,
            limits: &[],
            note: "a token is valid for at most two hours; the same one is returned while it is valid for 30 minutes or more",
        },
        Operation {
            name: crate::LIST_MESSAGES,
            request: "GET /open-apis/helpdesk/v1/tickets/:ticket_id/messages",
            is_used: true,
            limits: &[],
            note: "the conversation; its rate limit is documented as \"special\", without a number",
        },
        Operation {
            name: crate::GET_IMAGE,
            request: "GET /open-apis/helpdesk/v1/ticket_images",
            is_used: true,
            limits: &[Limit { requests: 50, seconds: 1 }, Limit { requests: 1_000, seconds: 60 }],
            note: "an image of a message; nothing is documented for other files",
        },
        Operation {
            name: crate::LIST_FIELDS,
            request: "GET /open-apis/helpdesk/v1/ticket_customized_fields",
            is_used: true,
            limits: &[],
            note: "the labels of dropdown options; called once for a source, when a ticket has the id of an option",
        },
        Operation {
            name: "update_ticket",
            request: "PUT /open-apis/helpdesk/v1/tickets/:ticket_id",
            is_used: false,
            limits: &[],
            note: "needs a user access token",
        },
    ],
    list: Some(crate::list::CAPABILITIES),
    limitations: &[
        "A list stops at 10,000 tickets without an error; a total of 10,000 means that many or more.",
        "A ticket has no title, no description, no priority and no SLA.",
        "Rate limits apply per app and tenant, across all its clients.",
        "A tenant has a monthly quota of calls; once it is used up, retrying does not help.",
        "Feishu and Lark are two brands with separate hosts; app, tenant and token belong to one of them.",
        "Only custom apps have access, not marketplace apps.",
    ],
};
