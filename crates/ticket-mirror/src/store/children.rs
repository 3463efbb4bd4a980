//! The tables below a ticket: messages, people, custom fields, …

use rusqlite::types::ToSql;
use rusqlite::{CachedStatement, Connection};
use ticket_core::model::{Actor, Attachment, Coded, CustomField, Json, Person, Ticket, Timestamp};

use super::Incoming;
use crate::error::MirrorError;
use crate::time;

/// The tables below a ticket.
pub(crate) const TABLES: [&str; 8] = [
    "message",
    "status_change",
    "custom_field",
    "person",
    "tag",
    "relation",
    "attachment",
    "diagnostic",
];

/// Removes the rows of a ticket from all tables below it.
pub(super) fn remove(connection: &Connection, key: i64) -> Result<(), MirrorError> {
    for table in TABLES {
        let sql = format!("DELETE FROM {table} WHERE ticket = ?1");
        connection.prepare_cached(&sql)?.execute([key])?;
    }
    Ok(())
}

/// The tables below a ticket. Their statements are prepared once for all tickets of a transaction.
pub(super) struct Tables<'c> {
    message: Table<'c>,
    status_change: Table<'c>,
    custom_field: Table<'c>,
    person: Table<'c>,
    tag: Table<'c>,
    relation: Table<'c>,
    attachment: Table<'c>,
    diagnostic: Table<'c>,
}

