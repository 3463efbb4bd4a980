//! The full-text index.

use std::collections::HashSet;

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
        // A new field does not compile until it is decided whether it can be found.
        let Ticket {
            provider: _,
            id,
            helpdesk_id: _,
            url: _,
            title: ticket_title,
            description: ticket_description,
            status: _,
            priority: _,
            ticket_type: _,
            handling: _,
            channel: _,
            requester,
            submitter,
            assignee,
            agents,
            collaborators,
            followers,
            participants,
            closed_by,
            team,
            tags,
            custom_fields,
            attachments,
            conversation,
            notes: ticket_notes,
            status_changes: _,
            relations: _,
            sla: _,
            satisfaction,
            solved: _,
            metrics: _,
            created_at: _,
            updated_at: _,
            started_at: _,
            due_at: _,
            resolved_at: _,
            closed_at: _,
            extra: _,
        } = ticket;
        add(title, ticket_title.as_ref());
        add(description, ticket_description.as_ref());
        let mut authors = HashSet::new();
        for message in conversation.iter().flat_map(|it| &it.messages) {
            let buffer = match message.visibility {
                Visibility::Internal => &mut *notes,
                _ => &mut *messages,
            };
            add(buffer, message.body.as_ref());
            for file in &message.attachments {
                add(buffer, file.name.as_ref());
            }
            let author = message.author.as_ref().and_then(|author| author.person.as_ref());
            if let Some(name) = author.and_then(|person| person.name.as_deref())
                && authors.insert(name)
            {
                push_text(name, people);
            }
        }
        for note in ticket_notes {
            add(notes, note.body.as_ref());
        }
        push_text(id, fields);
        for field in custom_fields {
            if let Some(value) = &field.value {
                push_text(&text(value), fields);
            }
        }
        for tag in tags {
            add(fields, tag.name.as_ref());
        }
        for file in attachments {
            add(fields, file.name.as_ref());
        }
        add(fields, team.as_ref().and_then(|team| team.name.as_ref()));
        add(fields, satisfaction.as_ref().and_then(|it| it.comment.as_ref()));
        let mut person = |person: &Person| {
            for value in [&person.id, &person.name, &person.email, &person.phone] {
                add(people, value.as_ref());
            }
        };
        let single = [requester, submitter, assignee, closed_by];
        single.into_iter().flatten().for_each(&mut person);
        let several = [agents, collaborators, followers];
        several.into_iter().flatten().for_each(&mut person);
        participants.iter().filter_map(|it| it.person.as_ref()).for_each(&mut person);
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
