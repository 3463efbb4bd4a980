//! Conversations of several pages.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use feishu_provider::{Feishu, FeishuSource, GET_TICKET, LIST_MESSAGES};
use serde_json::Value;
use ticket_core::model::{Conversation, Message};
use ticket_core::transport::TransportConfig;
use ticket_core::{
    Decoder, Error, ErrorKind, FetchOptions, Record, Response, TicketId, TicketSource,
    VocabularyOverrides, saved,
};
use ticket_sandbox::Sandbox;

use crate::{count, generated, inject, source, source_with, start};

/// Fetches the first generated ticket, which has 250 messages, with its conversation.
async fn fetch(sandbox: &Sandbox, source: &FeishuSource) -> Result<Record, Error> {
    let options = FetchOptions::default().with_conversation();
    source.fetch_with(&generated(sandbox)[0], options).await
}

fn conversation(record: &Record) -> &Conversation {
    record.ticket.conversation.as_ref().unwrap()
}

/// Returns the messages as they were sent, by id.
fn sent(record: &Record) -> BTreeMap<String, Value> {
    let pages = Response::all(&record.origin.responses, LIST_MESSAGES);
    let pages = pages.map(|page| serde_json::from_slice::<Value>(&page.body).unwrap());
    let messages = pages.flat_map(|page| page["data"]["messages"].as_array().unwrap().clone());
    messages.map(|message| (message["id"].as_str().unwrap().to_owned(), message)).collect()
}

#[tokio::test]
async fn conversation_of_two_pages_is_complete() {
    let sandbox = start(1).await;
    let record = fetch(&sandbox, &source(&sandbox)).await.unwrap();
    let Conversation { messages, complete } = conversation(&record);
    assert_eq!((messages.len(), *complete), (250, Some(true)));
    let ids: BTreeSet<_> = messages.iter().filter_map(|message| message.id.as_ref()).collect();
    assert_eq!(ids.len(), 250);
    let responses = &record.origin.responses;
    assert_eq!(responses[0].operation, GET_TICKET);
    assert_eq!(Response::all(responses, LIST_MESSAGES).count(), 2);
    assert_eq!(record.origin.stats.attempts, responses.len() as u64, "of the whole fetch");
    assert!(responses.iter().all(|response| response.http_status == Some(200)));
}

/// Returns whether a reader of the ticket can restore the content of a message.
fn is_kept(message: &Message, content: &str) -> bool {
    if let Some(native) = &message.native {
        return native == content;
    }
    let body = message.body.as_deref().unwrap_or_default();
    let text = serde_json::json!({"msg_type": "text", "content": body});
    body == content || serde_json::from_str::<Value>(content).is_ok_and(|sent| sent == text)
}

#[tokio::test]
async fn messages_keep_the_content_as_sent() {
    let sandbox = start(1).await;
    let record = fetch(&sandbox, &source(&sandbox)).await.unwrap();
    let sent = sent(&record);
    let (mut with_native, mut with_body, mut with_files) = (0, 0, 0);
    for message in &conversation(&record).messages {
        let content = sent[message.id.as_ref().unwrap()]["content"].as_str().unwrap();
        assert!(is_kept(message, content), "{content} {message:?}");
        with_native += usize::from(message.native.is_some());
        with_body += usize::from(message.body.is_some());
        with_files += usize::from(!message.attachments.is_empty());
        assert!(
            message.body.is_some() || !message.attachments.is_empty() || message.native.is_some()
        );
    }
    // The first ticket has every type of message.
    assert!(with_native > 100 && with_body > 100 && with_files > 100);
}

#[tokio::test]
async fn without_the_option_no_messages_are_requested() {
    let sandbox = start(1).await;
    let source = source(&sandbox);
    let record = source.fetch(&generated(&sandbox)[0]).await.unwrap();
    assert_eq!(record.ticket.conversation, None);
    assert_eq!(count(&sandbox, "feishu.messages"), 0);
}

#[tokio::test]
async fn every_generated_conversation_is_complete() {
    let sandbox = start(40).await;
    let source = source(&sandbox);
    let options = FetchOptions::default().with_conversation();
    let mut empty = 0;
    for id in generated(&sandbox) {
        let record = source.fetch_with(&id, options).await.unwrap();
        let conversation = conversation(&record);
        assert_eq!(conversation.complete, Some(true), "{id}");
        assert_eq!(conversation.messages.len(), sent(&record).len(), "{id}");
        empty += usize::from(conversation.messages.is_empty());
    }
    assert!(empty < 20, "{empty}");
}

