//! Snapshots of every fixture, and the check that the mapping table matches the code.

use engagelab_provider::EngageLab;
use ticket_conformance::{Case, pinned, prove_mapping, survive_mutations};
use ticket_core::{Decoder, Response, VocabularyOverrides};

#[test]
fn every_fixture_matches_its_snapshot() {
    let cases: Vec<_> = ticket_fixtures::of("engagelab").collect();
    assert!(cases.len() > 90, "the fixtures are there");
    for case in cases {
        insta::assert_snapshot!(case.name, pinned(&EngageLab, case.http_status, case.body));
    }
}

#[test]
fn mapping_table_matches_the_code() {
    prove_mapping(&EngageLab, &tickets());
}

#[test]
fn mutated_responses_are_decoded_or_rejected() {
    let cases =
        ticket_fixtures::of("engagelab").map(|case| Case { name: case.name, body: case.body });
    survive_mutations(&EngageLab, &cases.collect::<Vec<_>>());
}

/// Returns all fixtures that are tickets.
fn tickets() -> Vec<Case> {
    let is_ticket = |case: &&ticket_fixtures::Case| {
        let response = Response::saved(EngageLab.ticket_operation(), case.body);
        case.http_status == 200
            && EngageLab.decode(&[response], &VocabularyOverrides::default()).is_ok()
    };
    ticket_fixtures::of("engagelab")
        .filter(is_ticket)
        .map(|case| Case { name: case.name, body: case.body })
        .collect()
}
