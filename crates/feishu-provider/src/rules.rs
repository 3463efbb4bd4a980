//! The mapping of the Feishu Helpdesk as a table. Sources without a mark come from the page of the detail call.

use ticket_core::{DocConflict, Rule};

const LIVE: &str = "responses of the service that were published";

/// One row for each leaf of the response.
#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    Rule::envelope(&["/code"], "must be the integer 0; any other integer is a refusal"),
    Rule::unmapped(&["/msg"], "the envelope's word for success"),
    Rule::constant(&["provider"], "`feishu`"),
    Rule::required(&["id"], &["/data/ticket/ticket_id"]),
    Rule::id(&["helpdesk_id"], &["/data/ticket/helpdesk_id"]),
    Rule::id(&["requester.id"], &["/data/ticket/guest/id"]),
    Rule::text(&["requester.avatar_url"], &["/data/ticket/guest/avatar_url"]),
    Rule::text(&["requester.name"], &["/data/ticket/guest/name"]),
    Rule::text(&["requester.email"], &["/data/ticket/guest/email"]),
    Rule::text(&["requester.department"], &["/data/ticket/guest/department"]),
    Rule::text(&["requester.city"], &["/data/ticket/guest/city"]),
    Rule::text(&["requester.country"], &["/data/ticket/guest/country"]),
    Rule::text(&["notes[i].body"], &["/data/ticket/comments/[i?]/content"])
        .note("one object, or a list of them").evidence("message event; withdrawn export"),
    Rule::unix_milliseconds(&["notes[i].created_at"], &["/data/ticket/comments/[i?]/created_at"]),
    Rule::integer_id(&["notes[i].id"], &["/data/ticket/comments/[i?]/id"]),
    Rule::text(&["notes[i].author.person.avatar_url"], &["/data/ticket/comments/[i?]/user_avatar_url"]),
    Rule::text(&["notes[i].author.person.name"], &["/data/ticket/comments/[i?]/user_name"]),
    Rule::integer_id(&["notes[i].author.person.id"], &["/data/ticket/comments/[i?]/user_id"]),
    Rule::word(&["handling.value", "handling.native"], &["/data/ticket/ticket_type"],
        "1 is `bot`, 2 is `human`; any other is `other`. It is a stage, and no kind of ticket", &["1", "2"]),
    Rule::word(&["status.value", "status.native"], &["/data/ticket/status"],
        "1 created is `new`, 2 processing is `in_progress`, 3 queued is `open`, 4 pending is `on_hold`, 5 awaiting the user \
         is `waiting_on_requester`, 50 by the bot, 51 by an agent and 52 by the user are `closed`; any other is `other`",
        &["1", "2"]),
    Rule::rating(&["satisfaction.score"], &["/data/ticket/score"], "1 bad, 2 so-so, 3 good; one off the scale stays in `extra`"),
    Rule::constant(&["satisfaction.min", "satisfaction.max"], "1 and 3"),
    Rule::unix_milliseconds(&["created_at"], &["/data/ticket/created_at"]),
    Rule::unix_milliseconds(&["updated_at"], &["/data/ticket/updated_at"]),
    Rule::unix_milliseconds(&["closed_at"], &["/data/ticket/closed_at"]),
    Rule::converted(&["satisfaction.reasons[i].*"],
        &["/data/ticket/dissatisfaction_reason/[i?]/*", "/data/ticket/dissatisfaction_reason/[i?]"],
        "an object by language, a text, or a list of either; `zh_cn`, `en_us` and `ja_jp` become `zh-CN`, `en-US` and `ja-JP`, \
         another `xx_yy` likewise; a bare text is `und`", &["\"sample\"", "\"another sample\""]).evidence(LIVE),
    Rule::id(&["agents[i].id"], &["/data/ticket/agents/[i]/id"]),
    Rule::text(&["agents[i].avatar_url"], &["/data/ticket/agents/[i]/avatar_url"]),
    Rule::text(&["agents[i].name"], &["/data/ticket/agents/[i]/name"]),
    Rule::text(&["agents[i].email"], &["/data/ticket/agents/[i]/email"]),
    Rule::text(&["agents[i].department"], &["/data/ticket/agents/[i]/department"]),
    Rule::text(&["agents[i].city"], &["/data/ticket/agents/[i]/city"]),
    Rule::text(&["agents[i].country"], &["/data/ticket/agents/[i]/country"]),
    Rule::word(&["channel.value", "channel.native"], &["/data/ticket/channel"],
        "2 is `qr_code`, 9 is `open_api`, 13 is `search`, 14 is `share`; any other number is `other`, as documented", &["2", "9"]),
    Rule::converted(&["solved"], &["/data/ticket/solve"], "1 is false, 2 is true; any other stays in `extra`", &["1", "2"]),
    Rule::id(&["closed_by.id"], &["/data/ticket/closed_by/id"]),
    Rule::text(&["closed_by.avatar_url"], &["/data/ticket/closed_by/avatar_url"]),
    Rule::text(&["closed_by.name"], &["/data/ticket/closed_by/name"]),
    Rule::text(&["closed_by.email"], &["/data/ticket/closed_by/email"]),
    Rule::text(&["closed_by.department"], &["/data/ticket/closed_by/department"]),
    Rule::text(&["closed_by.city"], &["/data/ticket/closed_by/city"]),
    Rule::text(&["closed_by.country"], &["/data/ticket/closed_by/country"]),
    Rule::id(&["collaborators[i].id"], &["/data/ticket/collaborators/[i]/id"]),
    Rule::text(&["collaborators[i].avatar_url"], &["/data/ticket/collaborators/[i]/avatar_url"]),
    Rule::text(&["collaborators[i].name"], &["/data/ticket/collaborators/[i]/name"]),
    Rule::text(&["collaborators[i].email"], &["/data/ticket/collaborators/[i]/email"]),
    Rule::text(&["collaborators[i].department"], &["/data/ticket/collaborators/[i]/department"]),
    Rule::text(&["collaborators[i].city"], &["/data/ticket/collaborators/[i]/city"]),
    Rule::text(&["collaborators[i].country"], &["/data/ticket/collaborators/[i]/country"]),
    Rule::id(&["custom_fields[i].id"], &["/data/ticket/customized_fields/[i]/id"]),
    Rule::json(&["custom_fields[i].value"], &["/data/ticket/customized_fields/[i]/value"])
        .note("any JSON, as sent; of a dropdown it may be the option's tag instead of its name").evidence(LIVE),
    Rule::text(&["custom_fields[i].key"], &["/data/ticket/customized_fields/[i]/key_name"]),
    Rule::text(&["custom_fields[i].label"], &["/data/ticket/customized_fields/[i]/display_name"]),
    Rule::integer(&["custom_fields[i].position"], &["/data/ticket/customized_fields/[i]/position"]),
    Rule::flag(&["custom_fields[i].required"], &["/data/ticket/customized_fields/[i]/required"]),
    Rule::flag(&["custom_fields[i].editable"], &["/data/ticket/customized_fields/[i]/editable"]),
    Rule::minutes(&["metrics.agent_service_seconds"], &["/data/ticket/agent_service_duration"]),
    Rule::seconds(&["metrics.first_response_seconds"], &["/data/ticket/agent_first_response_duration"]),
    Rule::seconds(&["metrics.bot_service_seconds"], &["/data/ticket/bot_service_duration"]),
    Rule::seconds(&["metrics.resolution_seconds"], &["/data/ticket/agent_resolution_time"]).note("a duration, in spite of its name"),
    Rule::seconds(&["metrics.processing_seconds"], &["/data/ticket/actual_processing_time"]).note("a duration, in spite of its name"),
    Rule::unix_milliseconds(&["metrics.agent_joined_at"], &["/data/ticket/agent_entry_time"]),
    Rule::unix_milliseconds(&["metrics.first_response_at"], &["/data/ticket/agent_first_response_time"]),
    Rule::unix_milliseconds(&["metrics.last_response_at"], &["/data/ticket/agent_last_response_time"]),
    Rule::id(&["assignee.id"], &["/data/ticket/agent_owner/id"]),
    Rule::text(&["assignee.avatar_url"], &["/data/ticket/agent_owner/avatar_url"]),
    Rule::text(&["assignee.name"], &["/data/ticket/agent_owner/name"]),
    Rule::text(&["assignee.email"], &["/data/ticket/agent_owner/email"]),
    Rule::text(&["assignee.department"], &["/data/ticket/agent_owner/department"]),
    Rule::text(&["assignee.city"], &["/data/ticket/agent_owner/city"]),
    Rule::text(&["assignee.country"], &["/data/ticket/agent_owner/country"]),
    Rule::id(&["tags[i].id"], &["/data/ticket/tags/[i]/id"]),
    Rule::text(&["tags[i].name"], &["/data/ticket/tags/[i]/name"]),
];

