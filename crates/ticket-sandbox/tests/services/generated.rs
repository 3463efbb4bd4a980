//! Generated tickets: reproducible, known by their ids, and consistent.

use std::time::Duration;

use serde_json::Value;
use ticket_sandbox::{Builder, Sandbox, StartError};

use crate::client::{call, engagelab, feishu, token};

/// 2025-11-24.
const EPOCH: i64 = 1_764_000_000_000;

fn builder(count: usize, seed: u64) -> Builder {
    Sandbox::builder().tickets(count, seed).epoch(EPOCH).rate_limit_scale(0)
}

async fn start(count: usize, seed: u64) -> Sandbox {
    builder(count, seed).start().await.expect("a free port")
}

/// Returns the status and the body of a ticket.
async fn ticket(sandbox: &Sandbox, provider: &str, id: &str) -> (u16, Value) {
    let (path, headers) = match provider {
        "feishu" => ("/open-apis/helpdesk/v1/tickets", feishu(&token(sandbox).await)),
        _ => ("/api/v2/accounts/tickets", engagelab()),
    };
    let response = call(sandbox, "GET", &format!("{path}/{id}"), &headers, "").await;
    (response.status, response.json())
}

#[tokio::test]
async fn ticket_depends_on_seed_number_and_epoch_only() {
    let (small, large, other) = (start(5, 1).await, start(5000, 1).await, start(5, 2).await);
    for provider in ["feishu", "engagelab"] {
        let ids: Vec<_> = small.generated_ids(provider).collect();
        assert!(large.generated_ids(provider).take(5).eq(ids.iter().cloned()));
        assert!(builder(5, 1).generated_ids(provider).eq(ids.iter().cloned()));
        assert!(other.generated_ids(provider).ne(ids.iter().cloned()), "{provider}");
        for id in &ids {
            let first = ticket(&small, provider, id).await;
            assert_eq!(first.0, 200, "{provider}:{id}");
            assert_eq!(ticket(&large, provider, id).await, first);
        }
    }
}

#[tokio::test]
async fn ids_are_unique_and_unknown_ids_are_not_found() {
    let sandbox = start(1000, 1).await;
    for (provider, code) in [("feishu", 154_004), ("engagelab", 4001)] {
        let mut ids: Vec<_> = sandbox.generated_ids(provider).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 1000);
        let missing = builder(1001, 1).generated_ids(provider).last().expect("an id");
        let (status, body) = ticket(&sandbox, provider, &missing).await;
        assert_eq!((status, &body["code"]), (404, &code.into()), "{missing}");
    }
    for id in ["tk_20250101_1", "tk_20250101_000000", "tk_20250101_+00001", "tk__000001", "tk"] {
        assert_eq!(ticket(&sandbox, "engagelab", id).await.0, 404, "{id}");
    }
    assert_eq!(sandbox.generated_ids("other").count(), 0);
}

#[tokio::test]
async fn fixtures_are_served_besides_generated_tickets() {
    let sandbox = start(3, 1).await;
    for (provider, id) in [("feishu", "6626871355780366331"), ("engagelab", "tk_20251104_789abc")] {
        assert!(Sandbox::ticket_ids(provider).contains(&id));
        assert_eq!(ticket(&sandbox, provider, id).await.0, 200);
    }
}

