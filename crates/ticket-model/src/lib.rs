#![doc = include_str!("../README.md")]

mod coded;
mod conversation;
mod json;
mod metrics;
mod person;
mod present;
mod relation;
#[cfg(feature = "schema")]
mod schema;
mod ticket;
mod vocabulary;

pub use coded::Coded;
pub use conversation::{Actor, Attachment, Conversation, Message, Note, StatusChange};
pub use indexmap::IndexMap;
pub use jiff::Timestamp;
pub use json::{Json, NotJson, unpaired_surrogates};
pub use metrics::{Metrics, Satisfaction, Seconds, Sla};
pub use person::{Follower, Handle, Participant, Person, Tag, Team};
pub use present::Present;
pub use relation::Relation;
#[cfg(feature = "schema")]
pub use schema::schema;
pub use ticket::{CustomField, Ticket};
pub use vocabulary::{
    BodyFormat, Channel, ContentType, HandledBy, ParticipantRole, Priority, RelationType, Role,
    Status, TicketType, Visibility,
};

/// The version of the JSON shape that this crate prints and reads; the JSON Schema names it.
///
/// It increases with every change that breaks an older reader.
pub const MODEL_VERSION: u32 = 2;
