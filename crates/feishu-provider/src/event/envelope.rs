//! The envelope of a request: a URL challenge, or an event of version 2 or 1.

use serde_json::Value;
use ticket_core::TicketId;
use ticket_core::model::Timestamp;

use super::{Event, EventError, EventKind};

/// What a body holds, before its token is checked.
pub(super) enum Envelope {
    Challenge { challenge: String, token: String },
    Event { event: Event, token: String },
}

impl Envelope {
    /// Reads a body that is not encrypted.
    pub(super) fn of(body: &Value) -> Result<Self, EventError> {
        if body["type"] == "url_verification" {
            let challenge = text(&body["challenge"]);
            let challenge = challenge.ok_or(EventError::InvalidEvent("challenge"))?;
            return Ok(Self::Challenge { challenge, token: token(&body["token"]) });
        }
        let header = &body["header"];
        let content = &body["event"];
        // Version 1 has the same facts at the top, with other names.
        let (about, id, event_type, time) = if header.is_object() {
            (header, &header["event_id"], &header["event_type"], &header["create_time"])
        } else {
            (body, &body["uuid"], &content["type"], &body["ts"])
        };
        let event_type = text(event_type).ok_or(EventError::InvalidEvent("type"))?;
        let kind = EventKind::of(&event_type);
        let ticket = match &kind {
            EventKind::TicketCreated => content,
            EventKind::TicketUpdated => &content["object"],
            EventKind::MessageCreated => &content["ticket"],
            EventKind::Other(_) => &Value::Null,
        };
        let ticket_id = match &kind {
            EventKind::Other(_) => None,
            _ => Some(ticket_id(&ticket["ticket_id"])?),
        };
        let app = |key| text(&about[key]).or_else(|| text(&content[key]));
        let event = Event {
            id: text(id).ok_or(EventError::InvalidEvent("event id"))?,
            created_at: match text(time) {
                None => None,
                Some(time) => {
                    Some(self::time(&time).ok_or(EventError::InvalidEvent("creation time"))?)
                }
            },
            ticket_id,
            helpdesk_id: text(&ticket["helpdesk_id"]),
            app_id: app("app_id"),
            tenant_key: app("tenant_key"),
            kind,
        };
        Ok(Self::Event { event, token: token(&about["token"]) })
    }

    /// Returns the verification token; empty if there is none.
    pub(super) fn token(&self) -> &str {
        match self {
            Self::Challenge { token, .. } | Self::Event { token, .. } => token,
        }
    }
}

fn ticket_id(value: &Value) -> Result<TicketId, EventError> {
    let id = text(value).and_then(|id| TicketId::new(id).ok());
    id.ok_or(EventError::InvalidEvent("ticket id"))
}

fn token(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Returns a text that is not empty; a number is its digits.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads a time in seconds, milliseconds or microseconds since 1970. Their magnitude shows which: the documentation has all three.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    /// From here on, seconds would be after the year 5000, and milliseconds before the year 1974.
    const MILLISECONDS: i64 = 100_000_000_000;
    const MICROSECONDS: i64 = MILLISECONDS * 1_000;
    // Version 1 has seconds with a fraction.
    let number: i64 = text.split_once('.').map_or(text, |(whole, _)| whole).parse().ok()?;
    let time = match number {
        0..MILLISECONDS => Timestamp::from_second(number),
        MILLISECONDS..MICROSECONDS => Timestamp::from_millisecond(number),
        MICROSECONDS.. => Timestamp::from_microsecond(number),
        _ => return None,
    };
    time.ok()
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn reads_times_by_their_magnitude() {
        for (text, expected) in [
            ("0", Some("1970-01-01T00:00:00Z")),
            ("1502199207.7171419", Some("2017-08-08T13:33:27Z")),
            ("1769846400", Some("2026-01-31T08:00:00Z")),
            ("1769846400123", Some("2026-01-31T08:00:00.123Z")),
            ("1769846400123456", Some("2026-01-31T08:00:00.123456Z")),
            ("9223372036854775807", None),
            ("-1", None),
            ("", None),
            ("soon", None),
            (" 1", None),
        ] {
            assert_eq!(time(text).map(|time| time.to_string()).as_deref(), expected, "{text}");
        }
    }
}
