//! The ticket.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Attachment, Channel, Coded, Conversation, HandledBy, IndexMap, Json, Metrics, Note,
    Participant, Person, Priority, Relation, Satisfaction, Sla, Status, StatusChange, Tag, Team,
    TicketType,
};

/// One ticket of any helpdesk.
///
/// Every key is always printed: `null` where there is no value, `[]` where there are no items. A missing key reads as
/// `null` or `[]`. Only `provider` and `id` always have a value.
///
/// The struct is exhaustive on purpose: the compiler names every struct expression that lacks a new field.
/// Code that starts from [`Ticket::new`], as some providers and most tests do, leaves a new field empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ticket {
    /// The provider that the ticket came from: `engagelab`, `feishu`, …
    pub provider: String,
    /// The provider's id of the ticket.
    pub id: String,
    /// The id of the helpdesk, where the provider has several.
    pub helpdesk_id: Option<String>,
    /// The address of the page that shows the ticket to a person.
    pub url: Option<String>,
    /// The subject line.
    pub title: Option<String>,
    /// The description, as the provider sent it: Markdown for `EngageLab`, HTML for others.
    pub description: Option<String>,
    /// The status.
    pub status: Option<Coded<Status>>,
    /// The priority.
    pub priority: Option<Coded<Priority>>,
    /// The type of ticket: incident, question, …
    #[serde(rename = "type")]
    pub ticket_type: Option<Coded<TicketType>>,
    /// Who handles the ticket now: a bot or a human.
    pub handling: Option<Coded<HandledBy>>,
    /// The channel through which the ticket was created.
    pub channel: Option<Coded<Channel>>,
    /// The person who asked for help; the first, where a ticket has several.
    pub requester: Option<Person>,
    /// The helpdesk member who created the ticket for the requester.
    pub submitter: Option<Person>,
    /// The agent responsible for the ticket.
    pub assignee: Option<Person>,
    /// The agents who worked on the ticket.
    #[serde(default)]
    pub agents: Vec<Person>,
    /// Other people who helped.
    #[serde(default)]
    pub collaborators: Vec<Person>,
    /// The people who are notified of changes.
    #[serde(default)]
    pub followers: Vec<Person>,
    /// Everyone else who takes part, by role: further requesters, people in copy, approvers, watchers.
    #[serde(default)]
    pub participants: Vec<Participant>,
    /// The person who closed the ticket.
    pub closed_by: Option<Person>,
    /// The team that the ticket is assigned to.
    pub team: Option<Team>,
    /// The tags.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The custom fields that the tenant defined.
    #[serde(default)]
    pub custom_fields: Vec<CustomField>,
    /// The files attached to the ticket itself, not to a message.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The messages; `null` where the response has no conversation.
    pub conversation: Option<Conversation>,
    /// The notes on the ticket itself, outside of the conversation.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// The changes of the status.
    #[serde(default)]
    pub status_changes: Vec<StatusChange>,
    /// The links to other tickets and pages.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// The service level agreement: due times, and whether one was missed.
    pub sla: Option<Sla>,
    /// The requester's rating (CSAT).
    pub satisfaction: Option<Satisfaction>,
    /// Whether the request was solved, as the provider recorded it.
    pub solved: Option<bool>,
    /// Durations and times of the handling, as the provider measured them.
    pub metrics: Option<Metrics>,
    /// When the ticket was created.
    pub created_at: Option<Timestamp>,
    /// When the ticket was last changed.
    pub updated_at: Option<Timestamp>,
    /// When work on the ticket began.
    pub started_at: Option<Timestamp>,
    /// When the ticket is due, set by a person or by the service level agreement.
    pub due_at: Option<Timestamp>,
    /// When the ticket was resolved.
    pub resolved_at: Option<Timestamp>,
    /// When the ticket was closed.
    pub closed_at: Option<Timestamp>,
    /// Everything in the response that has no field above or could not be read: RFC 6901 pointer into the
    /// response → the value as sent, in the order of the response.
    #[serde(default)]
    pub extra: IndexMap<String, Json>,
}

impl Ticket {
    /// Creates a ticket with this provider and id; every other field is empty.
    ///
    /// ```
    /// use ticket_model::Ticket;
    ///
    /// let ticket = Ticket { title: Some("Printer jam".into()), ..Ticket::new("feishu", "42") };
    /// assert_eq!(ticket.status, None);
    /// ```
    pub fn new(provider: impl Into<String>, id: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            id: id.into(),
            helpdesk_id: None,
            url: None,
            title: None,
            description: None,
            status: None,
            priority: None,
            ticket_type: None,
            handling: None,
            channel: None,
            requester: None,
            submitter: None,
            assignee: None,
            agents: Vec::new(),
            collaborators: Vec::new(),
            followers: Vec::new(),
            participants: Vec::new(),
            closed_by: None,
            team: None,
            tags: Vec::new(),
            custom_fields: Vec::new(),
            attachments: Vec::new(),
            conversation: None,
            notes: Vec::new(),
            status_changes: Vec::new(),
            relations: Vec::new(),
            sla: None,
            satisfaction: None,
            solved: None,
            metrics: None,
            created_at: None,
            updated_at: None,
            started_at: None,
            due_at: None,
            resolved_at: None,
            closed_at: None,
            extra: IndexMap::new(),
        }
    }
}

/// A custom field that the tenant defined, with its value on this ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustomField {
    /// The provider's id of the field.
    pub id: Option<String>,
    /// The name that programs use.
    pub key: Option<String>,
    /// The name that people see.
    pub label: Option<String>,
    /// The value: any JSON. For a dropdown whose definition was fetched, the label of the chosen option.
    pub value: Option<Json>,
    /// The value as the provider sent it, where `value` is a label: the id of the option.
    pub native: Option<Json>,
    /// Whether a value is required.
    pub required: Option<bool>,
    /// Whether the value may be edited.
    pub editable: Option<bool>,
    /// The position in the form.
    pub position: Option<i64>,
}
