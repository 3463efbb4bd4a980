//! Faults of pages: of the list of tickets, of messages and of field definitions.

use serde_json::Value;
use ticket_sandbox::Sandbox;

use crate::client::{call, feishu, token};

async fn start(rule: &str) -> Sandbox {
    let builder = Sandbox::builder().tickets(5, 1).epoch(1_764_000_000_000);
    builder.fault(rule.parse().expect(rule)).start().await.expect("a free port")
}

/// Returns the ids on a page of two, and the total.
async fn page(sandbox: &Sandbox, path: &str, rows: &str, number: usize) -> (Vec<String>, u64) {
    let path = format!("/open-apis/helpdesk/v1/{path}?page_size=2&page={number}");
    let response = call(sandbox, "GET", &path, &feishu(&token(sandbox).await), "").await;
    assert_eq!(response.status, 200, "{path}");
    let data = response.json()["data"].clone();
    let key = if rows == "tickets" { "ticket_id" } else { "id" };
    let rows = data[rows].as_array().expect(rows).iter();
    let ids = rows.filter_map(|row| row[key].as_str().map(str::to_owned)).collect();
    (ids, data["total"].as_u64().expect("a total"))
}

#[tokio::test]
async fn pages_of_the_list_are_wrong() {
    for (fault, pages) in [
        ("empty-page", [vec![], vec![], vec![]]),
        ("repeated-page", [vec![0, 1], vec![0, 1], vec![2, 3]]),
        ("shifted-rows", [vec![1, 2], vec![1, 2], vec![3, 4]]),
        ("lost-row", [vec![0, 1], vec![3], vec![4]]),
        ("zero-based-pages", [vec![2, 3], vec![4], vec![]]),
    ] {
        let sandbox = start(&format!("feishu.list: {fault}")).await;
        let ids: Vec<_> = sandbox.generated_ids("feishu").collect();
        for (number, rows) in (1..).zip(pages) {
            let rows: Vec<_> = rows.iter().map(|row: &usize| ids[*row].clone()).collect();
            let page = page(&sandbox, "tickets", "tickets", number).await;
            assert_eq!(page, (rows, 5), "{fault} {number}");
        }
        assert!(sandbox.requests().iter().any(|request| request.fault == Some(fault)));
    }
}

#[tokio::test]
async fn rule_limits_a_fault_to_one_request() {
    let sandbox = start("feishu.list 2: shifted-rows").await;
    let ids: Vec<_> = sandbox.generated_ids("feishu").collect();
    let mut read = Vec::new();
    for number in 1..=3 {
        read.extend(page(&sandbox, "tickets", "tickets", number).await.0);
    }
    // The second row comes twice and the fourth is missed.
    assert_eq!(read, [&ids[..2], &ids[1..3], &ids[4..]].concat());
}

#[tokio::test]
async fn pages_of_messages_are_wrong() {
    let correct = start("feishu.token: delay 0s").await;
    let id = correct.generated_ids("feishu").next().expect("an id");
    let path = format!("tickets/{id}/messages");
    let (first, second) =
        (page(&correct, &path, "messages", 1).await, page(&correct, &path, "messages", 2).await);
    for (fault, number, expected) in [
        ("empty-page", 1, vec![]),
        ("repeated-page", 2, first.0.clone()),
        ("shifted-rows", 2, vec![first.0[1].clone(), second.0[0].clone()]),
        ("zero-based-pages", 1, second.0.clone()),
        ("lost-row", 63, vec![]),
    ] {
        let sandbox = start(&format!("feishu.messages: {fault}")).await;
        let (ids, total) = page(&sandbox, &path, "messages", number).await;
        if fault == "lost-row" {
            assert_eq!((ids.len(), total), (1, 250), "{fault}");
        } else {
            assert_eq!((ids, total), (expected, 250), "{fault}");
        }
    }
}

#[tokio::test]
async fn repeated_page_of_definitions_leads_to_itself() {
    let sandbox = start("feishu.fields 2-: repeated-page").await;
    let headers = feishu(&token(&sandbox).await);
    let mut tokens = Vec::new();
    let mut query = String::new();
    for _ in 0..3 {
        let path = format!("/open-apis/helpdesk/v1/ticket_customized_fields{query}");
        let data = call(&sandbox, "GET", &path, &headers, "").await.json()["data"].clone();
        assert_eq!(data["items"].as_array().map(Vec::len), Some(20));
        let token = data["next_page_token"].as_str().expect("a token").to_owned();
        query = format!("?page_token={token}");
        tokens.push(token);
    }
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}

#[tokio::test]
async fn calls_without_pages_are_correct() {
    let sandbox = start("*: empty-page").await;
    let headers = feishu(&token(&sandbox).await);
    let path = "/open-apis/helpdesk/v1/tickets/6626871355780366331";
    let response = call(&sandbox, "GET", path, &headers, "").await;
    assert_eq!(response.json()["data"]["ticket"]["ticket_id"], "6626871355780366331");
}

#[tokio::test]
async fn other_faults_apply_to_pages_too() {
    for (fault, status, code) in [
        ("status 200 code 99991400", 200, Some(99_991_400)),
        ("status 500 code 155000", 500, Some(155_000)),
        ("status 502", 502, None),
        ("html", 200, None),
    ] {
        for path in ["tickets", "tickets/1/messages", "ticket_customized_fields"] {
            let sandbox = start(&format!("* 2: {fault}")).await;
            let headers = feishu(&token(&sandbox).await);
            let path = format!("/open-apis/helpdesk/v1/{path}");
            call(&sandbox, "GET", &path, &headers, "").await;
            let response = call(&sandbox, "GET", &path, &headers, "").await;
            assert_eq!(response.status, status, "{path} {fault}");
            let body: Option<Value> = serde_json::from_slice(&response.body).ok();
            assert_eq!(body.and_then(|body| body["code"].as_i64()), code, "{path} {fault}");
        }
    }
}
