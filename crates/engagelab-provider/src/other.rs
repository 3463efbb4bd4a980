//! Recognizes a text that is given instead of a ticket: an event, or a list.

use ticket_core::decode::{Document, quoted};
use ticket_core::{Error, ErrorKind, Response};

use crate::wire::Other;

/// Returns the error that names an event or a list; `None` where it is neither.
pub(crate) fn name(response: &Response) -> Option<Error> {
    let document = Document::open(response).ok()?;
    let Other { event, data, payload, unknown: _ } = document.parse().ok()?;
    let cursor = document.root();
    let what = if let Some(name) = cursor.text(event) {
        format!("the body of an event ({})", quoted(&name))
    } else if cursor.list(data, |_, _| ()).or(cursor.list(payload, |_, _| ())).is_some() {
        "the response of a list call".into()
    } else {
        return None;
    };
    let message = format!("this is {what}, not the response of the ticket call");
    Some(Error::new(ErrorKind::InvalidResponse, message).with_hint("fetch the ticket by its id"))
}
