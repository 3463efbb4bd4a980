//! The tables of an export: their columns, with types, and how each is read from the database.

use std::borrow::Cow;

/// A table of tickets, or of what belongs to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Table {
    /// The name, in the plural.
    pub name: &'static str,
    /// What a row is.
    pub description: &'static str,
    /// The columns. The first is the source, the second the id of the ticket.
    pub columns: &'static [Column],
    /// The columns that tell the rows apart.
    pub key: &'static [&'static str],
    /// The table in the database.
    pub(crate) from: &'static str,
}

impl Table {
    /// The tables: the tickets, then what belongs to them.
    pub const ALL: [Self; 8] =
        [TICKETS, MESSAGES, STATUS_CHANGES, CUSTOM_FIELDS, PEOPLE, TAGS, RELATIONS, ATTACHMENTS];

    /// Returns whether a row is a ticket.
    pub fn is_tickets(&self) -> bool {
        self.name == TICKETS.name
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// The name.
    pub name: Cow<'static, str>,
    /// The type of its values.
    pub kind: ColumnType,
    /// What its values say about people.
    pub class: ColumnClass,
    pub(crate) expression: Expression,
}

impl Column {
    /// Returns the column of the tickets that has the values of all custom fields of this name, one a line.
    pub fn custom_field(name: &str) -> Self {
        Self {
            name: format!("custom_fields.{name}").into(),
            kind: Text,
            class: FreeText,
            expression: Expression::CustomField(name.to_owned()),
        }
    }

    const fn new(
        name: &'static str,
        kind: ColumnType,
        class: ColumnClass,
        sql: &'static str,
    ) -> Self {
        Self { name: Cow::Borrowed(name), kind, class, expression: Expression::Sql(sql) }
    }
}

/// How a column is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    /// By this SQL.
    Sql(&'static str),
    /// From the custom fields of this name.
    CustomField(String),
}

/// The type of the values of a column. Every column may lack a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// A text; also ids, which may have more digits than a spreadsheet keeps.
    Text,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Number,
    /// Yes or no.
    Boolean,
    /// An instant, in milliseconds.
    Time,
    /// A duration in whole seconds.
    Seconds,
}

/// What the values of a column say about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnClass {
    /// Who somebody is: an id or a name of a person.
    Identity,
    /// How to reach somebody or something of theirs: an email address, a telephone number, the address of a file.
    Contact,
    /// What somebody wrote, so that it may say anything.
    FreeText,
    /// Nothing: words of a vocabulary, times, numbers, ids of tickets.
    Technical,
}

use ColumnClass::{Contact, FreeText, Identity, Technical};
use ColumnType::{Boolean, Integer, Number, Seconds, Text, Time};

const SOURCE: Column = Column::new("source", Text, Technical, "source.name");
const TICKET_ID: Column = Column::new("ticket_id", Text, Technical, "selected.id");
const KEY: &[&str] = &["source", "ticket_id", "position"];

