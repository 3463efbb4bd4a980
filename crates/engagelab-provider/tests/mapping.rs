//! The mapping of every fixture, pinned; and the proof that the table of rules is what the code does.

use engagelab_provider::EngageLab;
use ticket_conformance::{Case, pinned, prove_mapping, survive_mutations};
use ticket_core::{Decoder, Response, VocabularyOverrides};

#[test]
fn every_fixture_is_read_as_it_is_pinned() {
    let cases: Vec<_> = ticket_fixtures::of("engagelab").collect();
    assert!(cases.len() > 90, "the fixtures are there");
    for case in cases {
        insta::assert_snapshot!(case.name, pinned(&EngageLab, case.http_status, case.body));
    }
}

#[test]
fn the_table_of_rules_is_what_the_code_does() {
    prove_mapping(&EngageLab, &tickets());
}

#[test]
fn whatever_becomes_of_an_response_is_read_or_refused_as_promised() {
    let cases =
        ticket_fixtures::of("engagelab").map(|case| Case { name: case.name, body: case.body });
    survive_mutations(&EngageLab, &cases.collect::<Vec<_>>());
}

/// Every fixture that is a ticket.
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
