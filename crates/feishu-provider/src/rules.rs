//! The mapping of the Feishu Helpdesk as a table. Sources without a mark come from the page of the detail call.

use ticket_core::{Contradiction, Rule};

const TIME: &str = "milliseconds since 1970, as an integer or as text; `-1`, `0` and `\"\"` are none; outside of 2000–2100 \
                    it stays in `extra`";
const SECONDS: &str =
    "whole seconds; `-1` is none; any other negative number or a fraction stays in `extra`";
const INTEGER_ID: &str = "an integer of 64 bits, as text";

/// One row for each leaf of the answer.
pub(crate) const RULES: &[Rule] = &[
    Rule::envelope(&["/code"], "must be the integer 0; any other integer is a refusal"),
    Rule::unmapped(&["/msg"], "the envelope's word for success"),
    Rule::constant(&["provider"], "`feishu`"),
    Rule::required(&["id"], &["/data/ticket/ticket_id"], "without it the answer is no ticket"),
    Rule::copied(&["desk"], &["/data/ticket/helpdesk_id"]),
    Rule::copied(&["requester.id"], &["/data/ticket/guest/id"]),
    Rule::copied(&["requester.avatar_url"], &["/data/ticket/guest/avatar_url"]),
    Rule::copied(&["requester.name"], &["/data/ticket/guest/name"]),
    Rule::copied(&["requester.email"], &["/data/ticket/guest/email"]),
    Rule::copied(&["requester.department"], &["/data/ticket/guest/department"]),
    Rule::copied(&["requester.city"], &["/data/ticket/guest/city"]),
    Rule::copied(&["requester.country"], &["/data/ticket/guest/country"]),
    Rule::copied(&["notes[i].body"], &["/data/ticket/comments/[i]/content"])
        .note("one object, or a list of them"),
    Rule::converted(&["notes[i].created_at"], &["/data/ticket/comments/[i]/created_at"], TIME),
    Rule::converted(&["notes[i].id"], &["/data/ticket/comments/[i]/id"], INTEGER_ID),
    Rule::copied(
        &["notes[i].author.person.avatar_url"],
        &["/data/ticket/comments/[i]/user_avatar_url"],
    ),
    Rule::copied(&["notes[i].author.person.name"], &["/data/ticket/comments/[i]/user_name"]),
    Rule::converted(
        &["notes[i].author.person.id"],
        &["/data/ticket/comments/[i]/user_id"],
        INTEGER_ID,
    ),
    Rule::converted(
        &["handling.by", "handling.native"],
        &["/data/ticket/ticket_type"],
        "1 is `bot`, 2 is `human`; any other is `other`. It is a stage, and no kind of ticket",
    ),
    Rule::converted(
        &["status.category", "status.native"],
        &["/data/ticket/status"],
        "1 created is `new`, 2 processing is `in_progress`, 3 queued is `open`, 4 pending is `on_hold`, 5 awaiting the \
         user is `waiting_on_requester`, 50 by the bot, 51 by an agent and 52 by the user are `closed`; any other is \
         `other`",
    ),
    Rule::converted(
        &["satisfaction.score"],
        &["/data/ticket/score"],
        "1 bad, 2 so-so, 3 good; one off the scale stays in `extra`",
    ),
    Rule::constant(&["satisfaction.min", "satisfaction.max"], "1 and 3"),
    Rule::converted(&["created_at"], &["/data/ticket/created_at"], TIME),
    Rule::converted(&["updated_at"], &["/data/ticket/updated_at"], TIME),
    Rule::converted(&["closed_at"], &["/data/ticket/closed_at"], TIME),
    Rule::converted(
        &["satisfaction.reasons[i]"],
        &["/data/ticket/dissatisfaction_reason/[i]/*", "/data/ticket/dissatisfaction_reason/[i]"],
        "an object by language, a list of such, or texts; `zh_cn`, `en_us` and `ja_jp` become `zh-CN`, `en-US` and \
         `ja-JP`, another `xx_yy` likewise; a bare text is `und`",
    ),
    Rule::copied(&["agents[i].id"], &["/data/ticket/agents/[i]/id"]),
    Rule::copied(&["agents[i].avatar_url"], &["/data/ticket/agents/[i]/avatar_url"]),
    Rule::copied(&["agents[i].name"], &["/data/ticket/agents/[i]/name"]),
    Rule::copied(&["agents[i].email"], &["/data/ticket/agents/[i]/email"]),
    Rule::copied(&["agents[i].department"], &["/data/ticket/agents/[i]/department"]),
    Rule::copied(&["agents[i].city"], &["/data/ticket/agents/[i]/city"]),
    Rule::copied(&["agents[i].country"], &["/data/ticket/agents/[i]/country"]),
    Rule::converted(
        &["channel.kind", "channel.native"],
        &["/data/ticket/channel"],
        "2 is `qr_code`, 9 is `open_api`, 13 is `search`, 14 is `share`; any other number is `other`, as documented",
    ),
    Rule::converted(
        &["solved"],
        &["/data/ticket/solve"],
        "1 is false, 2 is true; any other stays in `extra`",
    ),
    Rule::copied(&["closed_by.id"], &["/data/ticket/closed_by/id"]),
    Rule::copied(&["closed_by.avatar_url"], &["/data/ticket/closed_by/avatar_url"]),
    Rule::copied(&["closed_by.name"], &["/data/ticket/closed_by/name"]),
    Rule::copied(&["closed_by.email"], &["/data/ticket/closed_by/email"]),
    Rule::copied(&["closed_by.department"], &["/data/ticket/closed_by/department"]),
    Rule::copied(&["closed_by.city"], &["/data/ticket/closed_by/city"]),
    Rule::copied(&["closed_by.country"], &["/data/ticket/closed_by/country"]),
    Rule::copied(&["collaborators[i].id"], &["/data/ticket/collaborators/[i]/id"]),
    Rule::copied(&["collaborators[i].avatar_url"], &["/data/ticket/collaborators/[i]/avatar_url"]),
    Rule::copied(&["collaborators[i].name"], &["/data/ticket/collaborators/[i]/name"]),
    Rule::copied(&["collaborators[i].email"], &["/data/ticket/collaborators/[i]/email"]),
    Rule::copied(&["collaborators[i].department"], &["/data/ticket/collaborators/[i]/department"]),
    Rule::copied(&["collaborators[i].city"], &["/data/ticket/collaborators/[i]/city"]),
    Rule::copied(&["collaborators[i].country"], &["/data/ticket/collaborators/[i]/country"]),
    Rule::copied(&["custom_fields[i].id"], &["/data/ticket/customized_fields/[i]/id"]),
    Rule::copied(&["custom_fields[i].value"], &["/data/ticket/customized_fields/[i]/value"])
        .note("any JSON, as sent; of a dropdown it may be the option's tag instead of its name"),
    Rule::copied(&["custom_fields[i].key"], &["/data/ticket/customized_fields/[i]/key_name"]),
    Rule::copied(&["custom_fields[i].label"], &["/data/ticket/customized_fields/[i]/display_name"]),
    Rule::converted(
        &["custom_fields[i].position"],
        &["/data/ticket/customized_fields/[i]/position"],
        "an integer, also as text",
    ),
    Rule::copied(&["custom_fields[i].required"], &["/data/ticket/customized_fields/[i]/required"]),
    Rule::copied(&["custom_fields[i].editable"], &["/data/ticket/customized_fields/[i]/editable"]),
    Rule::converted(
        &["metrics.agent_service_seconds"],
        &["/data/ticket/agent_service_duration"],
        "decimal minutes × 60, exactly, to the millisecond; `-1` is none; a negative number stays in `extra`",
    ),
    Rule::converted(
        &["metrics.first_response_seconds"],
        &["/data/ticket/agent_first_response_duration"],
        SECONDS,
    ),
    Rule::converted(
        &["metrics.bot_service_seconds"],
        &["/data/ticket/bot_service_duration"],
        SECONDS,
    ),
    Rule::converted(
        &["metrics.resolution_seconds"],
        &["/data/ticket/agent_resolution_time"],
        SECONDS,
    ),
    Rule::converted(
        &["metrics.processing_seconds"],
        &["/data/ticket/actual_processing_time"],
        SECONDS,
    ),
    Rule::converted(&["metrics.agent_joined_at"], &["/data/ticket/agent_entry_time"], TIME),
    Rule::converted(
        &["metrics.first_response_at"],
        &["/data/ticket/agent_first_response_time"],
        TIME,
    ),
    Rule::converted(
        &["metrics.last_response_at"],
        &["/data/ticket/agent_last_response_time"],
        TIME,
    ),
    Rule::copied(&["assignee.id"], &["/data/ticket/agent_owner/id"]),
    Rule::copied(&["assignee.avatar_url"], &["/data/ticket/agent_owner/avatar_url"]),
    Rule::copied(&["assignee.name"], &["/data/ticket/agent_owner/name"]),
    Rule::copied(&["assignee.email"], &["/data/ticket/agent_owner/email"]),
    Rule::copied(&["assignee.department"], &["/data/ticket/agent_owner/department"]),
    Rule::copied(&["assignee.city"], &["/data/ticket/agent_owner/city"]),
    Rule::copied(&["assignee.country"], &["/data/ticket/agent_owner/country"]),
    Rule::copied(&["tags[i].id"], &["/data/ticket/tags/[i]/id"]),
    Rule::copied(&["tags[i].name"], &["/data/ticket/tags/[i]/name"]),
];

