//! A decoder from a function and a table of rules.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, Rule};
use ticket_core::{Decoded, Decoder, Error, Response, VocabularyOverrides};
use ticket_testkit::{SampleResponse, verify_mapping};

/// A decoder from a function and a table of rules.
pub(crate) struct TestDecoder<R> {
    pub(crate) decode: R,
    pub(crate) rules: &'static [Rule],
}

impl<R: Fn(&Response) -> Result<Decoded, Error> + Send + Sync> Decoder for TestDecoder<R> {
    fn provider(&self) -> &'static str {
        "helpdesk"
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn read(&self, response: &Response, _: &VocabularyOverrides) -> Result<Decoded, Error> {
        (self.decode)(response)
    }

    /// Each test decoder adds provider and status to its errors itself.
    fn decode(
        &self,
        responses: &[Response],
        overrides: &VocabularyOverrides,
    ) -> Result<Decoded, Error> {
        self.read(Response::first(responses, self.ticket_operation())?, overrides)
    }
}

impl<R: Fn(&Response) -> Result<Decoded, Error> + Send + Sync> MappingDescription
    for TestDecoder<R>
{
    fn title(&self) -> &'static str {
        "Helpdesk"
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

/// Returns the mismatches of a decoder; empty if there are none.
pub(crate) fn verify(decoder: &dyn MappingDescription, cases: &[SampleResponse]) -> String {
    panic_message(|| verify_mapping(decoder, cases)).unwrap_or_default()
}

/// Returns the message of a panic.
pub(crate) fn panic_message(check: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(check)).err()?;
    Some(*panic.downcast::<String>().expect("a message"))
}
