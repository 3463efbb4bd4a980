#![doc = include_str!("../README.md")]

mod conversation;
mod json;
mod metrics;
mod person;
mod present;
#[cfg(feature = "schema")]
mod schema;
mod ticket;
mod words;

pub use conversation::{Actor, Attachment, Content, Conversation, Message, Note, StatusChange};
pub use indexmap::IndexMap;
pub use jiff::Timestamp;
pub use json::{Json, NotJson};
pub use metrics::{Metrics, Satisfaction, Seconds, Sla};
pub use person::{Follower, Handle, Person, Tag, Team};
pub use present::Present;
#[cfg(feature = "schema")]
pub use schema::schema;
pub use ticket::{Channel, CustomField, Handling, Kind, Priority, Status, Ticket};
pub use words::{
    ActorRole, ChannelKind, ContentKind, HandledBy, PriorityLevel, StatusCategory, TicketKind,
    Visibility,
};

/// The version of the shape that this crate prints and reads; the schema names it.
///
/// It rises with each change that an older reader would stumble over.
pub const MODEL_VERSION: u32 = 1;
