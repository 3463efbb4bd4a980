//! Renders people, teams and tags.

use std::collections::HashSet;

use anstyle::Style;
use ticket_model::{Actor, Follower, Handle, Participant, Person, Tag, Team};

use crate::view::clean::{fact, word};
use crate::view::ink::{PLAIN, QUIET, STRONG, StyledText};
use crate::view::words;

/// The people that the page has already shown.
///
/// The page shows the details of a person once, and only name and id after that. People are the same if all fields are
/// equal.
#[derive(Default)]
pub(crate) struct SeenPeople<'a> {
    seen: HashSet<&'a Person>,
}

impl<'a> SeenPeople<'a> {
    /// Returns a person: name, id, email and phone, then a line of details, then a line for each channel.
    pub(crate) fn person(&mut self, person: &'a Person) -> StyledText {
        let is_seen = !self.seen.insert(person) && (person.name.is_some() || person.id.is_some());
        let Person { id, name, email, phone, avatar_url, department, city, country, handles } =
            person;
        let mut ink = name_and_id(PLAIN, name.as_deref(), id.as_deref());
        if is_seen {
            return ink;
        }
        if let Some(email) = email {
            ink.word(PLAIN, &format!("<{}>", fact(email)));
        }
        if let Some(phone) = phone {
            ink.fact(PLAIN, &fact(phone));
        }
        let details = [department, city, country, avatar_url];
        if details.iter().any(|detail| detail.is_some()) {
            ink.line();
            for detail in details.into_iter().flatten() {
                ink.fact(QUIET, &fact(detail));
            }
        }
        for handle in handles {
            ink.line();
            ink.append(&self::handle(handle));
        }
        ink
    }

    /// Returns several people, each on a new line.
    pub(crate) fn people(&mut self, people: &'a [Person]) -> StyledText {
        let mut ink = StyledText::default();
        let brief = people.iter().all(is_brief);
        for person in people {
            if brief {
                // If all are without details, they share a line.
                if !ink.is_empty() {
                    ink.push(PLAIN, ", ");
                }
                ink.append(&name_and_id(PLAIN, person.name.as_deref(), person.id.as_deref()));
            } else {
                ink.line();
                ink.append(&self.person(person));
            }
        }
        ink
    }

    /// Returns the role of a participant, and who it is.
    pub(crate) fn participant(&mut self, participant: &'a Participant) -> (String, StyledText) {
        let Participant { role, person, team } = participant;
        let mut whom = person.as_ref().map(|person| self.person(person)).unwrap_or_default();
        if let Some(team) = team {
            whom.append(&self::team(team));
        }
        (words::participant(role.as_ref()), whom)
    }

    /// Returns the name and the role of an actor, and the details of the person.
    pub(crate) fn actor(&mut self, actor: Option<&'a Actor>) -> (StyledText, StyledText) {
        let mut name = StyledText::default();
        let mut details = StyledText::default();
        let Some(actor) = actor else {
            return (StyledText::of(STRONG, "unknown"), details);
        };
        let role = words::role(actor);
        match actor.person.as_ref() {
            Some(person) if person.name.is_some() => {
                name = name_and_id(STRONG, person.name.as_deref(), person.id.as_deref());
                name.fact(PLAIN, &role);
                let contact_details = self.contact_details(person);
                details.append(&contact_details);
            }
            Some(person) => {
                name.push(STRONG, if role.is_empty() { "unknown" } else { &role });
                details.append(&self.person(person));
            }
            None => name.push(STRONG, if role.is_empty() { "unknown" } else { &role }),
        }
        (name, details)
    }

    /// Returns the details of a person without name and id; empty if they were already shown.
    fn contact_details(&mut self, person: &'a Person) -> StyledText {
        let is_seen = !self.seen.insert(person);
        let Person { id: _, name: _, email, phone, avatar_url, department, city, country, handles } =
            person;
        let mut ink = StyledText::default();
        if is_seen {
            return ink;
        }
        for detail in [email, phone, department, city, country, avatar_url].into_iter().flatten() {
            ink.fact(QUIET, &fact(detail));
        }
        for handle in handles {
            ink.line();
            ink.append(&self::handle(handle));
        }
        ink
    }
}

/// Returns whether a person has no details besides name and id.
fn is_brief(person: &Person) -> bool {
    let Person { id, name, email, phone, avatar_url, department, city, country, handles } = person;
    let details = [email, phone, avatar_url, department, city, country];
    (id.is_some() || name.is_some())
        && handles.is_empty()
        && details.into_iter().all(Option::is_none)
}

/// Returns a name followed by the id in parentheses, or the one of the two that exists; empty if neither does.
fn name_and_id(style: Style, name: Option<&str>, id: Option<&str>) -> StyledText {
    match (name, id) {
        (Some(name), Some(id)) => {
            StyledText::of(style, &fact(name)).then(QUIET, &format!(" ({})", fact(id)))
        }
        (Some(one), None) | (None, Some(one)) => StyledText::of(style, &fact(one)),
        (None, None) => StyledText::default(),
    }
}

/// Returns a channel of a person: `on inbox_100 as -1001 in thread 23`.
fn handle(handle: &Handle) -> StyledText {
    let Handle { channel_id, contact_id, thread_id, followers } = handle;
    let mut ink = StyledText::default();
    let on = |text: &Option<String>, before: &str| {
        text.as_ref().map(|text| format!("{before} {}", word(text))).unwrap_or_default()
    };
    ink.word(QUIET, &on(channel_id, "on"));
    ink.word(QUIET, &on(contact_id, "as"));
    ink.word(QUIET, &on(thread_id, "in thread"));
    if !followers.is_empty() {
        let names: Vec<_> = followers.iter().map(follower).collect();
        ink.fact(QUIET, &format!("followed by {}", names.join(", ")));
    }
    ink
}

fn follower(follower: &Follower) -> String {
    named(follower.name.as_deref(), follower.id.as_deref())
}

pub(crate) fn team(team: &Team) -> StyledText {
    StyledText::of(PLAIN, &named(team.name.as_deref(), team.id.as_deref()))
}

pub(crate) fn tags(tags: &[Tag]) -> StyledText {
    let names: Vec<_> =
        tags.iter().map(|tag| named(tag.name.as_deref(), tag.id.as_deref())).collect();
    StyledText::of(PLAIN, &names.join(", "))
}

/// Returns a name followed by the id in parentheses, the one of the two that exists, or `unnamed`.
fn named(name: Option<&str>, id: Option<&str>) -> String {
    match (name, id) {
        (Some(name), Some(id)) => format!("{} ({})", fact(name), fact(id)),
        (Some(one), None) | (None, Some(one)) => fact(one),
        (None, None) => "unnamed".into(),
    }
}
