//! What a leaf may be in the ticket, by the names that services give to such things.

use crate::new_provider::spelling::member;

/// An object of the ticket.
struct Part {
    /// Its place in the ticket; it ends in an index where there is a list of them.
    ours: &'static str,
    /// The names under which services send it.
    names: &'static [&'static str],
    fields: Names,
    parts: &'static [Part],
}

/// Fields, and the names under which services send them.
type Names = &'static [(&'static str, &'static [&'static str])];

const TICKET: Part = Part {
    ours: "",
    names: &[],
    fields: &[
        ("title", &["title", "subject", "summary", "headline"]),
        (
            "description",
            &[
                "description",
                "description_html",
                "body",
                "body_html",
                "html_body",
                "text",
                "details",
                "opening",
                "opening_html",
            ],
        ),
        ("created_at", &["created_at", "created", "opened_at", "opened"]),
        (
            "updated_at",
            &["updated_at", "updated", "modified_at", "changed_at", "changed", "touched"],
        ),
        ("resolved_at", &["resolved_at", "solved_at"]),
        ("closed_at", &["closed_at", "closed"]),
        ("status", &["status", "state", "status_code", "state_code"]),
        ("priority", &["priority", "urgency", "severity"]),
        ("kind", &["type_value", "kind", "ticket_type"]),
        ("channel", &["channel", "via", "source"]),
        ("tags[i].name", &["tags", "labels"]),
        ("followers[i].id", &["followers", "watchers"]),
        ("sla.breached", &["sla_breached"]),
        ("sla.resolution_due", &["due_at", "due_by", "resolution_due"]),
        ("sla.first_response_due", &["first_response_due", "first_response_due_at", "fr_due_by"]),
        (
            "metrics.first_response_at",
            &["first_response_at", "first_responded_at", "first_answered_at", "first_replied_at"],
        ),
    ],
    parts: &[
        person("requester", &["requester", "customer", "contact", "reporter", "guest"], &[]),
        person("submitter", &["submitter"], &[]),
        person("assignee", &["assignee", "agent", "owner"], &[TEAM]),
        person("closed_by", &["closed_by"], &[]),
        TEAM,
        person("agents[i]", &["agents", "assignees"], &[]),
        person("collaborators[i]", &["collaborators"], &[]),
        person("followers[i]", &["followers", "watchers"], &[]),
        part("tags[i]", &["tags", "labels"], THING, &[]),
        part(
            "custom_fields[i]",
            &["custom_fields", "customized_fields", "extra_fields"],
            &[
                ("id", IDS),
                ("key", &["key", "name", "key_name"]),
                ("label", &["label", "title", "display_name"]),
                ("value", &["value", "content"]),
                ("required", &["required", "mandatory"]),
            ],
            &[],
        ),
        part("attachments[i]", FILES, FILE, &[]),
        part(
            "conversation.messages[i]",
            &["messages", "comments", "conversation", "replies", "timeline", "thread"],
            &[
                ("id", &["id", "uuid", "message_id", "comment_id", "entry_id"]),
                ("author.role.value", &["role", "author_type", "sender_type"]),
                (
                    "visibility",
                    &["public", "is_public", "internal", "is_internal", "private", "visibility"],
                ),
                ("body", &["body", "body_html", "html_body", "html", "text", "content"]),
                ("sent_at", &["sent_at", "created_at", "at_value"]),
            ],
            &[
                part("conversation.messages[i].author", AUTHORS, AUTHOR, &[]),
                part("conversation.messages[i].attachments[j]", FILES, FILE, &[]),
            ],
        ),
        part(
            "notes[i]",
            &["notes", "remarks"],
            &[
                ("id", IDS),
                ("body", &["body", "body_html", "text", "content"]),
                ("created_at", &["created_at", "at_value"]),
            ],
            &[part("notes[i].author", AUTHORS, AUTHOR, &[])],
        ),
        part(
            "sla",
            &["sla"],
            &[
                ("first_response_due", &["first_response_due", "first_response_due_at"]),
                ("resolution_due", &["resolution_due", "resolution_due_at", "due_at"]),
                ("breached", &["breached", "is_breached"]),
            ],
            &[],
        ),
        part(
            "satisfaction",
            &["satisfaction", "csat", "survey", "rating"],
            &[
                ("score", &["score", "rating", "stars"]),
                ("comment", &["comment", "feedback", "remark"]),
                ("submitted_at", &["submitted_at", "created_at", "rated_at", "given"]),
            ],
            &[],
        ),
    ],
};

