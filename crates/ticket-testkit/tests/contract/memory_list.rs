//! The list and the conversations of the in-memory source.

use ticket_core::model::{Coded, Conversation, Message, Person, Status, Tag, Ticket};
use ticket_core::{
    Error, ErrorKind, FetchOptions, ListItem, ListItems, ListQuery, ListReceipt, PageToken,
    TicketId, TicketSource, TimeRange, TotalRule,
};
use ticket_testkit::InMemorySource;

fn person(id: &str) -> Person {
    Person { id: Some(id.into()), ..Person::default() }
}

/// Returns nine tickets; those with even numbers are open, and each has its number as day of January.
fn source() -> InMemorySource {
    (1..=9_u32).fold(InMemorySource::new("acme"), |source, number| {
        let is_even = number % 2 == 0;
        let at = format!("2026-01-0{number}T00:00:00Z").parse().ok();
        let tag = |name: &str| Tag { id: None, name: Some(name.into()) };
        source.with_ticket(Ticket {
            title: Some(format!("Paper jam {number}")),
            description: (number == 5).then(|| "The PRINTER is hot".into()),
            status: Some(Coded::derived(if is_even { Status::Open } else { Status::Closed })),
            requester: is_even.then(|| person("ann")),
            assignee: Some(person(if number < 4 { "bob" } else { "cy" })),
            tags: if is_even { vec![tag("vip"), tag("vpn")] } else { vec![tag("vpn")] },
            created_at: at,
            updated_at: at.filter(|_| is_even),
            conversation: Some(Conversation {
                messages: vec![Message::default()],
                complete: Some(true),
            }),
            ..Ticket::new("", number.to_string())
        })
    })
}

/// Reads a list; returns the ids, separated by spaces, and the receipt.
async fn read(source: &InMemorySource, query: ListQuery) -> (String, ListReceipt) {
    let mut reader = source.list().expect("a list").read(query);
    let mut ids = Vec::new();
    while let Some(items) = reader.next_page().await.expect("a page") {
        ids.extend(items.iter().map(|item| item.id().to_owned()));
    }
    (ids.join(" "), reader.receipt())
}

#[tokio::test]
async fn filters_select_tickets() {
    let query = ListQuery::default;
    let at = |text: &str| text.parse().ok();
    let range = |since: &str, until: &str| TimeRange { since: at(since), until: at(until) };
    let source = source().with_list(ListItems::Ids).with_page_size(2);
    for (query, expected) in [
        (query(), "1 2 3 4 5 6 7 8 9"),
        (ListQuery { statuses: vec![Status::Open, Status::New], ..query() }, "2 4 6 8"),
        // Both ends belong to the range.
        (
            ListQuery { created: range("2026-01-03T00:00:00Z", "2026-01-05T00:00:00Z"), ..query() },
            "3 4 5",
        ),
        (ListQuery { created: range("2026-01-08T00:00:00Z", ""), ..query() }, "8 9"),
        (ListQuery { updated: range("", "2026-01-04T00:00:00Z"), ..query() }, "2 4"),
        (ListQuery { requester: Some("ann".into()), ..query() }, "2 4 6 8"),
        (ListQuery { assignee: Some("bob".into()), ..query() }, "1 2 3"),
        // A ticket has all of the tags.
        (ListQuery { tags: vec!["vpn".into(), "vip".into()], ..query() }, "2 4 6 8"),
        (ListQuery { text: Some("printer".into()), ..query() }, "5"),
        (ListQuery { text: Some("JAM 7".into()), ..query() }, "7"),
        (
            ListQuery { assignee: Some("bob".into()), statuses: vec![Status::Closed], ..query() },
            "1 3",
        ),
        (ListQuery { requester: Some("nobody".into()), ..query() }, ""),
    ] {
        let described = format!("{query:?}");
        let (ids, receipt) = read(&source, query).await;
        assert_eq!(ids, expected, "{described}");
        assert_eq!((receipt.is_complete(), receipt.passes), (Some(true), 1), "{described}");
    }
}

