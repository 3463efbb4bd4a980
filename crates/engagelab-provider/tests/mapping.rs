//! Snapshots of all fixtures, the verified mapping, and mutated responses.

use engagelab_provider::EngageLab;
use ticket_core::{Decoder, Response, VocabularyOverrides};
use ticket_testkit::{SampleResponse, check_mutated_responses, snapshot, verify_mapping};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mapping.json");

#[test]
fn fixtures_match_their_snapshots() {
    let cases: Vec<_> = ticket_fixtures::of("engagelab").collect();
    assert!(cases.len() > 90, "fixtures are missing");
    for case in cases {
        insta::assert_snapshot!(case.name, snapshot(&EngageLab, case.http_status, case.body));
    }
}

/// Unlike the other snapshots, this one has all keys, also those without a value.
#[test]
fn documented_ticket_has_all_keys() {
    let case = ticket_fixtures::case("engagelab", "documented").unwrap();
    let response = Response::saved(EngageLab.ticket_operation(), case.body);
    let decoded = EngageLab.decode(&[response], &VocabularyOverrides::default()).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&decoded.ticket).unwrap());
}

#[test]
fn table_has_the_rows_of_the_mapping() {
    verify_mapping(&EngageLab, &tickets(), TABLE);
}

#[test]
fn mutated_responses_are_decoded_or_rejected() {
    let cases = ticket_fixtures::of("engagelab")
        .map(|case| SampleResponse { name: case.name, body: case.body });
    check_mutated_responses(&EngageLab, &cases.collect::<Vec<_>>());
}

/// Returns the fixtures that are tickets.
fn tickets() -> Vec<SampleResponse> {
    let is_ticket = |case: &&ticket_fixtures::Case| {
        let response = Response::saved(EngageLab.ticket_operation(), case.body);
        case.http_status == 200
            && EngageLab.decode(&[response], &VocabularyOverrides::default()).is_ok()
    };
    ticket_fixtures::of("engagelab")
        .filter(is_ticket)
        .map(|case| SampleResponse { name: case.name, body: case.body })
        .collect()
}
