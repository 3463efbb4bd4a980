//! The response of EngageLab in plain serde structs: owned, tolerant of missing keys and of nothing else.
#![allow(
    dead_code,
    clippy::struct_field_names,
    reason = "the fields are only parsed, under the names of the service"
)]

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) code: i64,
    pub(crate) message: Option<String>,
    pub(crate) data: Ticket,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) ticket_id: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) status: Option<String>,
    pub(crate) priority: Option<String>,
    pub(crate) ticket_type: Option<String>,
    pub(crate) requester: Option<Requester>,
    pub(crate) submitter: Option<Member>,
    pub(crate) assignment_team: Option<Team>,
    #[serde(default)]
    pub(crate) custom_fields: HashMap<String, Value>,
    #[serde(default)]
    pub(crate) conversation_list: Vec<Message>,
    #[serde(default)]
    pub(crate) status_changes: Vec<StatusChange>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    pub(crate) sla: Option<Sla>,
    #[serde(default)]
    pub(crate) followers: Vec<Member>,
    pub(crate) satisfactions: Option<Satisfaction>,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) resolved_at: Option<String>,
    pub(crate) closed_at: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Attachment {
    pub(crate) file_name: Option<String>,
    pub(crate) file_type: Option<String>,
    pub(crate) file_url: Option<String>,
    pub(crate) file_size: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Requester {
    pub(crate) euid: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) channel_contacts: Option<ChannelContact>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChannelContact {
    pub(crate) channel_id: Option<String>,
    pub(crate) contact_id: Option<String>,
    pub(crate) sub_contact_id: Option<String>,
    #[serde(default)]
    pub(crate) followers: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Member {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Team {
    pub(crate) id: Option<i64>,
    pub(crate) name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) message_id: Option<String>,
    pub(crate) sender: Option<Sender>,
    pub(crate) content: Option<String>,
    pub(crate) content_type: Option<String>,
    #[serde(default)]
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) sent_at: Option<String>,
    pub(crate) is_internal: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Sender {
    pub(crate) id: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StatusChange {
    pub(crate) to_status: Option<String>,
    pub(crate) changed_at: Option<String>,
    pub(crate) changed_by_type: Option<String>,
    pub(crate) changed_by_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Sla {
    pub(crate) first_response_due: Option<String>,
    pub(crate) resolution_due: Option<String>,
    pub(crate) first_response_at: Option<String>,
    pub(crate) breached: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Satisfaction {
    pub(crate) rating: Option<i64>,
    pub(crate) feedback: Option<String>,
    pub(crate) submitted_at: Option<String>,
}
