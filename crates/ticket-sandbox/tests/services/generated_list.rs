//! The list of generated tickets: order, filters, windows and cap.

use serde_json::Value;
use ticket_sandbox::Sandbox;
use url::form_urlencoded::byte_serialize;

use crate::list::list;

/// 2025-11-24, the end of the period in which the generated tickets were created.
const EPOCH: i64 = 1_764_000_000_000;

async fn start_generated(count: usize) -> Sandbox {
    let builder = Sandbox::builder().tickets(count, 1).epoch(EPOCH).rate_limit_scale(0);
    builder.start().await.expect("a free port")
}

/// The listed tickets, and the total in the response.
async fn tickets(sandbox: &Sandbox, query: &str) -> (Vec<Value>, usize) {
    let body = list(sandbox, query).await.json();
    let total = body["data"]["total"].as_u64().and_then(|total| usize::try_from(total).ok());
    let tickets = body["data"]["tickets"].as_array().expect(query).clone();
    (tickets, total.expect(query))
}

/// All listed tickets.
async fn all(sandbox: &Sandbox, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let (mut tickets, total) =
            tickets(sandbox, &format!("?page_size=200&page={page}{query}")).await;
        if tickets.is_empty() {
            assert_eq!(all.len(), total, "{query}");
            break;
        }
        all.append(&mut tickets);
    }
    all
}

#[tokio::test]
async fn lists_only_generated_tickets_in_no_known_order() {
    let sandbox = start_generated(450).await;
    let all = all(&sandbox, "").await;
    let ids: Vec<_> = all.iter().filter_map(|ticket| ticket["ticket_id"].as_str()).collect();
    assert!(sandbox.generated_ids("feishu").eq(ids.iter().copied()));
    let times: Vec<_> = all.iter().filter_map(|ticket| ticket["created_at"].as_i64()).collect();
    for (key, is_ordered) in [
        ("id", ids.is_sorted() || ids.iter().rev().is_sorted()),
        ("time", times.is_sorted() || times.iter().rev().is_sorted()),
    ] {
        assert!(!is_ordered, "{key}");
    }
    assert_eq!(tickets(&sandbox, "?page_size=200&page=3").await.0.len(), 50);
    assert_eq!(tickets(&sandbox, "?page=2").await.0, all[20..40]);
}

/// Returns whether a ticket has this integer.
fn is(key: &'static str, value: i64) -> Box<dyn Fn(&Value) -> bool> {
    Box::new(move |ticket| ticket[key] == value)
}

/// Returns whether a time of a ticket is within a range.
fn is_within(key: &'static str, start: i64, end: i64) -> Box<dyn Fn(&Value) -> bool> {
    Box::new(move |ticket| ticket[key].as_i64().is_some_and(|at| (start..=end).contains(&at)))
}

/// Returns whether an object, or one of a list, has this member.
fn has(key: &'static str, member: &'static str, value: &Value) -> Box<dyn Fn(&Value) -> bool> {
    let value = value.clone();
    Box::new(move |ticket| match &ticket[key] {
        Value::Array(all) => all.iter().any(|one| one[member] == value),
        one => one[member] == value,
    })
}

