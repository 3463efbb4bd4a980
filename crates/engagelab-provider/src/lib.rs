#![cfg_attr(feature = "http", doc = include_str!("../README.md"))]
// The examples of that page need the feature `http`.
#![cfg_attr(not(feature = "http"), doc = "Reads saved responses of EngageLab LiveDesk.")]

mod capabilities;
mod doc_conflicts;
mod error;
#[cfg(feature = "http")]
mod files;
mod map;
mod other;
mod request;
#[cfg(feature = "http")]
mod source;
mod wire;

pub use request::{BASE_URL, PATH_PREFIX, get_ticket};
#[cfg(feature = "http")]
pub use source::{Builder, EngageLabSource};

use std::sync::LazyLock;

use ticket_core::decode::Document;
use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, Rule, table};
use ticket_core::{Decoded, Decoder, Error, ErrorKind, Response, VocabularyOverrides};

/// The name of this provider.
pub const PROVIDER: &str = "engagelab";

/// The [`Response::operation`] of a ticket.
pub const GET_TICKET: &str = "get_ticket";
/// The operation that downloads a file.
pub const GET_FILE: &str = "get_file";

/// Decodes responses of EngageLab LiveDesk; needs no network.
///
/// ```
/// use engagelab_provider::EngageLab;
/// use ticket_core::{Decoder, Response, VocabularyOverrides};
///
/// let body = r#"{"code": 0, "message": "Success", "data": {"ticket_id": "tk_1", "status": "open"}}"#;
/// let response = Response::saved(EngageLab.ticket_operation(), body);
/// let decoded = EngageLab.decode(&[response], &VocabularyOverrides::default())?;
/// assert_eq!(decoded.ticket.id, "tk_1");
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngageLab;

impl Decoder for EngageLab {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn ticket_operation(&self) -> &'static str {
        GET_TICKET
    }

    fn read(&self, response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error> {
        if !response.is_success() {
            return Err(error::error_response(response));
        }
        read(response, overrides).map_err(|error| match error.kind() {
            ErrorKind::InvalidResponse => other::name(response).unwrap_or(error),
            _ => error,
        })
    }
}

impl MappingDescription for EngageLab {
    fn title(&self) -> &'static str {
        "EngageLab LiveDesk"
    }

    fn rules(&self) -> &'static [Rule] {
        static RULES: LazyLock<Vec<Rule>> =
            LazyLock::new(|| table::rules(include_str!("mapping.json")));
        &RULES
    }

    fn capabilities(&self) -> &'static Capabilities {
        &capabilities::CAPABILITIES
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        doc_conflicts::DOC_CONFLICTS
    }
}

/// Reads a response with a status of success.
fn read(response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error> {
    let invalid = |message: &str, pointer: String| {
        Error::new(ErrorKind::InvalidResponse, message).with_path(pointer)
    };
    let document = Document::open(response)?;
    let cursor = document.root();
    let wire::Envelope { code, message, data, unknown } = document.parse()?;
    match cursor.exact_integer(&code) {
        Some(0) => {}
        Some(code) => return Err(error::error_with_code(code, response)),
        None => return Err(error::no_envelope(response, cursor.key(code.key()).pointer())),
    }
    cursor.text(message);
    cursor.unknown(unknown);
    let position = cursor.key(data.key());
    let Some((cursor, data)) = cursor.object(data) else {
        return Err(invalid("the response has no ticket", position.pointer()));
    };
    let mut ticket = map::ticket(&cursor, data, overrides)?;
    let (extra, diagnostics) = document.close()?;
    ticket.extra = extra;
    Ok(Decoded { ticket, diagnostics })
}
