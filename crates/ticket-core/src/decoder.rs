//! How the responses of a provider become a ticket: without network, clock or environment.

use ticket_model::Ticket;

use crate::{Diagnostic, Error, Response, TicketId, VocabularyOverrides};

/// Decodes the responses of a provider.
///
/// The mapping behind it is described as data by [`MappingDescription`](crate::mapping::MappingDescription).
pub trait Decoder: Send + Sync {
    /// Returns the name of the provider, as in [`Ticket::provider`].
    fn provider(&self) -> &'static str;

    /// Returns the [operation](Response::operation) whose response brings a ticket.
    fn ticket_operation(&self) -> &'static str;

    /// Decodes the response that brings a ticket. A provider implements this method; callers use [`decode`](Self::decode).
    ///
    /// `overrides` says what words of the tenant mean.
    ///
    /// # Errors
    /// - The kind for the service's code or the HTTP status, if the service reports a failure.
    /// - [`InvalidResponse`](crate::ErrorKind::InvalidResponse): the response reports success and holds no ticket.
    fn read(&self, response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error>;

    /// Adds what the other responses of a fetch bring: the conversation, the labels of custom fields.
    ///
    /// A provider that needs one call for a ticket leaves this method as it is.
    ///
    /// # Errors
    /// Those of [`read`](Self::read), for any of these responses.
    fn read_others(
        &self,
        decoded: &mut Decoded,
        responses: &[Response],
        overrides: &VocabularyOverrides,
    ) -> Result<(), Error> {
        let _ = (decoded, responses, overrides);
        Ok(())
    }

    /// Returns whether this is the requested ticket. A service that answers with another id, for example for a merged ticket,
    /// overrides this method.
    fn is_requested(&self, ticket: &Ticket, id: &TicketId) -> bool {
        ticket.id == id.as_str()
    }

    /// Decodes the responses of one ticket.
    ///
    /// A ticket without a title gets the text of the custom field that `overrides` names as title.
    ///
    /// # Errors
    /// - [`InvalidRequest`](crate::ErrorKind::InvalidRequest): no response is one of [`ticket_operation`](Self::ticket_operation).
    /// - The errors of [`read`](Self::read), with the provider, the HTTP status and the request id added.
    fn decode(
        &self,
        responses: &[Response],
        overrides: &VocabularyOverrides,
    ) -> Result<Decoded, Error> {
        let with_provider = |error: Error| error.with_provider(self.provider());
        let response =
            Response::first(responses, self.ticket_operation()).map_err(with_provider)?;
        let decoded = self
            .read(response, overrides)
            .map_err(|error| with_provider(response.complete(error)))?;
        self.decode_others(decoded, responses, overrides)
    }

    /// Completes a ticket that was [read](Self::read) from one of these responses by the others.
    ///
    /// # Errors
    /// Those of [`read_others`](Self::read_others), with the provider added.
    fn decode_others(
        &self,
        mut decoded: Decoded,
        responses: &[Response],
        overrides: &VocabularyOverrides,
    ) -> Result<Decoded, Error> {
        if responses.len() > 1 {
            self.read_others(&mut decoded, responses, overrides)
                .map_err(|error| error.with_provider(self.provider()))?;
        }
        let Ticket { title, custom_fields, .. } = &mut decoded.ticket;
        if title.is_none() {
            *title = overrides.title_of(custom_fields).map(|(_, text)| text);
        }
        Ok(decoded)
    }
}

/// A decoded ticket and the diagnostics of decoding it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The ticket.
    pub ticket: Ticket,
    /// The differences between the responses and their documentation.
    pub diagnostics: Vec<Diagnostic>,
}
