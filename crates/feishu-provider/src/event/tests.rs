//! Requests that are accepted, and each reason to refuse one.

use aes::Aes256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::Encryptor;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ticket_core::model::Timestamp;
use ticket_core::{Secret, TicketId};

use super::crypto::hexadecimal;
use super::{
    Event, EventError, EventKind, EventVerifier, Incoming, MAX_AGE, MAX_CLOCK_SKEW, Signature,
    decrypt, read_saved,
};

const KEY: &str = "encrypt key";
const TOKEN: &str = "verification token";
const SECONDS: i64 = 1_769_846_400;

fn now() -> Timestamp {
    Timestamp::from_second(SECONDS).unwrap()
}

fn verifier() -> EventVerifier {
    EventVerifier::new(TOKEN).with_encrypt_key(KEY)
}

/// Encrypts blocks that are padded already, or pads them.
fn encrypt(text: &[u8], key: &str, is_padded: bool) -> String {
    let (key, vector) = (Sha256::digest(key), [7_u8; 16]);
    let encryptor = Encryptor::<Aes256>::new(&key, &vector.into());
    let mut block = text.to_vec();
    block.resize(text.len() + 16, 0);
    let encrypted = if is_padded {
        encryptor.encrypt_padded::<NoPadding>(&mut block, text.len()).unwrap()
    } else {
        encryptor.encrypt_padded::<Pkcs7>(&mut block, text.len()).unwrap()
    };
    STANDARD.encode([&vector[..], encrypted].concat())
}

fn sign(timestamp: &str, nonce: &str, key: &str, body: &str) -> String {
    hexadecimal(&Sha256::digest(format!("{timestamp}{nonce}{key}{body}")))
}

/// An encrypted request with its headers, to be changed.
struct Request {
    timestamp: String,
    nonce: String,
    signature: String,
    body: String,
}

impl Request {
    fn new(event: &Value) -> Self {
        Self::signed(
            SECONDS,
            json!({ "encrypt": encrypt(event.to_string().as_bytes(), KEY, false) }).to_string(),
        )
    }

    fn signed(seconds: i64, body: String) -> Self {
        let (timestamp, nonce) = (seconds.to_string(), "693817".to_owned());
        let signature = sign(&timestamp, &nonce, KEY, &body);
        Self { timestamp, nonce, signature, body }
    }

    fn receive(&self) -> Result<Incoming, EventError> {
        let Self { timestamp, nonce, signature, body } = self;
        let signature = Signature { timestamp, nonce, signature };
        verifier().receive(Some(&signature), body.as_bytes(), now())
    }
}

fn created() -> Value {
    json!({
        "schema": "2.0",
        "header": {
            "event_id": "5e3702a84e847582be8db7fb73283c02",
            "event_type": "helpdesk.ticket.created_v1",
            "create_time": (SECONDS * 1_000).to_string(),
            "token": TOKEN,
            "app_id": "cli_0123456789abcdef",
            "tenant_key": "736588c9260f175d"
        },
        "event": {
            "ticket_id": "6626871355780366331",
            "helpdesk_id": "6626871355780366330",
            "guest": { "id": { "open_id": "ou_1" }, "name": "-" },
            "stage": 1, "status": 1, "score": 0, "closed_at": 0
        }
    })
}

fn with(mut value: Value, pointer: &str, new: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if new.is_null() {
        parent.remove(key);
    } else {
        parent.insert(key.into(), new);
    }
    value
}

fn typed(event_type: &str, event: Value) -> Value {
    with(with(created(), "/header/event_type", event_type.into()), "/event", event)
}

fn event(incoming: Result<Incoming, EventError>) -> Event {
    match incoming {
        Ok(Incoming::Event(event)) => event,
        other => panic!("{other:?}"),
    }
}

fn ids(event: &Event) -> (Option<&str>, Option<&str>) {
    (event.ticket_id.as_ref().map(TicketId::as_str), event.helpdesk_id.as_deref())
}

#[test]
fn decrypts_the_published_example() {
    let text = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=";
    assert_eq!(decrypt(text, &"test key".into()).unwrap(), b"hello world");
}

#[test]
fn reads_a_signed_event() {
    let event = event(Request::new(&created()).receive());
    assert_eq!(event.id, "5e3702a84e847582be8db7fb73283c02");
    assert_eq!(event.kind, EventKind::TicketCreated);
    assert_eq!(event.created_at, Some(now()));
    assert_eq!(ids(&event), (Some("6626871355780366331"), Some("6626871355780366330")));
    assert_eq!(event.app_id.as_deref(), Some("cli_0123456789abcdef"));
    assert_eq!(event.tenant_key.as_deref(), Some("736588c9260f175d"));
}

