#![cfg_attr(feature = "http", doc = include_str!("../README.md"))]
// The example in the README fetches a ticket, which needs the feature.
#![cfg_attr(not(feature = "http"), doc = "Decodes saved responses of Acorn Desk.")]

mod capabilities;
mod error;
mod map;
mod request;
#[cfg(feature = "http")]
mod source;
mod wire;

pub use request::{BASE_URL, get_ticket};
#[cfg(feature = "http")]
pub use source::{AcornDeskSource, Builder};

use std::sync::LazyLock;

use ticket_core::decode::Document;
use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, Rule, table};
use ticket_core::{Decoded, Decoder, Error, Response, VocabularyOverrides};

/// The name of this provider, as in `acorn:42`.
pub const PROVIDER: &str = "acorn";

/// The operation that fetches a ticket, as in [`Response::operation`].
pub const GET_TICKET: &str = "get_ticket";

/// Decodes responses of Acorn Desk.
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
            return Err(error::rejection(response));
        }
        let document = Document::open(response)?;
        let mut ticket = map::ticket(&document, overrides)?;
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
        static RULES: LazyLock<Vec<Rule>> =
            LazyLock::new(|| table::rules(include_str!("mapping.json")));
        &RULES
    }

    fn capabilities(&self) -> &'static Capabilities {
        &capabilities::CAPABILITIES
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        &[]
    }
}
