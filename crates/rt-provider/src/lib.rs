#![cfg_attr(feature = "http", doc = include_str!("../README.md"))]
// The example in the README fetches a ticket, which needs the feature.
#![cfg_attr(not(feature = "http"), doc = "Decodes saved responses of Request Tracker.")]

mod capabilities;
mod conversation;
mod doc_conflicts;
mod error;
mod list;
mod map;
mod people;
mod request;
#[cfg(feature = "http")]
mod source;
mod wire;

pub use request::{
    get_attachment, get_custom_role, get_ticket, get_version, list_attachments, list_history,
    list_people, list_texts, list_tickets,
};
#[cfg(feature = "http")]
pub use source::{Builder, RtSource};

use std::sync::LazyLock;

use ticket_core::decode::Document;
use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, PagedList, Rule, table};
use ticket_core::{Decoded, Decoder, Error, Response, TicketId, TicketRows, VocabularyOverrides};
use ticket_model::Ticket;

/// The name of this provider, as in `rt:42`.
pub const PROVIDER: &str = "rt";

/// The operation that fetches a ticket, as in [`Response::operation`].
pub const GET_TICKET: &str = "get_ticket";
/// The operation that brings the names of the people of a ticket.
pub const LIST_PEOPLE: &str = "list_people";
/// The operation that brings the name of a role that the tenant defined.
pub const GET_CUSTOM_ROLE: &str = "get_custom_role";
/// The operation that brings a page of the history.
pub const LIST_HISTORY: &str = "list_history";
/// The operation that brings a page of the attachments, without content.
pub const LIST_ATTACHMENTS: &str = "list_attachments";
/// The operation that brings an attachment with its content.
pub const GET_ATTACHMENT: &str = "get_attachment";
/// The operation that brings the texts of messages.
pub const LIST_TEXTS: &str = "list_texts";
/// The operation that searches for tickets.
pub const LIST_TICKETS: &str = "list_tickets";
/// The operation that brings the version of RT; it checks the credentials.
pub const GET_VERSION: &str = "get_version";

const PAGED_LISTS: &[PagedList] = &[
    items(LIST_HISTORY, &["conversation.messages[i]", "status_changes[i]"]),
    items(LIST_ATTACHMENTS, &["conversation.messages[i].attachments[j]"]),
    items(LIST_TEXTS, &[]),
];

const fn items(operation: &'static str, targets: &'static [&'static str]) -> PagedList {
    PagedList { operation, items: "/items", id: "id", targets }
}

/// Decodes responses of Request Tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rt;

impl Decoder for Rt {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn ticket_operation(&self) -> &'static str {
        GET_TICKET
    }

    fn read(&self, response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error> {
        if !response.is_success() {
            return Err(error::rejection(response));
        }
        let document = Document::open(response)?;
        let mut ticket = map::ticket(&document.root(), document.parse()?, overrides)?;
        let (extra, diagnostics) = document.close()?;
        ticket.extra = extra;
        Ok(Decoded { ticket, diagnostics })
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
        overrides: &VocabularyOverrides,
    ) -> Result<(), Error> {
        people::add_names(decoded, responses, overrides)?;
        people::add_roles(decoded, responses)?;
        conversation::add(decoded, responses, overrides)
    }

    /// Accepts any ticket: RT answers for a merged ticket with the one that it was merged into.
    fn is_requested(&self, _: &Ticket, _: &TicketId) -> bool {
        true
    }
}

impl MappingDescription for Rt {
    fn title(&self) -> &'static str {
        "Request Tracker"
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
        PAGED_LISTS
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        doc_conflicts::DOC_CONFLICTS
    }
}
