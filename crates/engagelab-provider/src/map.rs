//! From the wire to the ticket, field by field.

use ticket_core::decode::{At, Field, Key, Members, Raw, Scalar, TextOr, look_up};
use ticket_core::{Error, ErrorKind, Reading};
use ticket_model::{
    Actor, ActorRole, Attachment, Content, ContentKind, Conversation, CustomField, Follower,
    Handle, IndexMap, Kind, Message, Metrics, Person, Present, Priority, PriorityLevel,
    Satisfaction, Sla, Status, StatusCategory, StatusChange, Tag, Team, Ticket, TicketKind,
    Visibility,
};

use crate::wire;

/// What `status` and `to_status` mean; a tenant may have more.
pub(crate) const STATUSES: &[(&str, StatusCategory)] = &[
    ("open", StatusCategory::Open),
    ("in_progress", StatusCategory::InProgress),
    ("resolved", StatusCategory::Resolved),
    ("closed", StatusCategory::Closed),
];

/// What `priority` means. `normal` stands in an example of the documentation and in none of its lists.
pub(crate) const PRIORITIES: &[(&str, PriorityLevel)] = &[
    ("low", PriorityLevel::Low),
    ("medium", PriorityLevel::Medium),
    ("high", PriorityLevel::High),
    ("urgent", PriorityLevel::Urgent),
];

/// What `ticket_type` means.
pub(crate) const KINDS: &[(&str, TicketKind)] = &[
    ("incident", TicketKind::Incident),
    ("question", TicketKind::Question),
    ("problem", TicketKind::Problem),
    ("task", TicketKind::Task),
];

/// What `sender.type` means; the requester has no documented word.
pub(crate) const SENDERS: &[(&str, ActorRole)] = &[
    ("internal_member", ActorRole::Agent),
    ("system", ActorRole::System),
    ("bot", ActorRole::Bot),
];

/// What `changed_by_type` means.
pub(crate) const CHANGERS: &[(&str, ActorRole)] =
    &[("user", ActorRole::Agent), ("system", ActorRole::System), ("bot", ActorRole::Bot)];

/// What `content_type` means.
pub(crate) const CONTENTS: &[(&str, ContentKind)] = &[
    ("text", ContentKind::Text),
    ("image", ContentKind::Image),
    ("file", ContentKind::File),
    ("audio", ContentKind::Audio),
    ("video", ContentKind::Video),
];

/// The scale of `satisfactions.rating`.
pub(crate) const RATING: (i64, i64) = (1, 5);

