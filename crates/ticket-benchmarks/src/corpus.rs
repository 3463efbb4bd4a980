//! The responses that are read: each documented one, and one as large as a long-lived ticket makes it.

use serde_json::{Value, json};
use ticket_core::Bytes;

/// A service whose responses are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// EngageLab LiveDesk.
    EngageLab,
    /// Feishu Helpdesk.
    Feishu,
}

/// A response that is read.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// What it is called on a command line.
    pub name: &'static str,
    /// Whose response it is.
    pub desk: Desk,
    /// The response as it is received.
    pub body: Bytes,
    /// The same, known to be text.
    pub text: String,
}

/// All responses. The documented ones are read as the pages have them, the large ones have no white space, as services send them.
pub fn corpora() -> [Corpus; 4] {
    let corpus = |name, desk, text: String| Corpus { name, desk, body: text.clone().into(), text };
    [
        corpus("engagelab", Desk::EngageLab, documented("engagelab")),
        corpus("engagelab-large", Desk::EngageLab, large_engagelab().to_string()),
        corpus("feishu", Desk::Feishu, documented("feishu")),
        corpus("feishu-large", Desk::Feishu, large_feishu().to_string()),
    ]
}

fn documented(provider: &str) -> String {
    let case = ticket_fixtures::case(provider, "documented").expect("the page's example is a case");
    String::from_utf8(case.body.to_vec()).expect("the page's example is text")
}

fn parsed(provider: &str) -> Value {
    serde_json::from_str(&documented(provider)).expect("the page's example is JSON")
}

/// The documented ticket with 200 messages, of which every fourth has files, and 50 custom fields. Every twentieth message has a
/// key that nobody documents.
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

/// The documented ticket with 50 custom fields, and with several of whatever else is a list. Every tenth field has a key that
/// nobody documents.
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

#[cfg(test)]
mod tests {
    use super::corpora;

    #[test]
    fn the_large_responses_are_as_large_as_the_page_says() {
        let kilobytes = corpora().map(|corpus| (corpus.name, corpus.body.len() / 1000));
        assert_eq!(
            kilobytes,
            [("engagelab", 2), ("engagelab-large", 88), ("feishu", 3), ("feishu-large", 18)]
        );
    }
}
