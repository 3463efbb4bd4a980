//! From the wire to the ticket, field by field.

use ticket_core::decode::{Cursor, Field, Key, Members, Raw, look_up};
use ticket_core::{Error, ErrorKind, VocabularyOverrides};
use ticket_model::{
    Actor, Conversation, CustomField, IndexMap, Message, Person, Present, Priority, Role, Status,
    Tag, Ticket, Visibility,
};

use crate::wire;

/// What `state` means.
const STATES: &[(&str, Status)] = &[
    ("new", Status::New),
    ("working", Status::InProgress),
    ("waiting", Status::WaitingOnRequester),
    ("done", Status::Closed),
];

/// What `urgency` means.
const URGENCIES: &[(&str, Priority)] =
    &[("1", Priority::Low), ("2", Priority::Medium), ("3", Priority::High)];

/// What the `role` of a message means.
const ROLES: &[(&str, Role)] =
    &[("customer", Role::Requester), ("agent", Role::Agent), ("robot", Role::Bot)];

/// The ticket at this place; `extra` is still empty.
pub(crate) fn ticket(
    cursor: &Cursor<'_>,
    ticket: wire::Ticket<'_>,
    overrides: &VocabularyOverrides,
) -> Result<Ticket, Error> {
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
    let id_place = cursor.key(id.key());
    let id = cursor.integer_id(id).ok_or_else(|| {
        Error::new(ErrorKind::InvalidResponse, "the ticket has no id").with_path(id_place.pointer())
    })?;
    cursor.kept(language);
    let status = |word: &str| overrides.status(word).or_else(|| look_up(STATES)(word));
    let level = |code: &str| overrides.priority(code).or_else(|| look_up(URGENCIES)(code));
    Ok(Ticket {
        provider: crate::PROVIDER.to_owned(),
        id,
        desk: None,
        title: cursor.text(subject),
        description: cursor.text(body),
        status: cursor
            .word(state, status, Status::Other)
            .map(|(category, native)| Status { category, native }),
        priority: cursor
            .code(urgency, level, Priority::Other)
            .map(|(level, native)| Priority { level, native }),
        kind: None,
        handling: None,
        channel: None,
        requester: cursor
            .object(customer)
            .and_then(|(cursor, customer)| self::customer(&cursor, customer).present()),
        submitter: None,
        assignee: cursor
            .object(agent)
            .and_then(|(cursor, agent)| self::agent(&cursor, agent).present()),
        agents: Vec::new(),
        collaborators: Vec::new(),
        followers: Vec::new(),
        closed_by: None,
        team: None,
        tags: cursor
            .list(labels, |cursor, name| Tag { id: None, name: cursor.id_of(name) })
            .unwrap_or_default(),
        custom_fields: self::custom_fields(cursor, custom_fields),
        attachments: Vec::new(),
        conversation: cursor
            .list(messages, message)
            .map(|messages| Conversation { messages, complete: true }),
        notes: Vec::new(),
        status_changes: Vec::new(),
        sla: None,
        satisfaction: None,
        solved: None,
        metrics: None,
        created_at: cursor.rfc_3339(opened_at),
        updated_at: cursor.rfc_3339(changed_at),
        resolved_at: None,
        closed_at: cursor.rfc_3339(closed_at),
        extra: IndexMap::new(),
    })
}

/// Somebody of whom there is an id, a name and perhaps an address.
fn person(id: Option<String>, name: Option<String>, email: Option<String>) -> Person {
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
}

/// `/ticket/customer`
fn customer(cursor: &Cursor<'_>, customer: wire::Customer<'_>) -> Person {
    let wire::Customer { id, name, email, unknown } = customer;
    cursor.unknown(unknown);
    person(cursor.id(id), cursor.text(name), cursor.text(email))
}

/// `/ticket/agent`
fn agent(cursor: &Cursor<'_>, agent: wire::Agent<'_>) -> Person {
    let wire::Agent { id, name, unknown } = agent;
    cursor.unknown(unknown);
    person(cursor.id(id), cursor.text(name), None)
}

/// `/ticket/custom_fields`
fn custom_fields(cursor: &Cursor<'_>, fields: Field<Members<'_>>) -> Vec<CustomField> {
    let Some((cursor, fields)) = cursor.object(fields) else { return Vec::new() };
    let field = |(key, value): (Key<'_>, Raw<'_>)| CustomField {
        id: None,
        key: Some(key.as_str().to_owned()),
        label: None,
        value: cursor.json_of(value),
        required: None,
        editable: None,
        position: None,
    };
    fields.into_iter().map(field).collect()
}

/// `/ticket/messages/[i]`
fn message(cursor: &Cursor<'_>, message: wire::Message<'_>) -> Message {
    let wire::Message { id, role, text, sent_at, internal, unknown } = message;
    cursor.unknown(unknown);
    let (role, native) = cursor.word(role, look_up(ROLES), Role::Other).unzip();
    Message {
        id: cursor.id(id),
        author: Actor { role, native, person: None }.present(),
        visibility: match cursor.flag(internal) {
            Some(true) => Visibility::Internal,
            Some(false) => Visibility::Public,
            None => Visibility::Unknown,
        },
        content: None,
        body: cursor.text(text),
        attachments: Vec::new(),
        sent_at: cursor.rfc_3339(sent_at),
    }
}
