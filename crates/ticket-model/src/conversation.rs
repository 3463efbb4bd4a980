//! Messages, notes, status changes and attachments.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::present::present;
use crate::{BodyFormat, Coded, ContentType, Person, Role, Status, Visibility};

/// The messages of a ticket.
///
/// A ticket whose response has no conversation has `null` here, never an empty list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conversation {
    /// The messages, in the order in which the provider sent them.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// Whether these are all messages of the ticket; `null` where the service does not say.
    pub complete: Option<bool>,
}

/// One message of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Message {
    /// The provider's id of the message.
    pub id: Option<String>,
    /// The id of the message in the channel that carried it, a chat or a mailbox.
    pub channel_message_id: Option<String>,
    /// The author.
    pub author: Option<Actor>,
    /// Whether the requester can read it.
    #[serde(default)]
    pub visibility: Visibility,
    /// The type of content: text, image, file, …
    pub content_type: Option<Coded<ContentType>>,
    /// The text: as the provider sent it, or as Markdown where it was sent as a document of another kind.
    pub body: Option<String>,
    /// How to read the body: as plain text, Markdown or HTML; `null` where the provider does not say.
    pub format: Option<BodyFormat>,
    /// The content as the provider sent it, where the body is not all of it.
    pub native: Option<String>,
    /// The files attached to the message.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// When the message was sent.
    pub created_at: Option<Timestamp>,
}

/// A person or a program that acted on a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Actor {
    /// The role on this ticket; `null` where the provider does not say.
    pub role: Option<Coded<Role>>,
    /// The person, where the provider names one.
    pub person: Option<Person>,
}

present!(Actor { role, person });

/// A file that belongs to a ticket or to a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// The provider's id of the file, with which its API returns the file.
    pub id: Option<String>,
    /// The address of the file.
    pub url: Option<String>,
    /// The file name.
    pub name: Option<String>,
    /// The MIME type.
    pub media_type: Option<String>,
    /// The size in bytes.
    pub size_bytes: Option<u64>,
}

/// A note on the ticket itself, outside of its conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// The provider's id of the note.
    pub id: Option<String>,
    /// The author.
    pub author: Option<Actor>,
    /// The text, as the provider sent it.
    pub body: Option<String>,
    /// When the note was written.
    pub created_at: Option<Timestamp>,
}

/// A change of the status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusChange {
    /// The provider's id of the change.
    pub id: Option<String>,
    /// The status before the change.
    pub from: Option<Coded<Status>>,
    /// The status after the change.
    pub to: Option<Coded<Status>>,
    /// When the status changed.
    pub created_at: Option<Timestamp>,
    /// Who changed the status.
    pub by: Option<Actor>,
}
