//! Events that Feishu sends to a server of yours: verified, decrypted and read. No clock and no network.
//!
//! An event is a hint to read a ticket again, not the ticket: Feishu may send it twice, late and in any order, and a message event has
//! no complete ticket.
//!
//! ```
//! use feishu_provider::event::{EventVerifier, Incoming, SeenEvents, Signature};
//! use ticket_core::model::Timestamp;
//!
//! let verifier = EventVerifier::new("verification-token").with_encrypt_key("test key");
//! let mut seen = SeenEvents::default();
//! let now: Timestamp = "2026-01-31T08:00:00Z".parse()?;
//! # let body = br#"{"encrypt": "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="}"#;
//!
//! // From a request: the headers X-Lark-Request-Timestamp, X-Lark-Request-Nonce and X-Lark-Signature, and the exact bytes of the body.
//! let signature = Signature { timestamp: "1769846400", nonce: "693817", signature: "0d1e6e…" };
//! match verifier.receive(Some(&signature), body, now) {
//!     Ok(Incoming::Challenge(reply)) => println!("200 {reply}"),
//!     Ok(Incoming::Event(event)) if !seen.insert(&event.id, now) => println!("200, a duplicate"),
//!     Ok(Incoming::Event(event)) => println!("200, read {:?} again", event.ticket_id),
//!     Err(error) => println!("{} {error}", error.http_status()),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod crypto;
mod envelope;
mod seen;
#[cfg(test)]
mod tests;

use std::time::Duration;

use serde_json::Value;
use ticket_core::model::Timestamp;
use ticket_core::{Secret, TicketId};

pub use crypto::decrypt;
pub use seen::SeenEvents;

use envelope::Envelope;

/// How old an event may be, by default.
///
/// Feishu sends an event again after 15 seconds, 5 minutes, 1 hour and 6 hours if it was not answered with 200 in time. It does not
/// document whether a repeated request has a new timestamp.
pub const MAX_AGE: Duration = Duration::from_hours(8);

/// How far the clock of the sender may be ahead of ours.
pub const MAX_CLOCK_SKEW: Duration = Duration::from_mins(5);

/// Verifies and reads the requests of one app, with values of the developer console: Events & Callbacks, Encryption Strategy.
///
/// With an encrypt key, requests are signed and encrypted. Without one, only the verification token shows that a request is from
/// Feishu: set an encrypt key.
#[derive(Debug, Clone)]
pub struct EventVerifier {
    verification_token: Secret,
    encrypt_key: Option<Secret>,
    max_age: Duration,
}

/// The headers of a signed request.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    /// `X-Lark-Request-Timestamp`.
    pub timestamp: &'a str,
    /// `X-Lark-Request-Nonce`.
    pub nonce: &'a str,
    /// `X-Lark-Signature`: hexadecimal digits in lower or upper case.
    pub signature: &'a str,
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// Feishu checks the URL: respond with this JSON within one second.
    Challenge(String),
    /// Something happened: respond with 200 within three seconds, and read the ticket afterwards.
    Event(Event),
}

/// What happened, and to which ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Identifies the event; a repeated request has the same id. It is not the `event_id` within a message event.
    pub id: String,
    /// What happened.
    pub kind: EventKind,
    /// When the event was created.
    pub created_at: Option<Timestamp>,
    /// The ticket; every event of a known kind has one.
    pub ticket_id: Option<TicketId>,
    /// The helpdesk. A message event has none, unless its ticket names it.
    pub helpdesk_id: Option<String>,
    /// The app that receives the event.
    pub app_id: Option<String>,
    /// The tenant that the ticket belongs to.
    pub tenant_key: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// `helpdesk.ticket.created_v1`.
    TicketCreated,
    /// `helpdesk.ticket.updated_v1`: the status or the stage changed.
    TicketUpdated,
    /// `helpdesk.ticket_message.created_v1`.
    MessageCreated,
    /// Any other type of event, by its name.
    Other(String),
}

