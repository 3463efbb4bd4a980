//! The in-memory source meets the contract, and returns scripted errors.

use ticket_core::{Error, ErrorKind, ListItems, TicketId, TicketSource};
use ticket_testkit::{InMemorySource, ListUnderTest, SourceUnderTest, run_contract_tests};

fn source() -> InMemorySource {
    ["42", "43"].into_iter().fold(InMemorySource::new("acme"), |source, id| {
        let ticket = format!(r#"{{"provider": "other", "id": "{id}", "title": "Ticket {id}"}}"#);
        source.with_ticket(serde_json::from_str(&ticket).expect("a ticket"))
    })
}

#[test]
fn meets_the_contract() {
    let source = SourceUnderTest::in_memory(|| Ok(source()));
    let source = source.ticket_in_memory("42").ticket_in_memory("43");
    assert_eq!(run_contract_tests(&source).len(), 8);
}

#[test]
fn meets_the_contract_of_lists() {
    for items in [ListItems::Tickets, ListItems::Ids] {
        let list = move || source().with_list(items).with_page_size(1);
        let source = SourceUnderTest::in_memory(move || Ok(list()));
        let source = source.ticket_in_memory("42").ticket_in_memory("43");
        let source = source.list(ListUnderTest::in_memory().ids(["42", "43"]));
        assert_eq!(run_contract_tests(&source).len(), 11);
    }
}

#[tokio::test]
async fn returns_scripted_errors_in_order_and_then_the_ticket() {
    let error = |kind| Error::new(kind, "scripted");
    let source = source()
        .with_error("42", error(ErrorKind::RateLimited))
        .with_error("42", error(ErrorKind::Timeout))
        .with_error("99", error(ErrorKind::PermissionDenied));
    let source: &dyn TicketSource = &source;
    let mut outcomes = Vec::new();
    for id in ["42", "43", "42", "42", "99", "99"] {
        let outcome = source.fetch(&TicketId::new(id).expect("an id")).await;
        outcomes.push(outcome.map(|record| record.ticket.id).map_err(|error| {
            assert_eq!(error.provider(), Some("acme"));
            error.kind()
        }));
    }
    let expected = [
        Err(ErrorKind::RateLimited),
        Ok("43".to_owned()),
        Err(ErrorKind::Timeout),
        Ok("42".to_owned()),
        Err(ErrorKind::PermissionDenied),
        Err(ErrorKind::NotFound),
    ];
    assert_eq!(outcomes, expected);
}

#[tokio::test]
async fn records_the_requested_ids() {
    let source = source();
    for id in ["43", "1"] {
        let _ = source.fetch(&TicketId::new(id).expect("an id")).await;
    }
    let ids: Vec<_> = source.fetched().iter().map(ToString::to_string).collect();
    assert_eq!(ids, ["43", "1"]);
}
