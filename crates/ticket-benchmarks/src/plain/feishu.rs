//! The response of Feishu.
#![allow(missing_docs, reason = "the names are those of the provider's page")]

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub struct Envelope {
    pub code: i64,
    pub msg: Option<String>,
    pub data: Data,
}

#[derive(Debug, Deserialize)]
pub struct Data {
    pub ticket: Ticket,
}

#[derive(Debug, Deserialize)]
pub struct Ticket {
    pub ticket_id: String,
    pub helpdesk_id: Option<String>,
    pub guest: Option<User>,
    pub comments: Option<Comment>,
    pub ticket_type: Option<i64>,
    pub status: Option<i64>,
    pub score: Option<i64>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub dissatisfaction_reason: Option<Value>,
    #[serde(default)]
    pub agents: Vec<User>,
    pub channel: Option<i64>,
    pub solve: Option<i64>,
    pub closed_by: Option<User>,
    #[serde(default)]
    pub collaborators: Vec<User>,
    #[serde(default)]
    pub customized_fields: Vec<CustomizedField>,
    pub agent_service_duration: Option<f64>,
    pub agent_first_response_duration: Option<i64>,
    pub bot_service_duration: Option<i64>,
    pub agent_resolution_time: Option<i64>,
    pub actual_processing_time: Option<i64>,
    pub agent_entry_time: Option<i64>,
    pub agent_first_response_time: Option<i64>,
    pub agent_last_response_time: Option<i64>,
    pub agent_owner: Option<User>,
    #[serde(default)]
    pub tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
pub struct User {
    pub id: Option<String>,
    pub avatar_url: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub department: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Comment {
    pub content: Option<String>,
    pub created_at: Option<i64>,
    pub id: Option<i64>,
    pub user_avatar_url: Option<String>,
    pub user_name: Option<String>,
    pub user_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct CustomizedField {
    pub id: Option<String>,
    pub value: Option<Value>,
    pub key_name: Option<String>,
    pub display_name: Option<String>,
    pub position: Option<i64>,
    pub required: Option<bool>,
    pub editable: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub struct Tag {
    pub id: Option<String>,
    pub name: Option<String>,
}
