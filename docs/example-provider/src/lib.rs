#![cfg_attr(feature = "http", doc = include_str!("../README.md"))]
// The examples of that page fetch; without the feature there is nothing to fetch with.
#![cfg_attr(not(feature = "http"), doc = "Reads saved answers of Acorn Desk.")]

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

use ticket_core::capabilities::Capabilities;
use ticket_core::decode::{At, Document};
use ticket_core::{Answer, Contradiction, Decoded, Dialect, Error, ErrorKind, Reading, Rule};

/// The name of this provider.
pub const PROVIDER: &str = "acorn";

/// [`Answer::operation`] of a ticket.
pub const GET_TICKET: &str = "get_ticket";

/// The pure half: reads answers of Acorn Desk.
///
/// ```
/// use acorn_provider::AcornDesk;
/// use ticket_core::{Answer, Dialect, Reading};
///
/// let body = r#"{"ticket":{"id":42},"request":"r-0001"}"#;
/// let answer = Answer::saved(AcornDesk.ticket_operation(), body);
/// let decoded = AcornDesk.decode(&[answer], &Reading::default())?;
/// assert_eq!(decoded.ticket.id, "42");
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcornDesk;

impl Dialect for AcornDesk {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn title(&self) -> &'static str {
        "Acorn Desk"
    }

    fn ticket_operation(&self) -> &'static str {
        GET_TICKET
    }

    fn read(&self, answer: &Answer, reading: &Reading) -> Result<Decoded, Error> {
        if !answer.is_success() {
            return Err(error::refusal(answer));
        }
        let document = Document::open(answer)?;
        let at = document.root();
        let wire::Envelope { ticket, request, unknown } = document.parse()?;
        at.unknown(unknown);
        at.text(request);
        let place = at.key(ticket.key());
        let (at, ticket) = at.object(ticket).ok_or_else(|| no_ticket(place))?;
        let mut ticket = map::ticket(&at, ticket, reading)?;
        let (extra, report) = document.close()?;
        ticket.extra = extra;
        Ok(Decoded { ticket, report })
    }

    fn rules(&self) -> &'static [Rule] {
        rules::RULES
    }

    fn capabilities(&self) -> &'static Capabilities {
        &capabilities::CAPABILITIES
    }

    fn contradictions(&self) -> &'static [Contradiction] {
        rules::CONTRADICTIONS
    }
}

#[allow(clippy::needless_pass_by_value, reason = "a place is told once")]
fn no_ticket(place: At<'_>) -> Error {
    Error::new(ErrorKind::Unreadable, "the answer holds no ticket").with_path(place.pointer())
}