impl EventKind {
    /// Returns the kind of a type of event, such as `helpdesk.ticket.created_v1`.
    pub fn of(event_type: &str) -> Self {
        match event_type {
            "helpdesk.ticket.created_v1" => Self::TicketCreated,
            "helpdesk.ticket.updated_v1" => Self::TicketUpdated,
            "helpdesk.ticket_message.created_v1" => Self::MessageCreated,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Returns the type of event.
    pub fn as_str(&self) -> &str {
        match self {
            Self::TicketCreated => "helpdesk.ticket.created_v1",
            Self::TicketUpdated => "helpdesk.ticket.updated_v1",
            Self::MessageCreated => "helpdesk.ticket_message.created_v1",
            Self::Other(name) => name,
        }
    }
}

/// Why a request is refused. No message repeats the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// An encrypt key is set, and the request is neither signed nor a URL challenge.
    #[error("the request has no signature")]
    MissingSignature,
    /// The signature does not match: another encrypt key, or the body was changed.
    #[error(
        "the signature does not match: another encrypt key, or a body that was changed on the way"
    )]
    WrongSignature,
    /// An encrypt key is set, and the body is not encrypted.
    #[error(
        "the body is not encrypted, although an encrypt key is set: set the same key in the developer console"
    )]
    NotEncrypted,
    /// The body is encrypted, and no encrypt key is set.
    #[error("the body is encrypted: set the encrypt key that the developer console shows")]
    NoEncryptKey,
    /// The body cannot be decrypted. It is not said why, because that helps to guess the content.
    #[error("the body cannot be decrypted with this encrypt key")]
    NotDecryptable,
    /// The body is not a JSON object.
    #[error("the body is not a JSON object")]
    NotJson,
    /// The verification token is missing or another one.
    #[error("the verification token is missing or is not that of this app")]
    WrongToken,
    /// The event is too old, which may be a replay, or too far in the future.
    #[error("the event is too old or from the future: check the clock of this computer")]
    WrongTime,
    /// The event lacks a field, or a field is invalid.
    #[error("the event has no valid {0}")]
    InvalidEvent(&'static str),
}

impl EventError {
    /// Returns the HTTP status to respond with.
    pub fn http_status(self) -> u16 {
        match self {
            Self::MissingSignature
            | Self::WrongSignature
            | Self::NotEncrypted
            | Self::NotDecryptable
            | Self::WrongToken
            | Self::WrongTime => 401,
            // Feishu sends it again, when the key may be set.
            Self::NoEncryptKey => 503,
            Self::NotJson | Self::InvalidEvent(_) => 400,
        }
    }
}

impl EventVerifier {
    /// Creates a verifier without an encrypt key.
    pub fn new(verification_token: impl Into<Secret>) -> Self {
        Self { verification_token: verification_token.into(), encrypt_key: None, max_age: MAX_AGE }
    }

    /// Sets the encrypt key. From then on, requests without a valid signature are refused.
    #[must_use]
    pub fn with_encrypt_key(mut self, key: impl Into<Secret>) -> Self {
        self.encrypt_key = Some(key.into());
        self
    }

    /// Sets how old an event may be. [`SeenEvents`] has to remember events at least as long.
    #[must_use]
    pub fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Verifies and reads a request that arrived at `now`. `body` has the exact bytes.
    ///
    /// # Errors
    /// - Not from Feishu: [`MissingSignature`](EventError::MissingSignature), [`WrongSignature`](EventError::WrongSignature),
    ///   [`NotEncrypted`](EventError::NotEncrypted), [`NotDecryptable`](EventError::NotDecryptable),
    ///   [`WrongToken`](EventError::WrongToken).
    /// - Perhaps a replay: [`WrongTime`](EventError::WrongTime).
    /// - No event: [`NotJson`](EventError::NotJson), [`InvalidEvent`](EventError::InvalidEvent).
    /// - [`NoEncryptKey`](EventError::NoEncryptKey).
    pub fn receive(
        &self,
        signature: Option<&Signature<'_>>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Incoming, EventError> {
        let Some(key) = &self.encrypt_key else {
            let envelope = Envelope::of(&read(body, None)?)?;
            return self.accept(envelope, None, now);
        };
        let Some(signature) = signature else {
            return self.challenge(key, body);
        };
        if !crypto::is_signed(signature, key, body) {
            return Err(EventError::WrongSignature);
        }
        let signed_at = envelope::time(signature.timestamp).ok_or(EventError::WrongTime)?;
        self.accept(Envelope::of(&read(body, Some(key))?)?, Some(signed_at), now)
    }

