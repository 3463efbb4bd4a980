//! The example `feishu_events`: a mirror that is kept current by events.

#[path = "../../examples/feishu_events/receiver.rs"]
mod receiver;

use std::net::SocketAddr;
use std::sync::Arc;

use aes::Aes256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use feishu_provider::FeishuSource;
use feishu_provider::event::{EventVerifier, MAX_AGE};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ticket_sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::Desk;
use receiver::Receiver;

const KEY: &str = "encrypt key";
const TOKEN: &str = "verification token";

/// Returns an encrypted body.
fn encrypted(body: &Value) -> String {
    let (key, vector, text) = (Sha256::digest(KEY), [7_u8; 16], body.to_string());
    let mut block = text.clone().into_bytes();
    block.resize(text.len() + 16, 0);
    let encryptor = Encryptor::<Aes256>::new(&key, &vector.into());
    let encrypted = encryptor.encrypt_padded::<Pkcs7>(&mut block, text.len()).unwrap();
    json!({ "encrypt": STANDARD.encode([&vector[..], encrypted].concat()) }).to_string()
}

/// Returns the headers of a request that is signed at this time with this key.
fn signed(body: &str, at: Timestamp, key: &str) -> String {
    let timestamp = at.as_second();
    let digest = Sha256::digest(format!("{timestamp}nonce{key}{body}"));
    let signature = digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    format!(
        "X-Lark-Request-Timestamp: {timestamp}\r\nX-Lark-Request-Nonce: nonce\r\nX-Lark-Signature: {signature}\r\n"
    )
}

fn event(id: &str, event_type: &str, at: Timestamp, content: &Value) -> Value {
    json!({
        "schema": "2.0",
        "header": {
            "event_id": id, "event_type": event_type, "create_time": at.as_millisecond().to_string(), "token": TOKEN
        },
        "event": content
    })
}

/// Sends a request and returns the status and the body of the response.
async fn send(address: SocketAddr, method: &str, headers: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let request = format!(
        "{method} / HTTP/1.1\r\nHost: example.com\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head["HTTP/1.1 ".len()..][..3].parse().unwrap(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn events_bring_their_tickets_into_the_mirror_once() {
    let sandbox = Sandbox::builder().tickets(60, 1).start().await.unwrap();
    let credentials = sandbox.credentials().clone();
    let helpdesk = credentials.feishu_helpdesk_id;
    let source = FeishuSource::builder()
        .base_url(sandbox.base_url())
        .app(credentials.feishu_app_id, credentials.feishu_app_secret)
        .helpdesk(&*helpdesk, credentials.feishu_helpdesk_token)
        .build()
        .unwrap();
    let ids: Vec<_> = sandbox.generated_ids("feishu").take(4).collect();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let verifier = EventVerifier::new(TOKEN).with_encrypt_key(KEY);
    let (receiver, tickets) = Receiver::new(verifier, helpdesk.clone());
    let server = tokio::spawn(receiver::serve(listener, Arc::new(receiver)));

    let now = Timestamp::now();
    let old = now - MAX_AGE - std::time::Duration::from_mins(1);
    let created = |id: &str, at, ticket: &str, helpdesk: &str| {
        let content = json!({ "ticket_id": ticket, "helpdesk_id": helpdesk });
        encrypted(&event(id, "helpdesk.ticket.created_v1", at, &content))
    };
    let first = created("event-1", now, &ids[0], &helpdesk);
    let message = json!({ "event_id": "inner", "ticket": { "ticket_id": ids[1] } });
    let message = encrypted(&event("event-2", "helpdesk.ticket_message.created_v1", now, &message));
    let challenge =
        encrypted(&json!({ "challenge": "ajls384k", "token": TOKEN, "type": "url_verification" }));
    let third = |at| created("event-3", at, &ids[2], &helpdesk);
    for (name, body, at, key, status) in [
        ("a replay", third(old), old, KEY, 401),
        ("an old event with a new signature", third(old), now, KEY, 401),
        ("another key", third(now), now, "other key", 401),
        ("no JSON", "hello".to_owned(), now, KEY, 400),
    ] {
        let response = send(address, "POST", &signed(&body, at, key), &body).await;
        assert_eq!(response, (status, "{}".to_owned()), "{name}");
    }
    for (name, method, body, status) in [
        ("no signature", "POST", third(now), 401),
        ("a page in a browser", "GET", String::new(), 405),
    ] {
        assert_eq!(send(address, method, "", &body).await.0, status, "{name}");
    }
    let reply = (200, r#"{"challenge":"ajls384k"}"#.to_owned());
    assert_eq!(send(address, "POST", "", &challenge).await, reply);

    let elsewhere = created("event-4", now, &ids[3], "another helpdesk");
    for body in [&first, &message, &first, &first, &elsewhere, &message] {
        let response = send(address, "POST", &signed(body, now, KEY), body).await;
        assert_eq!(response, (200, "{}".to_owned()));
    }
    assert!(sandbox.requests().is_empty(), "the responses do not wait for the helpdesk");

    // Ends the queue, so that the update ends as well.
    server.abort();
    assert!(server.await.unwrap_err().is_cancelled());
    let desk = Desk::new();
    receiver::update(&mut desk.open(), &source, tickets).await.unwrap();
    let read =
        sandbox.requests().into_iter().filter(|it| it.route == Some("feishu.ticket")).count();
    assert_eq!(read, 2, "{:?}", sandbox.requests());
    let database = desk.database();
    let mut statement = database.prepare("SELECT id FROM ticket ORDER BY rowid").unwrap();
    let known: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(known, ids[..2]);
}
