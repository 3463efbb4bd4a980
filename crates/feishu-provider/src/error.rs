//! Maps error responses of Feishu to errors: one table of codes.

use ticket_core::decode::{Cursor, Document, Field, Scalar, quoted};
use ticket_core::{Error, ErrorKind, Response};

use crate::wire::{Details, ErrorResponse, FieldViolation, PermissionViolation};
use crate::{GET_TICKET, LIST_MESSAGES, LIST_TICKETS};

/// A code of the service, or a range of codes.
struct Code {
    first: u64,
    last: u64,
    kind: ErrorKind,
    meaning: &'static str,
    hint: Option<&'static str>,
}

const CREDENTIALS: &str = "check the app id and secret, and whether the app is one of Feishu or of Lark: the region or the base URL has to \
                           be the same";
const TOKEN: &str = "get a new token: it has expired, or it is one of Lark and the address is of Feishu, or the reverse. With an app id \
                     and secret, the service rejects the token that it has just issued: try again later";
const HELPDESK: &str = "check the helpdesk id and token (Settings centre, API credentials), and that app and helpdesk belong \
                        to the same tenant";
const SCOPE: &str = "add the scope to the app, publish a new version, and let the tenant's administrator approve it";

/// The code of a request with an invalid value; which one depends on the operation.
const INVALID_REQUEST: u64 = 154_000;

/// All documented codes that a read-only client can receive.
#[rustfmt::skip]
const CODES: &[Code] = &[
    code(INVALID_REQUEST, ErrorKind::InvalidRequest, "the service rejected the request as invalid", None),
    code(154_001, ErrorKind::Unauthenticated, "the helpdesk credentials were rejected", Some(HELPDESK)),
    code(154_003, ErrorKind::PermissionDenied, "the credentials have no access to this ticket", Some(HELPDESK)),
    code(154_004, ErrorKind::NotFound, "ticket not found", Some("check the id; a ticket of another helpdesk needs the id and token of that helpdesk")),
    code(154_404, ErrorKind::NotFound, "the image does not exist, or was deleted", None),
    code(155_000, ErrorKind::Unavailable, "internal error of the service", None),
    code(2_200, ErrorKind::Unavailable, "internal error of the service", None),
    code(9_499, ErrorKind::InvalidRequest, "the service rejected the request as invalid", None),
    code(10_003, ErrorKind::Unauthenticated, "the app id or secret is malformed", Some(CREDENTIALS)),
    code(10_014, ErrorKind::Unauthenticated, "the app id or secret is wrong", Some(CREDENTIALS)),
    code(10_015, ErrorKind::Unauthenticated, "the app secret is wrong", Some(CREDENTIALS)),
    code(99_991_400, ErrorKind::RateLimited, "too many requests", None),
    code(99_991_401, ErrorKind::PermissionDenied, "the IP address of this machine is not on the app's allow list", Some("add the address to the allow list, or clear the list")),
    code(99_991_403, ErrorKind::QuotaExhausted, "the tenant's monthly quota of calls is used up", Some("wait for the next month, or get a larger plan")),
    code(99_991_543, ErrorKind::Unauthenticated, "the app id or secret is wrong", Some(CREDENTIALS)),
    code(99_991_661, ErrorKind::Unauthenticated, "no token was sent", None),
    code(99_991_662, ErrorKind::PermissionDenied, "the app is disabled", Some("enable the app in the developer console")),
    code(99_991_663, ErrorKind::Unauthenticated, "the tenant access token is invalid", Some(TOKEN)),
    code(99_991_664, ErrorKind::Unauthenticated, "the app access token is invalid", Some(TOKEN)),
    code(99_991_665, ErrorKind::Unauthenticated, "the tenant access token is malformed", Some(TOKEN)),
    code(99_991_668, ErrorKind::Unauthenticated, "a user access token is not accepted here", Some("use a tenant access token; it begins with t-")),
    code(99_991_671, ErrorKind::Unauthenticated, "the token is malformed", Some("a tenant access token begins with t-")),
    code(99_991_672, ErrorKind::PermissionDenied, "the app lacks a scope", Some(SCOPE)),
    code(99_991_673, ErrorKind::PermissionDenied, "the app is not installed in this tenant", Some("let the tenant's administrator install the app")),
    code(99_991_676, ErrorKind::PermissionDenied, "the token lacks a permission", Some(SCOPE)),
    code(99_991_677, ErrorKind::Unauthenticated, "the user access token has expired", None),
    code(99_991_679, ErrorKind::PermissionDenied, "the user access token lacks a permission", Some(SCOPE)),
    Code { first: 99_992_351, last: 99_992_381, kind: ErrorKind::NotFound, meaning: "an id does not exist, or belongs to another app or tenant", hint: None },
    code(99_992_402, ErrorKind::InvalidRequest, "a field of the request is invalid", None),
];

