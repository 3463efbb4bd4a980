//! What a reader returns, and what its receipt says.

use ticket_core::{CallStats, ErrorKind, ListQuery, ListReceipt, PageToken, TicketList, TimeRange};

use crate::script::{Script, ids, page, page_with_an_unreadable_row, unavailable};

/// Reads to the end; returns the ids of each page and the receipt.
async fn read(list: &dyn TicketList) -> (Vec<String>, ListReceipt) {
    let mut reader = list.read(ListQuery::default());
    let mut pages = Vec::new();
    while let Some(items) = reader.next_page().await.unwrap() {
        pages.push(ids(&items));
    }
    assert!(reader.next_page().await.unwrap().is_none(), "it stays at the end");
    (pages, reader.receipt())
}

#[tokio::test]
async fn returns_each_ticket_once() {
    let list = Script::new([page("1 2 2", 3, Some("b")), page("2 3", 3, None)]);
    let (pages, receipt) = read(&list).await;
    assert_eq!(pages, ["1 2", "3"]);
    assert_eq!(list.tokens(), ["-", "b"]);
    assert_eq!((receipt.is_complete(), receipt.missing()), (Some(true), 0));
    let attempts = CallStats { attempts: 2, ..CallStats::default() };
    let expected = ListReceipt {
        tickets: 3,
        claimed: Some(3),
        has_ended: true,
        passes: 1,
        stats: attempts,
        ..ListReceipt::default()
    };
    assert_eq!(receipt, expected);
}

#[tokio::test]
async fn empty_list_is_complete() {
    let (pages, receipt) = read(&Script::new([page("", 0, None)])).await;
    assert_eq!((pages.as_slice(), receipt.is_complete()), (&[String::new()][..], Some(true)));
}

#[tokio::test]
async fn asks_again_for_an_empty_page_that_the_claim_contradicts() {
    let list = Script::new([page("1", 2, Some("b")), page("", 2, Some("c")), page("2", 2, None)]);
    let (pages, receipt) = read(&list).await;
    assert_eq!(
        (pages, list.tokens()),
        (vec!["1".into(), "2".into()], ["-", "b", "b"].map(String::from).into())
    );
    assert_eq!((receipt.is_complete(), receipt.passes), (Some(true), 1));
    // A page that stays empty is the last word.
    let empty = (0..4).map(|_| page("", 2, Some("c")));
    let list =
        Script::new([page("1", 2, Some("b"))].into_iter().chain(empty).chain([page("2", 2, None)]));
    let (pages, receipt) = read(&list).await;
    assert_eq!(pages, ["1", "", "2"]);
    assert_eq!((receipt.is_complete(), receipt.passes), (Some(true), 1));
}

#[tokio::test]
async fn a_smaller_claim_does_not_end_a_list() {
    let pass = || [page("1", 3, Some("b")), page("2", 2, None)];
    let list = Script::new([pass(), pass(), pass()].into_iter().flatten());
    let (_, receipt) = read(&list).await;
    assert_eq!((receipt.is_complete(), receipt.missing(), receipt.passes), (Some(false), 1, 3));
}

#[tokio::test]
async fn reads_again_when_rows_moved_to_a_page_that_was_read() {
    let list = Script::new([
        page("1 2", 4, Some("b")),
        page("2 3", 4, None),
        page("4 1", 4, Some("b")),
        page("2 3", 4, None),
    ]);
    let (pages, receipt) = read(&list).await;
    assert_eq!(pages, ["1 2", "3", "4", ""]);
    assert_eq!(list.tokens(), ["-", "b", "-", "b"]);
    assert_eq!((receipt.is_complete(), receipt.passes), (Some(true), 2));
}

#[tokio::test]
async fn stops_after_three_passes_and_counts_the_missing_tickets() {
    let list = Script::new((0..3).map(|_| page("1 2", 4, None)));
    let (pages, receipt) = read(&list).await;
    assert_eq!(pages, ["1 2", "", ""]);
    assert_eq!((receipt.is_complete(), receipt.missing()), (Some(false), 2));
    assert_eq!((receipt.passes, receipt.tickets, receipt.has_ended), (3, 2, true));
}

#[tokio::test]
async fn receipt_is_incomplete_until_the_last_page() {
    let list = Script::new([page("1 2", 2, Some("b")), page("", 2, None)]);
    let list: &dyn TicketList = &list;
    let mut reader = list.read(ListQuery::default());
    assert_eq!(reader.receipt().is_complete(), Some(false));
    reader.next_page().await.unwrap();
    assert_eq!(reader.receipt().is_complete(), Some(false));
    reader.next_page().await.unwrap();
    assert_eq!(reader.receipt().is_complete(), Some(true));
}

