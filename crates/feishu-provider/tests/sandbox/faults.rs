//! Lists with failing and with wrong pages.

use ticket_core::{ErrorKind, ListQuery, TicketSource};

use crate::{count, ids, inject, read, source, start, ticket};

#[tokio::test]
async fn retries_failures_in_the_middle_of_a_list() {
    for fault in [
        "status 200 code 99991400",
        "status 429 code 99991400 with x-ogw-ratelimit-reset: 0.01",
        "status 500 code 155000",
        "status 502",
        "cut",
        "reset",
    ] {
        let sandbox = start(450).await;
        inject(&sandbox, &format!("feishu.list 2: {fault}"));
        let (tickets, receipt) = read(&source(&sandbox), ListQuery::default()).await;
        assert_eq!(ids(&tickets).len(), 450, "{fault}");
        assert_eq!((receipt.is_complete(), receipt.passes), (Some(true), 1), "{fault}");
        assert_eq!((receipt.stats.attempts, count(&sandbox, "feishu.list")), (4, 4), "{fault}");
    }
}

#[tokio::test]
async fn reports_a_failure_in_the_middle_and_continues_after_it() {
    for (fault, kind) in [
        ("html", ErrorKind::InvalidResponse),
        ("empty", ErrorKind::InvalidResponse),
        ("status 403 code 99991672", ErrorKind::PermissionDenied),
        ("status 400 code 154000", ErrorKind::InvalidRequest),
        ("status 200 code 7", ErrorKind::Rejected),
    ] {
        let sandbox = start(450).await;
        inject(&sandbox, &format!("feishu.list 2: {fault}"));
        let source = source(&sandbox);
        let mut reader = source.list().unwrap().read(ListQuery::default());
        let mut tickets = Vec::new();
        tickets.extend(reader.next_page().await.unwrap().unwrap().into_iter().map(ticket));
        let error = reader.next_page().await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (kind, Some("list_tickets")), "{fault}");
        assert_eq!(error.provider(), Some("feishu"));
        assert_eq!(reader.receipt().is_complete(), Some(false), "{fault}");
        while let Some(items) = reader.next_page().await.unwrap() {
            tickets.extend(items.into_iter().map(ticket));
        }
        assert_eq!((tickets.len(), ids(&tickets).len()), (450, 450), "{fault}");
        assert_eq!(reader.receipt().is_complete(), Some(true), "{fault}");
        assert_eq!(reader.receipt().stats.attempts, 4, "{fault}");
    }
}

/// The faults of pages, and how many of 450 tickets are on no page if all pages have the fault.
const PAGE_FAULTS: [(&str, u64); 5] = [
    ("empty-page", 450),
    ("repeated-page", 50),
    ("shifted-rows", 1),
    ("lost-row", 1),
    ("zero-based-pages", 200),
];

#[tokio::test]
async fn counts_the_tickets_that_are_on_no_page() {
    for (fault, missing) in PAGE_FAULTS {
        let sandbox = start(450).await;
        inject(&sandbox, &format!("feishu.list: {fault}"));
        let (tickets, receipt) = read(&source(&sandbox), ListQuery::default()).await;
        assert_eq!(receipt.is_complete(), Some(false), "{fault}");
        assert_eq!((receipt.missing(), receipt.passes), (missing, 3), "{fault}");
        assert_eq!(ids(&tickets).len() as u64, 450 - missing, "{fault}");
        assert_eq!(receipt.tickets, tickets.len() as u64, "each ticket once: {fault}");
    }
}

#[tokio::test]
async fn reads_again_after_one_wrong_page() {
    for (fault, _) in PAGE_FAULTS {
        let sandbox = start(450).await;
        inject(&sandbox, &format!("feishu.list 2: {fault}"));
        let (tickets, receipt) = read(&source(&sandbox), ListQuery::default()).await;
        assert_eq!((tickets.len(), ids(&tickets).len()), (450, 450), "{fault}");
        // An empty page is asked for again at once.
        let passes = if fault == "empty-page" { 1 } else { 2 };
        assert_eq!((receipt.is_complete(), receipt.passes), (Some(true), passes), "{fault}");
    }
}