const TICKETS: Table = Table {
    name: "tickets",
    description: "one per ticket",
    key: &["source", "id"],
    from: "ticket",
    columns: &[
        SOURCE,
        Column::new("id", Text, Technical, "selected.id"),
        Column::new("helpdesk_id", Text, Technical, "ticket.helpdesk_id"),
        Column::new("url", Text, Technical, "ticket.url"),
        Column::new("title", Text, FreeText, "ticket.title"),
        Column::new("status", Text, Technical, "ticket.status"),
        Column::new("status_native", Text, Technical, "ticket.status_native"),
        Column::new("priority", Text, Technical, "ticket.priority"),
        Column::new("priority_native", Text, Technical, "ticket.priority_native"),
        Column::new("type", Text, Technical, "ticket.type"),
        Column::new("type_native", Text, Technical, "ticket.type_native"),
        Column::new("handling", Text, Technical, "ticket.handling"),
        Column::new("handling_native", Text, Technical, "ticket.handling_native"),
        Column::new("channel", Text, Technical, "ticket.channel"),
        Column::new("channel_native", Text, Technical, "ticket.channel_native"),
        Column::new("requester_id", Text, Identity, "ticket.requester_id"),
        Column::new("requester_name", Text, Identity, "ticket.requester_name"),
        Column::new("requester_email", Text, Contact, "ticket.requester_email"),
        Column::new("assignee_id", Text, Identity, "ticket.assignee_id"),
        Column::new("assignee_name", Text, Identity, "ticket.assignee_name"),
        Column::new("assignee_email", Text, Contact, "ticket.assignee_email"),
        Column::new("team_id", Text, Technical, "ticket.team_id"),
        Column::new("team_name", Text, Technical, "ticket.team_name"),
        Column::new("created_at", Time, Technical, "ticket.created_at"),
        Column::new("updated_at", Time, Technical, "ticket.updated_at"),
        Column::new("started_at", Time, Technical, "ticket.started_at"),
        Column::new("due_at", Time, Technical, "ticket.due_at"),
        Column::new("resolved_at", Time, Technical, "ticket.resolved_at"),
        Column::new("closed_at", Time, Technical, "ticket.closed_at"),
        Column::new("solved", Boolean, Technical, "ticket.solved"),
        Column::new("rating", Integer, Technical, "ticket.rating"),
        Column::new("rating_min", Integer, Technical, "ticket.rating_min"),
        Column::new("rating_max", Integer, Technical, "ticket.rating_max"),
        Column::new("rating_comment", Text, FreeText, "ticket.rating_comment"),
        Column::new("rated_at", Time, Technical, "ticket.rated_at"),
        Column::new("sla_name", Text, Technical, "ticket.sla_name"),
        Column::new("first_response_due_at", Time, Technical, "ticket.first_response_due_at"),
        Column::new("resolution_due_at", Time, Technical, "ticket.resolution_due_at"),
        Column::new("sla_breached", Boolean, Technical, "ticket.sla_breached"),
        Column::new("first_response_at", Time, Technical, "ticket.first_response_at"),
        Column::new("last_response_at", Time, Technical, "ticket.last_response_at"),
        Column::new("first_response_seconds", Seconds, Technical, "ticket.first_response_seconds"),
        Column::new("resolution_seconds", Seconds, Technical, "ticket.resolution_seconds"),
        Column::new("processing_seconds", Seconds, Technical, "ticket.processing_seconds"),
        Column::new("work_seconds", Number, Technical, "ticket.work_seconds"),
        Column::new("conversation_complete", Boolean, Technical, "ticket.conversation_complete"),
        Column::new("has_conversation", Boolean, Technical, "ticket.has_conversation"),
        Column::new("version", Integer, Technical, "ticket.version"),
        Column::new("first_seen_at", Time, Technical, "ticket.first_seen_at"),
        Column::new("last_seen_at", Time, Technical, "ticket.last_seen_at"),
        Column::new("missing_since", Time, Technical, "ticket.missing_since"),
        Column::new("description", Text, FreeText, "ticket.description"),
    ],
};

const MESSAGES: Table = Table {
    name: "messages",
    description: "messages, and notes with the kind `note`",
    key: KEY,
    from: "message",
    columns: &[
        SOURCE,
        TICKET_ID,
        Column::new("position", Integer, Technical, "message.position"),
        Column::new("kind", Text, Technical, "message.kind"),
        Column::new("id", Text, Technical, "message.id"),
        Column::new("visibility", Text, Technical, "message.visibility"),
        Column::new("author_role", Text, Technical, "message.author_role"),
        Column::new("author_id", Text, Identity, "message.author_id"),
        Column::new("author_name", Text, Identity, "message.author_name"),
        Column::new("created_at", Time, Technical, "message.created_at"),
        Column::new("content_type", Text, Technical, "message.content_type"),
        Column::new("format", Text, Technical, "message.format"),
        Column::new("body", Text, FreeText, "message.body"),
    ],
};