/// The ticket at this place; `extra` is still empty.
pub(crate) fn ticket(
    at: &At<'_>,
    ticket: wire::Ticket<'_>,
    reading: &Reading,
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
    at.unknown(unknown);
    let id_place = at.key(ticket_id.key());
    let id = at.id(ticket_id).ok_or_else(|| {
        Error::new(ErrorKind::Unreadable, "the ticket has no id").with_path(id_place.pointer())
    })?;
    let requester =
        at.object(requester).and_then(|(at, requester)| self::requester(&at, requester).present());
    let (sla, first_response_at) = at.only(sla, self::sla).unwrap_or_default();
    let metrics = Metrics {
        first_response_at,
        last_response_at: None,
        agent_joined_at: None,
        first_response_seconds: None,
        agent_service_seconds: None,
        bot_service_seconds: None,
        resolution_seconds: None,
        processing_seconds: None,
    };
    Ok(Ticket {
        provider: crate::PROVIDER.to_owned(),
        id,
        desk: None,
        title: at.text(title),
        description: at.text(description),
        status: self::status(at, status, reading),
        priority: at
            .word(
                priority,
                |word| reading.priority(word).or_else(|| look_up(PRIORITIES)(word)),
                PriorityLevel::Other,
            )
            .map(|(level, native)| Priority { level, native }),
        kind: at
            .word(
                ticket_type,
                |word| reading.kind(word).or_else(|| look_up(KINDS)(word)),
                TicketKind::Other,
            )
            .map(|(kind, native)| Kind { kind, native }),
        handling: None,
        channel: None,
        submitter: at
            .object(submitter)
            .and_then(|(at, member)| self::member(&at, member).present()),
        assignee: None,
        agents: Vec::new(),
        collaborators: Vec::new(),
        followers: at.list(followers, follower).unwrap_or_default(),
        closed_by: None,
        team: at.object(assignment_team).and_then(|(at, team)| self::team(&at, team).present()),
        tags: at.list(tags, |at, name| Tag { id: None, name: at.id_of(name) }).unwrap_or_default(),
        custom_fields: self::custom_fields(at, custom_fields),
        attachments: at.list(attachments, attachment).unwrap_or_default(),
        conversation: at
            .list(conversation_list, |at, message| self::message(at, message, requester.as_ref()))
            .map(|messages| Conversation { messages, complete: true }),
        notes: Vec::new(),
        status_changes: at
            .list(status_changes, |at, change| status_change(at, change, reading))
            .unwrap_or_default(),
        sla: sla.present(),
        satisfaction: at.only(satisfactions, satisfaction).and_then(Present::present),
        solved: None,
        metrics: metrics.present(),
        created_at: at.rfc_3339(created_at),
        updated_at: at.rfc_3339(updated_at),
        resolved_at: at.rfc_3339(resolved_at),
        closed_at: at.rfc_3339(closed_at),
        extra: IndexMap::new(),
        requester,
    })
}

fn status(at: &At<'_>, status: Field<Scalar<'_>>, reading: &Reading) -> Option<Status> {
    let meaning = |word: &str| reading.status(word).or_else(|| look_up(STATUSES)(word));
    let (category, native) = at.word(status, meaning, StatusCategory::Other)?;
    Some(Status { category, native })
}

/// Somebody of whom there is at most an id and a name.
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

fn requester(at: &At<'_>, requester: wire::Requester<'_>) -> Person {
    let wire::Requester { euid, name, email, phone, channel_contacts, unknown } = requester;
    at.unknown(unknown);
    Person {
        id: at.id(euid),
        name: at.text(name),
        email: at.text(email),
        phone: at.text(phone),
        avatar_url: None,
        department: None,
        city: None,
        country: None,
        handles: at.one_or_many(channel_contacts, handle),
    }
}

fn handle(at: &At<'_>, contact: wire::ChannelContact<'_>) -> Handle {
    let wire::ChannelContact { channel_id, contact_id, sub_contact_id, followers, unknown } =
        contact;
    at.unknown(unknown);
    let follower = |at: &At<'_>, follower| {
        let person = self::follower(at, follower);
        Follower { id: person.id, name: person.name }
    };
    Handle {
        channel_id: at.id(channel_id),
        contact_id: at.id(contact_id),
        thread_id: at.id(sub_contact_id),
        followers: at.list(followers, follower).unwrap_or_default(),
    }
}

fn member(at: &At<'_>, member: wire::Member<'_>) -> Person {
    let wire::Member { id, name, unknown } = member;
    at.unknown(unknown);
    person(at.id(id), at.text(name))
}

fn follower(at: &At<'_>, follower: TextOr<'_, wire::Member<'_>>) -> Person {
    match follower {
        TextOr::Text(id) => person(at.id_of(id), None),
        TextOr::Object(member) => self::member(at, member),
    }
}

fn team(at: &At<'_>, team: TextOr<'_, wire::Team<'_>>) -> Team {
    match team {
        TextOr::Text(name) => {
            let name = at.text_of(name);
            if name.is_some() {
                at.tolerate("an object", "a text");
            }
            Team { id: None, name }
        }
        TextOr::Object(wire::Team { id, name, unknown }) => {
            at.unknown(unknown);
            Team { id: at.integer_id(id), name: at.text(name) }
        }
    }
}

