//! The ticket itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Attachment, ChannelKind, Conversation, HandledBy, IndexMap, Json, Metrics, Note, Person,
    PriorityLevel, Satisfaction, Sla, StatusCategory, StatusChange, Tag, Team, TicketKind,
};

/// One ticket of any helpdesk.
///
/// Every key is always printed: `null` where there is no value, `[]` where there are no items. Reading
/// accepts a key that is not there as just that. Only `provider` and `id` always have a value.
///
/// Fields are exhaustive on purpose: a new one makes every provider decide what to put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ticket {
    /// The provider whose response this was: `engagelab`, `feishu`, …
    pub provider: String,
    /// The provider's id of the ticket.
    pub id: String,
    /// The desk inside the provider, where it names one.
    pub desk: Option<String>,
    /// The matter in one line.
    pub title: Option<String>,
    /// The matter at length, as the service has it: Markdown in `EngageLab`, HTML in others.
    pub description: Option<String>,
    /// Where the ticket stands.
    pub status: Option<Status>,
    /// How pressing it is.
    pub priority: Option<Priority>,
    /// What sort of matter it is.
    pub kind: Option<Kind>,
    /// Who handles it now, a bot or a human.
    pub handling: Option<Handling>,
    /// How it came in.
    pub channel: Option<Channel>,
    /// Who asks.
    pub requester: Option<Person>,
    /// The member of the helpdesk who filed it for the requester.
    pub submitter: Option<Person>,
    /// The one agent who is responsible.
    pub assignee: Option<Person>,
    /// The agents who took part.
    #[serde(default)]
    pub agents: Vec<Person>,
    /// Others who helped.
    #[serde(default)]
    pub collaborators: Vec<Person>,
    /// Who is told of news.
    #[serde(default)]
    pub followers: Vec<Person>,
    /// Who closed it.
    pub closed_by: Option<Person>,
    /// The team it is assigned to.
    pub team: Option<Team>,
    /// The labels on it.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The fields that the tenant defined.
    #[serde(default)]
    pub custom_fields: Vec<CustomField>,
    /// The files on the ticket itself.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The messages; `null` where the response did not bring any conversation.
    pub conversation: Option<Conversation>,
    /// Remarks on the ticket itself.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// The steps of its life.
    #[serde(default)]
    pub status_changes: Vec<StatusChange>,
    /// What was promised, and whether it was kept.
    pub sla: Option<Sla>,
    /// What the requester thought of it.
    pub satisfaction: Option<Satisfaction>,
    /// Whether the matter was solved, as the provider recorded it.
    pub solved: Option<bool>,
    /// Figures about the handling.
    pub metrics: Option<Metrics>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it changed last.
    pub updated_at: Option<Timestamp>,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// What was sent and has no home above, or could not be read: from the RFC 6901 pointer into the
    /// response to the value, in the order of the response.
    #[serde(default)]
    pub extra: IndexMap<String, Json>,
}

/// Declares the pairs of our word and the provider's.
macro_rules! pair {
    ($(#[$about:meta])* $name:ident { $ours:ident: $word:ty }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name {
            /// Our word.
            pub $ours: $word,
            /// The provider's word.
            pub native: String,
        }
    };
}

pair! {
    /// Where a ticket stands: our word and the provider's.
    Status { category: StatusCategory }
}
pair! {
    /// How pressing a ticket is: our word and the provider's.
    Priority { level: PriorityLevel }
}
pair! {
    /// What sort of matter a ticket is: our word and the provider's.
    Kind { kind: TicketKind }
}
pair! {
    /// Who handles a ticket now: our word and the provider's.
    Handling { by: HandledBy }
}
pair! {
    /// How a ticket came in: our word and the provider's.
    Channel { kind: ChannelKind }
}

/// A field that the tenant defined, and its value on this ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustomField {
    /// The provider's id of the field.
    pub id: Option<String>,
    /// The name that programs use.
    pub key: Option<String>,
    /// The name that people read.
    pub label: Option<String>,
    /// The value, whatever JSON it is.
    pub value: Option<Json>,
    /// Whether a value must be given.
    pub required: Option<bool>,
    /// Whether the value may be changed.
    pub editable: Option<bool>,
    /// The place among the fields.
    pub position: Option<i64>,
}
