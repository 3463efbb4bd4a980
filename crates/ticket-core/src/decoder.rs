//! The pure half of a provider: from responses to a ticket, with no network, no clock and no environment.

use ticket_model::Ticket;

use crate::capabilities::Capabilities;
use crate::{Diagnostic, DocConflict, Error, Response, Rule, VocabularyOverrides};

/// A provider's language: how its responses are read.
///
/// What works on this trait (the documentation of the mapping, the reading of saved responses) knows no provider.
pub trait Decoder: Send + Sync {
    /// The name of the provider, as [`Ticket::provider`] has it.
    fn provider(&self) -> &'static str;

    /// The name of the service, for people.
    fn title(&self) -> &'static str;

    /// What the response of a saved ticket is called in [`Response::operation`].
    fn ticket_operation(&self) -> &'static str;

    /// Reads the response that brings a ticket; `overrides` holds what a tenant says of its own words. Whoever has responses calls
    /// [`decode`](Self::decode).
    ///
    /// # Errors
    /// What a refusal of the service means, by its code or else its HTTP status;
    /// [`InvalidResponse`](crate::ErrorKind::InvalidResponse) where a success is no ticket.
    fn read(&self, response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error>;

    /// Reads the responses of one ticket. A provider whose tickets take several calls reads all of them here.
    ///
    /// A ticket without a title gets that of the custom field which `overrides` names.
    ///
    /// # Errors
    /// As [`read`](Self::read), with the provider and what the response knows of itself;
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where no response is one to the ticket's operation.
    fn decode(
        &self,
        responses: &[Response],
        overrides: &VocabularyOverrides,
    ) -> Result<Decoded, Error> {
        let named = |error: Error| error.with_provider(self.provider());
        let response = Response::first(responses, self.ticket_operation()).map_err(named)?;
        let mut decoded =
            self.read(response, overrides).map_err(|error| named(response.complete(error)))?;
        let Ticket { title, custom_fields, .. } = &mut decoded.ticket;
        if title.is_none() {
            *title = overrides.title_of(custom_fields).map(|(_, text)| text);
        }
        Ok(decoded)
    }

    /// The mapping as a table.
    fn rules(&self) -> &'static [Rule];

    /// What the provider can do.
    fn capabilities(&self) -> &'static Capabilities;

    /// Where the provider's documentation contradicts itself or its service, and how that is read.
    fn doc_conflicts(&self) -> &'static [DocConflict];
}

/// A ticket that was read, and what was noticed while reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The ticket.
    pub ticket: Ticket,
    /// What was noticed.
    pub diagnostics: Vec<Diagnostic>,
}