#[tokio::test]
async fn filters_select_by_the_ticket() {
    let sandbox = start_generated(600).await;
    let all = all(&sandbox, "").await;
    // A ticket with everything that filters can name.
    let example = all.iter().find(|ticket| ticket["status"] == 51 && ticket["tags"].is_array());
    let example = example.expect("a ticket");
    let value = |pointer: &str| example.pointer(pointer).expect(pointer);
    let text = |pointer: &str| {
        byte_serialize(value(pointer).as_str().expect(pointer).as_bytes()).collect::<String>()
    };
    let created = value("/created_at").as_i64().expect("a time");
    let earlier = created - 20 * 24 * 60 * 60 * 1000;
    let updated = value("/updated_at").as_i64().expect("a time");
    for (query, is_wanted) in [
        ("type=1".to_owned(), is("ticket_type", 1)),
        ("solved=2".to_owned(), is("solve", 2)),
        ("score=1".to_owned(), is("score", 1)),
        ("channel=13".to_owned(), is("channel", 13)),
        (
            "status_list=50&status_list=52".to_owned(),
            Box::new(|ticket: &Value| ticket["status"] == 50 || ticket["status"] == 52),
        ),
        (
            "type=2&status_list=51&score=3".to_owned(),
            Box::new(|ticket: &Value| ticket["status"] == 51 && ticket["score"] == 3),
        ),
        (format!("guest_id={}", text("/guest/id")), has("guest", "id", value("/guest/id"))),
        (format!("guest_name={}", text("/guest/name")), has("guest", "name", value("/guest/name"))),
        (format!("agent_id={}", text("/agents/0/id")), has("agents", "id", value("/agents/0/id"))),
        (
            format!("closed_by_id={}", text("/closed_by/id")),
            has("closed_by", "id", value("/closed_by/id")),
        ),
        (
            format!("tags=none&tags={}", text("/tags/0/name")),
            has("tags", "name", value("/tags/0/name")),
        ),
        (format!("ticket_id={}", text("/ticket_id")), {
            let id = value("/ticket_id").clone();
            Box::new(move |ticket: &Value| ticket["ticket_id"] == id)
        }),
        (
            format!("create_time_start={created}&create_time_end={created}"),
            is_within("created_at", created, created),
        ),
        (
            format!("create_time_start={earlier}&create_time_end={created}"),
            is_within("created_at", earlier, created),
        ),
        (
            format!("update_time_start={earlier}&update_time_end={updated}"),
            is_within("updated_at", earlier, updated),
        ),
    ] {
        let wanted: Vec<_> = all.iter().filter(|ticket| is_wanted(ticket)).cloned().collect();
        assert!(!wanted.is_empty(), "{query}");
        assert_eq!(self::all(&sandbox, &format!("&{query}")).await, wanted, "{query}");
    }
    let other = format!("ticket_id={}&channel=99", text("/ticket_id"));
    for query in ["ticket_id=1", "agent_id=ou_unknown", "guest_name=nobody", "tags=none", &other] {
        assert_eq!(tickets(&sandbox, &format!("?{query}")).await, (vec![], 0), "{query}");
    }
}

#[tokio::test]
async fn windows_meet_without_overlap() {
    let sandbox = start_generated(300).await;
    let all = all(&sandbox, "").await;
    let mut times: Vec<_> = all.iter().filter_map(|ticket| ticket["created_at"].as_i64()).collect();
    times.sort_unstable();
    let (least, middle, most) = (times[0], times[150], times[299]);
    let count = async |start: i64, end: i64| {
        tickets(&sandbox, &format!("?create_time_start={start}&create_time_end={end}")).await.1
    };
    assert_eq!(count(least, most).await, 300);
    assert_eq!(count(least, middle).await + count(middle + 1, most).await, 300);
    assert_eq!(count(least + 1, most - 1).await, 298);
    assert_eq!(count(most, least).await, 0);
}

#[tokio::test]
async fn list_ends_after_ten_thousand_tickets() {
    let sandbox = start_generated(11_500).await;
    for (query, rows) in [
        ("?page_size=200&page=50", 200),
        ("?page_size=200&page=51", 0),
        ("?page_size=150&page=67", 100),
    ] {
        let (tickets, total) = tickets(&sandbox, query).await;
        assert_eq!((tickets.len(), total), (rows, 10_000), "{query}");
    }
    let (_, bot) = tickets(&sandbox, "?type=1").await;
    let (_, human) = tickets(&sandbox, "?type=2").await;
    assert_eq!(bot + human, 11_500);
}

#[tokio::test]
async fn tickets_of_an_import_share_their_millisecond() {
    let builder = Sandbox::builder().tickets(10_500, 1).epoch(EPOCH).rate_limit_scale(0);
    let sandbox = builder.created_within(std::time::Duration::ZERO).start().await.expect("a port");
    let at = |time| format!("?create_time_start={time}&create_time_end={time}");
    assert_eq!(tickets(&sandbox, &at(EPOCH)).await.1, 10_000);
    assert_eq!(tickets(&sandbox, &at(EPOCH - 1)).await.1, 0);
}
