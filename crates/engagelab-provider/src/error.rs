//! What a refusal of EngageLab means.

use ticket_core::decode::{Document, TextOr, quoted};
use ticket_core::{Error, ErrorKind, Response};

use crate::wire::{NestedRefusal, Refusal};

/// The error behind a response that is no success.
///
/// `LiveDesk` documents no codes, and its siblings contradict each other. So the HTTP status decides where it is one
/// of failure, and the code is kept.
pub(crate) fn refusal(response: &Response) -> Error {
    told(response, said(response))
}

/// The error behind a response with this code; what cannot be read as a refusal keeps it all the same.
pub(crate) fn refusal_with(code: i64, response: &Response) -> Error {
    let (said, message) = said(response).unwrap_or_default();
    told(response, Some((said.or(Some(code.to_string())), message)))
}

fn told(response: &Response, said: Option<Said>) -> Error {
    let kind = match response.http_status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status) {
        // A page that says so is not the service: nothing responds here that knows of tickets.
        ErrorKind::NotFound if said.is_none() => ErrorKind::InvalidResponse,
        kind => kind,
    };
    let (code, message) = said.unwrap_or_default();
    let message = match message {
        Some(message) => format!("{}: {}", meaning(kind), quoted(&message)),
        None => meaning(kind).to_owned(),
    };
    let mut error = Error::new(kind, message);
    if let Some(code) = code.filter(|code| code != "0") {
        error = error.with_code(code);
    }
    match hint(kind) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// The error behind a response without the code that every response has; it may be a refusal of another form.
pub(crate) fn no_envelope(response: &Response, pointer: String) -> Error {
    let message = "the response is no envelope: its code is missing or no integer";
    let (code, said) = said(response).unwrap_or_default();
    let message = said.map_or(message.to_owned(), |said| format!("{message}: {}", quoted(&said)));
    let error = Error::new(ErrorKind::InvalidResponse, message).with_path(pointer);
    match code.filter(|code| code != "0") {
        Some(code) => error.with_code(code),
        None => error,
    }
}

/// The code and the message of a refusal.
type Said = (Option<String>, Option<String>);

/// What a refusal says of itself, in whichever of its forms.
fn said(response: &Response) -> Option<Said> {
    let document = Document::open(response).ok()?;
    let Refusal { code, message, error, unknown: _ } = document.parse().ok()?;
    let cursor = document.root();
    let (code, message) = (cursor.integer_id(code), cursor.text(message));
    Some(match cursor.object(error) {
        None => (code, message),
        Some((cursor, TextOr::Text(text))) => (code, message.or(cursor.text_of(text))),
        Some((
            cursor,
            TextOr::Object(NestedRefusal { code: inner, message: text, unknown: _ }),
        )) => (code.or(cursor.integer_id(inner)), message.or(cursor.text(text))),
    })
}

fn meaning(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "the service cannot make sense of the request",
        ErrorKind::Unauthenticated => "the API key or its secret is wrong",
        ErrorKind::PermissionDenied => "the API key may not read this ticket",
        ErrorKind::NotFound => "there is no such ticket",
        ErrorKind::InvalidResponse => "there is nothing at this address; check the base URL",
        ErrorKind::RateLimited => "too many requests just now",
        ErrorKind::Unavailable => "the service is unavailable",
        ErrorKind::Timeout => "the service took too long",
        _ => "the service refused",
    }
}

fn hint(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Unauthenticated => {
            Some("key and secret stand in the console under Project Settings, API Management")
        }
        ErrorKind::PermissionDenied => {
            Some("check in the console what the API data source of this key may do")
        }
        ErrorKind::NotFound => Some("check the id"),
        ErrorKind::InvalidResponse => {
            Some("the base URL and its path prefix are those of the documentation")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ticket_core::{Decoder, ErrorKind, Response, VocabularyOverrides};

    use crate::EngageLab;

    #[test]
    fn only_the_service_says_that_there_is_no_such_ticket() {
        for (body, kind) in [
            (r#"{"code": 4001, "message": "ticket not found"}"#, ErrorKind::NotFound),
            (r#"{"error": "not found"}"#, ErrorKind::NotFound),
            ("<html>404 page not found</html>", ErrorKind::InvalidResponse),
            ("", ErrorKind::InvalidResponse),
        ] {
            let mut response = Response::saved(EngageLab.ticket_operation(), body);
            response.http_status = Some(404);
            let error = EngageLab.decode(&[response], &VocabularyOverrides::default()).unwrap_err();
            assert_eq!(error.kind(), kind, "{body}");
        }
    }

    #[test]
    fn a_refusal_that_contradicts_itself_keeps_its_code() {
        let body = r#"{"code": 3004, "message": "limited", "error": "a", "error": "b"}"#;
        let response = Response::saved(EngageLab.ticket_operation(), body);
        let error = EngageLab.decode(&[response], &VocabularyOverrides::default()).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("3004")));
    }
}