const STATUS_CHANGES: Table = Table {
    name: "status_changes",
    description: "changes of the status",
    key: KEY,
    from: "status_change",
    columns: &[
        SOURCE,
        TICKET_ID,
        Column::new("position", Integer, Technical, "status_change.position"),
        Column::new("id", Text, Technical, "status_change.id"),
        Column::new("from_status", Text, Technical, "status_change.from_status"),
        Column::new("from_native", Text, Technical, "status_change.from_native"),
        Column::new("to_status", Text, Technical, "status_change.to_status"),
        Column::new("to_native", Text, Technical, "status_change.to_native"),
        Column::new("by_role", Text, Technical, "status_change.by_role"),
        Column::new("by_id", Text, Identity, "status_change.by_id"),
        Column::new("by_name", Text, Identity, "status_change.by_name"),
        Column::new("created_at", Time, Technical, "status_change.created_at"),
    ],
};

const CUSTOM_FIELDS: Table = Table {
    name: "custom_fields",
    description: "custom fields; a value that is no text is JSON",
    key: KEY,
    from: "custom_field",
    columns: &[
        SOURCE,
        TICKET_ID,
        Column::new("position", Integer, Technical, "custom_field.position"),
        Column::new("id", Text, Technical, "custom_field.id"),
        Column::new("name", Text, Technical, "custom_field.name"),
        Column::new("label", Text, Technical, "custom_field.label"),
        Column::new("value", Text, FreeText, "custom_field.value"),
        Column::new("native", Text, FreeText, "custom_field.native"),
    ],
};

const PEOPLE: Table = Table {
    name: "people",
    description: "everyone on a ticket, once for each role",
    key: KEY,
    from: "person",
    columns: &[
        SOURCE,
        TICKET_ID,
        Column::new("position", Integer, Technical, "person.position"),
        Column::new("role", Text, Technical, "person.role"),
        Column::new("role_native", Text, Technical, "person.role_native"),
        Column::new("id", Text, Identity, "person.id"),
        Column::new("name", Text, Identity, "person.name"),
        Column::new("email", Text, Contact, "person.email"),
        Column::new("phone", Text, Contact, "person.phone"),
        Column::new("department", Text, Technical, "person.department"),
        Column::new("team", Text, Technical, "person.team"),
    ],
};

const TAGS: Table = Table {
    name: "tags",
    description: "tags",
    key: KEY,
    from: "tag",
    columns: &[
        SOURCE,
        TICKET_ID,
        Column::new("position", Integer, Technical, "tag.position"),
        Column::new("id", Text, Technical, "tag.id"),
        Column::new("name", Text, FreeText, "tag.name"),
    ],
};

const RELATIONS: Table = Table {
    name: "relations",
    description: "relations to other tickets",
    key: KEY,
    from: "relation",
    columns: &[
        SOURCE,
        TICKET_ID,
        Column::new("position", Integer, Technical, "relation.position"),
        Column::new("type", Text, Technical, "relation.type"),
        Column::new("type_native", Text, Technical, "relation.type_native"),
        Column::new("id", Text, Technical, "relation.id"),
        Column::new("url", Text, Contact, "relation.url"),
    ],
};

const ATTACHMENTS: Table = Table {
    name: "attachments",
    description: "files of the ticket, or of a message",
    key: KEY,
    from: "attachment",
    columns: &[
        SOURCE,
        TICKET_ID,
        Column::new("position", Integer, Technical, "attachment.position"),
        Column::new("message_position", Integer, Technical, "attachment.message"),
        Column::new("id", Text, Technical, "attachment.id"),
        Column::new("name", Text, FreeText, "attachment.name"),
        Column::new("media_type", Text, Technical, "attachment.media_type"),
        Column::new("size_bytes", Integer, Technical, "attachment.size_bytes"),
        Column::new("url", Text, Contact, "attachment.url"),
        Column::new(
            "file",
            Text,
            Contact,
            "(SELECT 'files/' || sha256 || '.' || extension FROM download JOIN file ON file.key = download.file
              WHERE download.ticket = attachment.ticket AND download.attachment = attachment.key)",
        ),
        Column::new(
            "not_downloaded",
            Text,
            Contact,
            "(SELECT message FROM download
              WHERE download.ticket = attachment.ticket AND download.attachment = attachment.key)",
        ),
    ],
};
