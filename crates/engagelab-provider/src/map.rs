//! Maps the wire structs to the ticket, field by field.

use ticket_core::decode::{Cursor, Field, Key, Members, Raw, Scalar, TextOr, look_up};
use ticket_core::{Error, ErrorKind, VocabularyOverrides};
use ticket_model::{
    Actor, Attachment, Coded, ContentType, Conversation, CustomField, Follower, Handle, IndexMap,
    Message, Metrics, Person, Present, Priority, Role, Satisfaction, Sla, Status, StatusChange,
    Tag, Team, Ticket, TicketType, Visibility,
};

use crate::wire;

/// The meaning of `status` and `to_status`; a tenant may have more.
pub(crate) const STATUSES: &[(&str, Status)] = &[
    ("open", Status::Open),
    ("in_progress", Status::InProgress),
    ("resolved", Status::Resolved),
    ("closed", Status::Closed),
];

/// The meaning of `priority`. `normal` is in one example of the documentation and in none of its lists.
pub(crate) const PRIORITIES: &[(&str, Priority)] = &[
    ("low", Priority::Low),
    ("medium", Priority::Medium),
    ("high", Priority::High),
    ("urgent", Priority::Urgent),
];

/// The meaning of `ticket_type`.
pub(crate) const TYPES: &[(&str, TicketType)] = &[
    ("incident", TicketType::Incident),
    ("question", TicketType::Question),
    ("problem", TicketType::Problem),
    ("task", TicketType::Task),
];

/// The meaning of `sender.type`; there is no documented word for the requester.
pub(crate) const SENDERS: &[(&str, Role)] =
    &[("internal_member", Role::Agent), ("system", Role::System), ("bot", Role::Bot)];

/// The meaning of `changed_by_type`.
pub(crate) const CHANGERS: &[(&str, Role)] =
    &[("user", Role::Agent), ("system", Role::System), ("bot", Role::Bot)];

/// The meaning of `content_type`.
pub(crate) const CONTENTS: &[(&str, ContentType)] = &[
    ("text", ContentType::Text),
    ("image", ContentType::Image),
    ("file", ContentType::File),
    ("audio", ContentType::Audio),
    ("video", ContentType::Video),
];

/// The scale of `satisfactions.rating`.
pub(crate) const RATING: (i64, i64) = (1, 5);

/// Maps the ticket at the cursor; `extra` stays empty.
///
/// # Errors
/// `InvalidResponse` if the ticket has no id.
pub(crate) fn ticket(
    cursor: &Cursor<'_>,
    ticket: wire::Ticket<'_>,
    overrides: &VocabularyOverrides,
) -> Result<Ticket, Error> {
    let wire::Ticket {
        ticket_id,
        title,
        description,
        attachments,
        status,
        priority,
        ticket_type,
        requester,
        submitter,
        assignment_team,
        custom_fields,
        conversation_list,
        status_changes,
        tags,
        sla,
        followers,
        satisfactions,
        created_at,
        updated_at,
        resolved_at,
        closed_at,
        unknown,
    } = ticket;
    cursor.unknown(unknown);
    let id_position = cursor.key(ticket_id.key());
    let id = cursor.id(ticket_id).ok_or_else(|| {
        Error::new(ErrorKind::InvalidResponse, "the ticket has no id")
            .with_path(id_position.pointer())
    })?;
    let requester = cursor
        .object(requester)
        .and_then(|(cursor, requester)| self::requester(&cursor, requester).present());
    let (sla, first_response_at) = cursor.only(sla, self::sla).unwrap_or_default();
    let metrics = Metrics {
        first_response_at,
        last_response_at: None,
        agent_joined_at: None,
        first_response_seconds: None,
        agent_service_seconds: None,
        bot_service_seconds: None,
        resolution_seconds: None,
        processing_seconds: None,
        work_seconds: None,
    };
    Ok(Ticket {
        provider: crate::PROVIDER.to_owned(),
        id,
        helpdesk_id: None,
        url: None,
        title: cursor.text(title),
        description: cursor.text(description),
        status: self::status(cursor, status, overrides),
        priority: cursor.word(
            priority,
            |word| overrides.priority(word).or_else(|| look_up(PRIORITIES)(word)),
            Priority::Other,
        ),
        ticket_type: cursor.word(
            ticket_type,
            |word| overrides.ticket_type(word).or_else(|| look_up(TYPES)(word)),
            TicketType::Other,
        ),
        handling: None,
        channel: None,
        submitter: cursor
            .object(submitter)
            .and_then(|(cursor, member)| self::member(&cursor, member).present()),
        assignee: None,
        agents: Vec::new(),
        collaborators: Vec::new(),
        followers: cursor.list(followers, follower).unwrap_or_default(),
        participants: Vec::new(),
        closed_by: None,
        team: cursor
            .object(assignment_team)
            .and_then(|(cursor, team)| self::team(&cursor, team).present()),
        tags: cursor
            .list(tags, |cursor, name| Tag { id: None, name: cursor.id_of(name) })
            .unwrap_or_default(),
        custom_fields: self::custom_fields(cursor, custom_fields),
        attachments: cursor.list(attachments, attachment).unwrap_or_default(),
        conversation: cursor
            .list(conversation_list, |cursor, message| {
                self::message(cursor, message, requester.as_ref())
            })
            .map(|messages| Conversation { messages, complete: Some(true) }),
        notes: Vec::new(),
        status_changes: cursor
            .list(status_changes, |cursor, change| status_change(cursor, change, overrides))
            .unwrap_or_default(),
        relations: Vec::new(),
        sla: sla.present(),
        satisfaction: cursor.only(satisfactions, satisfaction).and_then(Present::present),
        solved: None,
        metrics: metrics.present(),
        created_at: cursor.rfc_3339(created_at),
        updated_at: cursor.rfc_3339(updated_at),
        started_at: None,
        due_at: None,
        resolved_at: cursor.rfc_3339(resolved_at),
        closed_at: cursor.rfc_3339(closed_at),
        extra: IndexMap::new(),
        requester,
    })
}