/// Codes that a new token may fix.
#[cfg(feature = "http")]
const TOKEN_REFUSED: &[&str] = &["99991663", "99991664", "99991671"];

const fn code(
    code: u64,
    kind: ErrorKind,
    meaning: &'static str,
    hint: Option<&'static str>,
) -> Code {
    Code { first: code, last: code, kind, meaning, hint }
}

/// Returns whether the error is about the token, so that a new token may help.
///
/// The HTTP status does not say: 401 comes with codes that no token fixes, and a rejected token with 400 or 200.
#[cfg(feature = "http")]
pub(crate) fn is_about_token(error: &Error) -> bool {
    error.code().is_some_and(|code| TOKEN_REFUSED.contains(&code))
}

/// Checks that the code of an envelope is the integer 0.
///
/// # Errors
/// The kind of the code; `InvalidResponse` if the code is missing.
pub(crate) fn check_code(
    response: &Response,
    cursor: &Cursor<'_>,
    code: &Field<Scalar<'_>>,
) -> Result<(), Error> {
    match cursor.exact_integer(code) {
        Some(0) => Ok(()),
        Some(number) => {
            let mut details = error_details(response);
            // The code is kept even if the rest cannot be read.
            details.code.get_or_insert_with(|| number.to_string());
            Err(to_error(response, details))
        }
        None => {
            let message = "the response has no valid `code`";
            let pointer = cursor.key(code.key()).pointer();
            let hint = "expected the whole response, {\"code\":0,\"data\":{…}}, and not only the ticket in it";
            Err(Error::new(ErrorKind::InvalidResponse, message).with_path(pointer).with_hint(hint))
        }
    }
}

/// Checks that the response of any call is a success.
///
/// # Errors
/// The kind of the code or of the HTTP status; `InvalidResponse` if it is not a response of this API.
#[cfg(feature = "http")]
pub(crate) fn check(response: &Response) -> Result<(), Error> {
    if !response.is_success() {
        return Err(error_response(response));
    }
    let document = Document::open(response)?;
    let ErrorResponse { code, .. } = document.parse()?;
    check_code(response, &document.root(), &code)
}

/// Converts an error response to an error: by its code, or by its HTTP status if it has no known code.
pub(crate) fn error_response(response: &Response) -> Error {
    to_error(response, error_details(response))
}

fn to_error(response: &Response, details: ErrorDetails) -> Error {
    let number = details.code.as_deref().filter(|code| *code != "0");
    let known = number.and_then(|code| code.parse().ok()).and_then(|code: u64| {
        CODES.iter().find(|known| (known.first..=known.last).contains(&code))
    });
    let (kind, meaning) = if let Some(code) = known {
        (code.kind, code.meaning)
    } else {
        let kind = of_status(response.http_status, number.is_some());
        (kind, of_kind(kind))
    };
    let mut message = meaning.to_owned();
    for part in &details.parts {
        message.push_str(": ");
        message.push_str(part);
    }
    let mut error = Error::new(kind, message);
    if let Some(code) = number {
        error = error.with_code(code);
    }
    // The documented header takes precedence over the body.
    if let Some(id) = details.request_id.filter(|_| response.request_id().is_none()) {
        error = error.with_request_id(id);
    }
    match known.and_then(|code| hint(code, response.operation)) {
        Some(hint) if details.scopes.is_empty() => error.with_hint(hint),
        Some(hint) => error.with_hint(format!("{hint}; scope: {}", details.scopes.join(" or "))),
        None => error,
    }
}