#[tokio::test]
async fn feishu_tickets_are_consistent() {
    let sandbox = start(300, 1).await;
    let mut shapes = std::collections::BTreeSet::new();
    for id in sandbox.generated_ids("feishu") {
        let ticket = ticket(&sandbox, "feishu", &id).await.1["data"]["ticket"].clone();
        assert_eq!(ticket["ticket_id"], *id);
        let time = |key: &str| ticket[key].as_i64();
        let number = |key: &str| ticket[key].as_i64().unwrap_or_default();
        let (created, status) = (number("created_at"), number("status"));
        assert_eq!(status >= 50, time("closed_at").is_some(), "{ticket}");
        assert!(created <= EPOCH && time("closed_at").is_none_or(|at| created < at && at <= EPOCH));
        let between = |from: &str, to: &str| Some((time(to)? - time(from)?) / 1000);
        for (key, expected) in [
            ("bot_service_duration", between("created_at", "agent_entry_time")),
            (
                "agent_first_response_duration",
                between("agent_entry_time", "agent_first_response_time"),
            ),
            ("agent_resolution_time", between("agent_entry_time", "closed_at")),
        ] {
            assert_eq!(time(key), expected, "{key} of {ticket}");
        }
        let minutes = ticket["agent_service_duration"].as_f64();
        let seconds = between("agent_entry_time", "agent_last_response_time");
        assert_eq!(minutes.is_some(), seconds.is_some());
        let fields = ticket["customized_fields"].as_array().expect("a list");
        assert!(fields[0]["display_name"].as_str().is_some_and(|name| name.contains("标题")));
        for key in ["comments", "dissatisfaction_reason"] {
            let shape = match &ticket[key] {
                Value::Null => "absent",
                Value::Array(_) => "list",
                _ => "object",
            };
            shapes.insert(format!("{key} {shape}"));
        }
    }
    for shape in
        ["comments absent", "comments list", "comments object", "dissatisfaction_reason object"]
    {
        assert!(shapes.contains(shape), "{shapes:?}");
    }
}

#[tokio::test]
async fn engagelab_tickets_have_the_documented_keys() {
    let sandbox = start(100, 1).await;
    let documented = ticket(&sandbox, "engagelab", "tk_20251104_789abc").await.1;
    let keys = |body: &Value| {
        let mut keys: Vec<_> =
            body["data"].as_object().expect("a ticket").keys().cloned().collect();
        keys.sort();
        keys
    };
    for id in sandbox.generated_ids("engagelab") {
        let (_, body) = ticket(&sandbox, "engagelab", &id).await;
        assert_eq!((&body["code"], &body["data"]["ticket_id"]), (&0.into(), &id.into()));
        assert_eq!(keys(&body), keys(&documented));
        let times =
            ["created_at", "resolved_at", "closed_at"].map(|key| body["data"][key].as_str());
        assert!(times.iter().flatten().is_sorted(), "{times:?}");
        let is_closed = body["data"]["status"] == "closed";
        assert_eq!(is_closed, times[2].is_some(), "{body}");
    }
}

#[tokio::test]
async fn later_epoch_keeps_the_time_of_creation() {
    let (sandbox, id) = (start(1, 1).await, "feishu");
    let id = sandbox.generated_ids(id).next().expect("an id");
    let created = async |sandbox: &Sandbox| {
        ticket(sandbox, "feishu", &id).await.1["data"]["ticket"]["created_at"].clone()
    };
    let later = builder(1, 1).epoch(EPOCH + 1000).start().await.expect("a free port");
    assert_eq!(created(&sandbox).await, created(&later).await);
    let shorter = builder(1, 1).created_within(Duration::from_mins(1));
    let shorter = created(&shorter.start().await.expect("a free port")).await;
    assert!(shorter.as_i64().is_some_and(|at| at > EPOCH - 60_000 && at <= EPOCH), "{shorter}");
}

#[tokio::test]
async fn limits_the_number_of_tickets() {
    let error = builder(10_000_001, 1).start().await.expect_err("too many tickets");
    assert!(matches!(error, StartError::Tickets(10_000_001)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn scale_multiplies_the_rate_limits() {
    for (scale, accepted) in [(1, 10), (3, 30), (0, 60)] {
        let builder = builder(1, 1).rate_limit_scale(scale).idle_timeout(None);
        let sandbox = builder.start().await.expect("a free port");
        let headers = feishu(&token(&sandbox).await);
        let id = sandbox.generated_ids("feishu").next().expect("an id");
        let path = format!("/open-apis/helpdesk/v1/tickets/{id}");
        let mut count = 0;
        for _ in 0..60 {
            count += u32::from(call(&sandbox, "GET", &path, &headers, "").await.status == 200);
        }
        assert_eq!(count, accepted, "{scale}");
    }
}
