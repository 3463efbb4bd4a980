//! Maps a ticket, field by field.

use ticket_core::decode::{Cursor, Field, OneOrMany, Prefixed, Raw, Scalar, TextOr, look_up};
use ticket_core::{Error, ErrorKind, VocabularyOverrides};
use ticket_model::{
    Coded, CustomField, Json, Metrics, Participant, ParticipantRole, Person, Present, Priority,
    Relation, RelationType, Sla, Status, Team, Ticket,
};

use crate::{PROVIDER, wire};

/// The statuses of the lifecycles that RT comes with. A tenant defines others, whose meaning only the tenant knows.
pub(crate) const STATUSES: &[(&str, Status)] = &[
    ("new", Status::New),
    ("open", Status::Open),
    ("stalled", Status::OnHold),
    ("resolved", Status::Resolved),
    ("rejected", Status::Closed),
    ("deleted", Status::Closed),
];

/// The meaning of `ref` in a link.
const RELATIONS: &[(&str, RelationType)] = &[
    ("parent", RelationType::Parent),
    ("child", RelationType::Child),
    ("depends-on", RelationType::BlockedBy),
    ("depended-on-by", RelationType::Blocks),
    ("refers-to", RelationType::Related),
    ("referred-to-by", RelationType::Related),
];

/// The links to parts of the API.
const PARTS: &[&str] =
    &["customfield", "customrole", "history", "correspond", "comment", "lifecycle"];

/// The user that RT names where there is no user.
const NOBODY: &str = "Nobody";

/// What a duration or priority that was never set is.
const NONE: &[&str] = &["0", ""];

/// Maps the ticket at this position.
///
/// # Errors
/// [`InvalidResponse`](ErrorKind::InvalidResponse) if the ticket has no id.
pub(crate) fn ticket(
    cursor: &Cursor<'_>,
    ticket: wire::Ticket<'_>,
    overrides: &VocabularyOverrides,
) -> Result<Ticket, Error> {
    let wire::Ticket {
        id,
        record,
        url,
        effective_id,
        ticket_type,
        subject,
        status,
        priority,
        initial_priority,
        final_priority,
        queue,
        owner,
        creator,
        last_updated_by,
        requestors,
        cc,
        admin_cc,
        custom_roles,
        custom_fields,
        sla,
        created,
        starts,
        started,
        due,
        resolved,
        told,
        last_updated,
        time_estimated,
        time_left,
        time_worked,
        links,
        roles,
        unknown,
    } = ticket;
    cursor.unknown(unknown);
    cursor.text(record);
    cursor.text(url);
    if let Some((cursor, TextOr::Object(reference))) = cursor.object(effective_id) {
        self::reference(&cursor, reference);
    }
    let id_position = cursor.key(id.key());
    let id = cursor.any_id(id).ok_or_else(|| {
        Error::new(ErrorKind::InvalidResponse, "the response has no ticket id")
            .with_path(id_position.pointer())
    })?;
    let mut ticket = Ticket::new(PROVIDER, id);
    ticket.title = cursor.non_empty(subject);
    ticket.status = self::status(cursor, status, overrides);
    ticket.priority = cursor.word(
        priority,
        |word| overrides.priority(word).or_else(|| self::priority(word)),
        Priority::Other,
    );
    ticket.team = cursor.object(queue).and_then(|(cursor, queue)| self::queue(&cursor, queue));
    ticket.assignee = user(cursor, owner);
    ticket.submitter = user(cursor, creator);
    let people = |field| cursor.list(field, member).unwrap_or_default();
    for member in people(requestors) {
        match member {
            Some(Member::Person(person)) if ticket.requester.is_none() => {
                ticket.requester = Some(person);
            }
            member => participate(
                &mut ticket,
                Coded::new(ParticipantRole::Requester, "Requestor"),
                member,
            ),
        }
    }
    for (role, native, field) in
        [(ParticipantRole::Cc, "Cc", cc), (ParticipantRole::Watcher, "AdminCc", admin_cc)]
    {
        for member in people(field) {
            participate(&mut ticket, Coded::new(role, native), member);
        }
    }
    self::roles(cursor, roles, &mut ticket);
    if let Some((cursor, wire::CustomRoles { roles, unknown })) = cursor.object(custom_roles) {
        cursor.unknown(unknown);
        self::roles(&cursor, roles, &mut ticket);
    }
    if let Some((cursor, wire::ListOrEmpty(fields))) = cursor.object(custom_fields) {
        ticket.custom_fields = cursor.objects(fields, custom_field);
    }
    for link in cursor.list(links, link).unwrap_or_default() {
        match link {
            Linked::Itself(url) => ticket.url = url.as_deref().and_then(page_of),
            Linked::Relation(relation) => ticket.relations.push(relation),
            Linked::Nothing => {}
        }
    }
    ticket.sla = Sla { name: cursor.non_empty(sla), ..Sla::default() }.present();
    ticket.metrics = Metrics {
        last_response_at: cursor.rfc_3339(told),
        work_seconds: cursor.minutes_text(time_worked),
        ..Metrics::default()
    }
    .present();
    ticket.created_at = cursor.rfc_3339(created);
    ticket.updated_at = cursor.rfc_3339(last_updated);
    ticket.started_at = cursor.rfc_3339(started);
    ticket.due_at = cursor.rfc_3339(due);
    ticket.resolved_at = cursor.rfc_3339(resolved);
    cursor.kept(ticket_type);
    cursor.kept(last_updated_by);
    for field in [initial_priority, final_priority, time_estimated, time_left] {
        cursor.kept_unless(field, NONE);
    }
    cursor.kept_unless(starts, &["1970-01-01T00:00:00Z", ""]);
    Ok(ticket)
}

