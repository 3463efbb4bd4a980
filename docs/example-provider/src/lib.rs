#![cfg_attr(feature = "http", doc = include_str!("../README.md"))]
// The examples of that page fetch; without the feature there is nothing to fetch with.
#![cfg_attr(not(feature = "http"), doc = "Reads saved responses of Acorn Desk.")]

mod capabilities;
mod error;
mod map;
mod request;
mod rules;
#[cfg(feature = "http")]
mod source;
mod wire;

pub use request::{BASE_URL, get_ticket};
#[cfg(feature = "http")]
pub use source::{AcornDeskSource, Builder};

use ticket_core::decode::{Cursor, Document};
use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, Rule};
use ticket_core::{Decoded, Decoder, Error, ErrorKind, Response, VocabularyOverrides};

/// The name of this provider.
pub const PROVIDER: &str = "acorn";

/// [`Response::operation`] of a ticket.
pub const GET_TICKET: &str = "get_ticket";

/// The pure half: reads responses of Acorn Desk.
///
/// ```
/// use acorn_provider::AcornDesk;
/// use ticket_core::{Decoder, Response, VocabularyOverrides};
///
/// let body = r#"{"ticket":{"id":42},"request":"r-0001"}"#;
/// let response = Response::saved(AcornDesk.ticket_operation(), body);
/// let decoded = AcornDesk.decode(&[response], &VocabularyOverrides::default())?;
/// assert_eq!(decoded.ticket.id, "42");
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcornDesk;

impl Decoder for AcornDesk {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn ticket_operation(&self) -> &'static str {
        GET_TICKET
    }

    fn read(&self, response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error> {
        if !response.is_success() {
            return Err(error::refusal(response));
        }
        let document = Document::open(response)?;
        let cursor = document.root();
        let wire::Envelope { ticket, request, unknown } = document.parse()?;
        cursor.unknown(unknown);
        cursor.text(request);
        let place = cursor.key(ticket.key());
        let (cursor, ticket) = cursor.object(ticket).ok_or_else(|| no_ticket(place))?;
        let mut ticket = map::ticket(&cursor, ticket, overrides)?;
        let (extra, diagnostics) = document.close()?;
        ticket.extra = extra;
        Ok(Decoded { ticket, diagnostics })
    }
}

impl MappingDescription for AcornDesk {
    fn title(&self) -> &'static str {
        "Acorn Desk"
    }

    fn rules(&self) -> &'static [Rule] {
        rules::RULES
    }

    fn capabilities(&self) -> &'static Capabilities {
        &capabilities::CAPABILITIES
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        rules::DOC_CONFLICTS
    }
}

#[allow(clippy::needless_pass_by_value, reason = "a place is told once")]
fn no_ticket(place: Cursor<'_>) -> Error {
    Error::new(ErrorKind::InvalidResponse, "the response holds no ticket")
        .with_path(place.pointer())
}
