//! Maps the wire structs to the ticket, field by field.

use ticket_core::decode::{Cursor, Field, FieldState, Key, Members, TextOr, Unknown, look_up};
use ticket_core::{Error, ErrorKind, VocabularyOverrides};
use ticket_model::{
    Actor, Channel, CustomField, HandledBy, IndexMap, Metrics, Note, Person, Present, Satisfaction,
    Status, Tag, Ticket,
};

use crate::wire;

/// The meaning of `status`.
pub(crate) const STATUSES: &[(&str, Status)] = &[
    ("1", Status::New),
    ("2", Status::InProgress),
    ("3", Status::Open),
    ("4", Status::OnHold),
    ("5", Status::WaitingOnRequester),
    ("50", Status::Closed),
    ("51", Status::Closed),
    ("52", Status::Closed),
];

/// The meaning of `ticket_type`: who handles the ticket, not its type.
pub(crate) const STAGES: &[(&str, HandledBy)] = &[("1", HandledBy::Bot), ("2", HandledBy::Human)];

/// The meaning of `channel`.
pub(crate) const CHANNELS: &[(&str, Channel)] = &[
    ("2", Channel::QrCode),
    ("9", Channel::OpenApi),
    ("13", Channel::Search),
    ("14", Channel::Share),
];

/// The meaning of `solve`.
pub(crate) const SOLVED: &[(&str, bool)] = &[("1", false), ("2", true)];

/// The scale of `score`.
pub(crate) const SCORE: (i64, i64) = (1, 3);

/// Returns the meaning of a channel; any other number is documented as "other channels".
fn channel(code: &str) -> Option<Channel> {
    let is_number = code.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    look_up(CHANNELS)(code).or(is_number.then_some(Channel::Other))
}

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
        helpdesk_id,
        guest,
        comments,
        ticket_type,
        status,
        score,
        created_at,
        updated_at,
        closed_at,
        dissatisfaction_reason,
        agents,
        channel,
        solve,
        closed_by,
        collaborators,
        customized_fields,
        agent_service_duration,
        agent_first_response_duration,
        bot_service_duration,
        agent_resolution_time,
        actual_processing_time,
        agent_entry_time,
        agent_first_response_time,
        agent_last_response_time,
        agent_owner,
        tags,
        unknown,
    } = ticket;
    cursor.unknown(unknown);
    let id_position = cursor.key(ticket_id.key());
    let id = cursor.id(ticket_id).ok_or_else(|| {
        Error::new(ErrorKind::InvalidResponse, "the ticket has no id")
            .with_path(id_position.pointer())
    })?;
    let (min, max) = SCORE;
    let satisfaction = Satisfaction {
        score: cursor.rating(score, min, max),
        min: Some(min),
        max: Some(max),
        comment: None,
        reasons: cursor.one_or_many(dissatisfaction_reason, reason),
        submitted_at: None,
    };
    let metrics = Metrics {
        first_response_at: cursor.unix_milliseconds(agent_first_response_time),
        last_response_at: cursor.unix_milliseconds(agent_last_response_time),
        agent_joined_at: cursor.unix_milliseconds(agent_entry_time),
        first_response_seconds: cursor.seconds(agent_first_response_duration),
        agent_service_seconds: cursor.minutes(agent_service_duration),
        bot_service_seconds: cursor.seconds(bot_service_duration),
        resolution_seconds: cursor.seconds(agent_resolution_time),
        processing_seconds: cursor.seconds(actual_processing_time),
        work_seconds: None,
    };
    Ok(Ticket {
        provider: crate::PROVIDER.to_owned(),
        id,
        helpdesk_id: cursor.id(helpdesk_id),
        url: None,
        title: None,
        description: None,
        status: cursor.code(
            status,
            |code| overrides.status(code).or_else(|| look_up(STATUSES)(code)),
            Status::Other,
        ),
        priority: None,
        ticket_type: None,
        handling: cursor.code(ticket_type, look_up(STAGES), HandledBy::Other),
        channel: cursor.code(
            channel,
            |code| overrides.channel(code).or_else(|| self::channel(code)),
            Channel::Other,
        ),
        requester: user(cursor, guest),
        submitter: None,
        assignee: user(cursor, agent_owner),
        agents: people(cursor, agents),
        collaborators: people(cursor, collaborators),
        followers: Vec::new(),
        participants: Vec::new(),
        closed_by: user(cursor, closed_by),
        team: None,
        tags: cursor.list(tags, tag).unwrap_or_default(),
        custom_fields: cursor.list(customized_fields, custom_field).unwrap_or_default(),
        attachments: Vec::new(),
        // The messages need another call.
        conversation: None,
        notes: cursor.one_or_many(comments, note),
        status_changes: Vec::new(),
        relations: Vec::new(),
        sla: None,
        satisfaction: satisfaction.present(),
        solved: cursor.choice(solve, look_up(SOLVED), "1 for no or 2 for yes"),
        metrics: metrics.present(),
        created_at: cursor.unix_milliseconds(created_at),
        updated_at: cursor.unix_milliseconds(updated_at),
        started_at: None,
        due_at: None,
        resolved_at: None,
        closed_at: cursor.unix_milliseconds(closed_at),
        extra: IndexMap::new(),
    })
}

