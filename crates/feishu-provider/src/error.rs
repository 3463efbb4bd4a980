//! What a refusal of Feishu means: one table of codes.

use ticket_core::decode::{Cursor, Document, Field, Scalar, quoted};
use ticket_core::{Error, ErrorKind, Response};

use crate::wire::{Details, FieldViolation, PermissionViolation, Refusal};

/// A code of the service, or a range of them.
struct Code {
    first: u64,
    last: u64,
    kind: ErrorKind,
    meaning: &'static str,
    hint: Option<&'static str>,
}

const CREDENTIALS: &str = "check the app's id and secret, and that the base URL is that of the app's brand \
                           (open.feishu.cn or open.larksuite.com)";
const TOKEN: &str = "a token that you gave has ended, or is of another brand: get a new one, or give the app's id and secret \
                     instead; where these are given, the service refuses the token that it hands out itself";
const HELPDESK: &str = "check the helpdesk's id and token (Settings centre, API credentials), and that app and helpdesk \
                        belong to the same tenant";
const SCOPE: &str = "add the scope to the app, publish a new version of it and have the tenant's administrator approve it";

/// Every documented code that a reading client can meet.
#[rustfmt::skip]
const CODES: &[Code] = &[
    code(154_000, ErrorKind::InvalidRequest, "the service cannot make sense of the request", Some("a Feishu ticket id is a number such as 6626871355780366331")),
    code(154_001, ErrorKind::Unauthenticated, "the helpdesk does not accept the credentials", Some(HELPDESK)),
    code(154_003, ErrorKind::PermissionDenied, "the credentials do not give access to this", Some(HELPDESK)),
    code(154_004, ErrorKind::NotFound, "there is no such ticket", Some("check the id; a ticket of another helpdesk needs that helpdesk's id and token")),
    code(155_000, ErrorKind::Unavailable, "the service has an internal error", None),
    code(2_200, ErrorKind::Unavailable, "the service has an internal error", None),
    code(9_499, ErrorKind::InvalidRequest, "the service cannot make sense of the request", None),
    code(10_003, ErrorKind::Unauthenticated, "the app's id or secret is no such thing", Some(CREDENTIALS)),
    code(10_014, ErrorKind::Unauthenticated, "the app's id or secret is wrong", Some(CREDENTIALS)),
    code(10_015, ErrorKind::Unauthenticated, "the app's secret is wrong", Some(CREDENTIALS)),
    code(99_991_400, ErrorKind::RateLimited, "too many requests just now", None),
    code(99_991_401, ErrorKind::PermissionDenied, "this machine's address is not on the app's list", Some("add the address to the app's allow list, or empty the list")),
    code(99_991_403, ErrorKind::QuotaExhausted, "the tenant's calls of this month are used up", Some("a larger plan, or the next month")),
    code(99_991_543, ErrorKind::Unauthenticated, "the app's id or secret is wrong", Some(CREDENTIALS)),
    code(99_991_661, ErrorKind::Unauthenticated, "no token was sent", None),
    code(99_991_662, ErrorKind::PermissionDenied, "the app is disabled", Some("enable the app in the developer console")),
    code(99_991_663, ErrorKind::Unauthenticated, "the tenant access token is not valid", Some(TOKEN)),
    code(99_991_664, ErrorKind::Unauthenticated, "the app access token is not valid", Some(TOKEN)),
    code(99_991_665, ErrorKind::Unauthenticated, "the token belongs to no tenant", Some(TOKEN)),
    code(99_991_668, ErrorKind::Unauthenticated, "a user's token is not accepted here", Some("use a tenant access token, which begins with t-")),
    code(99_991_671, ErrorKind::Unauthenticated, "the token has a wrong form", Some("a tenant access token begins with t-")),
    code(99_991_672, ErrorKind::PermissionDenied, "the app lacks a scope", Some(SCOPE)),
    code(99_991_673, ErrorKind::PermissionDenied, "the app is not installed in this tenant", Some("have the tenant's administrator install the app")),
    code(99_991_676, ErrorKind::PermissionDenied, "the token does not suffice for this", Some(SCOPE)),
    code(99_991_677, ErrorKind::Unauthenticated, "the user's token has expired", None),
    code(99_991_679, ErrorKind::PermissionDenied, "the user's token does not suffice for this", Some(SCOPE)),
    Code { first: 99_992_351, last: 99_992_381, kind: ErrorKind::NotFound, meaning: "an id does not exist, or belongs to another app or tenant", hint: None },
    code(99_992_402, ErrorKind::InvalidRequest, "a field of the request is not valid", None),
];

