//! The full-text index.

use rusqlite::{Connection, params};
use ticket_core::model::{Person, Ticket, Visibility};

use super::children::text;
use crate::error::MirrorError;
use crate::terms::push_text;

/// Builds the texts of the index; its buffers are used again and again.
#[derive(Debug, Default)]
pub(crate) struct Index {
    title: String,
    description: String,
    messages: String,
    notes: String,
    fields: String,
    people: String,
    /// Whether texts are indexed at all.
    is_off: bool,
}

impl Index {
    /// Returns an index; one that is off adds nothing.
    pub(crate) fn new(is_on: bool) -> Self {
        Self { is_off: !is_on, ..Self::default() }
    }

    /// Adds a ticket.
    pub(super) fn insert(
        &mut self,
        connection: &Connection,
        key: i64,
        ticket: &Ticket,
    ) -> Result<(), MirrorError> {
        if self.is_off {
            return Ok(());
        }
        self.fill(ticket);
        let Self { title, description, messages, notes, fields, people, is_off: _ } = &*self;
        connection
            .prepare_cached(
                "INSERT INTO text_index (rowid, title, description, messages, notes, fields, people)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![key, title, description, messages, notes, fields, people])?;
        Ok(())
    }

    fn fill(&mut self, ticket: &Ticket) {
        let Self { title, description, messages, notes, fields, people, is_off: _ } = self;
        for buffer in [
            &mut *title,
            &mut *description,
            &mut *messages,
            &mut *notes,
            &mut *fields,
            &mut *people,
        ] {
            buffer.clear();
        }
        add(title, ticket.title.as_ref());
        add(description, ticket.description.as_ref());
        for message in ticket.conversation.iter().flat_map(|it| &it.messages) {
            let buffer = match message.visibility {
                Visibility::Internal => &mut *notes,
                _ => &mut *messages,
            };
            add(buffer, message.body.as_ref());
            for file in &message.attachments {
                add(buffer, file.name.as_ref());
            }
            let author = message.author.as_ref().and_then(|author| author.person.as_ref());
            // The name of an author who wrote before is there already.
            if let Some(name) = author.and_then(|person| person.name.as_deref())
                && !people.contains(name)
            {
                push_text(name, people);
            }
        }
        for note in &ticket.notes {
            add(notes, note.body.as_ref());
        }
        push_text(&ticket.id, fields);
        for field in &ticket.custom_fields {
            if let Some(value) = &field.value {
                push_text(&text(value), fields);
            }
        }
        for tag in &ticket.tags {
            add(fields, tag.name.as_ref());
        }
        for file in &ticket.attachments {
            add(fields, file.name.as_ref());
        }
        add(fields, ticket.team.as_ref().and_then(|team| team.name.as_ref()));
        add(fields, ticket.satisfaction.as_ref().and_then(|it| it.comment.as_ref()));
        let mut person = |person: &Person| {
            for value in [&person.id, &person.name, &person.email, &person.phone] {
                add(people, value.as_ref());
            }
        };
        let single = [&ticket.requester, &ticket.submitter, &ticket.assignee, &ticket.closed_by];
        single.into_iter().flatten().for_each(&mut person);
        let several = [&ticket.agents, &ticket.collaborators, &ticket.followers];
        several.into_iter().flatten().for_each(&mut person);
        ticket.participants.iter().filter_map(|it| it.person.as_ref()).for_each(&mut person);
    }
}

fn add(buffer: &mut String, text: Option<&String>) {
    if let Some(text) = text {
        push_text(text, buffer);
    }
}

/// Removes a ticket from the index.
pub(super) fn remove(connection: &Connection, key: i64) -> Result<(), MirrorError> {
    connection.prepare_cached("DELETE FROM text_index WHERE rowid = ?1")?.execute([key])?;
    Ok(())
}
