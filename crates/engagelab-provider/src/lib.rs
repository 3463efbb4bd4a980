#![cfg_attr(feature = "http", doc = include_str!("../README.md"))]
// The examples of that page fetch; without the feature there is nothing to fetch with.
#![cfg_attr(not(feature = "http"), doc = "Reads saved answers of EngageLab LiveDesk.")]

mod capabilities;
mod error;
mod map;
mod request;
mod rules;
#[cfg(feature = "http")]
mod source;
mod wire;

pub use request::{BASE_URL, PATH_PREFIX, get_ticket};
#[cfg(feature = "http")]
pub use source::{Builder, EngageLabSource};

use ticket_core::capabilities::Capabilities;
use ticket_core::decode::Document;
use ticket_core::{Answer, Contradiction, Decoded, Dialect, Error, ErrorKind, Reading, Rule};

/// The name of this provider.
pub const PROVIDER: &str = "engagelab";

/// [`Answer::operation`] of a ticket.
pub const GET_TICKET: &str = "get_ticket";

/// The pure half: reads answers of EngageLab LiveDesk.
///
/// ```
/// use engagelab_provider::EngageLab;
/// use ticket_core::{Answer, Dialect, Reading};
///
/// let body = r#"{"code": 0, "message": "Success", "data": {"ticket_id": "tk_1", "status": "open"}}"#;
/// let answer = Answer::saved(EngageLab.ticket_operation(), body);
/// let decoded = EngageLab.decode(&[answer], &Reading::default())?;
/// assert_eq!(decoded.ticket.id, "tk_1");
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngageLab;

impl Dialect for EngageLab {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn title(&self) -> &'static str {
        "EngageLab LiveDesk"
    }

    fn ticket_operation(&self) -> &'static str {
        GET_TICKET
    }

    fn read(&self, answer: &Answer, reading: &Reading) -> Result<Decoded, Error> {
        if !answer.is_success() {
            return Err(error::refusal(answer));
        }
        let unreadable = |message: &str, pointer: String| {
            Error::new(ErrorKind::Unreadable, message).with_path(pointer)
        };
        let document = Document::open(answer)?;
        let at = document.root();
        let wire::Envelope { code, message, data, unknown } = document.parse()?;
        match at.exact_integer(&code) {
            Some(0) => {}
            Some(code) => return Err(error::refusal_with(code, answer)),
            None => return Err(error::no_envelope(answer, at.key(code.key()).pointer())),
        }
        at.text(message);
        at.unknown(unknown);
        let place = at.key(data.key());
        let Some((at, data)) = at.object(data) else {
            return Err(unreadable("the answer holds no ticket", place.pointer()));
        };
        let mut ticket = map::ticket(&at, data, reading)?;
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
