//! What the REST2 API of Request Tracker offers.

use ticket_core::mapping::{Capabilities, Operation};

const fn operation(name: &'static str, request: &'static str, note: &'static str) -> Operation {
    Operation { name, request, is_used: true, limits: &[], note }
}

pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    operations: &[
        operation(
            crate::GET_TICKET,
            "GET /REST/2.0/ticket/:id",
            "for a merged ticket, the one that it was merged into",
        ),
        operation(
            crate::LIST_PEOPLE,
            "GET /REST/2.0/tickets?query=EffectiveId = :id",
            "the names of people and groups, which the ticket call leaves out, and the tickets that were merged into this one",
        ),
        operation(
            crate::GET_CUSTOM_ROLE,
            "GET /REST/2.0/customrole/:id",
            "the name of a role that the tenant defined; called once for a source",
        ),
        operation(
            crate::LIST_HISTORY,
            "GET /REST/2.0/ticket/:id/history",
            "the events of a conversation, at most 100 per page",
        ),
        operation(
            crate::LIST_ATTACHMENTS,
            "GET /REST/2.0/ticket/:id/attachments",
            "without content, at most 100 per page",
        ),
        operation(crate::GET_ATTACHMENT, "GET /REST/2.0/attachment/:id", "a file, in Base64"),
        operation(
            crate::LIST_TEXTS,
            "GET /REST/2.0/attachments",
            "the texts of messages, 40 in a call",
        ),
        operation(
            crate::LIST_TICKETS,
            "GET /REST/2.0/tickets",
            "whole tickets with the names of people, at most 100 per page",
        ),
        operation(crate::GET_VERSION, "GET /REST/2.0/rt", "checks the credentials"),
        Operation {
            name: "update_ticket",
            request: "PUT /REST/2.0/ticket/:id",
            is_used: false,
            limits: &[],
            note: "",
        },
    ],
    list: Some(crate::list::CAPABILITIES),
    limitations: &[
        "RT says how many events and attachments a ticket has, and so whether a conversation is complete, only to users with the right SuperUser.",
        "Unless RT is configured otherwise (UseSQLForACLChecks), a search has a total; without one, a list ends after five empty pages in a row, and is not known to be complete.",
        "RT leaves out what the user may not see: a requester gets no internal notes.",
        "RT reads times of a search in the time zone of the user; ranges are sent as seconds before now, exact to the difference between the two clocks.",
        "A search finds no deleted tickets, and of merged tickets the one that they were merged into. Both can be fetched by id; the people of a deleted ticket have no names.",
        "RT sends keys and custom fields in another order each time.",
        "A search for words needs full-text search in RT; without it, only subjects are searched.",
        "RT documents no rate limits.",
    ],
};
