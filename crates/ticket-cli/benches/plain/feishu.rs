//! The response of Feishu in plain serde structs: owned, tolerant of missing keys and of nothing else.
#![allow(
    dead_code,
    clippy::struct_field_names,
    reason = "the fields are only parsed, under the names of the service"
)]

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) code: i64,
    pub(crate) msg: Option<String>,
    pub(crate) data: Data,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Data {
    pub(crate) ticket: Ticket,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) ticket_id: String,
    pub(crate) helpdesk_id: Option<String>,
    pub(crate) guest: Option<User>,
    pub(crate) comments: Option<Comment>,
    pub(crate) ticket_type: Option<i64>,
    pub(crate) status: Option<i64>,
    pub(crate) score: Option<i64>,
    pub(crate) created_at: Option<i64>,
    pub(crate) updated_at: Option<i64>,
    pub(crate) closed_at: Option<i64>,
    pub(crate) dissatisfaction_reason: Option<Value>,
    #[serde(default)]
    pub(crate) agents: Vec<User>,
    pub(crate) channel: Option<i64>,
    pub(crate) solve: Option<i64>,
    pub(crate) closed_by: Option<User>,
    #[serde(default)]
    pub(crate) collaborators: Vec<User>,
    #[serde(default)]
    pub(crate) customized_fields: Vec<CustomizedField>,
    pub(crate) agent_service_duration: Option<f64>,
    pub(crate) agent_first_response_duration: Option<i64>,
    pub(crate) bot_service_duration: Option<i64>,
    pub(crate) agent_resolution_time: Option<i64>,
    pub(crate) actual_processing_time: Option<i64>,
    pub(crate) agent_entry_time: Option<i64>,
    pub(crate) agent_first_response_time: Option<i64>,
    pub(crate) agent_last_response_time: Option<i64>,
    pub(crate) agent_owner: Option<User>,
    #[serde(default)]
    pub(crate) tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub(crate) id: Option<String>,
    pub(crate) avatar_url: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) department: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) country: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Comment {
    pub(crate) content: Option<String>,
    pub(crate) created_at: Option<i64>,
    pub(crate) id: Option<i64>,
    pub(crate) user_avatar_url: Option<String>,
    pub(crate) user_name: Option<String>,
    pub(crate) user_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CustomizedField {
    pub(crate) id: Option<String>,
    pub(crate) value: Option<Value>,
    pub(crate) key_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) position: Option<i64>,
    pub(crate) required: Option<bool>,
    pub(crate) editable: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Tag {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
}
