//! Adds the names of people, groups and roles, which other calls bring.

use std::collections::HashMap;

use ticket_core::decode::Document;
use ticket_core::{Decoded, Error, Response, VocabularyOverrides};
use ticket_model::{Coded, Person, Relation, RelationType, Team};

use crate::{GET_CUSTOM_ROLE, LIST_PEOPLE, error, map, wire};

/// The key of a role that the tenant defined, without its number.
const CUSTOM_ROLE: &str = "RT::CustomRole-";

/// Adds the names and addresses of people, the names of groups, and the tickets that were merged into this one.
///
/// # Errors
/// If a response is not a successful one of the search.
pub(crate) fn add_names(
    decoded: &mut Decoded,
    responses: &[Response],
    overrides: &VocabularyOverrides,
) -> Result<(), Error> {
    let mut known = Names::default();
    for (index, response) in Response::all(responses, LIST_PEOPLE).enumerate() {
        names(response, index, overrides, decoded, &mut known)
            .map_err(|error| response.complete(error))?;
    }
    let ticket = &mut decoded.ticket;
    let participants = ticket.participants.iter_mut();
    let (mut people, mut teams): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    for participant in participants {
        people.extend(&mut participant.person);
        teams.extend(&mut participant.team);
    }
    people.extend(&mut ticket.requester);
    for person in people {
        if let Some(named) = person.id.as_ref().and_then(|id| known.people.get(id)) {
            *person = named.clone();
        }
    }
    for team in teams {
        if let Some(named) = team.id.as_ref().and_then(|id| known.teams.get(id)) {
            *team = named.clone();
        }
    }
    Ok(())
}

/// The people and groups of a ticket, by their ids.
#[derive(Default)]
struct Names {
    people: HashMap<String, Person>,
    teams: HashMap<String, Team>,
}

fn names(
    response: &Response,
    index: usize,
    overrides: &VocabularyOverrides,
    decoded: &mut Decoded,
    names: &mut Names,
) -> Result<(), Error> {
    if !response.is_success() {
        return Err(error::rejection(response));
    }
    let document = Document::open(response)?.named(LIST_PEOPLE, index);
    let page: wire::TicketPage<'_> = document.parse()?;
    let cursor = document.root();
    let (items, _) = page.open(&cursor);
    let found = cursor.list(items, |cursor, item| map::ticket(cursor, item, overrides).ok());
    for ticket in found.into_iter().flatten().flatten() {
        let mut add = |person: Option<Person>| {
            if let Some((id, person)) = person.and_then(|it| Some((it.id.clone()?, it))) {
                names.people.insert(id, person);
            }
        };
        if ticket.id != decoded.ticket.id {
            decoded.ticket.relations.push(Relation {
                relation_type: Some(Coded::derived(RelationType::MergedInto)),
                id: Some(ticket.id),
                url: None,
            });
        }
        add(ticket.requester);
        for participant in ticket.participants {
            add(participant.person);
            if let Some((id, team)) = participant.team.and_then(|it| Some((it.id.clone()?, it))) {
                names.teams.insert(id, team);
            }
        }
    }
    let (extra, diagnostics) = document.close()?;
    decoded.ticket.extra.extend(extra);
    decoded.diagnostics.extend(diagnostics);
    Ok(())
}

/// Replaces the keys of the tenant's roles by their names.
///
/// # Errors
/// If a response is not a successful one of the role call.
pub(crate) fn add_roles(decoded: &mut Decoded, responses: &[Response]) -> Result<(), Error> {
    for (index, response) in Response::all(responses, GET_CUSTOM_ROLE).enumerate() {
        let (id, name) =
            role(response, index, decoded).map_err(|error| response.complete(error))?;
        let Some((id, name)) = id.zip(name) else { continue };
        let key = format!("{CUSTOM_ROLE}{id}");
        for participant in &mut decoded.ticket.participants {
            if let Some(Coded { native: Some(native), .. }) = &mut participant.role
                && *native == key
            {
                native.clone_from(&name);
            }
        }
    }
    Ok(())
}

/// Reads the id and the name of a role.
fn role(
    response: &Response,
    index: usize,
    decoded: &mut Decoded,
) -> Result<(Option<String>, Option<String>), Error> {
    if !response.is_success() {
        return Err(error::rejection(response));
    }
    let document = Document::open(response)?.named(GET_CUSTOM_ROLE, index);
    let cursor = document.root();
    let wire::CustomRole {
        id,
        name,
        description,
        disabled,
        entry_hint,
        max_values,
        created,
        creator: _,
        last_updated,
        last_updated_by: _,
        links: _,
        unknown,
    } = document.parse()?;
    cursor.unknown(unknown);
    for text in [description, disabled, entry_hint, max_values, created, last_updated] {
        cursor.text(text);
    }
    let found = (cursor.any_id(id), cursor.non_empty(name));
    let (extra, diagnostics) = document.close()?;
    decoded.ticket.extra.extend(extra);
    decoded.diagnostics.extend(diagnostics);
    Ok(found)
}

/// Returns the numbers of the roles that the participants have, each once.
#[cfg(feature = "http")]
pub(crate) fn custom_roles(ticket: &ticket_model::Ticket) -> Vec<String> {
    let mut numbers = Vec::new();
    for participant in &ticket.participants {
        if let Some(Coded { native: Some(key), .. }) = &participant.role
            && let Some(number) = key.strip_prefix(CUSTOM_ROLE)
            && !numbers.iter().any(|known| known == number)
        {
            numbers.push(number.to_owned());
        }
    }
    numbers
}
