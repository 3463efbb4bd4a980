//! Where the documentation contradicts itself, and how each conflict is read.

use ticket_core::mapping::DocConflict;

/// Conflicts within the documentation, or between it, the service and the official clients.
pub(crate) const DOC_CONFLICTS: &[DocConflict] = &[
    DocConflict {
        subject: "`dissatisfaction_reason`",
        statements: "an object by language in the documentation and in current clients; a list in live responses (the official \
                     Go client fails on it), a list of texts in older clients and of objects in a withdrawn export",
        read_as: "an object, a text, or a list of either",
    },
    DocConflict {
        subject: "`comments`",
        statements: "an object in the documentation, a list in the message event",
        read_as: "one object, or a list of objects",
    },
    DocConflict {
        subject: "`comments.user_id`",
        statements: "7262656095919128578 in the example; 32 bits in the official Java client, a double in the one for Node",
        read_as: "text with all digits",
    },
    DocConflict {
        subject: "integers",
        statements: "times are integers now and were text in older documentation; `position` is an integer in tickets and text \
                     in field definitions",
        read_as: "either; the undocumented form is reported",
    },
    DocConflict {
        subject: "`*_time`",
        statements: "`agent_resolution_time` and `actual_processing_time` are durations in seconds; `agent_entry_time`, \
                     `agent_first_response_time` and `agent_last_response_time` are instants in milliseconds",
        read_as: "as the table says; the names in the ticket differ (`_seconds`, `_at`)",
    },
    DocConflict {
        subject: "`agent_resolution_time`, `actual_processing_time`",
        statements: "the ticket page counts from the time when the first agent joined, and leaves pending time out of the second; \
                     the list page counts differently",
        read_as: "the number as sent",
    },
    DocConflict {
        subject: "units",
        statements: "`agent_service_duration` is in minutes with a fraction, every other duration in whole seconds",
        read_as: "seconds everywhere",
    },
    DocConflict {
        subject: "`customized_fields[].value`",
        statements: "the name of the chosen option in the documentation, its internal tag in live responses; objects and lists occur",
        read_as: "any JSON, as sent",
    },
    DocConflict {
        subject: "`customized_info`",
        statements: "the page of another call says that the response has it; the page of the ticket call does not",
        read_as: "an undocumented key: kept in `extra`",
    },
    DocConflict {
        subject: "`tags`",
        statements: "documented for the ticket call only; the newest client also has them in the list; texts in another client",
        read_as: "objects, in either response; a text stays in `extra`",
    },
    DocConflict {
        subject: "`status`",
        statements: "4 and 52 are missing in older texts, and one of them calls 5 pending",
        read_as: "the numbers of the ticket page; any other is `other`",
    },
    DocConflict {
        subject: "HTTP status",
        statements: "errors are documented with 4xx or 5xx; 200 occurs for a rejected token, 400 for the rate limit; 154003 has 403 \
                     on one page and 401 on another",
        read_as: "the code decides; the HTTP status only without a code",
    },
    DocConflict {
        subject: "codes of the token call",
        statements: "documented: 10014 is a disabled app, 10015 a wrong secret; live: 10014 for a wrong secret and for an unknown app",
        read_as: "both are wrong credentials",
    },
    DocConflict {
        subject: "`X-Lark-Helpdesk-Authorization`",
        statements: "plain Base64 in the documentation; the official Node client adds `Bearer`",
        read_as: "plain, as documented",
    },
    DocConflict {
        subject: "`error.logid`, `permission_violations[].scope`",
        statements: "in the documentation; `log_id` and `subject` in all published live responses",
        read_as: "either",
    },
];
