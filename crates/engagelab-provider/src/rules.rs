//! The mapping of EngageLab LiveDesk as a table. Without `evidence`, a source is from the documentation of the ticket call.

use ticket_core::mapping::{DocConflict, Rule};

const STATUS: &str =
    "open, in_progress, resolved and closed keep their names; any other word is `other`";
const STATUSES: &[&str] = &["\"in_progress\"", "\"closed\""];
const CREATE: &str = "documentation of the create call";
const TOLERANT: &str = "conflict between the pages";

/// One row for each leaf of the response.
#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    Rule::envelope(&["/code"], "must be the integer 0; any other integer is an error"),
    Rule::unmapped(&["/message"], "the envelope's success message"),
    Rule::constant(&["provider"], "`engagelab`"),
    Rule::required(&["id"], &["/data/ticket_id"]),
    Rule::text(&["title"], &["/data/title"]),
    Rule::text(&["description"], &["/data/description"]).note("Markdown"),
    Rule::text(&["attachments[i].url"], &["/data/attachments/[i]/file_url"]),
    Rule::text(&["attachments[i].name"], &["/data/attachments/[i]/file_name"]),
    Rule::text(&["attachments[i].media_type"], &["/data/attachments/[i]/file_type"]),
    Rule::size(&["attachments[i].size_bytes"], &["/data/attachments/[i]/file_size"]).evidence(TOLERANT),
    Rule::word(&["status.value", "status.native"], &["/data/status"], STATUS, STATUSES),
    Rule::word(&["priority.value", "priority.native"], &["/data/priority"],
        "low, medium, high and urgent keep their names; any other word is `other`", &["\"low\"", "\"urgent\""]),
    Rule::word(&["type.value", "type.native"], &["/data/ticket_type"],
        "incident, question, problem and task keep their names; any other word is `other`", &["\"task\"", "\"question\""]),
    Rule::id(&["requester.id"], &["/data/requester/euid"]),
    Rule::text(&["requester.name"], &["/data/requester/name"]),
    Rule::text(&["requester.email"], &["/data/requester/email"]),
    Rule::text(&["requester.phone"], &["/data/requester/phone"]),
    Rule::id(&["requester.handles[i].channel_id"], &["/data/requester/channel_contacts/[i?]/channel_id"])
        .note("one object, or a list of objects").evidence(TOLERANT),
    Rule::id(&["requester.handles[i].contact_id"], &["/data/requester/channel_contacts/[i?]/contact_id"]),
    Rule::id(&["requester.handles[i].thread_id"], &["/data/requester/channel_contacts/[i?]/sub_contact_id"]),
    Rule::id(&["requester.handles[i].followers[j].id"],
        &["/data/requester/channel_contacts/[i?]/followers/[j]", "/data/requester/channel_contacts/[i?]/followers/[j]/id"])
        .note("an id, or an object").evidence(TOLERANT),
    Rule::text(&["requester.handles[i].followers[j].name"], &["/data/requester/channel_contacts/[i?]/followers/[j]/name"])
        .evidence(CREATE),
    Rule::id(&["submitter.id"], &["/data/submitter/id"]),
    Rule::text(&["submitter.name"], &["/data/submitter/name"]).evidence("not documented; mapped if it is sent"),
    Rule::integer_id(&["team.id"], &["/data/assignment_team/id"]),
    Rule::text(&["team.name"], &["/data/assignment_team/name", "/data/assignment_team"])
        .note("the create call has the name instead of the object").evidence(CREATE),
    Rule::json(&["custom_fields[*].value"], &["/data/custom_fields/*"]).note("any JSON, in the order sent"),
    Rule::key(&["custom_fields[*].key"], &["/data/custom_fields/*"]).note("the tenant defines the keys"),
    Rule::id(&["conversation.messages[i].id"], &["/data/conversation_list/[i]/message_id"]),
    Rule::id(&["conversation.messages[i].author.person.id"], &["/data/conversation_list/[i]/sender/id"]),
    Rule::text(&["conversation.messages[i].author.person.name"], &["/data/conversation_list/[i]/sender/name"]),
    Rule::derived(&["conversation.messages[i].author.role.value"],
        &["/data/conversation_list/[i]/sender/type", "/data/conversation_list/[i]/sender/id", "/data/requester/euid",
          "/data/requester/channel_contacts/[k?]/contact_id"],
        "internal_member is `agent`, system and bot keep their names; any other word is `requester` where the sender's id is \
         the requester's euid or one of its contact ids, else `other`", &["\"system\"", "\"bot\""])
        .evidence("the documentation has no word for the requester"),
    Rule::text(&["conversation.messages[i].author.role.native"], &["/data/conversation_list/[i]/sender/type"]),
    Rule::text(&["conversation.messages[i].body"], &["/data/conversation_list/[i]/content"]),
    Rule::word(&["conversation.messages[i].content_type.value", "conversation.messages[i].content_type.native"],
        &["/data/conversation_list/[i]/content_type"],
        "text, image, file, audio and video keep their names; any other word is `other`", &["\"image\"", "\"audio\""]),
    Rule::text(&["conversation.messages[i].attachments[j].url"], &["/data/conversation_list/[i]/attachments/[j]/file_url"]),
    Rule::text(&["conversation.messages[i].attachments[j].name"], &["/data/conversation_list/[i]/attachments/[j]/file_name"])
        .evidence("as for attachments of the ticket"),
    Rule::text(&["conversation.messages[i].attachments[j].media_type"], &["/data/conversation_list/[i]/attachments/[j]/file_type"]),
    Rule::size(&["conversation.messages[i].attachments[j].size_bytes"], &["/data/conversation_list/[i]/attachments/[j]/file_size"])
        .evidence("as for attachments of the ticket"),
    Rule::rfc_3339(&["conversation.messages[i].created_at"], &["/data/conversation_list/[i]/sent_at"]),
    Rule::converted(&["conversation.messages[i].visibility"], &["/data/conversation_list/[i]/is_internal"],
        "true is `internal`, false is `public`, otherwise `unknown`", &["true", "false"]),
    Rule::constant(&["conversation.complete"], "`true`: the response has the whole conversation"),
    Rule::word(&["status_changes[i].to.value", "status_changes[i].to.native"], &["/data/status_changes/[i]/to_status"],
        STATUS, STATUSES),
    Rule::rfc_3339(&["status_changes[i].created_at"], &["/data/status_changes/[i]/changed_at"]),
    Rule::word(&["status_changes[i].by.role.value", "status_changes[i].by.role.native"], &["/data/status_changes/[i]/changed_by_type"],
        "user is `agent`, system and bot keep their names; any other word is `other`", &["\"bot\"", "\"user\""]),
    Rule::id(&["status_changes[i].by.person.id"], &["/data/status_changes/[i]/changed_by_id"]),
    Rule::text(&["tags[i].name"], &["/data/tags/[i]"]),
    Rule::rfc_3339(&["sla.first_response_due"], &["/data/sla/[i?]/first_response_due"]),
    Rule::rfc_3339(&["sla.resolution_due"], &["/data/sla/[i?]/resolution_due"]),
    Rule::flag(&["sla.breached"], &["/data/sla/[i?]/breached"]),
    Rule::rfc_3339(&["metrics.first_response_at"], &["/data/sla/[i?]/first_response_at"]),
    Rule::id(&["followers[i].id"], &["/data/followers/[i]", "/data/followers/[i]/id"])
        .note("an id as text or integer, or an object").evidence(TOLERANT),
    Rule::text(&["followers[i].name"], &["/data/followers/[i]/name"]).evidence(CREATE),
    Rule::rating(&["satisfaction.score"], &["/data/satisfactions/[i?]/rating"], "an integer from 1 to 5; a value outside the scale stays in `extra`"),
    Rule::constant(&["satisfaction.min", "satisfaction.max"], "1 and 5"),
    Rule::text(&["satisfaction.comment"], &["/data/satisfactions/[i?]/feedback"]),
    Rule::rfc_3339(&["satisfaction.submitted_at"], &["/data/satisfactions/[i?]/submitted_at"]),
    Rule::rfc_3339(&["created_at"], &["/data/created_at"]),
    Rule::rfc_3339(&["updated_at"], &["/data/updated_at"]),
    Rule::rfc_3339(&["resolved_at"], &["/data/resolved_at"]),
    Rule::rfc_3339(&["closed_at"], &["/data/closed_at"]),
];