/// Codes after which another token may help.
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

/// Whether this refusal is about the token, so that another one may help.
///
/// The HTTP status does not tell: 401 comes with codes that no token mends, and a refused token with 400 or 200.
#[cfg(feature = "http")]
pub(crate) fn is_about_token(error: &Error) -> bool {
    error.code().is_some_and(|code| TOKEN_REFUSED.contains(&code))
}

/// Gives an error unless the code of an envelope is the integer 0.
///
/// # Errors
/// What another code means; `InvalidResponse` where there is no code.
pub(crate) fn check_code(
    response: &Response,
    cursor: &Cursor<'_>,
    code: &Field<Scalar<'_>>,
) -> Result<(), Error> {
    match cursor.exact_integer(code) {
        Some(0) => Ok(()),
        Some(number) => {
            let mut said = said(response);
            // What cannot be read as a refusal keeps its code all the same.
            said.code.get_or_insert_with(|| number.to_string());
            Err(told(response, said))
        }
        None => {
            let message = "the response is no envelope: its code is missing or no integer";
            let pointer = cursor.key(code.key()).pointer();
            Err(Error::new(ErrorKind::InvalidResponse, message).with_path(pointer))
        }
    }
}

/// Gives an error unless the response of any call is a success.
///
/// # Errors
/// What the refusal means; `InvalidResponse` where the response is no envelope.
#[cfg(feature = "http")]
pub(crate) fn check(response: &Response) -> Result<(), Error> {
    if !response.is_success() {
        return Err(refusal(response));
    }
    let document = Document::open(response)?;
    let Refusal { code, .. } = document.parse()?;
    check_code(response, &document.root(), &code)
}

/// The error behind a response that is no success: its code decides, and where it has none its HTTP status.
pub(crate) fn refusal(response: &Response) -> Error {
    told(response, said(response))
}

fn told(response: &Response, said: Said) -> Error {
    let number = said.code.as_deref().filter(|code| *code != "0");
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
    for part in &said.parts {
        message.push_str(": ");
        message.push_str(part);
    }
    let mut error = Error::new(kind, message);
    if let Some(code) = number {
        error = error.with_code(code);
    }
    // The header, which the service documents, comes before what stands in the body.
    if let Some(id) = said.request_id.filter(|_| response.request_id().is_none()) {
        error = error.with_request_id(id);
    }
    match known.and_then(|code| code.hint) {
        Some(hint) if said.scopes.is_empty() => error.with_hint(hint),
        Some(hint) => error.with_hint(format!("{hint}; the scope: {}", said.scopes.join(" or "))),
        None => error,
    }
}

/// What the HTTP status means where no code is known.
fn of_status(http_status: Option<u16>, has_code: bool) -> ErrorKind {
    match http_status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status) {
        // What time mends it mends whatever the code, for example a limit or a service that fails.
        kind if kind.is_retryable() => kind,
        _ if has_code => ErrorKind::Rejected,
        // The service says with a code that there is no such ticket. Without one nothing responds here that knows of tickets.
        ErrorKind::NotFound => ErrorKind::InvalidResponse,
        kind => kind,
    }
}

fn of_kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "the service cannot make sense of the request",
        ErrorKind::Unauthenticated => "the credentials are not accepted",
        ErrorKind::PermissionDenied => "the credentials do not give access to this",
        ErrorKind::InvalidResponse => "there is nothing at this address; check the base URL",
        ErrorKind::RateLimited => "too many requests just now",
        ErrorKind::Unavailable => "the service is unavailable",
        ErrorKind::Timeout => "the service took too long",
        _ => "the service refused",
    }
}

/// More fields or scopes than these are not told.
const MOST: usize = 5;

