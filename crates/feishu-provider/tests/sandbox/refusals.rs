//! Queries and tokens that are refused before a request is sent.

use ticket_core::model::Status;
use ticket_core::{ErrorKind, ListQuery, PageToken, TicketSource};

use crate::{count, source, start};

#[tokio::test]
async fn refuses_what_the_service_cannot_filter_without_a_request() {
    let sandbox = start(5).await;
    let source = source(&sandbox);
    let list = source.list().unwrap();
    for (query, message, hint) in [
        (
            ListQuery { text: Some("vpn".into()), ..ListQuery::default() },
            "the service cannot filter by text",
            "its filters are status, created, updated, requester, assignee, tag",
        ),
        (
            ListQuery { statuses: vec![Status::Resolved], ..ListQuery::default() },
            "the service has no status that means resolved",
            "its statuses mean new, in_progress, open, on_hold, waiting_on_requester, closed",
        ),
        (
            ListQuery { native: vec![("stage".into(), "1".into())], ..ListQuery::default() },
            "the service has no filter \"stage\"",
            "its own filters are ticket_id, agent_id, closed_by_id, guest_id, guest_name, type, channel, solved, score, \
             status_list, tags",
        ),
        (
            ListQuery { page_size: Some(201), ..ListQuery::default() },
            "a page of 201 tickets is not possible",
            "use 1 to 200",
        ),
    ] {
        let error = list.page(&query, None).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidRequest, message));
        assert_eq!((error.hint(), error.provider()), (Some(hint), Some("feishu")));
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn refuses_a_token_of_another_list_without_a_request() {
    let sandbox = start(5).await;
    let source = source(&sandbox);
    for text in ["", "0", "-1", "1.5", "x", "99999999999999999999", "2 "] {
        let token = PageToken::new(text);
        let page = source.list().unwrap().page(&ListQuery::default(), Some(&token)).await;
        let error = page.unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::InvalidRequest, Some("feishu")));
        assert!(error.message().ends_with("is not a page of this list"), "{error}");
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn stored_token_leads_to_the_next_page_of_another_source() {
    let sandbox = start(5).await;
    let query = ListQuery { page_size: Some(3), ..ListQuery::default() };
    let first = source(&sandbox).list().unwrap().page(&query, None).await.unwrap();
    let stored = serde_json::to_string(&first.next.unwrap()).unwrap();
    let token: PageToken = serde_json::from_str(&stored).unwrap();
    let second = source(&sandbox).list().unwrap().page(&query, Some(&token)).await.unwrap();
    let ids = first.items.iter().chain(&second.items).map(|item| item.id().to_owned());
    assert!(ids.eq(sandbox.generated_ids("feishu")));
    assert_eq!((second.next, count(&sandbox, "feishu.list")), (None, 2));
}
