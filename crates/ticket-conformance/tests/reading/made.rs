//! A decoder made of a reading and a table.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ticket_conformance::{Case, prove_mapping};
use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, Rule};
use ticket_core::{Decoded, Decoder, Error, Response, VocabularyOverrides};

/// How a response becomes a ticket, and what the table says of it.
pub(crate) struct Made<R> {
    pub(crate) read: R,
    pub(crate) rules: &'static [Rule],
}

impl<R: Fn(&Response) -> Result<Decoded, Error> + Send + Sync> Decoder for Made<R> {
    fn provider(&self) -> &'static str {
        "desk"
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn read(&self, response: &Response, _: &VocabularyOverrides) -> Result<Decoded, Error> {
        (self.read)(response)
    }

    /// What an error knows of its response is up to each desk here.
    fn decode(
        &self,
        responses: &[Response],
        overrides: &VocabularyOverrides,
    ) -> Result<Decoded, Error> {
        self.read(Response::first(responses, self.ticket_operation())?, overrides)
    }
}

impl<R: Fn(&Response) -> Result<Decoded, Error> + Send + Sync> MappingDescription for Made<R> {
    fn title(&self) -> &'static str {
        "A desk"
    }

    fn rules(&self) -> &'static [Rule] {
        self.rules
    }

    fn capabilities(&self) -> &'static Capabilities {
        &Capabilities { operations: &[], caps: &[] }
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        &[]
    }
}

/// What the proof says of a decoder; nothing where it passes.
pub(crate) fn proof(decoder: &dyn MappingDescription, cases: &[Case]) -> String {
    said(|| prove_mapping(decoder, cases)).unwrap_or_default()
}

/// What a part of the suite says, where it is not content.
pub(crate) fn said(part: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(part)).err()?;
    Some(*panic.downcast::<String>().expect("a message"))
}
