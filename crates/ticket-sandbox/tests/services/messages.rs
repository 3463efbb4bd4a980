//! The messages of the fake Feishu.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use ticket_sandbox::Sandbox;

use crate::client::{Response, call, feishu, token};

async fn start() -> Sandbox {
    let builder = Sandbox::builder().tickets(200, 1).epoch(1_764_000_000_000);
    builder.rate_limit_scale(0).start().await.expect("a free port")
}

async fn get(sandbox: &Sandbox, id: &str, query: &str) -> Response {
    let path = format!("/open-apis/helpdesk/v1/tickets/{id}/messages{query}");
    call(sandbox, "GET", &path, &feishu(&token(sandbox).await), "").await
}

/// Returns the messages of a page, and the total.
async fn page(sandbox: &Sandbox, id: &str, query: &str) -> (Vec<Value>, u64) {
    let response = get(sandbox, id, query).await;
    assert_eq!(response.status, 200, "{id} {query}");
    let data = response.json()["data"].clone();
    (data["messages"].as_array().expect("a list").clone(), data["total"].as_u64().expect("a total"))
}

/// Returns all messages of a ticket.
async fn thread(sandbox: &Sandbox, id: &str) -> Vec<Value> {
    let mut thread = Vec::new();
    for number in 1.. {
        let (messages, total) = page(sandbox, id, &format!("?page_size=200&page={number}")).await;
        if messages.is_empty() {
            assert_eq!(thread.len() as u64, total);
            break;
        }
        thread.extend(messages);
    }
    thread
}

#[tokio::test]
async fn first_ticket_has_every_type_of_message() {
    let sandbox = start().await;
    let id = sandbox.generated_ids("feishu").next().expect("an id");
    let thread = thread(&sandbox, &id).await;
    assert_eq!(thread.len(), 250);
    let ids: BTreeSet<_> = thread.iter().map(|message| message["id"].to_string()).collect();
    assert_eq!(ids.len(), 250);
    let mut shapes = BTreeMap::new();
    for message in &thread {
        let text = message["content"].as_str().expect("a string");
        let content: Value = serde_json::from_str(text).unwrap_or(Value::Null);
        let kind = message["message_type"].as_str().expect("a type").to_owned();
        assert!(content.is_null() || content["msg_type"] == *kind, "{message}");
        let shape = match &content["content"] {
            Value::Object(post) if post.contains_key("zh_cn") => "by locale",
            Value::Object(_) => "object",
            Value::String(text) if text.starts_with('{') => "JSON in a string",
            Value::String(_) => "text",
            _ if content.is_null() => "plain",
            _ => "key",
        };
        *shapes.entry(format!("{kind}: {shape}")).or_insert(0) += 1;
        let is_string = message["created_at"].is_string();
        assert_eq!(is_string, content.is_null(), "old tenants send strings: {message}");
    }
    let shapes: Vec<_> = shapes.keys().map(String::as_str).collect();
    assert_eq!(
        shapes,
        [
            "audio: key",
            "file: key",
            "image: key",
            "media: key",
            "post: JSON in a string",
            "post: by locale",
            "post: object",
            "post: text",
            "share_chat: key",
            "text: plain",
            "text: text",
        ]
    );
}

#[tokio::test]
async fn posts_have_every_element() {
    let sandbox = start().await;
    let id = sandbox.generated_ids("feishu").next().expect("an id");
    let thread = thread(&sandbox, &id).await;
    let contents = thread.iter().filter_map(|message| message["content"].as_str());
    let mut posts = contents.filter_map(|content| serde_json::from_str::<Value>(content).ok());
    let post = posts.find(|post| post["content"]["title"].is_string()).expect("a post");
    let elements = post["content"]["content"]
        .as_array()
        .expect("paragraphs")
        .iter()
        .flat_map(|paragraph| paragraph.as_array().expect("elements").iter());
    let tags: BTreeSet<_> = elements.filter_map(|element| element["tag"].as_str()).collect();
    let known = ["a", "at", "code_block", "emotion", "hr", "img", "md", "text"];
    assert!(tags.iter().eq(known.iter()), "{tags:?}");
}