/// Reads a status of any lifecycle.
pub(crate) fn status(
    cursor: &Cursor<'_>,
    status: Field<Scalar<'_>>,
    overrides: &VocabularyOverrides,
) -> Option<Coded<Status>> {
    let meaning = |word: &str| overrides.status(word).or_else(|| look_up(STATUSES)(word));
    cursor.word(status, meaning, Status::Other)
}

/// Returns the meaning of a priority, by the labels that RT shows unless it is configured otherwise.
fn priority(number: &str) -> Option<Priority> {
    match number.parse::<u32>().ok()? {
        0..50 => Some(Priority::Low),
        50..100 => Some(Priority::Medium),
        100.. => Some(Priority::High),
    }
}

/// Reads a reference from which nothing is used.
fn reference(cursor: &Cursor<'_>, reference: wire::Reference<'_>) {
    let wire::Reference { id, record, url, unknown } = reference;
    cursor.unknown(unknown);
    cursor.any_id(id);
    cursor.text(record);
    cursor.text(url);
}

/// `Queue`
fn queue(cursor: &Cursor<'_>, queue: wire::Queue<'_>) -> Option<Team> {
    let wire::Queue { id, record, url, name, lifecycle, unknown } = queue;
    cursor.unknown(unknown);
    cursor.text(record);
    cursor.text(url);
    cursor.kept(lifecycle);
    Team { id: cursor.id(id), name: cursor.non_empty(name) }.present()
}

/// A user or a group.
pub(crate) enum Member {
    Person(Person),
    Team(Team),
}

/// Reads a user; `None` for the user `Nobody`.
pub(crate) fn user(cursor: &Cursor<'_>, user: Field<wire::User<'_>>) -> Option<Person> {
    let (cursor, user) = cursor.object(user)?;
    match member(&cursor, user)? {
        Member::Person(person) => Some(person),
        Member::Team(Team { id, name }) => Some(Person { id, name, ..Person::default() }),
    }
}

/// Reads a user or a group; `None` for the user `Nobody`.
pub(crate) fn member(cursor: &Cursor<'_>, user: wire::User<'_>) -> Option<Member> {
    let wire::User { id, record, url, name, real_name, email, unknown } = user;
    cursor.unknown(unknown);
    cursor.text(url);
    let (id, record) = (cursor.id(id), cursor.id(record));
    let (name, real_name) = (cursor.non_empty(name), cursor.non_empty(real_name));
    let email = cursor.non_empty(email);
    if id.as_deref() == Some(NOBODY) {
        return None;
    }
    if record.as_deref() == Some("group") {
        return Team { id, name }.present().map(Member::Team);
    }
    // The login name is the id.
    Person { id, name: real_name, email, ..Person::default() }.present().map(Member::Person)
}