/// What a refusal says of itself.
#[derive(Default)]
struct Said {
    code: Option<String>,
    request_id: Option<String>,
    /// The message and the fields that were not valid, quoted.
    parts: Vec<String>,
    /// The scopes of which one is missing.
    scopes: Vec<String>,
}

fn said(response: &Response) -> Said {
    let mut said = Said::default();
    let Ok(document) = Document::open(response) else { return said };
    let Ok(Refusal { code, msg, error, unknown: _ }) = document.parse() else { return said };
    let cursor = document.root();
    said.code = cursor.integer_id(code);
    said.parts.extend(cursor.text(msg).filter(|text| !text.is_empty()).map(|text| quoted(&text)));
    if let Some((cursor, details)) = cursor.object(error) {
        let Details { log_id, logid, field_violations, permission_violations, unknown: _ } =
            details;
        said.request_id = cursor.id(log_id).or(cursor.id(logid));
        let fields = cursor.list(field_violations, |cursor, violation| {
            let FieldViolation { field, description, unknown: _ } = violation;
            let parts = [cursor.text(field), cursor.text(description)];
            quoted(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        });
        said.parts.extend(fields.unwrap_or_default().into_iter().take(MOST));
        let scopes = cursor.list(permission_violations, |cursor, violation| {
            let PermissionViolation { scope, subject, unknown: _ } = violation;
            cursor.text(subject).or(cursor.text(scope)).map(|scope| quoted(&scope))
        });
        said.scopes.extend(scopes.unwrap_or_default().into_iter().flatten().take(MOST));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::{CODES, refusal};
    use crate::Feishu;
    use ticket_core::{Decoder, ErrorKind, Response, VocabularyOverrides};

    fn error(http_status: u16, body: &str) -> ticket_core::Error {
        let mut response = Response::saved("get_ticket", body.to_owned());
        response.http_status = Some(http_status);
        refusal(&response)
    }

    #[test]
    fn documented_codes_have_their_kind_at_any_http_status() {
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
    fn without_a_code_the_http_status_decides() {
        for body in ["", "<html>", "null", "[]", "{}", r#"{"code": 0}"#, r#"{"code": null}"#] {
            assert_eq!(error(502, body).kind(), ErrorKind::Unavailable, "{body}");
            assert_eq!(error(401, body).kind(), ErrorKind::Unauthenticated, "{body}");
            assert_eq!(error(429, body).kind(), ErrorKind::RateLimited, "{body}");
            assert_eq!(error(502, body).code(), None, "{body}");
        }
    }

    #[test]
    fn of_an_unknown_code_the_http_status_says_whether_time_mends_it() {
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
    fn only_a_code_says_that_there_is_no_such_ticket() {
        for body in ["", "<html>", "{}", r#"{"code": 0}"#] {
            let error = error(404, body);
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert_eq!(error.message(), "there is nothing at this address; check the base URL");
        }
        assert_eq!(error(404, r#"{"code": 154004}"#).kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_missing_scope_is_named_and_the_log_id_is_kept() {
        let body = r#"{"code": 99991672, "msg": "Access denied.", "error": {"log_id": "2026",
            "permission_violations": [{"type": "action_scope_required", "subject": "helpdesk:all:readonly"}]}}"#;
        let error = error(400, body);
        assert!(
            error.hint().unwrap().ends_with("the scope: \"helpdesk:all:readonly\""),
            "{:?}",
            error.hint()
        );
        assert_eq!(error.request_id(), Some("2026"));
        assert_eq!(error.message(), "the app lacks a scope: \"Access denied.\"");
    }

    #[test]
    fn a_refusal_that_contradicts_itself_keeps_its_code() {
        let body = r#"{"code": 2200, "msg": "Internal Error", "error": {}, "error": {}}"#;
        let response = Response::saved("get_ticket", body);
        let error = Feishu.decode(&[response], &VocabularyOverrides::default()).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, Some("2200")));
    }

    #[test]
    fn of_many_scopes_and_fields_only_some_are_told() {
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
    fn no_code_stands_in_the_table_twice() {
        for (index, code) in CODES.iter().enumerate() {
            for other in &CODES[index + 1..] {
                assert!(code.last < other.first || other.last < code.first, "{}", code.first);
            }
        }
    }
}