#[tokio::test]
async fn authors_are_guest_agents_bot_and_strangers() {
    let sandbox = start().await;
    let mut roles = BTreeSet::new();
    let headers = feishu(&token(&sandbox).await);
    for id in sandbox.generated_ids("feishu") {
        let path = format!("/open-apis/helpdesk/v1/tickets/{id}");
        let ticket =
            call(&sandbox, "GET", &path, &headers, "").await.json()["data"]["ticket"].clone();
        let is_in = |key: &str, id: &Value| {
            ticket[key].as_array().is_some_and(|people| people.iter().any(|one| one["id"] == *id))
        };
        for message in thread(&sandbox, &id).await {
            let author = &message["user_id"];
            roles.insert(match author.as_str() {
                Some("") => "bot",
                _ if ticket["guest"]["id"] == *author => "guest",
                _ if is_in("agents", author) => "agent",
                _ if is_in("collaborators", author) => "collaborator",
                _ => "stranger",
            });
        }
    }
    assert_eq!(roles.len(), 5, "{roles:?}");
}

#[tokio::test]
async fn one_ticket_in_97_has_a_long_thread() {
    let sandbox = start().await;
    for (k, id) in sandbox.generated_ids("feishu").enumerate() {
        let (messages, total) = page(&sandbox, &id, "?page_size=200").await;
        assert_eq!(total >= 250, k % 97 == 0, "{k}");
        assert_eq!(messages.len() as u64, total.min(200));
        assert!(total >= 250 || total <= 12, "{total}");
    }
}

#[tokio::test]
async fn pages_and_times_select_messages() {
    let sandbox = start().await;
    let id = sandbox.generated_ids("feishu").next().expect("an id");
    let thread = thread(&sandbox, &id).await;
    assert_eq!(page(&sandbox, &id, "").await.0, thread[..20]);
    assert_eq!(page(&sandbox, &id, "?page=3&page_size=7").await.0, thread[14..21]);
    assert_eq!(page(&sandbox, &id, "?page=99").await, (vec![], 250));
    let times: Vec<_> =
        thread.iter().filter_map(|message| message["created_at"].as_i64()).collect();
    assert!(times.iter().rev().is_sorted() && times.len() > 200);
    // The unit is seconds.
    let middle = times[100] / 1000;
    let later = page(&sandbox, &id, &format!("?time_start={middle}")).await.1;
    let earlier = page(&sandbox, &id, &format!("?time_end={}", middle - 1)).await.1;
    assert!(later > 100 && earlier > 100 && later + earlier == 250, "{later} {earlier}");
    assert_eq!(page(&sandbox, &id, &format!("?time_start={}", times[100])).await.1, 0);
}

#[tokio::test]
async fn fixtures_have_the_documented_message_or_none() {
    let sandbox = start().await;
    for id in Sandbox::ticket_ids("feishu") {
        let (messages, total) = page(&sandbox, id, "").await;
        let is_documented = id == "6626871355780366331";
        assert_eq!((messages.len(), total), (is_documented.into(), is_documented.into()), "{id}");
        if is_documented {
            assert_eq!(messages[0]["id"], "6948728206392295444");
        }
    }
}

#[tokio::test]
async fn rejects_unknown_tickets_and_invalid_parameters() {
    let sandbox = start().await;
    for (id, query, error) in [
        ("1", "", (404, 154_004)),
        ("x", "", (400, 154_000)),
        ("6626871355780366331", "?page=0", (400, 154_000)),
        ("6626871355780366331", "?page_size=201", (400, 154_000)),
        ("6626871355780366331", "?time_start=today", (400, 154_000)),
    ] {
        assert_eq!(get(&sandbox, id, query).await.error(), error, "{id} {query}");
    }
}