fn custom_fields(at: &At<'_>, fields: Field<Members<'_>>) -> Vec<CustomField> {
    let Some((at, fields)) = at.object(fields) else { return Vec::new() };
    let field = |(key, value): (Key<'_>, Raw<'_>)| CustomField {
        id: None,
        key: Some(key.as_str().to_owned()),
        label: None,
        value: at.json_of(value),
        required: None,
        editable: None,
        position: None,
    };
    fields.into_iter().map(field).collect()
}

fn attachment(at: &At<'_>, attachment: wire::Attachment<'_>) -> Attachment {
    let wire::Attachment { file_name, file_type, file_url, file_size, unknown } = attachment;
    at.unknown(unknown);
    Attachment {
        url: at.text(file_url),
        name: at.text(file_name),
        media_type: at.text(file_type),
        size_bytes: at.size(file_size),
    }
}

fn message(at: &At<'_>, message: wire::Message<'_>, requester: Option<&Person>) -> Message {
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
    at.unknown(unknown);
    let visibility = match at.flag(is_internal) {
        Some(true) => Visibility::Internal,
        Some(false) => Visibility::Public,
        None => Visibility::Unknown,
    };
    Message {
        id: at.id(message_id),
        author: at.object(sender).and_then(|(at, sender)| author(&at, sender, requester)),
        visibility,
        content: at
            .word(content_type, look_up(CONTENTS), ContentKind::Other)
            .map(|(kind, native)| Content { kind, native }),
        body: at.text(content),
        attachments: at.list(attachments, attachment).unwrap_or_default(),
        sent_at: at.rfc_3339(sent_at),
    }
}

fn author(at: &At<'_>, sender: wire::Sender<'_>, requester: Option<&Person>) -> Option<Actor> {
    let wire::Sender { id, sender_type, name, unknown } = sender;
    at.unknown(unknown);
    let person = person(at.id(id), at.text(name));
    let is_requester = person.id.is_some()
        && requester.is_some_and(|requester| {
            requester.id == person.id
                || requester.handles.iter().any(|handle| handle.contact_id == person.id)
        });
    let role = |word: &str| look_up(SENDERS)(word).or(is_requester.then_some(ActorRole::Requester));
    let (role, native) = at.word(sender_type, role, ActorRole::Other).unzip();
    Actor { role, native, person: person.present() }.present()
}

fn status_change(at: &At<'_>, change: wire::StatusChange<'_>, reading: &Reading) -> StatusChange {
    let wire::StatusChange { to_status, changed_at, changed_by_type, changed_by_id, unknown } =
        change;
    at.unknown(unknown);
    let (role, native) = at.word(changed_by_type, look_up(CHANGERS), ActorRole::Other).unzip();
    let person = person(at.id(changed_by_id), None);
    StatusChange {
        to: status(at, to_status, reading),
        at: at.rfc_3339(changed_at),
        by: Actor { role, native, person: person.present() }.present(),
    }
}

/// The agreement, and the first response, whose home is among the metrics.
fn sla(at: &At<'_>, sla: wire::Sla<'_>) -> (Sla, Option<ticket_model::Timestamp>) {
    let wire::Sla { first_response_due, resolution_due, first_response_at, breached, unknown } =
        sla;
    at.unknown(unknown);
    let sla = Sla {
        first_response_due: at.rfc_3339(first_response_due),
        resolution_due: at.rfc_3339(resolution_due),
        breached: at.flag(breached),
    };
    (sla, at.rfc_3339(first_response_at))
}

fn satisfaction(at: &At<'_>, satisfaction: wire::Satisfaction<'_>) -> Satisfaction {
    let wire::Satisfaction { rating, feedback, submitted_at, unknown } = satisfaction;
    at.unknown(unknown);
    let (min, max) = RATING;
    Satisfaction {
        score: at.rating(rating, min, max),
        min: Some(min),
        max: Some(max),
        comment: at.text(feedback),
        reasons: Vec::new(),
        submitted_at: at.rfc_3339(submitted_at),
    }
}
