//! Describes a ticket as text.

use std::fmt::{Debug, Display};

use ticket_model::{
    Attachment, Coded, CustomField, Message, Participant, Person, Relation, StatusChange, Ticket,
};

/// Describes a ticket, without what differs between two databases: the times of events and the ids of files.
pub(crate) fn describe(ticket: &Ticket) -> String {
    let path = |url: &String| url.split_once("/rt/").map(|(_, path)| path.to_owned());
    let name = |team: &ticket_model::Team| team.name.clone();
    let sla = ticket.sla.as_ref().and_then(|sla| sla.name.clone());
    let due = ticket.due_at.map(|due| due.to_string()).map(|due| match &due[..4] {
        "2031" => due,
        _ => "set".to_owned(),
    });
    let mut lines = vec![
        format!("{} {}", ticket.id, or_none(ticket.title.as_ref())),
        format!("page: {}", or_none(ticket.url.as_ref().and_then(path))),
        format!("status: {}", coded(ticket.status.as_ref())),
        format!("priority: {}", coded(ticket.priority.as_ref())),
        format!("team: {}", or_none(ticket.team.as_ref().and_then(name))),
        format!("service level: {}, due: {}", or_none(sla), or_none(due)),
        format!("work: {:?}", ticket.metrics.as_ref().and_then(|metrics| metrics.work_seconds)),
        format!("created: {}", or_none(ticket.created_at)),
        format!("updated: {}", or_none(ticket.updated_at)),
        format!(
            "started: {}, resolved: {}",
            ticket.started_at.is_some(),
            ticket.resolved_at.is_some()
        ),
        format!("requester: {}", person(ticket.requester.as_ref())),
        format!("submitter: {}", person(ticket.submitter.as_ref())),
        format!("assignee: {}", person(ticket.assignee.as_ref())),
    ];
    // RT sends them in any order.
    lines.extend(sorted(&ticket.participants, participant));
    lines.extend(sorted(&ticket.custom_fields, field));
    lines.extend(sorted(&ticket.relations, relation));
    lines.extend(ticket.status_changes.iter().map(status_change));
    if let Some(conversation) = &ticket.conversation {
        lines.push(format!("complete: {:?}", conversation.complete));
        for item in &conversation.messages {
            lines.push(message(item));
            lines.extend(item.attachments.iter().map(file));
        }
    }
    lines.join("\n")
}

fn sorted<T>(items: &[T], describe: fn(&T) -> String) -> Vec<String> {
    let mut lines: Vec<_> = items.iter().map(describe).collect();
    lines.sort();
    lines
}

fn or_none<T: Display>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn coded<T: Debug + Display>(coded: Option<&Coded<T>>) -> String {
    let text = |coded: &Coded<T>| match &coded.native {
        Some(native) => format!("{} ({native})", coded.value),
        None => coded.value.to_string(),
    };
    or_none(coded.map(text))
}

fn person(person: Option<&Person>) -> String {
    let text = |Person { id, name, email, .. }: &Person| {
        let [id, name, email] = [id, name, email].map(|it| or_none(it.as_ref()));
        format!("{id}, {name}, {email}")
    };
    or_none(person.map(text))
}

fn participant(Participant { role, person: member, team }: &Participant) -> String {
    let member = match team {
        Some(team) => format!("team {}", or_none(team.name.as_ref())),
        None => person(member.as_ref()),
    };
    format!("{}: {member}", coded(role.as_ref()))
}

fn field(field: &CustomField) -> String {
    // RT sends the keys of an object in any order.
    let value = field.value.as_ref().map(|value| serde_json::from_str(value.as_str()).unwrap());
    let value = value.map(|value: serde_json::Value| without_number(&value.to_string()));
    format!("field {}: {}", or_none(field.label.as_ref()), or_none(value))
}

fn relation(Relation { relation_type, id, url }: &Relation) -> String {
    format!("{} {}", coded(relation_type.as_ref()), or_none(id.as_ref().or(url.as_ref())))
}

fn status_change(StatusChange { from, to, by, .. }: &StatusChange) -> String {
    let by = by.as_ref().and_then(|by| by.person.as_ref()?.id.as_ref());
    format!("from {} to {} by {}", coded(from.as_ref()), coded(to.as_ref()), or_none(by))
}

fn message(message: &Message) -> String {
    let author = message.author.as_ref();
    // RT makes up ids for what was not sent by e-mail.
    let sent_id = message.channel_message_id.as_ref().filter(|id| !id.starts_with("rt-"));
    format!(
        "{} by {} ({}), e-mail {}: {:?} {:?}, {:?}",
        message.visibility,
        person(author.and_then(|author| author.person.as_ref())),
        coded(author.and_then(|author| author.role.as_ref())),
        or_none(sent_id),
        message.format,
        message.body,
        message.native,
    )
}

fn file(Attachment { name, media_type, size_bytes, url, .. }: &Attachment) -> String {
    let url = url.as_ref().map(|url| without_number(url));
    let [name, media_type, url] = [name, media_type, &url].map(|it| or_none(it.as_ref()));
    format!("  file {name}, {media_type}, {size_bytes:?} bytes at {url}")
}

/// Removes the host, and the number at the end of an address.
fn without_number(text: &str) -> String {
    let Some((before, address)) = text.split_once("http://127.0.0.1:") else {
        return text.to_owned();
    };
    let (_, address) = address.split_once('/').unwrap_or_default();
    let end = address.find('"').unwrap_or(address.len());
    let (path, after) = address.split_at(end);
    format!("{before}{}N{after}", path.trim_end_matches(|it: char| it.is_ascii_digit()))
}
