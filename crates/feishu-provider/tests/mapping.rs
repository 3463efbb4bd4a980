//! Snapshots of all fixtures, the verified mapping, and mutated responses.

use feishu_provider::Feishu;
use ticket_core::{Decoder, Response, VocabularyOverrides, saved};
use ticket_testkit::{SampleResponse, check_mutated_responses, snapshot, verify_mapping};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mapping.json");

#[test]
fn fixtures_match_their_snapshots() {
    let cases: Vec<_> = ticket_fixtures::of("feishu").collect();
    assert!(cases.len() > 90, "fixtures are missing");
    for case in cases {
        insta::assert_snapshot!(case.name, snapshot(&Feishu, case.http_status, case.body));
    }
}

/// Unlike the other snapshots, this one has all keys, also those without a value.
#[test]
fn documented_ticket_has_all_keys() {
    let case = ticket_fixtures::case("feishu", "documented").unwrap();
    let response = Response::saved(Feishu.ticket_operation(), case.body);
    let decoded = Feishu.decode(&[response], &VocabularyOverrides::default()).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&decoded.ticket).unwrap());
}

#[test]
fn table_has_the_rows_of_the_mapping() {
    verify_mapping(&Feishu, &tickets(), TABLE);
}

#[test]
fn mutated_responses_are_decoded_or_rejected() {
    let cases = ticket_fixtures::of("feishu")
        .map(|case| SampleResponse { name: case.name, body: case.body });
    check_mutated_responses(&Feishu, &cases.collect::<Vec<_>>());
}

/// Returns the fixtures that are tickets.
fn tickets() -> Vec<SampleResponse> {
    let is_ticket = |case: &&ticket_fixtures::Case| {
        // An item of a second page has another index in the ticket, and definitions only name what the ticket has.
        let is_plain = !matches!(case.name, "conversation_in_pages" | "labels_of_options");
        let decode =
            |responses: Vec<Response>| Feishu.decode(&responses, &VocabularyOverrides::default());
        case.http_status == 200
            && is_plain
            && saved::read(case.body.into(), &Feishu).and_then(decode).is_ok()
    };
    ticket_fixtures::of("feishu")
        .filter(is_ticket)
        .map(|case| SampleResponse { name: case.name, body: case.body })
        .collect()
}
