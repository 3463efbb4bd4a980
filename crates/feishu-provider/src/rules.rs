//! The mapping of the Feishu Helpdesk as a table. Without `evidence`, a source is from the documentation of the ticket call.

use ticket_core::mapping::{DocConflict, Rule};

const IDS: &[&str] = &["\"ou_7\"", "\"ou_8\""];

const LIVE: &str = "published live responses";

/// One row for each leaf of the response.
#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    Rule::envelope(&["/code"], "must be the integer 0; any other integer is an error"),
    Rule::unmapped(&["/msg"], "the envelope's success message"),
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
        .note("one object, or a list of objects").evidence("message event; withdrawn export"),
    Rule::unix_milliseconds(&["notes[i].created_at"], &["/data/ticket/comments/[i?]/created_at"]),
    Rule::integer_id(&["notes[i].id"], &["/data/ticket/comments/[i?]/id"]),
    Rule::text(&["notes[i].author.person.avatar_url"], &["/data/ticket/comments/[i?]/user_avatar_url"]),
    Rule::text(&["notes[i].author.person.name"], &["/data/ticket/comments/[i?]/user_name"]),
    Rule::integer_id(&["notes[i].author.person.id"], &["/data/ticket/comments/[i?]/user_id"]),
    Rule::word(&["handling.value", "handling.native"], &["/data/ticket/ticket_type"],
        "1 is `bot`, 2 is `human`; any other is `other`. It says who handles the ticket, not its type", &["1", "2"]),
    Rule::word(&["status.value", "status.native"], &["/data/ticket/status"],
        "1 created is `new`, 2 processing is `in_progress`, 3 queued is `open`, 4 pending is `on_hold`, 5 awaiting the user \
         is `waiting_on_requester`, 50 by the bot, 51 by an agent and 52 by the user are `closed`; any other is `other`",
        &["1", "2"]),
    Rule::rating(&["satisfaction.score"], &["/data/ticket/score"], "1 bad, 2 so-so, 3 good; a value outside the scale stays in `extra`"),
    Rule::constant(&["satisfaction.min", "satisfaction.max"], "1 and 3"),
    Rule::unix_milliseconds(&["created_at"], &["/data/ticket/created_at"]),
    Rule::unix_milliseconds(&["updated_at"], &["/data/ticket/updated_at"]),
    Rule::unix_milliseconds(&["closed_at"], &["/data/ticket/closed_at"]),
    Rule::converted(&["satisfaction.reasons[i].*"],
        &["/data/ticket/dissatisfaction_reason/[i?]/*", "/data/ticket/dissatisfaction_reason/[i?]"],
        "an object by language, a text, or a list of either; `zh_cn`, `en_us` and `ja_jp` become `zh-CN`, `en-US` and `ja-JP`, \
         any other `xx_yy` in the same way; a plain text is `und`", &["\"sample\"", "\"another sample\""]).evidence(LIVE),
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
        .note("any JSON, as sent; if the definitions were fetched, the `tag` of a dropdown option becomes its `display_name` in \
               `list_ticket_customized_fields#/data/items`, after the names of the options around it, and the tag is \
               `custom_fields[i].native`. The definitions have no rows: options are nested to any depth, and a ticket takes only the \
               labels from them").evidence(LIVE),
    Rule::text(&["custom_fields[i].key"], &["/data/ticket/customized_fields/[i]/key_name"]),
    Rule::text(&["custom_fields[i].label"], &["/data/ticket/customized_fields/[i]/display_name"]),
    Rule::integer(&["custom_fields[i].position"], &["/data/ticket/customized_fields/[i]/position"]),
    Rule::flag(&["custom_fields[i].required"], &["/data/ticket/customized_fields/[i]/required"]),
    Rule::flag(&["custom_fields[i].editable"], &["/data/ticket/customized_fields/[i]/editable"]),
    Rule::minutes(&["metrics.agent_service_seconds"], &["/data/ticket/agent_service_duration"]),
    Rule::seconds(&["metrics.first_response_seconds"], &["/data/ticket/agent_first_response_duration"]),
    Rule::seconds(&["metrics.bot_service_seconds"], &["/data/ticket/bot_service_duration"]),
    Rule::seconds(&["metrics.resolution_seconds"], &["/data/ticket/agent_resolution_time"]).note("a duration, despite its name"),
    Rule::seconds(&["metrics.processing_seconds"], &["/data/ticket/actual_processing_time"]).note("a duration, despite its name"),
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
    Rule::envelope(&["list_messages[p]#/code"], "must be the integer 0; any other integer is an error"),
    Rule::unmapped(&["list_messages[p]#/msg"], "the envelope's success message"),
    Rule::derived(&["conversation.complete"],
        &["list_messages[p]#/data/total", "list_messages[p]#/data/messages/[i]/id"],
        "true if there are as many different messages as the service claims", &["1", "2"]),
    Rule::id(&["conversation.messages[i].id"], &["list_messages[p]#/data/messages/[i]/id"]),
    Rule::id(&["conversation.messages[i].channel_message_id"], &["list_messages[p]#/data/messages/[i]/message_id"]),
    Rule::word(&["conversation.messages[i].content_type.value", "conversation.messages[i].content_type.native"],
        &["list_messages[p]#/data/messages/[i]/message_type"],
        "`post` is `rich_text`, `media` is `video`; `text`, `image`, `file` and `audio` are the same words; any other is `other`",
        &["\"text\"", "\"post\""]),
    Rule::unix_milliseconds(&["conversation.messages[i].created_at"], &["list_messages[p]#/data/messages/[i]/created_at"]),
    Rule::converted(
        &["conversation.messages[i].body", "conversation.messages[i].format", "conversation.messages[i].native",
          "conversation.messages[i].attachments[k].id", "conversation.messages[i].attachments[k].name"],
        &["list_messages[p]#/data/messages/[i]/content", "list_messages[p]#/data/messages/[i]/message_type"],
        "JSON in a text: of a `text` its words, of a `post` Markdown with links, mentions, code and images; keys of images and files \
         are attachments; the content itself is `native`, unless the body is all of it",
        &["\"{\\\"msg_type\\\":\\\"text\\\",\\\"content\\\":\\\"words\\\"}\"",
          "\"{\\\"msg_type\\\":\\\"file\\\",\\\"file_key\\\":\\\"file_7\\\",\\\"file_name\\\":\\\"a.pdf\\\"}\""])
        .evidence("page on message content; withdrawn export"),
    Rule::text(&["conversation.messages[i].author.person.name"], &["list_messages[p]#/data/messages/[i]/user_name"]),
    Rule::text(&["conversation.messages[i].author.person.avatar_url"], &["list_messages[p]#/data/messages/[i]/avatar_url"]),
    Rule::id(&["conversation.messages[i].author.person.id"], &["list_messages[p]#/data/messages/[i]/user_id"]),
    Rule::derived(&["conversation.messages[i].author.role.value"],
        &["list_messages[p]#/data/messages/[i]/user_id", "/data/ticket/guest/id", "/data/ticket/agents/[a]/id",
          "/data/ticket/agent_owner/id", "/data/ticket/closed_by/id", "/data/ticket/collaborators/[a]/id"],
        "the guest is `requester`; an agent, the owner, the closer or a collaborator is `agent`; an empty id is `bot`; any other is \
         unknown", IDS),
    Rule::constant(&["conversation.messages[i].visibility"], "`public`: the messages are the chat with the guest"),
];

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
