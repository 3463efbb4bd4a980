//! The mapping of Acorn Desk as a table.

use ticket_core::mapping::{DocConflict, Rule};

/// One row for each leaf of the response.
#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`acorn`"),
    Rule::required(&["id"], &["/ticket/id"]),
    Rule::text(&["title"], &["/ticket/subject"]),
    Rule::text(&["description"], &["/ticket/body"]).note("plain text"),
    Rule::word(&["status.value", "status.native"], &["/ticket/state"],
        "working is `in_progress`, waiting is `waiting_on_requester`, done is `closed`; any other word is `other`",
        &["\"new\"", "\"done\""]),
    Rule::word(&["priority.value", "priority.native"], &["/ticket/urgency"],
        "1 is `low`, 2 is `medium`, 3 is `high`; any other number is `other`", &["1", "3"]),
    Rule::rfc_3339(&["created_at"], &["/ticket/opened_at"]),
    Rule::rfc_3339(&["updated_at"], &["/ticket/changed_at"]),
    Rule::rfc_3339(&["closed_at"], &["/ticket/closed_at"]),
    Rule::id(&["requester.id"], &["/ticket/customer/id"]),
    Rule::text(&["requester.name"], &["/ticket/customer/name"]),
    Rule::text(&["requester.email"], &["/ticket/customer/email"]),
    Rule::id(&["assignee.id"], &["/ticket/agent/id"]),
    Rule::text(&["assignee.name"], &["/ticket/agent/name"]),
    Rule::text(&["tags[i].name"], &["/ticket/labels/[i]"]),
    Rule::kept(&["/ticket/language"], "detected language of the conversation"),
    Rule::json(&["custom_fields[*].value"], &["/ticket/custom_fields/*"]),
    Rule::key(&["custom_fields[*].key"], &["/ticket/custom_fields/*"]),
    Rule::id(&["conversation.messages[i].id"], &["/ticket/messages/[i]/id"]),
    Rule::word(&["conversation.messages[i].author.role.value", "conversation.messages[i].author.role.native"],
        &["/ticket/messages/[i]/role"],
        "customer is `requester`, robot is `bot`; any other word is `other`", &["\"customer\"", "\"robot\""]),
    Rule::text(&["conversation.messages[i].body"], &["/ticket/messages/[i]/text"]),
    Rule::rfc_3339(&["conversation.messages[i].created_at"], &["/ticket/messages/[i]/sent_at"]),
    Rule::converted(&["conversation.messages[i].visibility"], &["/ticket/messages/[i]/internal"],
        "true is `internal`, false is `public`, a missing value is `unknown`", &["true", "false"]),
    Rule::constant(&["conversation.complete"], "`true`: the response contains the whole conversation"),
    Rule::unmapped(&["/request"], "request id, for the support of Acorn Desk"),
];

/// Conflicts in the documentation, and how each is read.
pub(crate) const DOC_CONFLICTS: &[DocConflict] = &[];