/// Where the documentation contradicts itself, its service or its own clients.
pub(crate) const CONTRADICTIONS: &[Contradiction] = &[
    Contradiction {
        subject: "`dissatisfaction_reason`",
        statements: "an object by language on the pages and in today's clients; a list in live answers (at which the official \
                     Go client fails), of texts in older clients and of objects in a withdrawn export",
        read_as: "an object, a text, or a list of either",
    },
    Contradiction {
        subject: "`comments`",
        statements: "an object on the pages, a list in the message event",
        read_as: "one object, or a list of them",
    },
    Contradiction {
        subject: "`comments.user_id`",
        statements: "7262656095919128578 in the example; 32 bits in the official Java client, a double in the one for Node",
        read_as: "text with every digit",
    },
    Contradiction {
        subject: "integers",
        statements: "times are integers today and were text in older copies of the pages; `position` is an integer in tickets and \
                     text in definitions of fields",
        read_as: "either; each use of the other form is reported",
    },
    Contradiction {
        subject: "`*_time`",
        statements: "`agent_resolution_time` and `actual_processing_time` are durations in seconds; `agent_entry_time`, \
                     `agent_first_response_time` and `agent_last_response_time` are instants in milliseconds",
        read_as: "each as its row says; the ticket's names tell them apart (`_seconds`, `_at`)",
    },
    Contradiction {
        subject: "`agent_resolution_time`, `actual_processing_time`",
        statements: "the detail page counts from the first agent's joining, and leaves pending time out of the second; the list \
                     page counts otherwise",
        read_as: "the number as sent",
    },
    Contradiction {
        subject: "units",
        statements: "`agent_service_duration` is in minutes with a fraction, every other duration in whole seconds",
        read_as: "seconds everywhere",
    },
    Contradiction {
        subject: "`customized_fields[].value`",
        statements: "the name of the chosen option on the page, its internal tag in live answers; objects and lists have been met",
        read_as: "any JSON, as sent",
    },
    Contradiction {
        subject: "`customized_info`",
        statements: "the page of another call says that the answer brings it; the answer's own page does not have it",
        read_as: "a key that nobody documents: kept in `extra`",
    },
    Contradiction {
        subject: "`tags`",
        statements: "only in the detail answer on the pages, in the list too in the newest client; texts in one other client",
        read_as: "objects, wherever they come; a text stays in `extra`",
    },
    Contradiction {
        subject: "`status`",
        statements: "4 and 52 are missing from older texts, and one of them calls 5 pending",
        read_as: "the numbers of the detail page; any other is `other`",
    },
    Contradiction {
        subject: "HTTP status",
        statements: "refusals have 4xx or 5xx on the pages; 200 has been seen for a refused token, 400 for the limit; 154003 has \
                     403 on one page and 401 on another",
        read_as: "the code decides; the status where there is no code",
    },
    Contradiction {
        subject: "codes of the token call",
        statements: "10014 is a disabled app and 10015 a wrong secret on the page; 10014 comes for a wrong secret and for an \
                     unknown app",
        read_as: "both are wrong credentials",
    },
    Contradiction {
        subject: "`X-Lark-Helpdesk-Authorization`",
        statements: "bare Base64 on the page; the official client for Node puts `Bearer` before it",
        read_as: "bare, as documented",
    },
    Contradiction {
        subject: "`error.logid`, `permission_violations[].scope`",
        statements: "so on the page; `log_id` and `subject` in every answer that somebody published",
        read_as: "either",
    },
];
