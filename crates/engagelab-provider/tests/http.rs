//! Fetches over HTTP from the fake server.
#![cfg(feature = "http")]

use engagelab_provider::{Builder, EngageLabSource};
use scripted_server::{Reply, Route, ScriptedServer};
use ticket_core::model::{Attachment, Ticket};
use ticket_core::{Error, ErrorKind, FileRequest, TicketId, TicketSource, TicketSourceExt};
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

#[tokio::test]
async fn downloads_the_files_that_have_an_address() {
    let file =
        Route::get("file", "/files/{id}").reply("a.png", Reply::new(200, "image/png", "PNG"));
    let server = ScriptedServer::start([file]).await.unwrap();
    let desk = EngageLabSource::builder().base_url(server.base_url()).credentials("key", "secret");
    let desk = desk.build().unwrap();
    let url = |url: &str| Attachment { url: Some(url.to_owned()), ..Attachment::default() };
    let own = format!("{}/files/a.png", server.base_url());
    let mut ticket = Ticket::new("engagelab", "tk_1");
    ticket.attachments =
        vec![url(&own), url("https://files.example/a.png"), url("a.png"), Attachment::default()];
    let id = TicketId::new("tk_1").unwrap();
    let mut outcomes = Vec::new();
    for request in FileRequest::all(&id, &ticket, 100) {
        outcomes.push(desk.files().unwrap().download(&request).await);
    }
    let (own, others) = outcomes.split_first().unwrap();
    let file = own.as_ref().unwrap();
    assert_eq!((&file.bytes[..], file.media_type.as_deref()), (&b"PNG"[..], Some("image/png")));
    for error in others.iter().map(|outcome| outcome.as_ref().unwrap_err()) {
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::InvalidRequest, Some("get_file"))
        );
        assert_eq!(error.provider(), Some("engagelab"));
    }
    assert!(server.received()[0].text.contains("Basic a2V5OnNlY3JldA=="), "with credentials");
    assert_eq!(server.count("file"), 1);
}
