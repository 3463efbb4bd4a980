//! A provider whose tickets need two operations. It decodes nothing.

use ticket_core::mapping::{
    Capabilities, DocConflict, MappingDescription, Operation, PagedList, Rule,
};
use ticket_core::{Decoded, Decoder, Error, Response, VocabularyOverrides};

pub(crate) const TICKET: &str = "get_ticket";
pub(crate) const MESSAGES: &str = "list_messages";

pub(crate) struct Provider;

const fn operation(name: &'static str) -> Operation {
    Operation { name, request: "", is_used: true, limits: &[], note: "" }
}

const CAPABILITIES: Capabilities = Capabilities {
    operations: &[operation(TICKET), operation(MESSAGES)],
    list: None,
    limitations: &[],
};

impl Decoder for Provider {
    fn provider(&self) -> &'static str {
        "fake"
    }

    fn ticket_operation(&self) -> &'static str {
        TICKET
    }

    fn read(&self, _: &Response, _: &VocabularyOverrides) -> Result<Decoded, Error> {
        unreachable!("these tests decode no ticket")
    }
}

impl MappingDescription for Provider {
    fn title(&self) -> &'static str {
        "A fake provider"
    }

    fn rules(&self) -> &'static [Rule] {
        &[]
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn paged_lists(&self) -> &'static [PagedList] {
        &[PagedList { operation: MESSAGES, items: "/data/rows", id: "id", targets: &[] }]
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        &[]
    }
}
