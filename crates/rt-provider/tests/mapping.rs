//! Snapshots of all fixtures, the verified mapping, and mutated responses.

use rt_provider::Rt;
use ticket_core::{Decoder, VocabularyOverrides, saved};
use ticket_testkit::{SampleResponse, check_mutated_responses, snapshot, verify_mapping};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mapping.json");

#[test]
fn fixtures_match_their_snapshots() {
    let cases: Vec<_> = ticket_fixtures::of("rt").collect();
    assert!(cases.len() > 14, "fixtures are missing");
    for case in cases {
        insta::assert_snapshot!(case.name, snapshot(&Rt, case.http_status, case.body));
    }
}

#[test]
fn table_has_the_rows_of_the_mapping() {
    let samples: Vec<_> = ticket_fixtures::of("rt")
        // The largest shows nothing that the others do not show.
        .filter(|case| case.http_status == 200 && case.name != "conversation")
        .map(|case| SampleResponse { name: case.name, body: case.body })
        .collect();
    verify_mapping(&Rt, &samples, TABLE);
}

#[test]
fn mutated_responses_are_decoded_or_rejected() {
    let cases =
        ticket_fixtures::of("rt").map(|case| SampleResponse { name: case.name, body: case.body });
    check_mutated_responses(&Rt, &cases.collect::<Vec<_>>());
}

#[test]
fn every_fixture_decodes_without_unknown_keys() {
    for case in ticket_fixtures::of("rt").filter(|case| case.http_status == 200) {
        let responses = saved::read(case.body.into(), &Rt).unwrap();
        let decoded = Rt.decode(&responses, &VocabularyOverrides::default()).unwrap();
        let unexpected: Vec<_> = decoded
            .diagnostics
            .iter()
            .filter(|it| !matches!(it.kind, ticket_core::DiagnosticKind::UnknownWord { .. }))
            .collect();
        assert!(unexpected.is_empty(), "{}: {unexpected:?}", case.name);
    }
}
