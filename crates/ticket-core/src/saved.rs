//! The responses of one fetch as one text, so that they can be saved and decoded later.
//!
//! A single response is its body, byte for byte. Several are an object:
//!
//! ```json
//! {"responses":[{"operation":"get_ticket","body":{"code":0}},{"operation":"list_messages","body":{"code":0}}]}
//! ```
//!
//! One of these members alone is read as a single response, so that other programs can say which operation a body is of.
//!
//! A body is the JSON as it was sent. A body with line breaks, and one that is not JSON or is itself a string, is a string with that
//! text, so that the whole is always one line. Bytes that are not UTF-8 become U+FFFD there.

use std::borrow::Cow;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::mapping::MappingDescription;
use crate::{Error, ErrorKind, Response};

#[derive(Serialize, Deserialize)]
struct Set<'t> {
    #[serde(borrow)]
    responses: Vec<Member<'t>>,
}

#[derive(Serialize, Deserialize)]
struct Member<'t> {
    #[serde(borrow)]
    operation: Cow<'t, str>,
    #[serde(borrow)]
    body: &'t RawValue,
}

/// Returns the responses of a fetch as one text: the body of a single response, or the object of several in one line.
///
/// ```
/// use ticket_core::{Response, saved};
///
/// let ticket = Response::saved("get_ticket", r#"{"code": 0}"#);
/// let page = Response::saved("list_messages", "{\n}");
/// assert_eq!(saved::write(std::slice::from_ref(&ticket)), ticket.body);
/// let text = r#"{"responses":[{"operation":"get_ticket","body":{"code": 0}},{"operation":"list_messages","body":"{\n}"}]}"#;
/// assert_eq!(saved::write(&[ticket, page]), text);
/// ```
pub fn write(responses: &[Response]) -> Bytes {
    if let [response] = responses {
        return response.body.clone();
    }
    let bodies: Vec<_> = responses.iter().map(|response| one_line(&response.body)).collect();
    let members = responses
        .iter()
        .zip(&bodies)
        .map(|(response, body)| Member { operation: response.operation.into(), body });
    let set = Set { responses: members.collect() };
    serde_json::to_vec(&set).expect("texts are JSON").into()
}

/// Returns the body if it is JSON in one line and no string; otherwise its text as a JSON string.
fn one_line(body: &[u8]) -> Box<RawValue> {
    let text = String::from_utf8_lossy(body);
    match serde_json::from_str::<Box<RawValue>>(&text) {
        Ok(raw) if raw.get() == text && !text.starts_with('"') && !text.contains(['\n', '\r']) => {
            raw
        }
        _ => to_raw_value(&*text).expect("a text is JSON"),
    }
}

/// Reads what [`write()`] returned: one response of the ticket call, or several responses; or a single member of several.
///
/// # Errors
/// - [`ErrorKind::InvalidRequest`]: the text begins like saved responses and is none, names an operation that the provider does
///   not have, or has no response of the ticket call.
pub fn read(body: Bytes, mapping: &dyn MappingDescription) -> Result<Vec<Response>, Error> {
    let form = match first_key(&body) {
        Some("responses") => Form::Set,
        Some("operation" | "body") => Form::Member,
        _ => return Ok(vec![Response::saved(mapping.ticket_operation(), body)]),
    };
    let refuse = |message: String| {
        Error::new(ErrorKind::InvalidRequest, message).with_provider(mapping.provider())
    };
    let text = std::str::from_utf8(&body)
        .map_err(|error| refuse("the saved responses are not UTF-8".into()).with_source(error))?;
    let text = text.trim_start_matches('\u{feff}');
    let members = match form {
        Form::Set => {
            serde_json::from_str(text).map(|Set { responses }| responses).map_err(|error| {
                refuse("these are not saved responses".into())
                    .with_source(error)
                    .with_hint("expected {\"responses\": [{\"operation\": …, \"body\": …}, …]}")
            })?
        }
        Form::Member => vec![serde_json::from_str(text).map_err(|error| {
            refuse("this is not a saved response".into())
                .with_source(error)
                .with_hint("expected {\"operation\": …, \"body\": …}")
        })?],
    };
    let response = |Member { operation, body }: Member<'_>| {
        let operations = mapping.capabilities().operations;
        let known = operations.iter().find(|known| known.name == operation).ok_or_else(|| {
            let names: Vec<_> = operations.iter().map(|operation| operation.name).collect();
            refuse(format!("unknown operation {}", crate::quote::quoted(&operation)))
                .with_hint(format!("the operations are {}", names.join(", ")))
        })?;
        let body = match serde_json::from_str::<String>(body.get()) {
            Ok(text) => text.into(),
            Err(_) => Bytes::copy_from_slice(body.get().as_bytes()),
        };
        Ok(Response::saved(known.name, body))
    };
    let responses: Vec<_> = members.into_iter().map(response).collect::<Result<_, _>>()?;
    Response::first(&responses, mapping.ticket_operation())
        .map_err(|error| error.with_provider(mapping.provider()))?;
    Ok(responses)
}

/// The form of saved responses that are more than a body.
enum Form {
    Set,
    Member,
}

/// Returns the first key of an object, if it has no escapes and is at most as long as the keys of saved responses.
fn first_key(body: &[u8]) -> Option<&str> {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body).trim_ascii_start();
    let key = body.strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = key.iter().take("responses\"".len()).position(|byte| *byte == b'"')?;
    str::from_utf8(&key[..end]).ok()
}
