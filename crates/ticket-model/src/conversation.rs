//! What was said and done: messages, notes, changes of status, attachments.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::present::present;
use crate::{ActorRole, ContentKind, Person, Status, Visibility};

/// The messages of a ticket.
///
/// A ticket whose response brought no conversation has `null` here, never a false empty list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conversation {
    /// The messages, in the order in which the provider sent them.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// Whether these are all the messages there are.
    #[serde(default)]
    pub complete: bool,
}

/// One message of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Message {
    /// The provider's id of the message.
    pub id: Option<String>,
    /// Who wrote it.
    pub author: Option<Actor>,
    /// Who can read it.
    #[serde(default)]
    pub visibility: Visibility,
    /// What it is made of.
    pub content: Option<Content>,
    /// The text, as the provider sent it.
    pub body: Option<String>,
    /// The files that came with it.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
}

/// What a message is made of: our word and the provider's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Content {
    /// Our word.
    pub kind: ContentKind,
    /// The provider's word.
    pub native: String,
}

/// Somebody, or something, that acted on a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Actor {
    /// What the actor is to the ticket; `null` where the provider does not say.
    pub role: Option<ActorRole>,
    /// The provider's word for the role.
    pub native: Option<String>,
    /// The person, where it is one and is known.
    pub person: Option<Person>,
}

present!(Actor { role, native, person });

/// A file that belongs to a ticket or to a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// Where the file lies.
    pub url: Option<String>,
    /// The file's name.
    pub name: Option<String>,
    /// The MIME type.
    pub media_type: Option<String>,
    /// The size in bytes.
    pub size_bytes: Option<u64>,
}

/// A remark on the ticket itself, outside of its conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// The provider's id of the note.
    pub id: Option<String>,
    /// Who wrote it.
    pub author: Option<Actor>,
    /// The text, as the provider sent it.
    pub body: Option<String>,
    /// When it was written.
    pub created_at: Option<Timestamp>,
}

/// One step in the life of a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusChange {
    /// The status after the change.
    pub to: Option<Status>,
    /// When it changed.
    pub at: Option<Timestamp>,
    /// Who changed it.
    pub by: Option<Actor>,
}