#[test]
fn reads_the_ticket_where_each_type_of_event_has_it() {
    use EventKind::{MessageCreated, Other, TicketCreated, TicketUpdated};
    let elsewhere = json!({ "ticket_id": "wrong", "helpdesk_id": "wrong" });
    let all = |own: &str, content: Value| {
        let mut places =
            json!({ "object": elsewhere, "old_object": elsewhere, "ticket": elsewhere });
        match own {
            "" => places.as_object_mut().unwrap().extend(content.as_object().unwrap().clone()),
            own => places[own] = content,
        }
        places["event_id"] = "inner".into();
        places
    };
    let ticket = json!({ "ticket_id": "7", "helpdesk_id": "6" });
    let approved = "helpdesk.notification.approve_v1";
    for (name, content, kind, expected) in [
        (
            "helpdesk.ticket.created_v1",
            all("", ticket.clone()),
            TicketCreated,
            (Some("7"), Some("6")),
        ),
        (
            "helpdesk.ticket.updated_v1",
            all("object", ticket.clone()),
            TicketUpdated,
            (Some("7"), Some("6")),
        ),
        (
            "helpdesk.ticket_message.created_v1",
            all("ticket", json!({ "ticket_id": "7" })),
            MessageCreated,
            (Some("7"), None),
        ),
        (
            "helpdesk.ticket_message.created_v1",
            all("ticket", ticket),
            MessageCreated,
            (Some("7"), Some("6")),
        ),
        // Some servers send numbers.
        (
            "helpdesk.ticket.created_v1",
            all("", json!({ "ticket_id": 7 })),
            TicketCreated,
            (Some("7"), None),
        ),
        (
            approved,
            all("", json!({ "notification_id": "1" })),
            Other(approved.into()),
            (None, None),
        ),
        (
            "helpdesk.ticket.created_v2",
            json!(null),
            Other("helpdesk.ticket.created_v2".into()),
            (None, None),
        ),
    ] {
        let event = event(Request::new(&typed(name, content)).receive());
        assert_eq!((&event.kind, ids(&event)), (&kind, expected), "{name}");
        assert_eq!(event.kind.as_str(), name);
        assert_eq!(event.id, "5e3702a84e847582be8db7fb73283c02", "never the inner id");
    }
}

#[test]
fn reads_the_old_envelope() {
    let body = json!({
        "ts": format!("{SECONDS}.5171419"),
        "uuid": "bc447199585340d1f3728d26b1c0297a",
        "token": TOKEN,
        "type": "event_callback",
        "event": {
            "type": "helpdesk.ticket_message.created_v1",
            "app_id": "cli_0123456789abcdef",
            "event_id": "inner",
            "ticket": { "ticket_id": "7" }
        }
    });
    let event = event(Request::new(&body).receive());
    assert_eq!(event.id, "bc447199585340d1f3728d26b1c0297a");
    assert_eq!((event.kind.clone(), ids(&event)), (EventKind::MessageCreated, (Some("7"), None)));
    assert_eq!(
        (event.created_at, event.app_id.as_deref()),
        (Some(now()), Some("cli_0123456789abcdef"))
    );
}