/// Adds a participant, if there is one.
fn participate(ticket: &mut Ticket, role: Coded<ParticipantRole>, member: Option<Member>) {
    let (person, team) = match member {
        None => return,
        Some(Member::Person(person)) => (Some(person), None),
        Some(Member::Team(team)) => (None, Some(team)),
    };
    ticket.participants.push(Participant { role: Some(role), person, team });
}

/// Adds the members of the tenant's roles. Another call has the names of the roles.
fn roles<'t>(
    cursor: &Cursor<'_>,
    roles: Prefixed<'t, OneOrMany<wire::User<'t>>>,
    ticket: &mut Ticket,
) {
    cursor.prefixed(roles, |cursor, key, members| {
        for member in cursor.objects(members, member) {
            participate(ticket, Coded::new(ParticipantRole::Other, key), member);
        }
    });
}

/// `CustomFields/[i]`
fn custom_field(cursor: &Cursor<'_>, field: wire::CustomField<'_>) -> CustomField {
    let wire::CustomField { id, record, url, name, values, unknown } = field;
    cursor.unknown(unknown);
    cursor.text(record);
    cursor.text(url);
    CustomField {
        id: cursor.id(id),
        label: cursor.text(name),
        value: self::values(cursor, values),
        ..CustomField::default()
    }
}

/// Reads the values of a custom field; `None` if there are none.
fn values(cursor: &Cursor<'_>, values: Field<Raw<'_>>) -> Option<Json> {
    cursor.json(values).filter(|json| {
        let is_in_brackets = json.as_str().strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        is_in_brackets.is_none_or(|items| !items.trim().is_empty())
    })
}

/// What a link is to the ticket.
#[derive(Default)]
enum Linked {
    /// A part of the API.
    #[default]
    Nothing,
    /// The ticket itself, with its address.
    Itself(Option<String>),
    Relation(Relation),
}

/// `_hyperlinks/[i]`
fn link(cursor: &Cursor<'_>, link: wire::Link<'_>) -> Linked {
    let wire::Link {
        relation,
        id,
        record,
        url,
        name,
        group_type,
        label,
        from,
        to,
        update,
        unknown,
    } = link;
    cursor.unknown(unknown);
    for text in [record, name, group_type, label, from, to, update] {
        cursor.text(text);
    }
    let is_one_of = |words: &[&str]| matches!(relation.value(), Some(Scalar::Text(word)) if words.contains(&&**word));
    if is_one_of(PARTS) {
        cursor.any_id(id);
        cursor.text(url);
        return Linked::Nothing;
    }
    if is_one_of(&["self"]) {
        cursor.any_id(id);
        return Linked::Itself(cursor.text(url));
    }
    Linked::Relation(Relation {
        relation_type: cursor.word(relation, look_up(RELATIONS), RelationType::Other),
        id: cursor.any_id(id),
        url: cursor.text(url),
    })
}

/// Returns the page for people, from the address of a ticket in the API.
fn page_of(url: &str) -> Option<String> {
    let (base, id) = url.split_once("/REST/2.0/ticket/")?;
    Some(format!("{base}/Ticket/Display.html?id={id}"))
}

#[cfg(test)]
mod tests {
    use super::{page_of, priority};
    use ticket_model::Priority;

    #[test]
    fn priorities_have_the_labels_that_rt_shows() {
        for (number, expected) in [
            ("0", Some(Priority::Low)),
            ("49", Some(Priority::Low)),
            ("50", Some(Priority::Medium)),
            ("99", Some(Priority::Medium)),
            ("100", Some(Priority::High)),
            ("2000", Some(Priority::High)),
            ("-1", None),
            ("high", None),
        ] {
            assert_eq!(priority(number), expected, "{number}");
        }
    }

    #[test]
    fn finds_the_page_of_a_ticket() {
        for (url, page) in [
            (
                "https://rt.example/REST/2.0/ticket/7",
                Some("https://rt.example/Ticket/Display.html?id=7"),
            ),
            (
                "https://a.example/rt/REST/2.0/ticket/7",
                Some("https://a.example/rt/Ticket/Display.html?id=7"),
            ),
            ("https://a.example/7", None),
        ] {
            assert_eq!(page_of(url).as_deref(), page, "{url}");
        }
    }
}
