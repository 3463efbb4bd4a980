//! A decoder from a function and a table.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ticket_core::decode::Document;
use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, Rule, table};
use ticket_core::model::Ticket;
use ticket_core::{Decoded, Decoder, Error, ErrorKind, Response, VocabularyOverrides};
use ticket_testkit::{SampleResponse, verify_mapping};

/// A decoder from a function and a table.
pub(crate) struct TestDecoder<R> {
    pub(crate) decode: R,
    pub(crate) table: &'static str,
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
        table::rules(self.table).leak()
    }

    fn capabilities(&self) -> &'static Capabilities {
        &Capabilities { operations: &[], list: None, limitations: &[] }
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        &[]
    }
}

/// Decodes a success, and adds provider and status to errors.
pub(crate) fn checked(
    response: &Response,
    decode: impl Fn(&Response) -> Result<Decoded, Error>,
) -> Result<Decoded, Error> {
    let result = if response.is_success() {
        decode(response)
    } else {
        Err(Error::new(ErrorKind::Rejected, "the request was rejected"))
    };
    result.map_err(|error| response.complete(error).with_provider("helpdesk"))
}

/// Adds the unmapped values and the diagnostics to a ticket.
pub(crate) fn closed(document: Document<'_>, mut ticket: Ticket) -> Result<Decoded, Error> {
    let (extra, diagnostics) = document.close()?;
    ticket.extra = extra;
    Ok(Decoded { ticket, diagnostics })
}

/// Returns the mismatches of a decoder and its table; empty if there are none.
pub(crate) fn verify(
    decoder: &dyn MappingDescription,
    samples: &[SampleResponse],
    table: &str,
) -> String {
    let mut file = tempfile::NamedTempFile::new().expect("a file can be created");
    file.write_all(table.as_bytes()).expect("a file can be written");
    panic_message(|| verify_mapping(decoder, samples, file.path())).unwrap_or_default()
}

/// Returns the message of a panic.
pub(crate) fn panic_message(check: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(check)).err()?;
    Some(*panic.downcast::<String>().expect("a message"))
}
