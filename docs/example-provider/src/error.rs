//! What a refusal of Acorn Desk means.

use ticket_core::decode::{Document, TextOr, quoted};
use ticket_core::{Error, ErrorKind, Response};

use crate::wire::{Refusal, Told};

/// What the codes mean that say more than the HTTP status.
const CODES: &[(&str, ErrorKind, &str)] = &[
    ("bad_id", ErrorKind::InvalidRequest, "the id of a ticket is a number"),
    ("other_desk", ErrorKind::PermissionDenied, "the token is that of another desk"),
    ("ticket_erased", ErrorKind::NotFound, "the ticket was erased for its requester"),
];

/// The error behind a response that is no success: the code decides what it is, and where it says no more the HTTP status.
pub(crate) fn refusal(response: &Response) -> Error {
    let (code, message) = said(response).unwrap_or_default();
    let known = CODES.iter().find(|(known, ..)| code.as_deref() == Some(known));
    let (kind, meaning) = known.map_or_else(
        || {
            let kind = response.http_status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status);
            (kind, meaning(kind))
        },
        |(_, kind, meaning)| (*kind, *meaning),
    );
    let message = match message {
        Some(message) => format!("{meaning}: {}", quoted(&message)),
        None => meaning.to_owned(),
    };
    let error = Error::new(kind, message);
    match code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

/// The code and the message of a refusal, in whichever of the usual forms.
fn said(response: &Response) -> Option<(Option<String>, Option<String>)> {
    let document = Document::open(response).ok()?;
    let Refusal { code, message, error, unknown: _ } = document.parse().ok()?;
    let cursor = document.root();
    let (code, message) = (cursor.id(code), cursor.text(message));
    Some(match cursor.object(error) {
        None => (code, message),
        Some((cursor, TextOr::Text(text))) => (code, message.or(cursor.text_of(text))),
        Some((cursor, TextOr::Object(Told { code: inner, message: text, unknown: _ }))) => {
            (code.or(cursor.id(inner)), message.or(cursor.text(text)))
        }
    })
}

fn meaning(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "the service cannot make sense of the request",
        ErrorKind::Unauthenticated => "the credentials are wrong",
        ErrorKind::PermissionDenied => "the credentials do not give access to this ticket",
        ErrorKind::NotFound => "there is no such ticket",
        ErrorKind::RateLimited => "too many requests just now",
        ErrorKind::Unavailable => "the service is unavailable",
        ErrorKind::Timeout => "the service took too long",
        _ => "the service refused",
    }
}
