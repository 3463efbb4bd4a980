//! The response of EngageLab.
#![allow(missing_docs, reason = "the names are those of the provider's page")]

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub struct Envelope {
    pub code: i64,
    pub message: Option<String>,
    pub data: Ticket,
}

#[derive(Debug, Deserialize)]
pub struct Ticket {
    pub ticket_id: String,
    pub title: Option<String>,
    pub description: Option<String>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    pub status: Option<String>,
    pub priority: Option<String>,
    pub ticket_type: Option<String>,
    pub requester: Option<Requester>,
    pub submitter: Option<Member>,
    pub assignment_team: Option<Team>,
    #[serde(default)]
    pub custom_fields: HashMap<String, Value>,
    #[serde(default)]
    pub conversation_list: Vec<Message>,
    #[serde(default)]
    pub status_changes: Vec<StatusChange>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub sla: Option<Sla>,
    #[serde(default)]
    pub followers: Vec<Member>,
    pub satisfactions: Option<Satisfaction>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
    pub resolved_at: Option<String>,
    pub closed_at: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Attachment {
    pub file_name: Option<String>,
    pub file_type: Option<String>,
    pub file_url: Option<String>,
    pub file_size: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Requester {
    pub euid: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub channel_contacts: Option<ChannelContact>,
}

#[derive(Debug, Deserialize)]
pub struct ChannelContact {
    pub channel_id: Option<String>,
    pub contact_id: Option<String>,
    pub sub_contact_id: Option<String>,
    #[serde(default)]
    pub followers: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Member {
    pub id: Option<String>,
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Team {
    pub id: Option<i64>,
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Message {
    pub message_id: Option<String>,
    pub sender: Option<Sender>,
    pub content: Option<String>,
    pub content_type: Option<String>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    pub sent_at: Option<String>,
    pub is_internal: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub struct Sender {
    pub id: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct StatusChange {
    pub to_status: Option<String>,
    pub changed_at: Option<String>,
    pub changed_by_type: Option<String>,
    pub changed_by_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Sla {
    pub first_response_due: Option<String>,
    pub resolution_due: Option<String>,
    pub first_response_at: Option<String>,
    pub breached: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub struct Satisfaction {
    pub rating: Option<i64>,
    pub feedback: Option<String>,
    pub submitted_at: Option<String>,
}
