//! The verified mapping, mutated responses, and the meaning of words.

use acorn_provider::AcornDesk;
use ticket_core::model::{Role, Priority, Status, Ticket, Visibility};
use ticket_core::{Response, VocabularyOverrides};
use ticket_testkit::{SampleResponse, check_mutated_responses, verify_mapping};

const SAMPLES: &[SampleResponse] = &[
    SampleResponse { name: "42", body: include_bytes!("responses/42.json") },
    SampleResponse { name: "43", body: include_bytes!("responses/43.json") },
];

fn ticket(members: &str) -> Ticket {
    let body = format!(r#"{{"ticket": {{"id": 1, {members}}}}}"#);
    let response = Response::saved(AcornDesk.ticket_operation(), body);
    AcornDesk.decode(&[response], &VocabularyOverrides::default()).unwrap().ticket
}

#[test]
fn mapping_matches_its_rules() {
    verify_mapping(&AcornDesk, SAMPLES);
}

#[test]
fn mutated_responses_are_decoded_or_rejected() {
    check_mutated_responses(&AcornDesk, SAMPLES);
}

#[test]
fn a_state_is_one_of_four() {
    for (native, category) in [
        ("new", Status::New),
        ("working", Status::InProgress),
        ("waiting", Status::WaitingOnRequester),
        ("done", Status::Closed),
        ("parked", Status::Other),
    ] {
        let status = ticket(&format!(r#""state": "{native}""#)).status.unwrap();
        assert_eq!((status.value, status.native.as_str()), (category, native));
    }
}

#[test]
fn an_urgency_is_one_of_three() {
    for (native, level) in [
        (1, Priority::Low),
        (2, Priority::Medium),
        (3, Priority::High),
        (4, Priority::Other),
    ] {
        assert_eq!(ticket(&format!(r#""urgency": {native}"#)).priority.unwrap().level, level);
    }
}

#[test]
fn a_message_says_who_wrote_it_and_for_whom() {
    for (members, role, visibility) in [
        (r#""role": "customer", "internal": false"#, Role::Requester, Visibility::Public),
        (r#""role": "agent", "internal": true"#, Role::Agent, Visibility::Internal),
        (r#""role": "robot""#, Role::Bot, Visibility::Unknown),
        (r#""role": "ghost", "internal": null"#, Role::Other, Visibility::Unknown),
    ] {
        let conversation = ticket(&format!(r#""messages": [{{{members}}}]"#)).conversation.unwrap();
        let [message] = &conversation.messages[..] else { panic!("one message") };
        assert_eq!(message.author.as_ref().unwrap().role, Some(role));
        assert_eq!(message.visibility, visibility);
    }
}
