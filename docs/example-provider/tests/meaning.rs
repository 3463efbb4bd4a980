//! Checks what the words of Acorn Desk mean, which the mapping table cannot prove.

use acorn_provider::AcornDesk;
use ticket_core::{Decoder, Response, VocabularyOverrides};
use ticket_model::{ActorRole, PriorityLevel, StatusCategory, Ticket, Visibility};

fn ticket(members: &str) -> Ticket {
    let body = format!(r#"{{"ticket": {{"id": 1, {members}}}}}"#);
    let response = Response::saved(AcornDesk.ticket_operation(), body);
    AcornDesk.decode(&[response], &VocabularyOverrides::default()).unwrap().ticket
}

#[test]
fn maps_each_state() {
    for (native, category) in [
        ("new", StatusCategory::New),
        ("working", StatusCategory::InProgress),
        ("waiting", StatusCategory::WaitingOnRequester),
        ("done", StatusCategory::Closed),
        ("parked", StatusCategory::Other),
    ] {
        let status = ticket(&format!(r#""state": "{native}""#)).status.unwrap();
        assert_eq!((status.category, status.native.as_str()), (category, native));
    }
}

#[test]
fn maps_each_urgency() {
    for (native, level) in [
        (1, PriorityLevel::Low),
        (2, PriorityLevel::Medium),
        (3, PriorityLevel::High),
        (4, PriorityLevel::Other),
    ] {
        assert_eq!(ticket(&format!(r#""urgency": {native}"#)).priority.unwrap().level, level);
    }
}

#[test]
fn maps_author_and_visibility_of_a_message() {
    for (members, role, visibility) in [
        (r#""role": "customer", "internal": false"#, ActorRole::Requester, Visibility::Public),
        (r#""role": "agent", "internal": true"#, ActorRole::Agent, Visibility::Internal),
        (r#""role": "robot""#, ActorRole::Bot, Visibility::Unknown),
        (r#""role": "ghost", "internal": null"#, ActorRole::Other, Visibility::Unknown),
    ] {
        let conversation = ticket(&format!(r#""messages": [{{{members}}}]"#)).conversation.unwrap();
        let [message] = &conversation.messages[..] else { panic!("one message") };
        assert_eq!(message.author.as_ref().unwrap().role, Some(role));
        assert_eq!(message.visibility, visibility);
    }
}
