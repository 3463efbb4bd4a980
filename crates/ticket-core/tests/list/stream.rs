//! A list as a stream of tickets.

use std::pin::pin;

use futures_util::StreamExt;
use ticket_core::{ListQuery, TicketList};

use crate::script::{Script, page, unavailable};

#[tokio::test]
async fn fetches_a_page_when_its_first_ticket_is_asked_for() {
    let list = Script::new([page("1 2", 3, Some("b")), page("3", 3, None)]);
    let list_ref: &dyn TicketList = &list;
    let mut tickets = pin!(list_ref.read(ListQuery::default()).into_stream());
    for (id, calls) in [(None, 0), (Some("1"), 1), (Some("2"), 1), (Some("3"), 2)] {
        if let Some(id) = id {
            assert_eq!(tickets.next().await.unwrap().unwrap().id(), id);
        }
        assert_eq!(list.tokens().len(), calls, "{id:?}");
    }
    assert!(tickets.next().await.is_none());
    assert_eq!(list.tokens().len(), 2);
}

#[tokio::test]
async fn skips_pages_without_a_new_ticket() {
    let list = Script::new([page("1", 2, Some("b")), page("1", 2, Some("c")), page("2", 2, None)]);
    let list: &dyn TicketList = &list;
    let tickets: Vec<_> = list.read(ListQuery::default()).into_stream().collect().await;
    let ids: Vec<_> = tickets.iter().map(|it| it.as_ref().unwrap().id()).collect();
    assert_eq!(ids, ["1", "2"]);
}

#[tokio::test]
async fn ends_after_an_error() {
    let list = Script::new([page("1", 2, Some("b")), unavailable(), page("2", 2, None)]);
    let list_ref: &dyn TicketList = &list;
    let tickets: Vec<_> = list_ref.read(ListQuery::default()).into_stream().collect().await;
    assert!(matches!(tickets.as_slice(), [Ok(_), Err(_)]), "{tickets:?}");
    assert_eq!(list.tokens(), ["-", "b"]);
}