fn user(cursor: &Cursor<'_>, user: Field<wire::User<'_>>) -> Option<Person> {
    let (cursor, user) = cursor.object(user)?;
    person(&cursor, user).present()
}

fn people(cursor: &Cursor<'_>, users: Field<Vec<FieldState<wire::User<'_>>>>) -> Vec<Person> {
    cursor.list(users, person).unwrap_or_default()
}

fn person(cursor: &Cursor<'_>, user: wire::User<'_>) -> Person {
    let wire::User { id, avatar_url, name, email, department, city, country, unknown } = user;
    cursor.unknown(unknown);
    Person {
        id: cursor.id(id),
        name: cursor.text(name),
        email: cursor.text(email),
        phone: None,
        avatar_url: cursor.text(avatar_url),
        department: cursor.text(department),
        city: cursor.text(city),
        country: cursor.text(country),
        handles: Vec::new(),
    }
}

fn note(cursor: &Cursor<'_>, comment: wire::Comment<'_>) -> Note {
    let wire::Comment { content, created_at, id, user_avatar_url, user_name, user_id, unknown } =
        comment;
    cursor.unknown(unknown);
    let person = Person {
        id: cursor.integer_id(user_id),
        name: cursor.text(user_name),
        email: None,
        phone: None,
        avatar_url: cursor.text(user_avatar_url),
        department: None,
        city: None,
        country: None,
        handles: Vec::new(),
    };
    Note {
        id: cursor.integer_id(id),
        author: Actor { role: None, person: person.present() }.present(),
        body: cursor.text(content),
        created_at: cursor.unix_milliseconds(created_at),
    }
}

/// Maps a reason to texts by BCP 47 tag; a plain text has no language, which is `und`.
fn reason(cursor: &Cursor<'_>, reason: TextOr<'_, Members<'_>>) -> IndexMap<String, String> {
    let mut texts = IndexMap::new();
    match reason {
        TextOr::Text(text) => {
            let text = cursor.text_of(text);
            if text.is_some() {
                cursor.tolerate("an object", "a text");
            }
            texts.extend(text.map(|text| ("und".to_owned(), text)));
        }
        TextOr::Object(members) => {
            let mut unknown = Unknown::default();
            for (key, raw) in members {
                match language(&key) {
                    Some(language) => {
                        let text = cursor.key(key.as_str()).free_text(raw);
                        texts.extend(text.map(|text| (language, text)));
                    }
                    None => unknown.push(key, raw),
                }
            }
            cursor.unknown(unknown);
        }
    }
    texts
}

/// Returns the BCP 47 tag of a key such as `zh_cn`: two or three letters of language, two of region.
fn language(key: &Key<'_>) -> Option<String> {
    let (language, region) = key.as_str().split_once('_')?;
    let is_lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    let fits = matches!(language.len(), 2 | 3) && region.len() == 2;
    (fits && is_lower(language) && is_lower(region))
        .then(|| [language, "-", &region.to_ascii_uppercase()].concat())
}

fn custom_field(cursor: &Cursor<'_>, field: wire::CustomizedField<'_>) -> CustomField {
    let wire::CustomizedField {
        id,
        value,
        key_name,
        display_name,
        position,
        required,
        editable,
        unknown,
    } = field;
    cursor.unknown(unknown);
    CustomField {
        id: cursor.id(id),
        key: cursor.text(key_name),
        label: cursor.text(display_name),
        value: cursor.json(value),
        native: None,
        required: cursor.flag(required),
        editable: cursor.flag(editable),
        position: cursor.integer(position),
    }
}

fn tag(cursor: &Cursor<'_>, tag: wire::Tag<'_>) -> Tag {
    let wire::Tag { id, name, unknown } = tag;
    cursor.unknown(unknown);
    Tag { id: cursor.id(id), name: cursor.text(name) }
}
