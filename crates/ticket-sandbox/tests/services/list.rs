//! The list of the fake Feishu: pages and filters of the fixtures, parameters and limits.

use serde_json::Value;
use ticket_sandbox::Sandbox;

use crate::client::{Response, call, feishu, token};

pub(crate) async fn list(sandbox: &Sandbox, query: &str) -> Response {
    let headers = feishu(&token(sandbox).await);
    call(sandbox, "GET", &format!("/open-apis/helpdesk/v1/tickets{query}"), &headers, "").await
}

/// The listed ids, and the total in the response.
async fn ids(sandbox: &Sandbox, query: &str) -> (Vec<String>, u64) {
    let response = list(sandbox, query).await;
    assert_eq!(response.status, 200, "{query}: {response:?}");
    // One ticket has a number that does not fit into a float.
    let text = String::from_utf8(response.body).expect("text").replace("1e400", "0");
    let body: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&body["code"], &body["msg"]), (&0.into(), &"success".into()));
    let tickets = body["data"]["tickets"].as_array().expect("a list");
    let id = |ticket: &Value| match &ticket["ticket_id"] {
        Value::String(id) => id.clone(),
        number => number.to_string(),
    };
    (tickets.iter().map(id).collect(), body["data"]["total"].as_u64().expect("a total"))
}

#[tokio::test]
async fn pages_list_all_tickets_in_order() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let served = Sandbox::ticket_ids("feishu");
    assert_eq!(ids(&sandbox, "").await.0, served[..20]);
    assert_eq!(
        ids(&sandbox, "?page_size=200").await,
        (served.iter().map(ToString::to_string).collect(), served.len() as u64)
    );
    let mut paged = Vec::new();
    for page in 1..=served.len().div_ceil(7) + 1 {
        let (ids, total) = ids(&sandbox, &format!("?page={page}&page_size=7")).await;
        assert_eq!(total, served.len() as u64);
        paged.extend(ids);
    }
    assert_eq!(paged, served);
    assert_eq!(ids(&sandbox, &format!("?page={}", usize::MAX)).await.0, [""; 0]);
}

#[tokio::test]
async fn list_keeps_the_text_of_numbers() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let body = String::from_utf8(list(&sandbox, "?page_size=200").await.body).expect("text");
    // 64 bits, more than 64 bits, larger than a float.
    for written in ["7262656095919128578", "18446744073709551616", "1e400"] {
        assert!(body.contains(written), "{written}");
    }
}

#[tokio::test]
async fn filters_are_combined() {
    let sandbox = Sandbox::start().await.expect("a free port");
    let guest = "ou_37019b7c830210acd88fdce886e25c71";
    let documented = (vec!["6626871355780366331".to_owned()], 1);
    for query in [
        "?ticket_id=6626871355780366331".to_owned(),
        format!("?guest_id={guest}"),
        format!("?agent_id={guest}&closed_by_id={guest}&guest_name=abc"),
        "?create_time_start=1616920429000&create_time_end=1616920429000".to_owned(),
        "?update_time_start=1616920428999&update_time_end=1616920429001&unknown=1".to_owned(),
        "?type=1&solved=1&score=1&channel=0&status_list=50".to_owned(),
        format!("?guest_id={guest}&tags=other&tags=%E6%A0%87%E7%AD%BE%E5%90%8D%E7%A7%B0"),
    ] {
        assert_eq!(ids(&sandbox, &query).await, documented, "{query}");
    }
    let bot = ids(&sandbox, "?status_list=50").await.1;
    let agent = ids(&sandbox, "?status_list=51").await.1;
    assert!(bot > 0 && agent > 0);
    assert_eq!(ids(&sandbox, "?status_list=50&status_list=51").await.1, bot + agent);
    assert_eq!(ids(&sandbox, "?guest_name=nobody").await, (vec![], 0));
}

#[tokio::test]
async fn rejects_invalid_parameters() {
    let sandbox = Sandbox::start().await.expect("a free port");
    for query in [
        "?page=0",
        "?page=-1",
        "?page=one",
        "?page_size=0",
        "?page_size=201",
        "?status_list=open",
        "?channel=",
        "?create_time_start=1616920429000",
        "?update_time_end=1616920429000",
    ] {
        assert_eq!(list(&sandbox, query).await.error(), (400, 154_000), "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn limits_the_list_per_second_and_per_minute() {
    let sandbox = Sandbox::builder()
        .list_requests(2, 3)
        .idle_timeout(None)
        .start()
        .await
        .expect("a free port");
    let mut responses = Vec::new();
    for seconds in [0, 0, 1, 0, 59] {
        sandbox.advance(std::time::Duration::from_secs(seconds));
        let response = list(&sandbox, "").await;
        let header = |name| response.header(name).unwrap_or("-").to_owned();
        responses.push((
            response.status,
            header("x-ogw-ratelimit-limit"),
            header("x-ogw-ratelimit-reset"),
        ));
    }
    let ok = (200, "-".to_owned(), "-".to_owned());
    let full = (429, "3".to_owned(), "59".to_owned());
    assert_eq!(responses, [ok.clone(), ok.clone(), ok.clone(), full, ok]);
}