/// Where the documentation contradicts itself, its service or its own clients.
pub(crate) const DOC_CONFLICTS: &[DocConflict] = &[
    DocConflict {
        subject: "`dissatisfaction_reason`",
        statements: "an object by language on the pages and in today's clients; a list in live responses (at which the official \
                     Go client fails), of texts in older clients and of objects in a withdrawn export",
        read_as: "an object, a text, or a list of either",
    },
    DocConflict {
        subject: "`comments`",
        statements: "an object on the pages, a list in the message event",
        read_as: "one object, or a list of them",
    },
    DocConflict {
        subject: "`comments.user_id`",
        statements: "7262656095919128578 in the example; 32 bits in the official Java client, a double in the one for Node",
        read_as: "text with every digit",
    },
    DocConflict {
        subject: "integers",
        statements: "times are integers today and were text in older copies of the pages; `position` is an integer in tickets and \
                     text in definitions of fields",
        read_as: "either; each use of the other form is reported",
    },
    DocConflict {
        subject: "`*_time`",
        statements: "`agent_resolution_time` and `actual_processing_time` are durations in seconds; `agent_entry_time`, \
                     `agent_first_response_time` and `agent_last_response_time` are instants in milliseconds",
        read_as: "each as its row says; the ticket's names tell them apart (`_seconds`, `_at`)",
    },
    DocConflict {
        subject: "`agent_resolution_time`, `actual_processing_time`",
        statements: "the detail page counts from the first agent's joining, and leaves pending time out of the second; the list \
                     page counts otherwise",
        read_as: "the number as sent",
    },
    DocConflict {
        subject: "units",
        statements: "`agent_service_duration` is in minutes with a fraction, every other duration in whole seconds",
        read_as: "seconds everywhere",
    },
    DocConflict {
        subject: "`customized_fields[].value`",
        statements: "the name of the chosen option on the page, its internal tag in live responses; objects and lists have been met",
        read_as: "any JSON, as sent",
    },
    DocConflict {
        subject: "`customized_info`",
        statements: "the page of another call says that the response brings it; the response's own page does not have it",
        read_as: "a key that nobody documents: kept in `extra`",
    },
    DocConflict {
        subject: "`tags`",
        statements: "only in the detail response on the pages, in the list too in the newest client; texts in one other client",
        read_as: "objects, wherever they come; a text stays in `extra`",
    },
    DocConflict {
        subject: "`status`",
        statements: "4 and 52 are missing from older texts, and one of them calls 5 pending",
        read_as: "the numbers of the detail page; any other is `other`",
    },
    DocConflict {
        subject: "HTTP status",
        statements: "refusals have 4xx or 5xx on the pages; 200 has been seen for a refused token, 400 for the limit; 154003 has \
                     403 on one page and 401 on another",
        read_as: "the code decides; the status where there is no code",
    },
    DocConflict {
        subject: "codes of the token call",
        statements: "10014 is a disabled app and 10015 a wrong secret on the page; 10014 comes for a wrong secret and for an \
                     unknown app",
        read_as: "both are wrong credentials",
    },
    DocConflict {
        subject: "`X-Lark-Helpdesk-Authorization`",
        statements: "bare Base64 on the page; the official client for Node puts `Bearer` before it",
        read_as: "bare, as documented",
    },
    DocConflict {
        subject: "`error.logid`, `permission_violations[].scope`",
        statements: "so on the page; `log_id` and `subject` in every response that somebody published",
        read_as: "either",
    },
];