#[test]
fn answers_a_url_challenge() {
    let challenge =
        json!({ "challenge": "ajls384k\"", "token": TOKEN, "type": "url_verification" });
    let reply = Ok(Incoming::Challenge(r#"{"challenge":"ajls384k\""}"#.into()));
    let encrypted = Request::new(&challenge);
    // It has no signature.
    let receive =
        |verifier: &EventVerifier, body: &str| verifier.receive(None, body.as_bytes(), now());
    assert_eq!(receive(&verifier(), &encrypted.body), reply);
    assert_eq!(encrypted.receive(), reply);
    assert_eq!(receive(&EventVerifier::new(TOKEN), &challenge.to_string()), reply);
    for (changed, plain) in [
        (with(challenge.clone(), "/token", "other".into()), EventError::WrongToken),
        (with(challenge.clone(), "/token", Value::Null), EventError::WrongToken),
        (with(challenge.clone(), "/token", json!([TOKEN])), EventError::WrongToken),
        (with(challenge.clone(), "/challenge", Value::Null), EventError::InvalidEvent("challenge")),
    ] {
        let body = Request::new(&changed).body;
        assert_eq!(receive(&verifier(), &body), Err(EventError::MissingSignature), "{changed}");
        assert_eq!(
            receive(&EventVerifier::new(TOKEN), &changed.to_string()),
            Err(plain),
            "{changed}"
        );
    }
    assert_eq!(receive(&verifier(), &challenge.to_string()), Err(EventError::NotEncrypted));
    assert_eq!(receive(&EventVerifier::new(TOKEN), &encrypted.body), Err(EventError::NoEncryptKey));
}

#[test]
fn refuses_a_request_whose_signature_does_not_match() {
    type Change = (&'static str, fn(&mut Request));
    let changes: [Change; 9] = [
        ("a changed byte of the body", |it| it.body = it.body.replacen("\"}", " \"}", 1)),
        ("JSON that was written again", |it| it.body = it.body.replacen(':', ": ", 1)),
        ("a line break after the body", |it| it.body.push('\n')),
        ("another timestamp", |it| it.timestamp = (SECONDS + 1).to_string()),
        ("another nonce", |it| it.nonce.push('0')),
        ("an empty signature", |it| it.signature.clear()),
        ("a short signature", |it| it.signature.truncate(63)),
        ("a long signature", |it| it.signature.push('0')),
        ("the signature of another key", |it| {
            it.signature = sign(&it.timestamp, &it.nonce, "other key", &it.body);
        }),
    ];
    for (name, change) in changes {
        let mut request = Request::new(&created());
        change(&mut request);
        assert_eq!(request.receive(), Err(EventError::WrongSignature), "{name}");
    }
    let mut request = Request::new(&created());
    request.signature = request.signature.to_uppercase();
    event(request.receive());
}

#[test]
fn refuses_what_is_not_signed_and_does_not_say_more() {
    let garbage = json!({ "encrypt": "not base64!" }).to_string();
    let other_key = json!({ "encrypt": encrypt(b"{}", "other key", false) }).to_string();
    for body in [Request::new(&created()).body, garbage, other_key] {
        let received = verifier().receive(None, body.as_bytes(), now());
        assert_eq!(received, Err(EventError::MissingSignature), "{body}");
    }
    let received = verifier().receive(None, created().to_string().as_bytes(), now());
    assert_eq!(received, Err(EventError::NotEncrypted));
}

#[test]
fn every_failure_to_decrypt_is_the_same() {
    let whole = STANDARD.decode(encrypt(created().to_string().as_bytes(), KEY, false)).unwrap();
    let padded = |last: &[u8]| {
        let mut text = vec![b' '; 32 - last.len()];
        text.extend_from_slice(last);
        encrypt(&text, KEY, true)
    };
    for (name, text) in [
        ("not base64", "P37w+VZI!".to_owned()),
        ("base64 without padding", STANDARD.encode(&whole).trim_end_matches('=').to_owned() + "="),
        ("empty", String::new()),
        ("only a vector", STANDARD.encode(&whole[..16])),
        ("less than a vector", STANDARD.encode(&whole[..15])),
        ("cut within a block", STANDARD.encode(&whole[..whole.len() - 1])),
        ("cut after a block", STANDARD.encode(&whole[..whole.len() - 16])),
        ("another key", encrypt(created().to_string().as_bytes(), "other key", false)),
        ("padding of 0", padded(&[0])),
        ("padding above a block", padded(&[17])),
        ("padding with different bytes", padded(&[3, 2, 3])),
        ("no JSON", encrypt(b"hello world", KEY, false)),
        ("no JSON object", encrypt(b"[]", KEY, false)),
        ("not UTF-8", encrypt(b"{\"a\":\"\xff\"}", KEY, false)),
    ] {
        let body = json!({ "encrypt": text }).to_string();
        let received = Request::signed(SECONDS, body.clone()).receive();
        assert_eq!(received, Err(EventError::NotDecryptable), "{name}");
        let saved = read_saved(body.as_bytes(), Some(&KEY.into()), None);
        assert_eq!(saved, Err(EventError::NotDecryptable), "{name}");
    }
    assert_eq!(STANDARD.decode(padded(&[1])).unwrap().len(), 48, "the helper makes whole blocks");
}

#[test]
fn checks_the_token_of_every_event() {
    for event in [
        with(created(), "/header/token", "other".into()),
        with(created(), "/header/token", "".into()),
        with(created(), "/header/token", Value::Null),
        with(with(created(), "/header/token", Value::Null), "/token", TOKEN.into()),
        json!({ "uuid": "1", "ts": SECONDS.to_string(), "event": { "type": "x" } }),
    ] {
        assert_eq!(Request::new(&event).receive(), Err(EventError::WrongToken), "{event}");
        let plain = EventVerifier::new(TOKEN).receive(None, event.to_string().as_bytes(), now());
        assert_eq!(plain, Err(EventError::WrongToken), "{event}");
        let saved = read_saved(event.to_string().as_bytes(), None, Some(&TOKEN.into()));
        assert_eq!(saved, Err(EventError::WrongToken), "{event}");
    }
    let empty = with(created(), "/header/token", "".into());
    let received = EventVerifier::new("").receive(None, empty.to_string().as_bytes(), now());
    assert_eq!(received, Err(EventError::WrongToken), "an empty token matches nothing");
}

#[test]
fn refuses_what_is_too_old_or_from_the_future() {
    let age = i64::try_from(MAX_AGE.as_secs()).unwrap();
    let skew = i64::try_from(MAX_CLOCK_SKEW.as_secs()).unwrap();
    let text = |seconds: i64, unit: i64| Value::from((seconds * unit).to_string());
    for (signed_at, created_at, is_accepted) in [
        (SECONDS - age, text(SECONDS - age, 1_000), true),
        (SECONDS + skew, text(SECONDS + skew, 1_000_000), true),
        (SECONDS, Value::Null, true),
        (SECONDS - age - 1, text(SECONDS, 1_000), false),
        (SECONDS, text(SECONDS - age - 1, 1_000), false),
        (SECONDS, text(SECONDS - age - 1, 1_000_000), false),
        (SECONDS + skew + 1, text(SECONDS, 1_000), false),
        (SECONDS, text(SECONDS + skew + 1, 1_000), false),
    ] {
        let event = with(created(), "/header/create_time", created_at);
        let body = Request::new(&event).body;
        let received = Request::signed(signed_at, body).receive();
        let expected = if is_accepted { None } else { Some(EventError::WrongTime) };
        assert_eq!(received.err(), expected, "{signed_at} {event}");
    }
    let mut request = Request::new(&created());
    request.timestamp = "now".into();
    request.signature = sign(&request.timestamp, &request.nonce, KEY, &request.body);
    assert_eq!(request.receive(), Err(EventError::WrongTime));

    let plain = |event: &Value| {
        EventVerifier::new(TOKEN).receive(None, event.to_string().as_bytes(), now()).err()
    };
    let untimed = with(created(), "/header/create_time", Value::Null);
    assert_eq!(plain(&untimed), Some(EventError::InvalidEvent("creation time")));
    let old = with(created(), "/header/create_time", text(SECONDS - age - 1, 1_000));
    assert_eq!(plain(&old), Some(EventError::WrongTime));
    event(read_saved(old.to_string().as_bytes(), None, None));
}

#[test]
fn names_what_an_event_lacks() {
    for (event, lacks) in [
        (with(created(), "/header/event_id", Value::Null), "event id"),
        (with(created(), "/header/event_id", "".into()), "event id"),
        (with(created(), "/header/event_type", Value::Null), "type"),
        (with(created(), "/header/create_time", "soon".into()), "creation time"),
        (with(created(), "/event/ticket_id", Value::Null), "ticket id"),
        (with(created(), "/event/ticket_id", "../x".into()), "ticket id"),
        (typed("helpdesk.ticket.updated_v1", json!({ "ticket_id": "7" })), "ticket id"),
        (typed("helpdesk.ticket_message.created_v1", json!({ "ticket_id": "7" })), "ticket id"),
        (typed("helpdesk.ticket.updated_v1", json!([])), "ticket id"),
        (json!({}), "type"),
    ] {
        let expected = Err(EventError::InvalidEvent(lacks));
        assert_eq!(Request::new(&event).receive(), expected, "{event}");
    }
    for body in ["", "[]", "{", "null", "\"x\"", "\u{feff}{}"] {
        let received = EventVerifier::new(TOKEN).receive(None, body.as_bytes(), now());
        assert_eq!(received, Err(EventError::NotJson), "{body}");
    }
}

#[test]
fn reads_saved_bodies_without_their_headers() {
    let (key, token) = (Secret::from(KEY), Secret::from(TOKEN));
    let encrypted = Request::new(&created()).body;
    let plain = created().to_string();
    for (body, key) in [(&encrypted, Some(&key)), (&plain, Some(&key)), (&plain, None)] {
        let event = event(read_saved(body.as_bytes(), key, Some(&token)));
        assert_eq!(ids(&event).0, Some("6626871355780366331"));
    }
    let saved = read_saved(encrypted.as_bytes(), None, Some(&token));
    assert_eq!(saved, Err(EventError::NoEncryptKey));
    let other = read_saved(encrypted.as_bytes(), Some(&"other".into()), None);
    assert_eq!(other, Err(EventError::NotDecryptable));
}

#[test]
fn every_failure_has_a_status_that_is_not_success() {
    use EventError::{
        InvalidEvent, MissingSignature, NoEncryptKey, NotDecryptable, NotEncrypted, NotJson,
        WrongSignature, WrongTime, WrongToken,
    };
    for (error, status) in [
        (MissingSignature, 401),
        (WrongSignature, 401),
        (NotEncrypted, 401),
        (NotDecryptable, 401),
        (WrongToken, 401),
        (WrongTime, 401),
        (NoEncryptKey, 503),
        (NotJson, 400),
        (InvalidEvent("type"), 400),
    ] {
        assert_eq!(error.http_status(), status, "{error}");
    }
    let debug = format!("{:?}", verifier());
    assert!(!debug.contains(KEY) && !debug.contains(TOKEN), "{debug}");
}
