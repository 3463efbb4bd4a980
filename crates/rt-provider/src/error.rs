//! Turns error responses of Request Tracker into errors.

use ticket_core::decode::{Document, quoted};
use ticket_core::{Error, ErrorKind, Response};

use crate::wire;

/// Returns the error for an unsuccessful response. RT has no error codes: the HTTP status decides.
pub(crate) fn rejection(response: &Response) -> Error {
    let message = message(response);
    let kind = match response.http_status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status) {
        // Only RT itself, in JSON, can say that a ticket does not exist.
        ErrorKind::NotFound if message.is_none() => ErrorKind::InvalidResponse,
        kind => kind,
    };
    let text = match &message {
        Some(message) => format!("{}: {}", meaning(kind), quoted(message.trim_end())),
        None => meaning(kind).to_owned(),
    };
    let error = Error::new(kind, text);
    match hint(kind) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// Checks that a response is a successful one of the API.
///
/// # Errors
/// Those of [`rejection`], and `InvalidResponse` if it is not JSON.
#[cfg(feature = "http")]
pub(crate) fn check(response: &Response) -> Result<(), Error> {
    if !response.is_success() {
        return Err(rejection(response));
    }
    let _: ticket_core::decode::Members<'_> = Document::open(response)?.parse()?;
    Ok(())
}

/// Returns the error for a successful response that is not of this API.
pub(crate) fn no_list(pointer: String) -> Error {
    Error::new(ErrorKind::InvalidResponse, "the response has no list `items`").with_path(pointer)
}

fn message(response: &Response) -> Option<String> {
    let document = Document::open(response).ok()?;
    let wire::Rejection { message, unknown: _ } = document.parse().ok()?;
    document.root().text(message)
}

fn meaning(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "RT rejected the request as invalid",
        ErrorKind::Unauthenticated => "the token, or the user and password, are wrong",
        ErrorKind::PermissionDenied => "the user may not see this ticket",
        ErrorKind::NotFound => "ticket not found",
        ErrorKind::InvalidResponse => "no REST2 API at this address",
        ErrorKind::Unavailable => "RT is unavailable",
        _ => "RT rejected the request",
    }
}

fn hint(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Unauthenticated => Some("create a token in RT under Settings, Auth Tokens"),
        ErrorKind::PermissionDenied => Some("the user needs the right ShowTicket in this queue"),
        ErrorKind::NotFound => Some("check the id"),
        ErrorKind::InvalidResponse => {
            Some("use the address of RT itself, such as https://rt.example.com; REST2 needs RT 5")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ticket_core::{Decoder, ErrorKind, Response, VocabularyOverrides};

    use crate::Rt;

    #[test]
    fn the_status_decides_and_only_rt_itself_knows_that_a_ticket_does_not_exist() {
        for (status, body, kind) in [
            (400, r#"{"message":"Unknown field: nonsense"}"#, ErrorKind::InvalidRequest),
            (401, r#"{"message":"Unauthorized"}"#, ErrorKind::Unauthenticated),
            (403, r#"{"message":"Forbidden"}"#, ErrorKind::PermissionDenied),
            (404, r#"{"message":"Not Found"}"#, ErrorKind::NotFound),
            (404, "<html>Not Found</html>", ErrorKind::InvalidResponse),
            (406, r#"{"message":"Not Acceptable"}"#, ErrorKind::Rejected),
            (500, "", ErrorKind::Unavailable),
        ] {
            let mut response = Response::saved(Rt.ticket_operation(), body);
            response.http_status = Some(status);
            let error = Rt.decode(&[response], &VocabularyOverrides::default()).unwrap_err();
            assert_eq!(error.kind(), kind, "{status} {body}");
        }
    }
}