#[tokio::test]
async fn unknown_total_is_read_once_and_proves_nothing() {
    let list = Script::new([page("1 2", None, Some("b")), page("3", None, None)]);
    let (_, receipt) = read(&list).await;
    assert_eq!((receipt.is_complete(), receipt.missing(), receipt.passes), (None, 0, 1));
}

#[tokio::test]
async fn page_without_a_total_keeps_the_total_of_an_earlier_page() {
    let pass = || [page("1", 3, Some("b")), page("2", None, None)];
    let list = Script::new([pass(), pass(), pass()].into_iter().flatten());
    let (_, receipt) = read(&list).await;
    assert_eq!((receipt.claimed, receipt.missing(), receipt.passes), (Some(3), 1, 3));
    assert_eq!(receipt.is_complete(), Some(false));
}

#[tokio::test]
async fn list_at_its_limit_is_incomplete_and_not_read_again() {
    for last in [page("3", 3, None), page("", 3, None), page("3", None, None)] {
        let list = Script::new([page("1 2", 3, Some("b")), last]).with_limit(3);
        let (_, receipt) = read(&list).await;
        assert!(receipt.exceeds_limit);
        assert_eq!((receipt.is_complete(), receipt.passes), (Some(false), 1));
    }
    let list = Script::new([page("1 2", 2, None)]).with_limit(3);
    assert!(!read(&list).await.1.exceeds_limit);
}

#[tokio::test]
async fn unreadable_rows_make_a_list_incomplete() {
    // A row without an id explains the missing ticket: another pass would not find it.
    let list = Script::new([page_with_an_unreadable_row("1", 2)]);
    let (_, receipt) = read(&list).await;
    assert_eq!((receipt.unreadable, receipt.missing(), receipt.passes), (1, 1, 1));
    assert_eq!(receipt.is_complete(), Some(false));
    // Only those of the last pass count.
    let list = Script::new([page_with_an_unreadable_row("1", 3), page("1 2 3", 3, None)]);
    let (_, receipt) = read(&list).await;
    assert_eq!((receipt.unreadable, receipt.is_complete()), (0, Some(true)));
}

#[tokio::test]
async fn continues_with_the_same_page_after_an_error() {
    let replies =
        [unavailable(), page("1", 2, Some("b")), unavailable(), unavailable(), page("2", 2, None)];
    let list = Script::new(replies);
    let list_ref: &dyn TicketList = &list;
    let mut reader = list_ref.read(ListQuery::default());
    let mut read = Vec::new();
    let mut errors = 0;
    loop {
        match reader.next_page().await {
            Ok(Some(items)) => read.push(ids(&items)),
            Ok(None) => break,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unavailable);
                errors += 1;
            }
        }
    }
    assert_eq!((read, errors), (vec!["1".to_owned(), "2".to_owned()], 3));
    assert_eq!(list.tokens(), ["-", "-", "b", "b", "b"]);
    let receipt = reader.receipt();
    assert_eq!((receipt.is_complete(), receipt.passes), (Some(true), 1));
    assert_eq!(receipt.stats.attempts, 5, "the attempts of failed calls count too");
}

#[tokio::test]
async fn refuses_pages_that_lead_in_a_circle() {
    let list =
        Script::new([page("1", 9, Some("b")), page("2", 9, Some("c")), page("3", 9, Some("b"))]);
    let list_ref: &dyn TicketList = &list;
    let mut reader = list_ref.read(ListQuery::default());
    reader.next_page().await.unwrap();
    reader.next_page().await.unwrap();
    let error = reader.next_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(error.message(), "the list leads back to the page \"b\"");
    assert_eq!(reader.receipt().is_complete(), Some(false));
}

#[tokio::test]
async fn range_without_an_end_ends_at_the_same_moment_for_all_pages() {
    for since in ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"] {
        let since = since.parse().unwrap();
        let list = Script::new([page("1", 2, Some("b")), page("2", 2, None)]);
        let list_ref: &dyn TicketList = &list;
        let created = TimeRange { since: Some(since), until: None };
        let mut reader = list_ref.read(ListQuery { created, ..ListQuery::default() });
        while reader.next_page().await.unwrap().is_some() {}
        let queries = list.queries();
        assert_eq!(queries[0], queries[1]);
        assert!(queries[0].created.until.is_some_and(|until| until >= since));
        assert!(queries[0].updated.is_unbounded());
    }
}

#[test]
fn token_is_its_text_in_json() {
    let token = PageToken::new("p \"1\"");
    let json = serde_json::to_string(&token).unwrap();
    assert_eq!(json, r#""p \"1\"""#);
    assert_eq!(serde_json::from_str::<PageToken>(&json).unwrap(), token);
}