fn status(
    cursor: &Cursor<'_>,
    status: Field<Scalar<'_>>,
    overrides: &VocabularyOverrides,
) -> Option<Coded<Status>> {
    let meaning = |word: &str| overrides.status(word).or_else(|| look_up(STATUSES)(word));
    cursor.word(status, meaning, Status::Other)
}

/// Creates a person with an id and a name.
fn person(id: Option<String>, name: Option<String>) -> Person {
    Person {
        id,
        name,
        email: None,
        phone: None,
        avatar_url: None,
        department: None,
        city: None,
        country: None,
        handles: Vec::new(),
    }
}

fn requester(cursor: &Cursor<'_>, requester: wire::Requester<'_>) -> Person {
    let wire::Requester { euid, name, email, phone, channel_contacts, unknown } = requester;
    cursor.unknown(unknown);
    Person {
        id: cursor.id(euid),
        name: cursor.text(name),
        email: cursor.text(email),
        phone: cursor.text(phone),
        avatar_url: None,
        department: None,
        city: None,
        country: None,
        handles: cursor.one_or_many(channel_contacts, handle),
    }
}

fn handle(cursor: &Cursor<'_>, contact: wire::ChannelContact<'_>) -> Handle {
    let wire::ChannelContact { channel_id, contact_id, sub_contact_id, followers, unknown } =
        contact;
    cursor.unknown(unknown);
    let follower = |cursor: &Cursor<'_>, follower| {
        let person = self::follower(cursor, follower);
        Follower { id: person.id, name: person.name }
    };
    Handle {
        channel_id: cursor.id(channel_id),
        contact_id: cursor.id(contact_id),
        thread_id: cursor.id(sub_contact_id),
        followers: cursor.list(followers, follower).unwrap_or_default(),
    }
}

fn member(cursor: &Cursor<'_>, member: wire::Member<'_>) -> Person {
    let wire::Member { id, name, unknown } = member;
    cursor.unknown(unknown);
    person(cursor.id(id), cursor.text(name))
}

fn follower(cursor: &Cursor<'_>, follower: TextOr<'_, wire::Member<'_>>) -> Person {
    match follower {
        TextOr::Text(id) => person(cursor.id_of(id), None),
        TextOr::Object(member) => self::member(cursor, member),
    }
}

fn team(cursor: &Cursor<'_>, team: TextOr<'_, wire::Team<'_>>) -> Team {
    match team {
        TextOr::Text(name) => {
            let name = cursor.text_of(name);
            if name.is_some() {
                cursor.tolerate("an object", "a text");
            }
            Team { id: None, name }
        }
        TextOr::Object(wire::Team { id, name, unknown }) => {
            cursor.unknown(unknown);
            Team { id: cursor.integer_id(id), name: cursor.text(name) }
        }
    }
}

