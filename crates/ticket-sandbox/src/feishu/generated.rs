//! Generated tickets of Feishu.

mod document;
mod facts;
mod ids;
mod index;

use std::sync::OnceLock;

use serde::Serialize;

use crate::generated::Generator;

pub(crate) use document::{agents, avatar, open_id};
pub(crate) use facts::{CloserKind, Facts};

use document::Document;
use index::Index;

/// Returns the id of a ticket.
pub(crate) fn id(generator: &Generator, k: u64) -> String {
    ids::encode(generator.seed, k).to_string()
}

/// The generated tickets, and an index of what the list filters by.
#[derive(Debug)]
pub(crate) struct GeneratedTickets {
    pub(crate) generator: Generator,
    helpdesk_id: String,
    /// Computed when the list is first used.
    index: OnceLock<Index>,
}

impl GeneratedTickets {
    pub(crate) fn new(generator: Generator, helpdesk_id: String) -> Self {
        Self { generator, helpdesk_id, index: OnceLock::new() }
    }

    /// Returns the number `k` of the ticket with this id.
    pub(crate) fn find(&self, id: &str) -> Option<u64> {
        ids::decode(self.generator.seed, id).filter(|k| *k < self.generator.count)
    }

    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.generator))
    }

    /// Returns a ticket as it is sent.
    pub(crate) fn document(&self, k: u64) -> impl Serialize {
        Document::of(&self.generator, k, &self.helpdesk_id)
    }
}
