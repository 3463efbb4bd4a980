//! Explain and drift limit their output for large and hostile responses.

use engagelab_provider::EngageLab;
use ticket_core::mapping::drift::Drift;
use ticket_core::mapping::explain::explain;
use ticket_core::{Decoder, Response, VocabularyOverrides};

fn response(data: &str) -> Response {
    let body = format!(r#"{{"code": 0, "message": "", "data": {{"ticket_id": "tk_1", {data}}}}}"#);
    Response::saved(EngageLab.ticket_operation(), body)
}

#[test]
fn explain_names_at_most_twenty_items_of_a_list() {
    let contacts = vec![r#"{"contact_id": "c"}"#; 100].join(",");
    let response = response(&format!(
        r#""requester": {{"euid": "u", "channel_contacts": [{contacts}]}},
           "conversation_list": [{{"sender": {{"id": "c"}}}}]"#
    ));
    let explained = explain(&EngageLab, &[response], &VocabularyOverrides::default()).unwrap();
    let longest = explained.iter().map(|field| field.sources.len()).max().unwrap();
    assert!((20..40).contains(&longest), "{longest} sources");
}

#[test]
fn drift_shortens_long_values() {
    let long = "k".repeat(100_000);
    let response = response(&format!(r#""{long}": 1, "status": "{long}""#));
    let mut drift = Drift::new(&EngageLab);
    drift.add("long", &[response], &VocabularyOverrides::default());
    let told = format!("{:?}", drift.report());
    assert!(told.contains(&"k".repeat(400)), "{told}");
    assert!(!told.contains(&"k".repeat(600)), "{} characters", told.len());
}