impl<'c> Tables<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        let table = |sql| Table { connection, sql, statement: None, key: 0, position: 0 };
        Self {
            message: table(
                "INSERT INTO message (ticket, position, kind, id, visibility, author_role, author_id, author_name, content_type, format, body, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            ),
            status_change: table(
                "INSERT INTO status_change (ticket, position, id, from_status, from_native, to_status, to_native, by_role, by_id, by_name, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            ),
            custom_field: table(
                "INSERT INTO custom_field (ticket, position, id, name, label, value, native) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            ),
            person: table(
                "INSERT INTO person (ticket, position, role, role_native, id, name, email, phone, department, team)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            ),
            tag: table("INSERT INTO tag (ticket, position, id, name) VALUES (?1, ?2, ?3, ?4)"),
            relation: table(
                "INSERT INTO relation (ticket, position, type, type_native, id, url) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            ),
            attachment: table(
                "INSERT INTO attachment (ticket, position, message, id, url, name, media_type, size_bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            ),
            diagnostic: table(
                "INSERT INTO diagnostic (ticket, position, pointer, message) VALUES (?1, ?2, ?3, ?4)",
            ),
        }
    }

    /// Inserts the rows of a ticket.
    pub(super) fn insert(&mut self, key: i64, incoming: &Incoming<'_>) -> Result<(), MirrorError> {
        let ticket = incoming.ticket;
        self.messages(key, ticket)?;
        self.people(key, ticket)?;
        self.attachments(key, ticket)?;
        let table = self.status_change.of(key);
        for change in &ticket.status_changes {
            let [from, from_native] = coded(change.from.as_ref());
            let [to, to_native] = coded(change.to.as_ref());
            let [role, id, name] = actor(change.by.as_ref());
            let at = at(change.created_at);
            table.insert(&[
                &change.id,
                &from,
                &from_native,
                &to,
                &to_native,
                &role,
                &id,
                &name,
                &at,
            ])?;
        }
        let table = self.custom_field.of(key);
        for CustomField { id, key, label, value, native, .. } in &ticket.custom_fields {
            let (value, native) = (value.as_ref().map(text), native.as_ref().map(text));
            table.insert(&[id, key, label, &value, &native])?;
        }
        let table = self.tag.of(key);
        for tag in &ticket.tags {
            table.insert(&[&tag.id, &tag.name])?;
        }
        let table = self.relation.of(key);
        for relation in &ticket.relations {
            let [kind, native] = coded(relation.relation_type.as_ref());
            table.insert(&[&kind, &native, &relation.id, &relation.url])?;
        }
        let table = self.diagnostic.of(key);
        for diagnostic in incoming.diagnostics {
            table.insert(&[&diagnostic.pointer, &diagnostic.kind.to_string()])?;
        }
        Ok(())
    }

    fn messages(&mut self, key: i64, ticket: &Ticket) -> Result<(), MirrorError> {
        let table = self.message.of(key);
        for message in ticket.conversation.iter().flat_map(|it| &it.messages) {
            let [role, id, name] = actor(message.author.as_ref());
            table.insert(&[
                &"message",
                &message.id,
                &message.visibility.as_str(),
                &role,
                &id,
                &name,
                &message.content_type.as_ref().map(|it| it.value.as_str()),
                &message.format.map(ticket_core::model::BodyFormat::as_str),
                &message.body,
                &at(message.created_at),
            ])?;
        }
        for note in &ticket.notes {
            let [role, id, name] = actor(note.author.as_ref());
            let none = None::<String>;
            let at = at(note.created_at);
            table.insert(&[
                &"note",
                &note.id,
                &"internal",
                &role,
                &id,
                &name,
                &none,
                &none,
                &note.body,
                &at,
            ])?;
        }
        Ok(())
    }

    fn people(&mut self, key: i64, ticket: &Ticket) -> Result<(), MirrorError> {
        let table = self.person.of(key);
        let mut add =
            |role: &str, native: Option<&String>, person: &Person, team: Option<&String>| {
                let Person { id, name, email, phone, department, .. } = person;
                table.insert(&[&role, &native, id, name, email, phone, department, &team])
            };
        for (role, people) in [
            ("requester", ticket.requester.as_slice()),
            ("submitter", ticket.submitter.as_slice()),
            ("assignee", ticket.assignee.as_slice()),
            ("agent", &ticket.agents[..]),
            ("collaborator", &ticket.collaborators[..]),
            ("follower", &ticket.followers[..]),
            ("closed_by", ticket.closed_by.as_slice()),
        ] {
            for person in people {
                add(role, None, person, None)?;
            }
        }
        for participant in &ticket.participants {
            let role = participant.role.as_ref();
            let team = participant.team.as_ref();
            let team = team.and_then(|team| team.name.as_ref().or(team.id.as_ref()));
            let none = Person::default();
            let person = participant.person.as_ref().unwrap_or(&none);
            let native = role.and_then(|role| role.native.as_ref());
            add(role.map_or("other", |role| role.value.as_str()), native, person, team)?;
        }
        Ok(())
    }

    fn attachments(&mut self, key: i64, ticket: &Ticket) -> Result<(), MirrorError> {
        let table = self.attachment.of(key);
        let mut add = |message: Option<usize>, files: &[Attachment]| {
            for Attachment { id, url, name, media_type, size_bytes } in files {
                let size = size_bytes.and_then(|size| i64::try_from(size).ok());
                table.insert(&[&message, id, url, name, media_type, &size])?;
            }
            Ok::<_, MirrorError>(())
        };
        add(None, &ticket.attachments)?;
        let messages = ticket.conversation.iter().flat_map(|it| &it.messages);
        for (position, message) in messages.enumerate() {
            add(Some(position), &message.attachments)?;
        }
        Ok(())
    }
}

/// One table, whose first two columns are the ticket and the position.
struct Table<'c> {
    connection: &'c Connection,
    sql: &'static str,
    statement: Option<CachedStatement<'c>>,
    key: i64,
    position: i64,
}

impl Table<'_> {
    /// Starts the rows of a ticket.
    fn of(&mut self, key: i64) -> &mut Self {
        (self.key, self.position) = (key, 0);
        self
    }

    fn insert(&mut self, values: &[&dyn ToSql]) -> Result<(), MirrorError> {
        let statement = match &mut self.statement {
            Some(statement) => statement,
            none => none.insert(self.connection.prepare_cached(self.sql)?),
        };
        statement.raw_bind_parameter(1, self.key)?;
        statement.raw_bind_parameter(2, self.position)?;
        for (index, value) in values.iter().enumerate() {
            statement.raw_bind_parameter(index + 3, value)?;
        }
        statement.raw_execute()?;
        self.position += 1;
        Ok(())
    }
}

fn at(time: Option<Timestamp>) -> Option<String> {
    time.map(time::text)
}

fn coded<T: std::fmt::Display>(value: Option<&Coded<T>>) -> [Option<String>; 2] {
    [value.map(|coded| coded.value.to_string()), value.and_then(|coded| coded.native.clone())]
}

/// Returns the role, the id and the name.
fn actor(actor: Option<&Actor>) -> [Option<String>; 3] {
    let person = actor.and_then(|actor| actor.person.as_ref());
    [
        actor.and_then(|actor| actor.role.as_ref()).map(|role| role.value.to_string()),
        person.and_then(|person| person.id.clone()),
        person.and_then(|person| person.name.clone()),
    ]
}

/// Returns the text of a string, else the JSON.
pub(super) fn text(json: &Json) -> String {
    json.to_text().unwrap_or_else(|| json.as_str().to_owned())
}
