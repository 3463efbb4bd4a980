//! Maps a response of Acorn Desk to a ticket, field by field.

use ticket_core::decode::{Cursor, Document, Field, Key, Members, Raw, look_up};
use ticket_core::{Error, ErrorKind, VocabularyOverrides};
use ticket_model::{
    Actor, Conversation, CustomField, Message, Person, Present, Priority, Role, Status, Tag,
    Ticket, Visibility,
};

use crate::wire;

/// The values of `state`.
const STATES: &[(&str, Status)] = &[
    ("new", Status::New),
    ("working", Status::InProgress),
    ("waiting", Status::WaitingOnRequester),
    ("done", Status::Closed),
];

/// The values of `urgency`.
const URGENCIES: &[(&str, Priority)] =
    &[("1", Priority::Low), ("2", Priority::Medium), ("3", Priority::High)];

/// The values of `role` in a message.
const ROLES: &[(&str, Role)] =
    &[("customer", Role::Requester), ("agent", Role::Agent), ("robot", Role::Bot)];

/// Returns the ticket of a response. A tenant's own words, in `overrides`, take precedence over the tables above.
pub(crate) fn ticket(
    document: &Document<'_>,
    overrides: &VocabularyOverrides,
) -> Result<Ticket, Error> {
    let cursor = document.root();
    let wire::Response { ticket, request, unknown } = document.parse()?;
    cursor.unknown(unknown);
    cursor.text(request);
    let position = cursor.key(ticket.key());
    let (cursor, ticket) = cursor.object(ticket).ok_or_else(|| missing("ticket", &position))?;
    let wire::Ticket {
        id,
        subject,
        body,
        state,
        urgency,
        opened_at,
        changed_at,
        closed_at,
        customer,
        agent,
        labels,
        language,
        custom_fields,
        messages,
        unknown,
    } = ticket;
    cursor.unknown(unknown);
    let position = cursor.key(id.key());
    let id = cursor.integer_id(id).ok_or_else(|| missing("ticket id", &position))?;
    let mut ticket = Ticket::new(crate::PROVIDER, id);
    ticket.title = cursor.text(subject);
    ticket.description = cursor.text(body);
    let status = |word: &str| overrides.status(word).or_else(|| look_up(STATES)(word));
    ticket.status = cursor.word(state, status, Status::Other);
    let priority = |code: &str| overrides.priority(code).or_else(|| look_up(URGENCIES)(code));
    ticket.priority = cursor.code(urgency, priority, Priority::Other);
    ticket.created_at = cursor.rfc_3339(opened_at);
    ticket.updated_at = cursor.rfc_3339(changed_at);
    ticket.closed_at = cursor.rfc_3339(closed_at);
    ticket.requester =
        cursor.object(customer).and_then(|(cursor, value)| map_customer(&cursor, value));
    ticket.assignee = cursor.object(agent).and_then(|(cursor, value)| map_agent(&cursor, value));
    ticket.tags = cursor
        .list(labels, |cursor, name| Tag { id: None, name: cursor.id_of(name) })
        .unwrap_or_default();
    cursor.kept(language);
    ticket.custom_fields = map_custom_fields(&cursor, custom_fields);
    ticket.conversation = cursor
        .list(messages, map_message)
        .map(|messages| Conversation { messages, complete: Some(true) });
    Ok(ticket)
}

fn missing(what: &str, position: &Cursor<'_>) -> Error {
    let message = format!("the response has no {what}");
    Error::new(ErrorKind::InvalidResponse, message).with_path(position.pointer())
}

/// `/ticket/customer`
fn map_customer(cursor: &Cursor<'_>, value: wire::Customer<'_>) -> Option<Person> {
    let wire::Customer { id, name, email, unknown } = value;
    cursor.unknown(unknown);
    person(cursor.id(id), cursor.text(name), cursor.text(email))
}

/// `/ticket/agent`
fn map_agent(cursor: &Cursor<'_>, value: wire::Agent<'_>) -> Option<Person> {
    let wire::Agent { id, name, unknown } = value;
    cursor.unknown(unknown);
    person(cursor.id(id), cursor.text(name), None)
}

fn person(id: Option<String>, name: Option<String>, email: Option<String>) -> Option<Person> {
    Person {
        id,
        name,
        email,
        phone: None,
        avatar_url: None,
        department: None,
        city: None,
        country: None,
        handles: Vec::new(),
    }
    .present()
}

/// `/ticket/custom_fields`
fn map_custom_fields(cursor: &Cursor<'_>, fields: Field<Members<'_>>) -> Vec<CustomField> {
    let Some((cursor, fields)) = cursor.object(fields) else { return Vec::new() };
    let custom_field = |(key, value): (Key<'_>, Raw<'_>)| CustomField {
        id: None,
        key: Some(key.as_str().to_owned()),
        label: None,
        value: cursor.key(key.as_str()).json_of(value),
        native: None,
        required: None,
        editable: None,
        position: None,
    };
    fields.into_iter().map(custom_field).collect()
}

/// `/ticket/messages/[i]`
fn map_message(cursor: &Cursor<'_>, value: wire::Message<'_>) -> Message {
    let wire::Message { id, role, text, sent_at, internal, unknown } = value;
    cursor.unknown(unknown);
    let role = cursor.word(role, look_up(ROLES), Role::Other);
    Message {
        id: cursor.id(id),
        channel_message_id: None,
        author: Actor { role, person: None }.present(),
        visibility: match cursor.flag(internal) {
            Some(true) => Visibility::Internal,
            Some(false) => Visibility::Public,
            None => Visibility::Unknown,
        },
        content_type: None,
        body: cursor.text(text),
        format: None,
        native: None,
        attachments: Vec::new(),
        created_at: cursor.rfc_3339(sent_at),
    }
}