/// Conflicts within the documentation.
pub(crate) const DOC_CONFLICTS: &[DocConflict] = &[
    DocConflict {
        subject: "path",
        statements: "`/api/v2/accounts/tickets` on newer pages, `/v2/accounts/tickets` on older ones; the oldest pages have another \
                     host and a Bearer header",
        read_as: "`/api/v2` with HTTP Basic; base URL and path prefix are settings",
    },
    DocConflict {
        subject: "`attachments[]`",
        statements: "`file_name`, `file_type` and `file_size` are required in the table and missing in the example",
        read_as: "all optional",
    },
    DocConflict {
        subject: "`file_size`",
        statements: "text in the table, the number `1220` in the oldest example",
        read_as: "either, as a number of bytes",
    },
    DocConflict {
        subject: "`channel_contacts`",
        statements: "a plural name, documented as an object",
        read_as: "one object, or a list of objects",
    },
    DocConflict {
        subject: "`channel_contacts.followers`",
        statements: "objects with `id` and `name` in the text, plain texts in the example; the create call sends `{id, name}` and, \
                     on its oldest page, `{id}`",
        read_as: "all of these",
    },
    DocConflict {
        subject: "`followers`",
        statements: "no members in the table, `{id}` in the example; the same name has another type one level deeper",
        read_as: "texts, integers, `{id}` and `{id, name}`",
    },
    DocConflict {
        subject: "`assignment_team`",
        statements: "an object in the response, the plain name in the create call",
        read_as: "either",
    },
    DocConflict {
        subject: "`satisfactions`, `sla`",
        statements: "documented as objects; the first has a plural name",
        read_as: "an object, or a list of one; a longer list stays in `extra`",
    },
    DocConflict {
        subject: "`priority`",
        statements: "low, medium, high and urgent in every list; `normal` in the example of the update call",
        read_as: "`normal` is `other`, with `normal` as native word",
    },
    DocConflict {
        subject: "`to_status`",
        statements: "open, resolved or a custom code in the text; `in_progress` in the example",
        read_as: "the words of `status`; any other is `other`",
    },
    DocConflict {
        subject: "an agent",
        statements: "`internal_member` in `sender.type`, `user` in `changed_by_type`",
        read_as: "both are `agent`",
    },
    DocConflict {
        subject: "the example as a whole",
        statements: "`status` is open while the history ends in resolved; `updated_at` precedes the changes",
        read_as: "as sent: nothing is corrected",
    },
    DocConflict {
        subject: "times",
        statements: "`Z` and `+08:00` in one response",
        read_as: "any offset",
    },
];