    /// Reads a URL challenge, the only encrypted request that is not signed.
    ///
    /// Every other request gets the same error, so that nobody without the key learns what can be decrypted.
    fn challenge(&self, key: &Secret, body: &[u8]) -> Result<Incoming, EventError> {
        if encrypted(&object(body)?).is_none() {
            return Err(EventError::NotEncrypted);
        }
        let envelope = read(body, Some(key)).and_then(|body| Envelope::of(&body));
        match envelope {
            Ok(Envelope::Challenge { challenge, token })
                if crypto::is_same(&token, &self.verification_token) =>
            {
                Ok(Incoming::Challenge(reply(&challenge)))
            }
            _ => Err(EventError::MissingSignature),
        }
    }

    fn accept(
        &self,
        envelope: Envelope,
        signed_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Incoming, EventError> {
        if !crypto::is_same(envelope.token(), &self.verification_token) {
            return Err(EventError::WrongToken);
        }
        match envelope {
            Envelope::Challenge { challenge, .. } => Ok(Incoming::Challenge(reply(&challenge))),
            Envelope::Event { event, .. } => {
                let times = [signed_at, event.created_at];
                if times == [None, None] {
                    return Err(EventError::InvalidEvent("creation time"));
                }
                if times.into_iter().flatten().all(|time| self.is_current(time, now)) {
                    Ok(Incoming::Event(event))
                } else {
                    Err(EventError::WrongTime)
                }
            }
        }
    }

    fn is_current(&self, time: Timestamp, now: Timestamp) -> bool {
        let age = now.duration_since(time);
        match Duration::try_from(age) {
            Ok(age) => age <= self.max_age,
            Err(_) => age.unsigned_abs() <= MAX_CLOCK_SKEW,
        }
    }
}

/// Reads the saved body of a request.
///
/// Only the verification token is checked, if one is given, and that the body can be decrypted: the headers with the signature are not
/// part of the body, and a saved event may have any age.
///
/// # Errors
/// [`NoEncryptKey`](EventError::NoEncryptKey), [`NotDecryptable`](EventError::NotDecryptable), [`NotJson`](EventError::NotJson),
/// [`WrongToken`](EventError::WrongToken), [`InvalidEvent`](EventError::InvalidEvent).
pub fn read_saved(
    body: &[u8],
    encrypt_key: Option<&Secret>,
    verification_token: Option<&Secret>,
) -> Result<Incoming, EventError> {
    let object = object(body)?;
    let value = match encrypted(&object) {
        Some(_) => read(body, Some(encrypt_key.ok_or(EventError::NoEncryptKey)?))?,
        None => object,
    };
    let envelope = Envelope::of(&value)?;
    if verification_token.is_some_and(|token| !crypto::is_same(envelope.token(), token)) {
        return Err(EventError::WrongToken);
    }
    Ok(match envelope {
        Envelope::Challenge { challenge, .. } => Incoming::Challenge(reply(&challenge)),
        Envelope::Event { event, .. } => Incoming::Event(event),
    })
}

/// Returns the JSON of a body, which is encrypted exactly if there is a key.
fn read(body: &[u8], key: Option<&Secret>) -> Result<Value, EventError> {
    let value = object(body)?;
    match (encrypted(&value), key) {
        (None, None) => Ok(value),
        (Some(_), None) => Err(EventError::NoEncryptKey),
        (None, Some(_)) => Err(EventError::NotEncrypted),
        // The wrong key may give text by chance; that it is not JSON is the same failure.
        (Some(text), Some(key)) => {
            object(&decrypt(text, key)?).map_err(|_| EventError::NotDecryptable)
        }
    }
}

fn object(text: &[u8]) -> Result<Value, EventError> {
    let value = serde_json::from_slice(text).ok().filter(Value::is_object);
    value.ok_or(EventError::NotJson)
}

/// Returns the encrypted text of a body.
fn encrypted(body: &Value) -> Option<&str> {
    body.get("encrypt")?.as_str()
}

fn reply(challenge: &str) -> String {
    serde_json::json!({ "challenge": challenge }).to_string()
}