/// Returns what to do about a code in the response of this operation.
fn hint(code: &Code, operation: &str) -> Option<&'static str> {
    match operation {
        GET_TICKET | LIST_MESSAGES if code.first == INVALID_REQUEST => {
            Some("a Feishu ticket id is a number such as 6626871355780366331")
        }
        LIST_TICKETS if code.first == INVALID_REQUEST => Some("check the values of the filters"),
        _ => code.hint,
    }
}

/// Returns the kind of an HTTP status, for a response without a known code.
fn of_status(http_status: Option<u16>, has_code: bool) -> ErrorKind {
    match http_status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status) {
        // A retryable status is retryable with any unknown code.
        kind if kind.is_retryable() => kind,
        _ if has_code => ErrorKind::Rejected,
        // The service reports a missing ticket with a code. A 404 without a code comes from something else.
        ErrorKind::NotFound => ErrorKind::InvalidResponse,
        kind => kind,
    }
}

fn of_kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "the service rejected the request as invalid",
        ErrorKind::Unauthenticated => "the credentials were rejected",
        ErrorKind::PermissionDenied => "the credentials have no access to this ticket",
        ErrorKind::InvalidResponse => "no Feishu API at this address; check the base URL",
        ErrorKind::RateLimited => "too many requests",
        ErrorKind::Unavailable => "the service is unavailable",
        ErrorKind::Timeout => "the service timed out",
        _ => "the service rejected the request",
    }
}

/// At most this many fields or scopes are quoted in an error.
const MAX_QUOTED: usize = 5;

/// The details of an error response.
#[derive(Default)]
struct ErrorDetails {
    code: Option<String>,
    request_id: Option<String>,
    /// The message and the invalid fields, quoted.
    parts: Vec<String>,
    /// The scopes; one of them is missing.
    scopes: Vec<String>,
}

