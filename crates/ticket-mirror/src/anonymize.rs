//! Tickets, rows and receipts without personal data.

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use ticket_core::ListQuery;
use ticket_core::model::{
    Actor, Attachment, CustomField, Follower, Handle, Message, Note, Participant, Person, Relation,
    Satisfaction, StatusChange, Tag, Ticket,
};

use crate::snapshot::Value;
use crate::status::SourceStatus;
use crate::table::{Column, ColumnClass, Table};

/// A shorter key could be found by trying.
const MIN_KEY_BYTES: usize = 16;

/// The key of the pseudonyms is too short.
#[derive(Debug, thiserror::Error)]
#[error("the key of the pseudonyms is shorter than {min} bytes")]
pub struct ShortKey {
    /// The fewest bytes.
    pub min: usize,
}

/// Replaces people by pseudonyms, and removes how to reach them and what they wrote.
///
/// A pseudonym is the same for the same text and key, in every table and every export: `anon-` and 16 hexadecimal digits of its
/// HMAC-SHA256. Without the key, nobody can find out whose it is by trying names.
#[derive(Clone)]
pub struct Anonymizer {
    key: Hmac<Sha256>,
    keep_text: bool,
}

impl std::fmt::Debug for Anonymizer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Anonymizer")
            .field("keep_text", &self.keep_text)
            .finish_non_exhaustive()
    }
}

/// What was masked, as the receipt of an export says it.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Masked {
    /// The columns whose texts are pseudonyms, as `people.name`.
    pub pseudonyms: Vec<String>,
    /// The columns that are empty.
    pub removed: Vec<String>,
}

impl Anonymizer {
    /// Creates one with a secret key. Unless `keep_text`, it removes what people wrote, which may name anybody.
    ///
    /// # Errors
    /// [`ShortKey`].
    pub fn new(key: &str, keep_text: bool) -> Result<Self, ShortKey> {
        if key.len() < MIN_KEY_BYTES {
            return Err(ShortKey { min: MIN_KEY_BYTES });
        }
        let key = Hmac::new_from_slice(key.as_bytes()).expect("a key has any length");
        Ok(Self { key, keep_text })
    }

    fn pseudonym(&self, text: &str) -> String {
        let code = self.key.clone().chain_update(text.as_bytes()).finalize().into_bytes();
        let digits = code.first_chunk().expect("a SHA-256 code has 32 bytes");
        format!("anon-{:016x}", u64::from_be_bytes(*digits))
    }

    fn is_removed(&self, class: ColumnClass) -> bool {
        match class {
            ColumnClass::Contact => true,
            ColumnClass::FreeText => !self.keep_text,
            ColumnClass::Identity | ColumnClass::Technical => false,
        }
    }

    /// Returns whether it keeps what people wrote.
    pub fn keeps_text(&self) -> bool {
        self.keep_text
    }

    /// Returns what it masks in the tables.
    pub fn masked(&self) -> Masked {
        let names = |is: &dyn Fn(ColumnClass) -> bool| {
            let names = Table::ALL.into_iter().flat_map(|table| {
                let columns = table.columns.iter().filter(|column| is(column.class));
                columns.map(move |column| format!("{}.{}", table.name, column.name))
            });
            names.collect()
        };
        Masked {
            pseudonyms: names(&|class| class == ColumnClass::Identity),
            removed: names(&|class| self.is_removed(class)),
        }
    }

    /// Returns the pseudonyms of the people in a row.
    pub fn pseudonyms(&self, columns: &[Column], row: &[Value<'_>]) -> Vec<Option<String>> {
        let pseudonym = |(column, value): (&Column, &Value<'_>)| match (column.class, value) {
            (ColumnClass::Identity, Value::Text(text)) => Some(self.pseudonym(text)),
            _ => None,
        };
        columns.iter().zip(row).map(pseudonym).collect()
    }

    /// Returns a row with these pseudonyms, and without what is removed.
    pub fn row<'v>(
        &self,
        columns: &[Column],
        row: &[Value<'v>],
        pseudonyms: &'v [Option<String>],
    ) -> Vec<Value<'v>> {
        let values = columns.iter().zip(row).zip(pseudonyms);
        let masked = values.map(|((column, value), pseudonym)| match pseudonym {
            Some(text) => Value::Text(text),
            None if column.class == ColumnClass::Identity => Value::Null,
            None if self.is_removed(column.class) => Value::Null,
            None => *value,
        });
        masked.collect()
    }

    /// Removes filters that may name people.
    pub fn query(query: &mut ListQuery) {
        let ListQuery {
            statuses: _,
            created: _,
            updated: _,
            requester,
            assignee,
            tags,
            text,
            after: _,
            native,
            page_size: _,
        } = query;
        (*requester, *assignee, *text) = (None, None, None);
        tags.clear();
        native.clear();
    }

