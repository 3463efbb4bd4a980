//! Turns error responses of Acorn Desk into errors.

use ticket_core::decode::{Document, Scalar, quoted};
use ticket_core::{Error, ErrorKind, Response, wire_struct};

wire_struct! {
    /// The body of an error response: `{"error": {"code": "…", "message": "…"}}`.
    struct Rejection {
        error: Details<'t>,
    }
}

wire_struct! {
    struct Details {
        code: Scalar<'t>,
        message: String,
    }
}

/// The codes that say more than the HTTP status.
const CODES: &[(&str, ErrorKind)] = &[
    ("ticket_erased", ErrorKind::NotFound), // example only
];

/// Returns the error for an unsuccessful response. Its kind follows from the code, or else from the HTTP status.
pub(crate) fn rejection(response: &Response) -> Error {
    let (code, message) = details(response).unwrap_or_default();
    let by_code = CODES.iter().find(|(known, _)| code.as_deref() == Some(*known));
    let kind = match by_code {
        Some((_, kind)) => *kind,
        None => response.http_status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status),
    };
    let message = match message {
        Some(message) => format!("Acorn Desk rejected the request: {}", quoted(&message)),
        None => "Acorn Desk rejected the request".to_owned(),
    };
    let error = Error::new(kind, message);
    match code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

/// Returns the code and the message of an error response; `None` if its body has another form.
fn details(response: &Response) -> Option<(Option<String>, Option<String>)> {
    let document = Document::open(response).ok()?;
    let Rejection { error, unknown: _ } = document.parse().ok()?;
    let root = document.root();
    let (cursor, Details { code, message, unknown: _ }) = root.object(error)?;
    Some((cursor.id(code), cursor.text(message)))
}
