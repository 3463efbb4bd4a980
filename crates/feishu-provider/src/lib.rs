#![cfg_attr(feature = "http", doc = include_str!("../README.md"))]
// The examples of that page need the feature `http`.
#![cfg_attr(not(feature = "http"), doc = "Reads saved responses of Feishu and Lark Helpdesk.")]

mod capabilities;
mod content;
mod doc_conflicts;
mod error;
#[cfg(feature = "event")]
pub mod event;
mod labels;
mod list;
mod map;
mod messages;
mod other;
mod post;
mod request;
#[cfg(feature = "http")]
mod source;
#[cfg(feature = "http")]
mod token;
mod wire;

pub use request::{
    BASE_URL, LARK_BASE_URL, get_image, get_tenant_access_token, get_ticket, list_fields,
    list_messages, list_tickets,
};
#[cfg(feature = "http")]
pub use source::{Builder, FeishuSource};

use std::sync::LazyLock;

use ticket_core::decode::{Cursor, Document};
use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, PagedList, Rule, table};
use ticket_core::{Decoded, Decoder, Error, ErrorKind, Response, TicketRows, VocabularyOverrides};

/// The name of this provider.
pub const PROVIDER: &str = "feishu";

/// The [`Response::operation`] of a ticket.
pub const GET_TICKET: &str = "get_ticket";

/// The [`Response::operation`] of a list of tickets.
pub const LIST_TICKETS: &str = "list_tickets";

/// The [`Response::operation`] of a page of messages.
pub const LIST_MESSAGES: &str = "list_messages";

/// The [`Response::operation`] of a page of field definitions.
pub const LIST_FIELDS: &str = "list_ticket_customized_fields";

/// The [`Response::operation`] of an image of a message.
pub const GET_IMAGE: &str = "get_ticket_image";

/// The [`Response::operation`] of a tenant access token.
pub const GET_TOKEN: &str = "get_tenant_access_token";

/// Decodes responses of the Feishu and Lark Helpdesk; needs no network.
///
/// ```
/// use feishu_provider::Feishu;
/// use ticket_core::{Decoder, Response, VocabularyOverrides};
/// use ticket_core::model::Status;
///
/// let body = r#"{"code": 0, "msg": "success", "data": {"ticket": {"ticket_id": "66", "status": 50}}}"#;
/// let response = Response::saved(Feishu.ticket_operation(), body);
/// let decoded = Feishu.decode(&[response], &VocabularyOverrides::default())?;
/// assert_eq!(decoded.ticket.status.unwrap().value, Status::Closed);
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feishu;

impl Decoder for Feishu {
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

    fn page_operation(&self) -> Option<&'static str> {
        Some(LIST_TICKETS)
    }

    fn read_page(
        &self,
        response: &Response,
        overrides: &VocabularyOverrides,
    ) -> Result<TicketRows, Error> {
        list::read(response, overrides)
    }

    fn read_others(
        &self,
        decoded: &mut Decoded,
        responses: &[Response],
        _: &VocabularyOverrides,
    ) -> Result<(), Error> {
        labels::add(decoded, responses)?;
        messages::add(decoded, responses)
    }
}

impl MappingDescription for Feishu {
    fn title(&self) -> &'static str {
        "Feishu Helpdesk"
    }

    fn rules(&self) -> &'static [Rule] {
        static RULES: LazyLock<Vec<Rule>> =
            LazyLock::new(|| table::rules(include_str!("mapping.json")));
        &RULES
    }

    fn capabilities(&self) -> &'static Capabilities {
        &capabilities::CAPABILITIES
    }

    fn paged_lists(&self) -> &'static [PagedList] {
        &[PagedList { operation: LIST_MESSAGES, items: "/data/messages", id: "id", targets: &[] }]
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        doc_conflicts::DOC_CONFLICTS
    }
}

/// Reads a response with a status of success.
fn read(response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error> {
    let document = Document::open(response)?;
    let cursor = document.root();
    let wire::Envelope { code, msg, data, unknown } = document.parse()?;
    error::check_code(response, &cursor, &code)?;
    cursor.text(msg);
    cursor.unknown(unknown);
    let not_a_ticket = |position: Cursor<'_>| {
        Error::new(ErrorKind::InvalidResponse, "the response has no ticket")
            .with_path(position.pointer())
    };
    let position = cursor.key(data.key());
    let (cursor, wire::Data { ticket, unknown }) =
        cursor.object(data).ok_or_else(|| not_a_ticket(position))?;
    cursor.unknown(unknown);
    let position = cursor.key(ticket.key());
    let (cursor, ticket) = cursor.object(ticket).ok_or_else(|| not_a_ticket(position))?;
    let mut ticket = map::ticket(&cursor, ticket, overrides)?;
    let (extra, diagnostics) = document.close()?;
    ticket.extra = extra;
    Ok(Decoded { ticket, diagnostics })
}

/// The example of the workspace's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct WorkspaceReadme;
