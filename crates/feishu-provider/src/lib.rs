#![cfg_attr(feature = "http", doc = include_str!("../README.md"))]
// The examples of that page fetch; without the feature there is nothing to fetch with.
#![cfg_attr(not(feature = "http"), doc = "Reads saved answers of Feishu and Lark Helpdesk.")]

mod capabilities;
mod error;
mod map;
mod request;
mod rules;
#[cfg(feature = "http")]
mod source;
#[cfg(feature = "http")]
mod token;
mod wire;

pub use request::{BASE_URL, LARK_BASE_URL, get_tenant_access_token, get_ticket, list_tickets};
#[cfg(feature = "http")]
pub use source::{Builder, FeishuSource};

use ticket_core::capabilities::Capabilities;
use ticket_core::decode::{At, Document};
use ticket_core::{Answer, Contradiction, Decoded, Dialect, Error, ErrorKind, Reading, Rule};

/// The name of this provider.
pub const PROVIDER: &str = "feishu";

/// [`Answer::operation`] of a ticket.
pub const GET_TICKET: &str = "get_ticket";

/// [`Answer::operation`] of a list of tickets.
pub const LIST_TICKETS: &str = "list_tickets";

/// [`Answer::operation`] of a tenant access token.
pub const GET_TOKEN: &str = "get_tenant_access_token";

/// The pure half: reads answers of the Feishu and Lark Helpdesk.
///
/// ```
/// use feishu_provider::Feishu;
/// use ticket_core::{Answer, Dialect, Reading};
/// use ticket_core::model::StatusCategory;
///
/// let body = r#"{"code": 0, "msg": "success", "data": {"ticket": {"ticket_id": "66", "status": 50}}}"#;
/// let answer = Answer::saved(Feishu.ticket_operation(), body);
/// let decoded = Feishu.decode(&[answer], &Reading::default())?;
/// assert_eq!(decoded.ticket.status.unwrap().category, StatusCategory::Closed);
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feishu;

impl Dialect for Feishu {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn title(&self) -> &'static str {
        "Feishu Helpdesk"
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
        let wire::Envelope { code, msg, data, unknown } = document.parse()?;
        error::check_code(answer, &at, &code)?;
        at.text(msg);
        at.unknown(unknown);
        let no_ticket = |place: At<'_>| {
            Error::new(ErrorKind::Unreadable, "the answer holds no ticket")
                .with_path(place.pointer())
        };
        let place = at.key(data.key());
        let (at, wire::Data { ticket, unknown }) =
            at.object(data).ok_or_else(|| no_ticket(place))?;
        at.unknown(unknown);
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
