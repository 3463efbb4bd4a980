//! Checks what the words of Acorn Desk mean.

use acorn_provider::AcornDesk;
use ticket_core::{Decoder, Response, VocabularyOverrides};
use ticket_model::{Coded, Priority, Role, Status, Ticket, Visibility};

fn ticket(members: &str) -> Ticket {
    let body = format!(r#"{{"ticket": {{"id": 1, {members}}}}}"#);
    let response = Response::saved(AcornDesk.ticket_operation(), body);
    AcornDesk.decode(&[response], &VocabularyOverrides::default()).unwrap().ticket
}

#[test]
fn maps_each_state() {
    for (native, category) in [
        ("new", Status::New),
        ("working", Status::InProgress),
        ("waiting", Status::WaitingOnRequester),
        ("done", Status::Closed),
        ("parked", Status::Other),
    ] {
        let status = ticket(&format!(r#""state": "{native}""#)).status.unwrap();
        assert_eq!(status, Coded::new(category, native));
    }
}

#[test]
fn maps_each_urgency() {
    for (native, level) in
        [(1, Priority::Low), (2, Priority::Medium), (3, Priority::High), (4, Priority::Other)]
    {
        assert_eq!(ticket(&format!(r#""urgency": {native}"#)).priority.unwrap().value, level);
    }
}

#[test]
fn maps_author_and_visibility_of_a_message() {
    for (members, role, visibility) in [
        (r#""role": "customer", "internal": false"#, Role::Requester, Visibility::Public),
        (r#""role": "agent", "internal": true"#, Role::Agent, Visibility::Internal),
        (r#""role": "robot""#, Role::Bot, Visibility::Unknown),
        (r#""role": "ghost", "internal": null"#, Role::Other, Visibility::Unknown),
    ] {
        let conversation = ticket(&format!(r#""messages": [{{{members}}}]"#)).conversation.unwrap();
        let [message] = &conversation.messages[..] else { panic!("one message") };
        assert_eq!(message.author.as_ref().unwrap().role.as_ref().unwrap().value, role);
        assert_eq!(message.visibility, visibility);
    }
}
