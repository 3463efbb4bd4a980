//! Pages of messages and of field definitions that the sandbox does not send.
#![cfg(feature = "http")]

use std::time::Duration;

use feishu_provider::{FeishuSource, LIST_FIELDS};
use scripted_server::{Reply, Route, ScriptedServer};
use ticket_core::model::Json;
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{FetchOptions, Record, Response, TicketId, TicketSource};

/// The tags of two options, and the labels that the definitions give them.
const LAPTOP: (&str, &str) = ("6c4bdc8a-1c9e-4e8e-9d7f-2f1d3a5b7c01", "Laptop");
const BERLIN: (&str, &str) = ("6c4bdc8a-1c9e-4e8e-9d7f-2f1d3a5b7c02", "Berlin");

/// Starts a server with a ticket that has two custom fields, and with this route.
async fn start(route: Route) -> ScriptedServer {
    let field = |id: &str, tag: &str| format!(r#"{{"id":"{id}","value":"{tag}"}}"#);
    let fields = [field("1", LAPTOP.0), field("2", BERLIN.0)].join(",");
    let fields = if route.name() == "fields" { fields } else { String::new() };
    let ticket = format!(r#"{{"ticket_id":"7","customized_fields":[{fields}]}}"#);
    let ticket = Reply::json(200, format!(r#"{{"code":0,"data":{{"ticket":{ticket}}}}}"#));
    let tickets = Route::get("ticket", "/open-apis/helpdesk/v1/tickets/{id}").default_reply(ticket);
    ScriptedServer::start([tickets, route]).await.unwrap()
}

/// Returns a source whose calls end soon, so that pages without an end fail the test.
fn source(server: &ScriptedServer) -> FeishuSource {
    let config =
        TransportConfig { call_timeout: Duration::from_secs(10), ..TransportConfig::default() };
    let builder = FeishuSource::builder().base_url(server.base_url());
    let builder = builder.tenant_access_token("t-1").helpdesk("1", "ht-1");
    builder.transport(Transport::new(config)).build().unwrap()
}

async fn fetch(source: &FeishuSource) -> Record {
    let options = FetchOptions::default().with_conversation();
    source.fetch_with(&TicketId::new("7").unwrap(), options).await.unwrap()
}

/// Returns a page with these messages, each with an id or with `-` for none.
fn page(messages: &str, total: Option<u64>) -> Reply {
    let message = |id: &str| match id {
        "-" => r#"{"message_type":"text","content":"Hello"}"#.to_owned(),
        id => format!(r#"{{"id":"{id}","message_type":"text","content":"Hello"}}"#),
    };
    let messages: Vec<_> = messages.split_whitespace().map(message).collect();
    let total = total.map(|total| format!(r#","total":{total}"#)).unwrap_or_default();
    let data = format!(r#"{{"messages":[{}]{total}}}"#, messages.join(","));
    Reply::json(200, format!(r#"{{"code":0,"data":{data}}}"#))
}

/// Fetches a conversation of these pages. A page beyond the last one is the last one again.
async fn conversation(pages: &[&str], total: Option<u64>) -> (Vec<String>, Option<bool>, usize) {
    let route = Route::get("messages", "/open-apis/helpdesk/v1/tickets/7/messages?page={id}");
    let route = route.default_reply(page(pages.last().unwrap(), total));
    let numbered = (1..).map(|number: u32| number.to_string()).zip(pages);
    let route = numbered
        .fold(route, |route, (number, messages)| route.reply(number, page(messages, total)));
    let server = start(route).await;
    let conversation = fetch(&source(&server)).await.ticket.conversation.unwrap();
    let ids = conversation.messages.into_iter().map(|it| it.id.unwrap_or_else(|| "-".to_owned()));
    (ids.collect(), conversation.complete, server.count("messages"))
}

#[tokio::test]
async fn repeated_page_ends_a_conversation_without_a_total() {
    for (pages, messages, requests) in [
        (&["a b"][..], "a b", 2),
        (&["a b", "c", "c b"], "a b c", 3),
        // Each may be another message.
        (&["- -"], "- - - -", 2),
        (&["a -"], "a - -", 2),
        (&["a b", "a -", "- b"], "a b - - -", 4),
    ] {
        let (found, complete, count) = conversation(pages, None).await;
        assert_eq!((found.join(" ").as_str(), complete), (messages, None), "{pages:?}");
        assert_eq!(count, requests, "{pages:?}");
    }
}

#[tokio::test]
async fn conversation_with_a_message_without_id_is_not_known_to_be_complete() {
    for (pages, total, messages, complete, requests) in [
        (&["- - -"][..], Some(3), "- - -", Some(false), 1),
        (&["a - b"], Some(3), "a - b", Some(false), 1),
        // The service claims more, so that the page is read again.
        (&["a -"], Some(3), "a - - -", Some(false), 3),
        (&["- -", ""], None, "- -", None, 2),
        (&["a b"], Some(2), "a b", Some(true), 1),
    ] {
        let (found, is_complete, count) = conversation(pages, total).await;
        assert_eq!((found.join(" ").as_str(), is_complete), (messages, complete), "{pages:?}");
        assert_eq!(count, requests, "{pages:?}");
    }
}

/// Returns a page with the definition of one field that has one option.
fn definition(field: &str, (tag, label): (&str, &str), next: &str) -> Reply {
    let option = format!(r#"{{"tag":"{tag}","display_name":"{label}"}}"#);
    let options = format!(r#"{{"children":[{option}]}}"#);
    let item =
        format!(r#"{{"ticket_customized_field_id":"{field}","dropdown_options":{options}}}"#);
    let has_more = !next.is_empty();
    let data = format!(r#""has_more":{has_more},"next_page_token":"{next}","items":[{item}]"#);
    Reply::json(200, format!(r#"{{"code":0,"data":{{{data}}}}}"#))
}

#[tokio::test]
async fn refused_later_page_of_definitions_keeps_the_labels_of_the_pages_before() {
    let text = |text: &str| Some(format!("\"{text}\"").parse::<Json>().unwrap());
    let code = |status, code: u32| Reply::json(status, format!(r#"{{"code":{code},"msg":""}}"#));
    for (second, label, native, pages) in [
        (code(403, 99_991_672), BERLIN.0, None, 1),
        (code(200, 7), BERLIN.0, None, 1),
        (Reply::gateway_page(404), BERLIN.0, None, 1),
        (definition("2", BERLIN, ""), BERLIN.1, text(BERLIN.0), 2),
        // Without a name, the tag stays.
        (definition("2", (BERLIN.0, ""), ""), BERLIN.0, None, 2),
    ] {
        let route =
            Route::get("fields", "/open-apis/helpdesk/v1/ticket_customized_fields?page_token={id}");
        let route = route.default_reply(definition("1", LAPTOP, "p2")).reply("p2", second);
        let server = start(route).await;
        let source = source(&server);
        for _ in 0..2 {
            let id = TicketId::new("7").unwrap();
            let Record { ticket, origin, .. } = source.fetch(&id).await.unwrap();
            let fields = ticket.custom_fields.into_iter().map(|it| (it.value, it.native));
            let expected = [(text(LAPTOP.1), text(LAPTOP.0)), (text(label), native.clone())];
            assert_eq!(fields.collect::<Vec<_>>(), expected);
            assert_eq!(Response::all(&origin.responses, LIST_FIELDS).count(), pages);
        }
        assert_eq!(server.count("fields"), 2, "each page once");
    }
}
