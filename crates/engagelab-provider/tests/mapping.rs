//! The mapping of every fixture, pinned; and the promise that no leaf is dropped.

use engagelab_provider::EngageLab;
use ticket_conformance::{every_leaf_counts, pinned};

#[test]
fn every_fixture_is_read_as_it_is_pinned() {
    let cases: Vec<_> = ticket_fixtures::of("engagelab").collect();
    assert!(cases.len() > 90, "the fixtures are there");
    for case in cases {
        insta::assert_snapshot!(case.name, pinned(&EngageLab, case.http_status, case.body));
    }
}

#[test]
fn no_leaf_of_a_documented_or_rich_ticket_is_dropped() {
    for name in ["documented", "rich", "attachments_of_oldest_example", "followers_mixed"] {
        let case = ticket_fixtures::case("engagelab", name).expect("the case is there");
        every_leaf_counts(&EngageLab, std::str::from_utf8(case.body).expect("it is text"));
    }
}
