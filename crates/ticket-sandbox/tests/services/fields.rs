//! The field definitions of the fake Feishu.

use std::collections::BTreeMap;

use serde_json::Value;
use ticket_sandbox::Sandbox;

use crate::client::{Response, call, feishu, token};

async fn get(sandbox: &Sandbox, query: &str) -> Response {
    let path = format!("/open-apis/helpdesk/v1/ticket_customized_fields{query}");
    call(sandbox, "GET", &path, &feishu(&token(sandbox).await), "").await
}

/// Returns all definitions, read by pages of this size, and the number of pages.
async fn definitions(sandbox: &Sandbox, size: &str) -> (Vec<Value>, usize) {
    let (mut items, mut query, mut pages) = (Vec::new(), format!("?{size}"), 0);
    loop {
        let data = get(sandbox, &query).await.json()["data"].clone();
        items.extend(data["items"].as_array().expect("a list").iter().cloned());
        pages += 1;
        let token = data["next_page_token"].as_str();
        assert_eq!(data["has_more"].as_bool(), Some(token.is_some()));
        match token {
            Some(token) => query = format!("?{size}&page_token={token}"),
            None => return (items, pages),
        }
    }
}

#[tokio::test]
async fn pages_follow_their_tokens() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let (all, pages) = definitions(&sandbox, "").await;
    assert!(all.len() >= 25 && pages == 2, "{} {pages}", all.len());
    for (size, count) in [("page_size=100", 1), ("page_size=7", all.len().div_ceil(7))] {
        assert_eq!(definitions(&sandbox, size).await, (all.clone(), count));
    }
    for definition in &all {
        for key in ["ticket_customized_field_id", "position", "created_at", "updated_at"] {
            let digits = definition[key].as_str().expect(key);
            assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{key}: {digits}");
        }
        let is_dropdown =
            definition["field_type"].as_str().is_some_and(|kind| kind.starts_with("dropdown"));
        assert_eq!(definition.get("dropdown_options").is_some(), is_dropdown);
    }
}

#[tokio::test]
async fn rejects_invalid_parameters() {
    let sandbox = Sandbox::start().await.expect("a free port");
    for query in ["?page_size=0", "?page_size=101", "?page_size=x", "?page_token=", "?page_token=1"]
    {
        assert_eq!(get(&sandbox, query).await.error(), (400, 154_000), "{query}");
    }
}

/// Collects the labels of options by their tags.
fn labels(options: &Value, depth: usize, labels: &mut BTreeMap<String, (String, usize)>) {
    for option in options["children"].as_array().into_iter().flatten() {
        let (tag, name) = (option["tag"].as_str(), option["display_name"].as_str());
        let (tag, name) = (tag.expect("a tag").to_owned(), name.expect("a name").to_owned());
        labels.insert(tag, (name, depth));
        self::labels(option, depth + 1, labels);
    }
}

#[tokio::test]
async fn options_of_tickets_are_defined() {
    let builder = Sandbox::builder().tickets(200, 1).rate_limit_scale(0);
    let sandbox = builder.start().await.expect("a free port");
    let (definitions, _) = definitions(&sandbox, "page_size=100").await;
    let by_id: BTreeMap<_, _> = definitions
        .iter()
        .map(|definition| (definition["ticket_customized_field_id"].as_str(), definition))
        .collect();
    let headers = feishu(&token(&sandbox).await);
    let path = "/open-apis/helpdesk/v1/tickets?page_size=200";
    let body = call(&sandbox, "GET", path, &headers, "").await.json();
    let (mut depths, mut multiple) = (std::collections::BTreeSet::new(), 0);
    for ticket in body["data"]["tickets"].as_array().expect("a list") {
        for field in ticket["customized_fields"].as_array().expect("a list") {
            let definition = by_id[&field["id"].as_str()];
            assert_eq!(definition["key_name"], field["key_name"]);
            assert_eq!(definition["position"], field["position"].to_string());
            let Some(options) = definition.get("dropdown_options") else {
                assert!(field["value"].is_string());
                continue;
            };
            let mut known = BTreeMap::new();
            labels(options, 1, &mut known);
            let tags: Vec<_> = match &field["value"] {
                Value::String(tags) => tags.split(',').collect(),
                tags => tags.as_array().expect("a list").iter().filter_map(Value::as_str).collect(),
            };
            multiple += usize::from(tags.len() > 1);
            for tag in tags {
                depths.insert(known[tag].1);
            }
        }
    }
    assert!(multiple > 10 && depths.iter().eq(&[1, 3]), "{multiple} {depths:?}");
}