#[tokio::test]
async fn ticket_without_messages_has_an_empty_conversation() {
    let sandbox = start(0).await;
    let options = FetchOptions::default().with_conversation();
    let id = TicketId::new("7571630046010262663").unwrap();
    let record = source(&sandbox).fetch_with(&id, options).await.unwrap();
    let expected = Conversation { messages: Vec::new(), complete: Some(true) };
    assert_eq!(record.ticket.conversation, Some(expected));
}

#[tokio::test]
async fn saved_responses_decode_to_the_same_ticket() {
    let sandbox = start(1).await;
    let record = fetch(&sandbox, &source(&sandbox)).await.unwrap();
    let text = saved::write(&record.origin.responses);
    let responses = saved::read(text.clone(), &Feishu).unwrap();
    let decoded = Feishu.decode(&responses, &VocabularyOverrides::default()).unwrap();
    assert_eq!(decoded.ticket, record.ticket);
    assert_eq!(decoded.diagnostics, record.diagnostics);
    assert_eq!(saved::write(&responses), text);
}

#[tokio::test]
async fn retries_failures_between_two_pages() {
    for fault in ["status 200 code 99991400", "status 500 code 155000", "status 502", "cut"] {
        let sandbox = start(1).await;
        inject(&sandbox, &format!("feishu.messages 2: {fault}"));
        let record = fetch(&sandbox, &source(&sandbox)).await.unwrap();
        let Conversation { messages, complete } = conversation(&record);
        assert_eq!((messages.len(), *complete), (250, Some(true)), "{fault}");
        let responses = record.origin.responses.len() as u64;
        assert_eq!(record.origin.stats.attempts, responses + 1, "{fault}");
    }
}

#[tokio::test]
async fn page_that_fails_makes_the_fetch_fail() {
    for (fault, kind) in [
        ("html", ErrorKind::InvalidResponse),
        ("null", ErrorKind::InvalidResponse),
        ("status 403 code 154003", ErrorKind::PermissionDenied),
        ("status 404 code 154004", ErrorKind::NotFound),
        ("status 400 code 99991403", ErrorKind::QuotaExhausted),
    ] {
        let sandbox = start(1).await;
        inject(&sandbox, &format!("feishu.messages 2: {fault}"));
        let error = fetch(&sandbox, &source(&sandbox)).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (kind, Some(LIST_MESSAGES)), "{fault}");
        let calls = sandbox.requests().len() - count(&sandbox, "feishu.token");
        assert_eq!(error.stats().attempts, calls as u64, "those of the whole fetch");
    }
}

#[tokio::test]
async fn late_page_ends_the_fetch_at_its_deadline() {
    let sandbox = start(1).await;
    inject(&sandbox, "feishu.messages 2: silence");
    let call_timeout = Duration::from_secs(3);
    let config = TransportConfig { call_timeout, ..TransportConfig::default() };
    let error = fetch(&sandbox, &source_with(&sandbox, config)).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Timeout, Some(LIST_MESSAGES)));
    assert_eq!(error.stats().attempts, sandbox.requests().len() as u64 - 1);
}

/// The faults of pages, and how many of 250 messages are on no page if all pages have the fault.
const PAGE_FAULTS: [(&str, usize); 5] = [
    ("empty-page", 250),
    ("repeated-page", 50),
    ("shifted-rows", 1),
    ("lost-row", 1),
    ("zero-based-pages", 200),
];

#[tokio::test]
async fn conversation_with_missing_messages_is_not_complete() {
    for (fault, missing) in PAGE_FAULTS {
        let sandbox = start(1).await;
        inject(&sandbox, &format!("feishu.messages: {fault}"));
        let record = fetch(&sandbox, &source(&sandbox)).await.unwrap();
        let Conversation { messages, complete } = conversation(&record);
        assert_eq!((messages.len(), *complete), (250 - missing, Some(false)), "{fault}");
        let ids: BTreeSet<_> = messages.iter().filter_map(|message| message.id.as_ref()).collect();
        assert_eq!(ids.len(), messages.len(), "each message once: {fault}");
    }
}

#[tokio::test]
async fn reads_again_after_one_wrong_page() {
    for (fault, _) in PAGE_FAULTS {
        let sandbox = start(1).await;
        inject(&sandbox, &format!("feishu.messages 2: {fault}"));
        let record = fetch(&sandbox, &source(&sandbox)).await.unwrap();
        let Conversation { messages, complete } = conversation(&record);
        assert_eq!((messages.len(), *complete), (250, Some(true)), "{fault}");
        assert_eq!(messages.len(), sent(&record).len(), "{fault}");
    }
}
