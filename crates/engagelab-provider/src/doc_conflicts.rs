//! Where the documentation contradicts itself, and how each conflict is read.

use ticket_core::mapping::DocConflict;

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