fn custom_fields(cursor: &Cursor<'_>, fields: Field<Members<'_>>) -> Vec<CustomField> {
    let Some((cursor, fields)) = cursor.object(fields) else { return Vec::new() };
    let field = |(key, value): (Key<'_>, Raw<'_>)| CustomField {
        id: None,
        key: Some(key.as_str().to_owned()),
        label: None,
        value: cursor.key(key.as_str()).json_of(value),
        native: None,
        required: None,
        editable: None,
        position: None,
    };
    fields.into_iter().map(field).collect()
}

fn attachment(cursor: &Cursor<'_>, attachment: wire::Attachment<'_>) -> Attachment {
    let wire::Attachment { file_name, file_type, file_url, file_size, unknown } = attachment;
    cursor.unknown(unknown);
    Attachment {
        id: None,
        url: cursor.text(file_url),
        name: cursor.text(file_name),
        media_type: cursor.text(file_type),
        size_bytes: cursor.size(file_size),
    }
}

fn message(cursor: &Cursor<'_>, message: wire::Message<'_>, requester: Option<&Person>) -> Message {
    let wire::Message {
        message_id,
        sender,
        content,
        content_type,
        attachments,
        sent_at,
        is_internal,
        unknown,
    } = message;
    cursor.unknown(unknown);
    let visibility = match cursor.flag(is_internal) {
        Some(true) => Visibility::Internal,
        Some(false) => Visibility::Public,
        None => Visibility::Unknown,
    };
    Message {
        id: cursor.id(message_id),
        channel_message_id: None,
        author: cursor
            .object(sender)
            .and_then(|(cursor, sender)| author(&cursor, sender, requester)),
        visibility,
        content_type: cursor.word(content_type, look_up(CONTENTS), ContentType::Other),
        body: cursor.text(content),
        format: None,
        native: None,
        attachments: cursor.list(attachments, attachment).unwrap_or_default(),
        created_at: cursor.rfc_3339(sent_at),
    }
}

fn author(
    cursor: &Cursor<'_>,
    sender: wire::Sender<'_>,
    requester: Option<&Person>,
) -> Option<Actor> {
    let wire::Sender { id, sender_type, name, unknown } = sender;
    cursor.unknown(unknown);
    let person = person(cursor.id(id), cursor.text(name));
    let is_requester = person.id.is_some()
        && requester.is_some_and(|requester| {
            requester.id == person.id
                || requester.handles.iter().any(|handle| handle.contact_id == person.id)
        });
    let role = |word: &str| look_up(SENDERS)(word).or(is_requester.then_some(Role::Requester));
    let role = cursor.word(sender_type, role, Role::Other);
    Actor { role, person: person.present() }.present()
}

fn status_change(
    cursor: &Cursor<'_>,
    change: wire::StatusChange<'_>,
    overrides: &VocabularyOverrides,
) -> StatusChange {
    let wire::StatusChange { to_status, changed_at, changed_by_type, changed_by_id, unknown } =
        change;
    cursor.unknown(unknown);
    let role = cursor.word(changed_by_type, look_up(CHANGERS), Role::Other);
    let person = person(cursor.id(changed_by_id), None);
    StatusChange {
        id: None,
        from: None,
        to: status(cursor, to_status, overrides),
        created_at: cursor.rfc_3339(changed_at),
        by: Actor { role, person: person.present() }.present(),
    }
}

/// Maps the SLA; returns the time of the first response separately, since it belongs to the metrics.
fn sla(cursor: &Cursor<'_>, sla: wire::Sla<'_>) -> (Sla, Option<ticket_model::Timestamp>) {
    let wire::Sla { first_response_due, resolution_due, first_response_at, breached, unknown } =
        sla;
    cursor.unknown(unknown);
    let sla = Sla {
        name: None,
        first_response_due: cursor.rfc_3339(first_response_due),
        resolution_due: cursor.rfc_3339(resolution_due),
        breached: cursor.flag(breached),
    };
    (sla, cursor.rfc_3339(first_response_at))
}

fn satisfaction(cursor: &Cursor<'_>, satisfaction: wire::Satisfaction<'_>) -> Satisfaction {
    let wire::Satisfaction { rating, feedback, submitted_at, unknown } = satisfaction;
    cursor.unknown(unknown);
    let (min, max) = RATING;
    Satisfaction {
        score: cursor.rating(rating, min, max),
        min: Some(min),
        max: Some(max),
        comment: cursor.text(feedback),
        reasons: Vec::new(),
        submitted_at: cursor.rfc_3339(submitted_at),
    }
}
