//! Maps error responses of EngageLab to errors.

use ticket_core::decode::{Document, TextOr, quoted};
use ticket_core::{Error, ErrorKind, Response};

use crate::wire::{ErrorResponse, NestedError};

/// Converts an error response to an error.
///
/// `LiveDesk` documents no codes, and other products of EngageLab use different ones. So the HTTP status decides, and the
/// code is kept.
pub(crate) fn error_response(response: &Response) -> Error {
    to_error(response, error_details(response))
}

/// Converts a response with this code to an error; the code is kept even if the rest cannot be read.
pub(crate) fn error_with_code(code: i64, response: &Response) -> Error {
    let (sent, message) = error_details(response).unwrap_or_default();
    to_error(response, Some((sent.or(Some(code.to_string())), message)))
}

fn to_error(response: &Response, details: Option<ErrorDetails>) -> Error {
    let kind = match response.http_status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status) {
        // Only the service itself, in JSON, can say that a ticket does not exist.
        ErrorKind::NotFound if details.is_none() => ErrorKind::InvalidResponse,
        kind => kind,
    };
    let (code, message) = details.unwrap_or_default();
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

/// Returns the error for a response without `code`; it may be an error response in another format.
pub(crate) fn no_envelope(response: &Response, pointer: String) -> Error {
    let message = "the response has no valid `code`";
    let (code, text) = error_details(response).unwrap_or_default();
    let message = text.map_or(message.to_owned(), |text| format!("{message}: {}", quoted(&text)));
    let error = Error::new(ErrorKind::InvalidResponse, message).with_path(pointer);
    match code.filter(|code| code != "0") {
        Some(code) => error.with_code(code),
        None => error,
    }
}

/// The code and the message of an error response.
type ErrorDetails = (Option<String>, Option<String>);

/// Reads code and message of an error response, in any of its formats.
fn error_details(response: &Response) -> Option<ErrorDetails> {
    let document = Document::open(response).ok()?;
    let ErrorResponse { code, message, error, unknown: _ } = document.parse().ok()?;
    let cursor = document.root();
    let (code, message) = (cursor.integer_id(code), cursor.text(message));
    Some(match cursor.object(error) {
        None => (code, message),
        Some((cursor, TextOr::Text(text))) => (code, message.or(cursor.text_of(text))),
        Some((cursor, TextOr::Object(NestedError { code: inner, message: text, unknown: _ }))) => {
            (code.or(cursor.integer_id(inner)), message.or(cursor.text(text)))
        }
    })
}

fn meaning(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "the service rejected the request as invalid",
        ErrorKind::Unauthenticated => "the API key or its secret is wrong",
        ErrorKind::PermissionDenied => "the API key may not read this ticket",
        ErrorKind::NotFound => "ticket not found",
        ErrorKind::InvalidResponse => "no LiveDesk API at this address; check the base URL",
        ErrorKind::RateLimited => "too many requests",
        ErrorKind::Unavailable => "the service is unavailable",
        ErrorKind::Timeout => "the service timed out",
        _ => "the service rejected the request",
    }
}

fn hint(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Unauthenticated => {
            Some("find key and secret in the console under Project Settings, API Management")
        }
        ErrorKind::PermissionDenied => {
            Some("check the permissions of the API data source of this key in the console")
        }
        ErrorKind::NotFound => Some("check the id"),
        ErrorKind::InvalidResponse => {
            Some("compare base URL and path prefix with the documentation")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ticket_core::{Decoder, ErrorKind, Response, VocabularyOverrides};

    use crate::EngageLab;

    #[test]
    fn reports_not_found_only_if_the_service_says_so() {
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
    fn keeps_the_code_of_a_malformed_error_response() {
        let body = r#"{"code": 3004, "message": "limited", "error": "a", "error": "b"}"#;
        let response = Response::saved(EngageLab.ticket_operation(), body);
        let error = EngageLab.decode(&[response], &VocabularyOverrides::default()).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("3004")));
    }
}