fn error_details(response: &Response) -> ErrorDetails {
    let mut found = ErrorDetails::default();
    let Ok(document) = Document::open(response) else { return found };
    let Ok(ErrorResponse { code, msg, error, unknown: _ }) = document.parse() else { return found };
    let cursor = document.root();
    found.code = cursor.integer_id(code);
    found.parts.extend(cursor.text(msg).filter(|text| !text.is_empty()).map(|text| quoted(&text)));
    if let Some((cursor, details)) = cursor.object(error) {
        let Details { log_id, logid, field_violations, permission_violations, unknown: _ } =
            details;
        found.request_id = cursor.id(log_id).or(cursor.id(logid));
        let fields = cursor.list(field_violations, |cursor, violation| {
            let FieldViolation { field, description, unknown: _ } = violation;
            let parts = [cursor.text(field), cursor.text(description)];
            quoted(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        });
        found.parts.extend(fields.unwrap_or_default().into_iter().take(MAX_QUOTED));
        let scopes = cursor.list(permission_violations, |cursor, violation| {
            let PermissionViolation { scope, subject, unknown: _ } = violation;
            cursor.text(subject).or(cursor.text(scope)).map(|scope| quoted(&scope))
        });
        found.scopes.extend(scopes.unwrap_or_default().into_iter().flatten().take(MAX_QUOTED));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{CODES, error_response};
    use crate::{Feishu, GET_TICKET, LIST_FIELDS, LIST_MESSAGES, LIST_TICKETS};
    use ticket_core::{Decoder, ErrorKind, Response, VocabularyOverrides};

    fn error(http_status: u16, body: &str) -> ticket_core::Error {
        let mut response = Response::saved("get_ticket", body.to_owned());
        response.http_status = Some(http_status);
        error_response(&response)
    }

    #[test]
    fn documented_codes_have_their_kind_with_any_http_status() {
        for (code, kind) in [
            (154_000, ErrorKind::InvalidRequest),
            (154_001, ErrorKind::Unauthenticated),
            (154_003, ErrorKind::PermissionDenied),
            (154_004, ErrorKind::NotFound),
            (155_000, ErrorKind::Unavailable),
            (10_003, ErrorKind::Unauthenticated),
            (10_014, ErrorKind::Unauthenticated),
            (99_991_400, ErrorKind::RateLimited),
            (99_991_403, ErrorKind::QuotaExhausted),
            (99_991_663, ErrorKind::Unauthenticated),
            (99_991_672, ErrorKind::PermissionDenied),
            (99_992_360, ErrorKind::NotFound),
        ] {
            for http_status in [200, 400, 401, 403, 404, 500] {
                let error = error(http_status, &format!(r#"{{"code": {code}, "msg": "m"}}"#));
                assert_eq!(error.kind(), kind, "{code} with HTTP {http_status}");
                assert_eq!(error.code(), Some(code.to_string().as_str()));
            }
        }
    }

    #[test]
    fn hint_about_an_invalid_request_depends_on_the_operation() {
        for (operation, hint) in [
            (GET_TICKET, Some("a Feishu ticket id is a number such as 6626871355780366331")),
            (LIST_MESSAGES, Some("a Feishu ticket id is a number such as 6626871355780366331")),
            (LIST_TICKETS, Some("check the values of the filters")),
            (LIST_FIELDS, None),
        ] {
            let error = error_response(&Response::saved(operation, r#"{"code": 154000}"#));
            assert_eq!(error.hint(), hint, "{operation}");
        }
    }

    #[test]
    fn uses_the_http_status_without_a_code() {
        for body in ["", "<html>", "null", "[]", "{}", r#"{"code": 0}"#, r#"{"code": null}"#] {
            assert_eq!(error(502, body).kind(), ErrorKind::Unavailable, "{body}");
            assert_eq!(error(401, body).kind(), ErrorKind::Unauthenticated, "{body}");
            assert_eq!(error(429, body).kind(), ErrorKind::RateLimited, "{body}");
            assert_eq!(error(502, body).code(), None, "{body}");
        }
    }

    #[test]
    fn retries_an_unknown_code_by_its_http_status() {
        for (http_status, kind) in [
            (200, ErrorKind::Rejected),
            (400, ErrorKind::Rejected),
            (404, ErrorKind::Rejected),
            (408, ErrorKind::Timeout),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Unavailable),
            (503, ErrorKind::Unavailable),
        ] {
            let error = error(http_status, r#"{"code": 7}"#);
            assert_eq!((error.kind(), error.code()), (kind, Some("7")), "{http_status}");
        }
    }

    #[test]
    fn reports_not_found_only_with_a_code() {
        for body in ["", "<html>", "{}", r#"{"code": 0}"#] {
            let error = error(404, body);
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert_eq!(error.message(), "no Feishu API at this address; check the base URL");
        }
        assert_eq!(error(404, r#"{"code": 154004}"#).kind(), ErrorKind::NotFound);
    }

    #[test]
    fn names_the_missing_scope_and_keeps_the_log_id() {
        let body = r#"{"code": 99991672, "msg": "Access denied.", "error": {"log_id": "2026",
            "permission_violations": [{"type": "action_scope_required", "subject": "helpdesk:all:readonly"}]}}"#;
        let error = error(400, body);
        assert!(
            error.hint().unwrap().ends_with("scope: \"helpdesk:all:readonly\""),
            "{:?}",
            error.hint()
        );
        assert_eq!(error.request_id(), Some("2026"));
        assert_eq!(error.message(), "the app lacks a scope: \"Access denied.\"");
    }

    #[test]
    fn keeps_the_code_of_a_malformed_error_response() {
        let body = r#"{"code": 2200, "msg": "Internal Error", "error": {}, "error": {}}"#;
        let response = Response::saved("get_ticket", body);
        let error = Feishu.decode(&[response], &VocabularyOverrides::default()).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, Some("2200")));
    }

    #[test]
    fn quotes_only_a_few_scopes_and_fields() {
        let fields = r#"{"field": "f", "description": "d"}, "#.repeat(1_000);
        let scopes = r#"{"subject": "s"}, "#.repeat(1_000);
        let body = format!(
            r#"{{"code": 99991672, "error": {{"field_violations": [{fields}0], "permission_violations": [{scopes}0]}}}}"#
        );
        let error = error(400, &body);
        assert_eq!(error.message().matches("\"f d\"").count(), 5);
        assert_eq!(error.hint().unwrap().matches("\"s\"").count(), 5);
    }

    #[test]
    fn no_code_is_in_the_table_twice() {
        for (index, code) in CODES.iter().enumerate() {
            for other in &CODES[index + 1..] {
                assert!(code.last < other.first || other.last < code.first, "{}", code.first);
            }
        }
    }
}
