//! Complete lists: each filter, each page size.

use ticket_core::model::{Channel, HandledBy, IndexMap, Status, Ticket};
use ticket_core::{CallStats, FetchOptions, ListQuery, TicketId, TicketSource, TimeRange};

use crate::{count, ids, read, source, start};

#[tokio::test]
async fn lists_all_tickets_once() {
    let sandbox = start(450).await;
    let (tickets, receipt) = read(&source(&sandbox), ListQuery::default()).await;
    let expected: Vec<_> = sandbox.generated_ids("feishu").collect();
    assert!(tickets.iter().map(|ticket| &ticket.id).eq(&expected), "in the order of the service");
    assert_eq!((receipt.is_complete(), receipt.passes, receipt.tickets), (Some(true), 1, 450));
    assert_eq!((count(&sandbox, "feishu.list"), receipt.stats.attempts), (3, 3));
}

/// A query, and whether a ticket matches it.
type Case = (&'static str, ListQuery, Box<dyn Fn(&Ticket) -> bool>);

/// Returns a query for each filter; those for people, tags and times are about tickets that exist.
fn cases(all: &[Ticket]) -> Vec<Case> {
    let query = ListQuery::default;
    let native = |name: &str, value: &str| ListQuery {
        native: vec![(name.to_owned(), value.to_owned())],
        ..query()
    };
    let example = all.iter().find(|it| !it.agents.is_empty() && !it.tags.is_empty()).unwrap();
    let requester = example.requester.clone().unwrap().id.unwrap();
    let agent = example.agents[0].id.clone().unwrap();
    let tag = example.tags[0].name.clone().unwrap();
    let mut times: Vec<_> = all.iter().filter_map(|it| it.created_at).collect();
    times.sort_unstable();
    // The ends are the times of two tickets: both belong to the range.
    let (first, last) = (times[100], times[300]);
    let range = TimeRange { since: Some(first), until: Some(last) };
    let closed_with_tag =
        ListQuery { statuses: vec![Status::Closed], tags: vec![tag.clone()], ..query() };
    let status = |ticket: &Ticket| ticket.status.as_ref().map(|status| status.value);
    let (own_requester, own_agent, own_tag) = (requester.clone(), agent.clone(), tag.clone());
    let has_tag =
        move |ticket: &Ticket| ticket.tags.iter().any(|it| it.name.as_deref() == Some(&own_tag));
    let has_tag_too = has_tag.clone();
    vec![
        (
            "status",
            ListQuery { statuses: vec![Status::Open, Status::Closed], ..query() },
            Box::new(move |it| matches!(status(it), Some(Status::Open | Status::Closed))),
        ),
        (
            "created",
            ListQuery { created: range, ..query() },
            Box::new(move |it| it.created_at.is_some_and(|at| first <= at && at <= last)),
        ),
        (
            "created at one moment",
            ListQuery { created: TimeRange { since: Some(last), until: Some(last) }, ..query() },
            Box::new(move |it| it.created_at == Some(last)),
        ),
        (
            "created since",
            ListQuery { created: TimeRange { since: Some(last), until: None }, ..query() },
            Box::new(move |it| it.created_at.is_some_and(|at| last <= at)),
        ),
        (
            "created until",
            ListQuery { created: TimeRange { since: None, until: Some(first) }, ..query() },
            Box::new(move |it| it.created_at.is_some_and(|at| at <= first)),
        ),
        (
            "updated",
            ListQuery { updated: range, ..query() },
            Box::new(move |it| it.updated_at.is_some_and(|at| first <= at && at <= last)),
        ),
        (
            "requester",
            ListQuery { requester: Some(requester), ..query() },
            Box::new(move |it| {
                it.requester.as_ref().and_then(|it| it.id.as_ref()) == Some(&own_requester)
            }),
        ),
        // The service selects by any agent of the ticket.
        (
            "assignee",
            ListQuery { assignee: Some(agent), ..query() },
            Box::new(move |it| it.agents.iter().any(|it| it.id.as_ref() == Some(&own_agent))),
        ),
        ("tag", ListQuery { tags: vec![tag], ..query() }, Box::new(has_tag)),
        (
            "native type",
            native("type", "1"),
            Box::new(|it| it.handling.as_ref().is_some_and(|it| it.value == HandledBy::Bot)),
        ),
        (
            "native channel",
            native("channel", "13"),
            Box::new(|it| it.channel.as_ref().is_some_and(|it| it.value == Channel::Search)),
        ),
        (
            "status and tag",
            closed_with_tag,
            Box::new(move |it| status(it) == Some(Status::Closed) && has_tag_too(it)),
        ),
    ]
}

#[tokio::test]
async fn every_filter_returns_all_tickets_that_match_and_no_others() {
    let sandbox = start(450).await;
    let source = source(&sandbox);
    let (all, _) = read(&source, ListQuery::default()).await;
    for (name, query, matches) in cases(&all) {
        let expected: Vec<_> = all.iter().filter(|ticket| matches(ticket)).cloned().collect();
        assert!(!expected.is_empty() && expected.len() < all.len(), "{name}");
        let (tickets, receipt) = read(&source, query).await;
        assert_eq!(ids(&tickets), ids(&expected), "{name}");
        assert_eq!((receipt.is_complete(), receipt.passes), (Some(true), 1), "{name}");
    }
}

#[tokio::test]
async fn any_page_size_lists_all_tickets() {
    let sandbox = start(61).await;
    let source = source(&sandbox);
    for (size, pages) in [(7, 9), (61, 1), (60, 2), (200, 1)] {
        let query = ListQuery { page_size: Some(size), ..ListQuery::default() };
        let (tickets, receipt) = read(&source, query).await;
        assert_eq!((tickets.len(), ids(&tickets).len()), (61, 61), "{size}");
        assert_eq!((receipt.is_complete(), receipt.stats.attempts), (Some(true), pages), "{size}");
    }
}

#[tokio::test]
async fn empty_list_is_complete() {
    let sandbox = start(5).await;
    let query = ListQuery { requester: Some("ou_unknown".into()), ..ListQuery::default() };
    let (tickets, receipt) = read(&source(&sandbox), query).await;
    assert_eq!((tickets.len(), receipt.is_complete()), (0, Some(true)));
}

#[tokio::test]
async fn list_of_ten_thousand_tickets_or_more_is_incomplete() {
    let sandbox = start(10_001).await;
    let source = source(&sandbox);
    let mut reader = source.list().unwrap().read(ListQuery::default());
    reader.next_page().await.unwrap();
    let receipt = reader.receipt();
    assert_eq!((receipt.claimed, receipt.exceeds_limit), (Some(10_000), true));
    assert_eq!(receipt.is_complete(), Some(false));
}

#[tokio::test]
async fn listed_ticket_is_the_fetched_ticket_without_labels() {
    let sandbox = start(20).await;
    let source = source(&sandbox);
    let page = source.list().unwrap().page(&ListQuery::default(), None).await.unwrap();
    assert_eq!((page.unreadable.len(), page.next.is_none()), (0, true));
    assert_eq!(page.stats, CallStats { attempts: 1, ..page.stats });
    let response = page.response.unwrap();
    for item in page.items {
        let id = TicketId::new(item.id()).unwrap();
        let ticket_core::ListItem::Ticket(listed) = item else { panic!("a whole ticket") };
        assert_eq!(listed.origin.requested, None);
        assert_eq!(listed.origin.responses[0].body, response.body);
        assert_eq!(listed.origin.responses[0].operation, feishu_provider::LIST_TICKETS);
        let fetched = source.fetch_with(&id, FetchOptions::default()).await.unwrap();
        // A list has other pointers, and does not fetch the labels of options.
        let comparable = |ticket: &Ticket| Ticket {
            extra: IndexMap::default(),
            custom_fields: Vec::new(),
            ..ticket.clone()
        };
        assert_eq!(comparable(&listed.ticket), comparable(&fetched.ticket));
        let values = |ticket: &Ticket| -> Vec<_> {
            let sent = |field: &ticket_core::model::CustomField| {
                field.native.clone().or(field.value.clone())
            };
            ticket.custom_fields.iter().map(sent).collect()
        };
        assert_eq!(values(&listed.ticket), values(&fetched.ticket));
    }
}
