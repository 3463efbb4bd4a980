//! Renders people as Markdown, each with all details.

use ticket_model::{Actor, Handle, Participant, Person};

use super::Document;
use super::escape::{code, text};
use crate::words;

/// Writes a person under a label; writes nothing for `None`.
pub(super) fn one(document: &mut Document, label: &str, person: Option<&Person>) {
    let Some(person) = person else { return };
    document.item(label, &named(person.name.as_deref(), person.id.as_deref()));
    document.nested(|document| details(document, Some(person)));
}

/// Writes several people, each under the same label.
pub(super) fn several(document: &mut Document, label: &str, people: &[Person]) {
    for person in people {
        one(document, label, Some(person));
    }
}

/// Writes participants, each under its role.
pub(super) fn participants(document: &mut Document, participants: &[Participant]) {
    for Participant { role, person, team } in participants {
        let label = words::participant(role.as_ref());
        one(document, &text(&label), person.as_ref());
        if let Some(team) = team {
            document.item(&text(&label), &named(team.name.as_deref(), team.id.as_deref()));
        }
    }
}

/// Writes the details of a person without name and id.
pub(super) fn details(document: &mut Document, person: Option<&Person>) {
    let Some(person) = person else { return };
    let Person { id: _, name: _, email, phone, avatar_url, department, city, country, handles } =
        person;
    document.optional_item("E-mail", email.as_deref().map(code));
    document.optional_item("Phone", phone.as_deref().map(code));
    document.optional_item("Department", department.as_deref().map(text));
    document.optional_item("City", city.as_deref().map(text));
    document.optional_item("Country", country.as_deref().map(text));
    document.optional_item("Picture", avatar_url.as_deref().map(code));
    for Handle { channel_id, contact_id, thread_id, followers } in handles {
        let facts = [("on", channel_id), ("as", contact_id), ("in thread", thread_id)];
        let facts: Vec<_> = facts
            .into_iter()
            .filter_map(|(word, id)| Some(format!("{word} {}", code(id.as_deref()?))))
            .collect();
        document.item("Channel", &facts.join(" "));
        document.nested(|document| {
            for follower in followers {
                document.item("Follower", &named(follower.name.as_deref(), follower.id.as_deref()));
            }
        });
    }
}

/// Returns a name with the id in parentheses, the one of the two that exists, or `unnamed`.
pub(super) fn named(name: Option<&str>, id: Option<&str>) -> String {
    match (name, id) {
        (Some(name), Some(id)) => format!("{} ({})", text(name), code(id)),
        (Some(name), None) => text(name),
        (None, Some(id)) => code(id),
        (None, None) => "unnamed".into(),
    }
}

/// Returns the name and the role of an actor.
pub(super) fn actor(actor: Option<&Actor>) -> String {
    let Some(actor) = actor else { return "unknown".into() };
    let role = words::role(actor);
    let role = if role.is_empty() { "role unknown".into() } else { text(&role) };
    match &actor.person {
        Some(person) => {
            format!("{} · {role}", named(person.name.as_deref(), person.id.as_deref()))
        }
        None => role,
    }
}
