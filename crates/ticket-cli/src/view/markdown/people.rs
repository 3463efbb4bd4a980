//! People in Markdown: each with all that is known of them.

use ticket_model::{Actor, Handle, Person};

use super::Document;
use super::escape::{code, text};
use crate::view::words;

/// A person under a label; nothing where there is none.
pub(super) fn one(document: &mut Document, label: &str, person: Option<&Person>) {
    let Some(person) = person else { return };
    document.item(label, &named(person.name.as_deref(), person.id.as_deref()));
    document.deeper(|document| details(document, Some(person)));
}

/// Several people, each under the same label.
pub(super) fn several(document: &mut Document, label: &str, people: &[Person]) {
    for person in people {
        one(document, label, Some(person));
    }
}

/// What is known of a person beside the name and the id.
pub(super) fn details(document: &mut Document, person: Option<&Person>) {
    let Some(person) = person else { return };
    let Person { id: _, name: _, email, phone, avatar_url, department, city, country, handles } =
        person;
    document.maybe("E-mail", email.as_deref().map(code));
    document.maybe("Telephone", phone.as_deref().map(code));
    document.maybe("Department", department.as_deref().map(text));
    document.maybe("City", city.as_deref().map(text));
    document.maybe("Country", country.as_deref().map(text));
    document.maybe("Picture", avatar_url.as_deref().map(code));
    for Handle { channel_id, contact_id, thread_id, followers } in handles {
        let facts = [("on", channel_id), ("as", contact_id), ("in thread", thread_id)];
        let facts: Vec<_> = facts
            .into_iter()
            .filter_map(|(word, id)| Some(format!("{word} {}", code(id.as_deref()?))))
            .collect();
        document.item("Channel", &facts.join(" "));
        document.deeper(|document| {
            for follower in followers {
                document.item("Follower", &named(follower.name.as_deref(), follower.id.as_deref()));
            }
        });
    }
}

/// A name and an id, or what there is of the two.
pub(super) fn named(name: Option<&str>, id: Option<&str>) -> String {
    match (name, id) {
        (Some(name), Some(id)) => format!("{} ({})", text(name), code(id)),
        (Some(name), None) => text(name),
        (None, Some(id)) => code(id),
        (None, None) => "unnamed".into(),
    }
}

/// Who acted, and what they are to the ticket.
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