#[tokio::test]
async fn pages_have_the_configured_size() {
    for (size, requested, pages) in [(4, None, 3), (4, Some(2), 5), (9, None, 1), (0, None, 9)] {
        let source = source().with_page_size(size);
        let query = ListQuery { page_size: requested, ..ListQuery::default() };
        let (ids, receipt) = read(&source, query).await;
        assert_eq!((&*ids, receipt.stats.attempts), ("1 2 3 4 5 6 7 8 9", pages), "{size}");
    }
    let too_large = ListQuery { page_size: Some(5), ..ListQuery::default() };
    let source = source().with_page_size(4);
    let error = source.list().expect("a list").page(&too_large, None).await.unwrap_err();
    assert_eq!((error.kind(), error.provider()), (ErrorKind::InvalidRequest, Some("acme")));
}

#[tokio::test]
async fn total_is_claimed_or_unknown() {
    let (_, receipt) = read(&source().with_unknown_total(), ListQuery::default()).await;
    assert_eq!((receipt.claimed, receipt.is_complete()), (None, None));
    let (_, receipt) = read(&source().with_list(ListItems::Ids), ListQuery::default()).await;
    assert_eq!((receipt.claimed, receipt.is_complete()), (Some(9), Some(true)));
}

#[tokio::test]
async fn rows_are_whole_tickets_or_ids() {
    let source = source();
    assert!(source.list().is_none());
    let tickets = source.with_list(ListItems::Tickets);
    let list = tickets.list().expect("a list");
    let page = list.page(&ListQuery::default(), None).await.expect("a page");
    for item in page.items {
        let ListItem::Ticket(record) = item else { panic!("a whole ticket") };
        assert_eq!((record.ticket.conversation, record.origin.requested), (None, None));
        assert_eq!(record.ticket.provider, "acme");
    }
    let ids = tickets.with_list(ListItems::Ids);
    let page = ids.list().expect("a list").page(&ListQuery::default(), None).await;
    assert!(page.expect("a page").items.iter().all(|item| matches!(item, ListItem::Id(_))));
}

#[test]
fn capabilities_are_one_value_for_each_configuration() {
    let capabilities = |source: InMemorySource| source.list().expect("a list").capabilities();
    let ids = capabilities(source().with_list(ListItems::Ids).with_page_size(7));
    let again = capabilities(source().with_page_size(7).with_list(ListItems::Ids));
    assert!(std::ptr::eq(ids, again));
    assert_eq!((ids.items, ids.max_page_size), (ListItems::Ids, 7));
    assert_eq!(capabilities(source().with_unknown_total()).total, TotalRule::Unknown);
}

#[tokio::test]
async fn scripted_errors_leave_the_reader_on_its_page() {
    let error = |kind| Error::new(kind, "scripted");
    let source = source().with_page_size(5).with_list_error(error(ErrorKind::Timeout));
    let mut reader = source.list().expect("a list").read(ListQuery::default());
    let error = reader.next_page().await.expect_err("the scripted error");
    assert_eq!((error.kind(), error.provider()), (ErrorKind::Timeout, Some("acme")));
    let mut read = 0;
    while let Some(items) = reader.next_page().await.expect("a page") {
        read += items.len();
    }
    assert_eq!(read, 9);
}

#[tokio::test]
async fn refuses_a_token_of_another_list() {
    let source = source().with_list(ListItems::Ids);
    for text in ["", "0", "-1", "next"] {
        let token = PageToken::new(text);
        let page = source.list().expect("a list").page(&ListQuery::default(), Some(&token)).await;
        assert_eq!(page.expect_err(text).kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test]
async fn returns_the_conversation_if_it_is_asked_for() {
    let source = source();
    let id = TicketId::new("1").expect("an id");
    let record = source.fetch(&id).await.expect("a ticket");
    assert_eq!(record.ticket.conversation, None);
    let options = FetchOptions::default().with_conversation();
    let record = source.fetch_with(&id, options).await.expect("a ticket");
    assert_eq!(record.ticket.conversation.expect("a conversation").messages.len(), 1);
}
