//! What the Feishu Helpdesk can do, by its documentation.

use ticket_core::capabilities::{Capabilities, Limit, Operation};

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
            note: "at most 200 a page and 10,000 in all; used to prove the credentials",
        },
        Operation {
            name: crate::GET_TOKEN,
            request: "POST /open-apis/auth/v3/tenant_access_token/internal",
            is_used: true,
            limits: &[],
            note: "a token lives two hours at most; the same one comes back while 30 minutes are left",
        },
        Operation {
            name: "list_messages",
            request: "GET /open-apis/helpdesk/v1/tickets/:ticket_id/messages",
            is_used: false,
            limits: &[],
            note: "the conversation; its limit is documented as special, without a number",
        },
        Operation {
            name: "update_ticket",
            request: "PUT /open-apis/helpdesk/v1/tickets/:ticket_id",
            is_used: false,
            limits: &[],
            note: "needs a user's token",
        },
    ],
    caps: &[
        "A list ends at 10,000 tickets without saying so; a total of 10,000 means as many or more.",
        "A ticket has no title, no description, no priority and no SLA.",
        "Limits count for one app in one tenant, whoever uses it.",
        "A tenant has a quota of calls in a month; when it is used up no waiting helps.",
        "Feishu and Lark are two brands with hosts of their own; app, tenant and token belong to one of them.",
        "Custom apps only: an app of the marketplace has no access.",
    ],
};
