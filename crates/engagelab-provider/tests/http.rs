//! Fetches over HTTP from the fake server.
#![cfg(feature = "http")]

use engagelab_provider::{Builder, EngageLabSource};
use ticket_core::{Error, ErrorKind, TicketId, TicketSource, TicketSourceExt};
use ticket_sandbox::Sandbox;

fn builder(sandbox: &Sandbox) -> Builder {
    let credentials = sandbox.credentials();
    EngageLabSource::builder()
        .base_url(sandbox.base_url())
        .credentials(&*credentials.engagelab_api_key, &*credentials.engagelab_api_secret)
}

async fn fetch(builder: Builder, id: &str) -> Result<String, Error> {
    let desk = builder.build()?;
    Ok(desk.fetch(&TicketId::new(id)?).await?.ticket.id)
}

#[tokio::test]
async fn keeps_the_exact_response() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = builder(&sandbox).build().unwrap();
    let id = TicketId::new("tk_20251104_789abc").unwrap();
    let record = desk.fetch(&id).await.unwrap();
    assert_eq!(record.ticket.title.as_deref(), Some("打印机卡纸,无法打印"));
    assert_eq!(record.origin.requested, Some(id));
    let [response] = &record.origin.responses[..] else { panic!("one response") };
    let documented = ticket_fixtures::case("engagelab", "documented").unwrap();
    assert_eq!(response.body, documented.body);
    assert_eq!(response.http_status, Some(200));
}

#[tokio::test]
async fn fetches_every_served_ticket() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = builder(&sandbox).build().unwrap();
    let ids: Vec<_> =
        Sandbox::ticket_ids("engagelab").into_iter().map(|id| TicketId::new(id).unwrap()).collect();
    let outcomes = desk.fetch_all(&ids, 8).await;
    assert!(!ids.is_empty());
    assert_eq!(outcomes.len(), ids.len());
    for (id, outcome) in ids.iter().zip(outcomes) {
        assert_eq!(outcome.unwrap().ticket.id, id.as_str());
    }
}

#[tokio::test]
async fn maps_error_responses_to_their_kind() {
    let sandbox = Sandbox::start().await.unwrap();
    let good = || builder(&sandbox);
    let known = "tk_20251104_789abc";
    for (builder, id, kind, status) in [
        (good(), "tk_unknown", ErrorKind::NotFound, 404),
        (good().credentials("wrong", "wrong"), known, ErrorKind::Unauthenticated, 401),
        // Only the service itself, in JSON, reports a missing ticket.
        (good().path_prefix("/v2"), known, ErrorKind::InvalidResponse, 404),
    ] {
        let error = fetch(builder, id).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.http_status(), Some(status), "{error}");
        assert_eq!(error.provider(), Some("engagelab"));
        assert_eq!(error.stats().attempts, 1);
    }
}

#[tokio::test]
async fn rejects_another_ticket_than_requested() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject("engagelab.ticket: another-ticket".parse().unwrap()).unwrap();
    let error = fetch(builder(&sandbox), "tk_20251104_789abc").await.unwrap_err();
    assert_eq!((error.kind(), error.stats().attempts), (ErrorKind::TicketMismatch, 1));
}
