//! Generated tickets of Feishu.

mod document;
mod facts;
mod ids;

use std::sync::OnceLock;

use serde::Serialize;

use crate::generated::Generator;

pub(crate) use document::{agents, avatar, open_id};
pub(crate) use facts::{CloserKind, Facts};

use document::Document;

/// Returns the id of a ticket.
pub(crate) fn id(generator: &Generator, k: u64) -> String {
    ids::encode(generator.seed, k).to_string()
}

/// The generated tickets, and an index of what the list filters by.
#[derive(Debug)]
pub(crate) struct GeneratedTickets {
    pub(crate) generator: Generator,
    helpdesk_id: String,
    /// The facts of each ticket, in the order of the list. Computed when the list is first used.
    index: OnceLock<Vec<Facts>>,
}

impl GeneratedTickets {
    pub(crate) fn new(generator: Generator, helpdesk_id: String) -> Self {
        Self { generator, helpdesk_id, index: OnceLock::new() }
    }

    /// Returns the number `k` of the ticket with this id.
    pub(crate) fn find(&self, id: &str) -> Option<u64> {
        ids::decode(self.generator.seed, id).filter(|k| *k < self.generator.count)
    }

    /// Returns the facts of all tickets, in the order of the list.
    ///
    /// Feishu documents no order. This one follows neither the ids nor the times.
    pub(crate) fn index(&self) -> &[Facts] {
        let facts = |k| Facts::of(&self.generator, k);
        self.index.get_or_init(|| (0..self.generator.count).map(facts).collect())
    }

    /// Returns a ticket as it is sent.
    pub(crate) fn document(&self, k: u64) -> impl Serialize {
        Document::of(&self.generator, k, &self.helpdesk_id)
    }
}
