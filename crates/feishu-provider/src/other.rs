//! Recognizes a text that is given instead of a ticket: an event, or the response of another call.

use ticket_core::decode::{Cursor, Document, quoted};
use ticket_core::{Error, ErrorKind, Response};

use crate::wire::{Event, EventHeader, Named, Other, OtherData};

/// The maximum number of ids in a hint.
const MOST: usize = 5;
const BY_ID: &str = "fetch the ticket by its id";

/// Returns the error that names an event, a list of tickets or a list of messages; `None` where it is none of them.
pub(crate) fn name(response: &Response) -> Option<Error> {
    let document = Document::open(response).ok()?;
    let other = document.parse::<Other<'_>>().ok()?;
    let cursor = document.root();
    let (what, hint) = describe(&cursor, other)?;
    let message = format!("this is {what}, not the response of the ticket call");
    Some(Error::new(ErrorKind::InvalidResponse, message).with_hint(hint))
}

/// Returns what it is, and what to do instead.
fn describe(cursor: &Cursor<'_>, other: Other<'_>) -> Option<(String, String)> {
    let Other { header, event, event_type, encrypt, data, unknown: _ } = other;
    if cursor.text(encrypt).is_some() {
        let hint =
            "decrypt it with the Encrypt Key of the app, then fetch the ticket that it names";
        return Some(("the body of an encrypted event".into(), hint.into()));
    }
    // The old form of an event has its own name inside, and no header.
    let form = cursor.text(event_type);
    let name = cursor
        .object(header)
        .and_then(|(cursor, EventHeader { event_type, unknown: _ })| cursor.text(event_type));
    if let Some((cursor, event)) = cursor.object(event).filter(|_| name.is_some() || form.is_some())
    {
        let Event { ticket_id, object, ticket, event_type, unknown: _ } = event;
        let name = name.or(cursor.text(event_type)).map(|name| format!(" ({})", quoted(&name)));
        let what = format!("the body of an event{}", name.unwrap_or_default());
        let id =
            cursor.id(ticket_id).or_else(|| id(&cursor, object)).or_else(|| id(&cursor, ticket));
        let hint = id.map_or(BY_ID.into(), |id| format!("{BY_ID}, {}", quoted(&id)));
        return Some((what, hint));
    }
    if form.as_deref() == Some("url_verification") {
        return Some(("the URL verification of an event subscription".into(), BY_ID.into()));
    }
    let (cursor, OtherData { tickets, messages, unknown: _ }) = cursor.object(data)?;
    if let Some(ids) =
        cursor.list(tickets, |cursor, Named { ticket_id, unknown: _ }| cursor.id(ticket_id))
    {
        let count =
            if ids.len() == 1 { "1 ticket".into() } else { format!("{} tickets", ids.len()) };
        let shown: Vec<_> = ids.iter().flatten().take(MOST).map(|id| quoted(id)).collect();
        let rest = if ids.len() > MOST { ", …" } else { "" };
        let hint = match shown.as_slice() {
            [] => BY_ID.into(),
            shown => format!("fetch each ticket by its id: {}{rest}", shown.join(", ")),
        };
        return Some((format!("the response of the list call with {count}"), hint));
    }
    let messages = cursor.list(messages, |_, _| ());
    messages.map(|_| ("the response of the messages call".into(), BY_ID.into()))
}

fn id(cursor: &Cursor<'_>, object: ticket_core::decode::Field<Named<'_>>) -> Option<String> {
    let (cursor, Named { ticket_id, unknown: _ }) = cursor.object(object)?;
    cursor.id(ticket_id)
}
