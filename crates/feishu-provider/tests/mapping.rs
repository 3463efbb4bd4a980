//! The mapping of every fixture, pinned; and the proof that the table of rules is what the code does.

use feishu_provider::Feishu;
use ticket_conformance::{Case, pinned, prove_mapping, survive_mutations};
use ticket_core::{Decoder, Response, VocabularyOverrides};

#[test]
fn every_fixture_is_read_as_it_is_pinned() {
    let cases: Vec<_> = ticket_fixtures::of("feishu").collect();
    assert!(cases.len() > 90, "the fixtures are there");
    for case in cases {
        insta::assert_snapshot!(case.name, pinned(&Feishu, case.http_status, case.body));
    }
}

#[test]
fn the_table_of_rules_is_what_the_code_does() {
    prove_mapping(&Feishu, &tickets());
}

#[test]
fn whatever_becomes_of_an_response_is_read_or_refused_as_promised() {
    let cases = ticket_fixtures::of("feishu").map(|case| Case { name: case.name, body: case.body });
    survive_mutations(&Feishu, &cases.collect::<Vec<_>>());
}

/// Every fixture that is a ticket.
fn tickets() -> Vec<Case> {
    let is_ticket = |case: &&ticket_fixtures::Case| {
        let response = Response::saved(Feishu.ticket_operation(), case.body);
        case.http_status == 200
            && Feishu.decode(&[response], &VocabularyOverrides::default()).is_ok()
    };
    ticket_fixtures::of("feishu")
        .filter(is_ticket)
        .map(|case| Case { name: case.name, body: case.body })
        .collect()
}
