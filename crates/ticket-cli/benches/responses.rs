//! The responses that are measured: each documented one, and one as large as a long-lived ticket makes it.

use serde_json::{Value, json};
use ticket_core::Bytes;

pub(crate) const NAMES: [&str; 4] = ["engagelab", "engagelab-large", "feishu", "feishu-large"];

pub(crate) enum Service {
    EngageLab,
    Feishu,
}

/// A response, as bytes and as the same text.
pub(crate) struct Saved {
    pub(crate) service: Service,
    pub(crate) body: Bytes,
    pub(crate) text: String,
}

/// Returns a response by its name. The large ones have no white space, as services send them: 88 KB and 18 KB.
pub(crate) fn named(name: &str) -> Saved {
    let (service, text) = match name {
        "engagelab" => (Service::EngageLab, documented(name)),
        "engagelab-large" => (Service::EngageLab, large_engagelab().to_string()),
        "feishu" => (Service::Feishu, documented(name)),
        "feishu-large" => (Service::Feishu, large_feishu().to_string()),
        _ => panic!("unknown response `{name}`; there are {NAMES:?}"),
    };
    Saved { service, body: text.clone().into(), text }
}

fn documented(provider: &str) -> String {
    let case = ticket_fixtures::case(provider, "documented").expect("the example is a fixture");
    String::from_utf8(case.body.to_vec()).expect("the example is UTF-8")
}

fn parsed(provider: &str) -> Value {
    serde_json::from_str(&documented(provider)).expect("the example is JSON")
}

/// Returns the documented ticket with 200 messages, of which every fourth has files, and 50 custom fields. Every twentieth message has
/// an undocumented key.
fn large_engagelab() -> Value {
    let mut response = parsed("engagelab");
    let ticket = &mut response["data"];
    let example = ticket["conversation_list"][0].take();
    let message = |number: usize| {
        let mut message = example.clone();
        message["message_id"] = format!("msg_20251104_{number:03}").into();
        message["is_internal"] = number.is_multiple_of(7).into();
        message["content"] = format!(
            "Message {number}: I tried what you wrote, \"restart\" and all.\nIt still says 错误 {number}; could somebody have a \
             look at it today, please? The printer is needed for this week's invoices."
        )
        .into();
        if !number.is_multiple_of(4) {
            message["attachments"] = json!([]);
        }
        if number.is_multiple_of(20) {
            message["edited_by"] = json!({ "id": "u_12345" });
        }
        message
    };
    ticket["conversation_list"] = (0..200).map(message).collect();
    for number in 0..50_usize {
        ticket["custom_fields"][format!("field_{number}")] = match number % 3 {
            0 => number.into(),
            _ => format!("value {number}").into(),
        };
    }
    response
}

/// Returns the documented ticket with 50 custom fields and longer lists. Every tenth field has an undocumented key.
fn large_feishu() -> Value {
    let mut response = parsed("feishu");
    let ticket = &mut response["data"]["ticket"];
    for (list, count) in [("agents", 12), ("collaborators", 20), ("tags", 20)] {
        let example = ticket[list][0].take();
        ticket[list] = vec![example; count].into();
    }
    let example = ticket["customized_fields"][0].take();
    let field = |number: usize| {
        let mut field = example.clone();
        field["key_name"] = format!("key_{number}").into();
        field["display_name"] = format!("A field that the tenant has made, number {number}").into();
        field["value"] = format!("What somebody has chosen in field {number}").into();
        field["position"] = number.into();
        if number.is_multiple_of(10) {
            field["field_type"] = "single_line_text".into();
        }
        field
    };
    ticket["customized_fields"] = (0..50).map(field).collect();
    response
}