    /// Removes messages of the service from the receipts of a source: they may quote anything.
    pub fn status(status: &mut SourceStatus) {
        let SourceStatus {
            source: _,
            tickets: _,
            missing: _,
            with_conversation: _,
            to_fetch: _,
            is_unfinished: _,
            last,
            last_full,
        } = status;
        for receipt in [last, last_full].into_iter().flatten() {
            receipt.error = None;
            receipt.failed.iter_mut().for_each(|ticket| ticket.message.clear());
            for file in receipt.files.iter_mut().flat_map(|files| &mut files.failed) {
                file.attachment.clear();
                file.message.clear();
            }
        }
    }

    /// Masks a ticket. Everything without a field of its own is removed.
    pub fn ticket(&self, ticket: &mut Ticket) {
        let Ticket {
            provider: _,
            id: _,
            helpdesk_id: _,
            url: _,
            title,
            description,
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
            team: _,
            tags,
            custom_fields,
            attachments,
            conversation,
            notes,
            status_changes,
            relations,
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
            extra,
        } = ticket;
        self.text(title);
        self.text(description);
        let one = [requester, submitter, assignee, closed_by].into_iter().flatten();
        let several = [agents, collaborators, followers].into_iter().flatten();
        for person in one.chain(several) {
            self.person(person);
        }
        for Participant { role: _, person, team: _ } in participants {
            if let Some(person) = person {
                self.person(person);
            }
        }
        for Tag { id: _, name } in tags {
            self.text(name);
        }
        for CustomField {
            value,
            native,
            id: _,
            key: _,
            label: _,
            required: _,
            editable: _,
            position: _,
        } in custom_fields
        {
            self.text(value);
            self.text(native);
        }
        self.attachments(attachments);
        for Relation { relation_type: _, id: _, url } in relations {
            // It may lead anywhere.
            *url = None;
        }
        for message in conversation.iter_mut().flat_map(|it| &mut it.messages) {
            self.message(message);
        }
        for Note { id: _, author, body, created_at: _ } in notes {
            self.actor(author);
            self.text(body);
        }
        for StatusChange { id: _, from: _, to: _, created_at: _, by } in status_changes {
            self.actor(by);
        }
        if let Some(satisfaction) = satisfaction {
            let Satisfaction { score: _, min: _, max: _, comment, reasons, submitted_at: _ } =
                satisfaction;
            self.text(comment);
            if !self.keep_text {
                reasons.clear();
            }
        }
        extra.clear();
    }

    fn message(&self, message: &mut Message) {
        let Message {
            id: _,
            channel_message_id,
            author,
            visibility: _,
            content_type: _,
            body,
            format: _,
            native,
            attachments,
            created_at: _,
        } = message;
        self.actor(author);
        self.text(body);
        // That of an e-mail has the name of a computer, and perhaps of a person.
        *channel_message_id = None;
        // As the service sent it, with names and addresses.
        *native = None;
        self.attachments(attachments);
    }

    fn attachments(&self, attachments: &mut [Attachment]) {
        for Attachment { id: _, url, name, media_type: _, size_bytes: _ } in attachments {
            *url = None;
            self.text(name);
        }
    }

    fn actor(&self, actor: &mut Option<Actor>) {
        if let Some(Actor { role: _, person: Some(person) }) = actor {
            self.person(person);
        }
    }

    fn person(&self, person: &mut Person) {
        let Person { id, name, email, phone, avatar_url, department: _, city, country, handles } =
            person;
        self.identity(id);
        self.identity(name);
        for contact in [email, phone, avatar_url, city, country] {
            *contact = None;
        }
        for Follower { id, name } in handles.iter_mut().flat_map(|it| &mut it.followers) {
            self.identity(id);
            self.identity(name);
        }
        for Handle { channel_id: _, contact_id, thread_id, followers: _ } in handles {
            (*contact_id, *thread_id) = (None, None);
        }
    }

    fn identity(&self, text: &mut Option<String>) {
        *text = text.take().map(|text| self.pseudonym(&text));
    }

    fn text<T>(&self, text: &mut Option<T>) {
        if !self.keep_text {
            *text = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Anonymizer;

    const KEY: &str = "a key of sixteen bytes";

    #[test]
    fn pseudonyms_depend_on_the_key_and_the_text_only() {
        let one = Anonymizer::new(KEY, false).unwrap();
        let other = Anonymizer::new("another key of bytes", true).unwrap();
        assert_eq!(one.pseudonym("李敏"), Anonymizer::new(KEY, true).unwrap().pseudonym("李敏"));
        assert_ne!(one.pseudonym("李敏"), one.pseudonym("李娜"));
        assert_ne!(one.pseudonym("李敏"), other.pseudonym("李敏"));
        assert_eq!(one.pseudonym("x").len(), "anon-0123456789abcdef".len());
    }

    #[test]
    fn refuses_a_short_key_and_never_shows_one() {
        assert!(Anonymizer::new("short", false).is_err());
        let text = format!("{:?}", Anonymizer::new(KEY, false).unwrap());
        assert_eq!(text, "Anonymizer { keep_text: false, .. }");
    }
}