const TEAM: Part = part("team", &["team", "group", "department"], THING, &[]);
const IDS: &[&str] = &["id", "uuid", "uid"];
const THING: Names = &[("id", IDS), ("name", &["name", "label", "title"])];
const FILES: &[&str] = &["attachments", "files"];
const FILE: Names = &[
    ("url", &["url", "file_url", "content_url", "download_url", "href"]),
    ("name", &["name", "file_name", "filename"]),
    ("media_type", &["media_type", "content_type", "mime_type", "mime", "file_type"]),
    ("size_bytes", &["size", "size_bytes", "file_size", "bytes"]),
];
const AUTHORS: &[&str] = &["author", "sender", "from"];
const AUTHOR: Names = &[
    ("role", &["role", "kind", "type_value", "side"]),
    ("person.id", IDS),
    ("person.name", &["name", "display_name", "full_name"]),
    ("person.email", &["email", "mail"]),
];

const fn person(
    ours: &'static str,
    names: &'static [&'static str],
    parts: &'static [Part],
) -> Part {
    let fields: Names = &[
        ("id", IDS),
        ("name", &["name", "display_name", "full_name"]),
        ("email", &["email", "mail"]),
        ("phone", &["phone", "telephone", "mobile"]),
        ("avatar_url", &["avatar_url", "avatar"]),
    ];
    part(ours, names, fields, parts)
}

const fn part(
    ours: &'static str,
    names: &'static [&'static str],
    fields: Names,
    parts: &'static [Part],
) -> Part {
    Part { ours, names, fields, parts }
}

/// The field of the ticket that the leaf under these steps may be, from the ticket on.
pub(super) fn field(steps: &[&str]) -> Option<String> {
    let mut here = &TICKET;
    let mut rest = steps;
    loop {
        let (key, below) = rest.split_first()?;
        let name = member(key);
        let is_list = below.first().is_some_and(|step| step.starts_with('['));
        let below = if is_list { &below[1..] } else { below };
        if below.is_empty() {
            let is_it = |(field, names): &&(&str, &[&str])| {
                names.contains(&&*name) && field.contains("[i].") == is_list
            };
            let (field, _) = here.fields.iter().find(is_it)?;
            let dot = if here.ours.is_empty() { "" } else { "." };
            return Some([here.ours, dot, field].concat());
        }
        let is_it =
            |part: &&Part| part.names.contains(&&*name) && part.ours.ends_with(']') == is_list;
        here = here.parts.iter().find(is_it)?;
        rest = below;
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_leaf_is_found_by_its_name_and_by_the_names_around_it() {
        for (place, expected) in [
            ("subject", Some("title")),
            ("customer/email", Some("requester.email")),
            ("agent/group/id", Some("team.id")),
            ("labels/[i]", Some("tags[i].name")),
            ("labels/[i]/id", Some("tags[i].id")),
            ("watchers/[i]", Some("followers[i].id")),
            ("due_at", Some("sla.resolution_due")),
            ("files/[i]/fileName", Some("attachments[i].name")),
            ("comments/[i]/author/kind", Some("conversation.messages[i].author.role.value")),
            ("comments/[i]/author/id", Some("conversation.messages[i].author.person.id")),
            (
                "comments/[i]/attachments/[j]/size",
                Some("conversation.messages[i].attachments[j].size_bytes"),
            ),
            ("csat/comment", Some("satisfaction.comment")),
            // None of these is what its name alone would make of it.
            ("messages/[i]/customer/name", None),
            ("subject/[i]", None),
            ("customer/[i]/name", None),
            ("audit/closed_at", None),
            ("language", None),
        ] {
            let steps: Vec<&str> = place.split('/').collect();
            assert_eq!(field(&steps).as_deref(), expected, "{place}");
        }
    }
}
