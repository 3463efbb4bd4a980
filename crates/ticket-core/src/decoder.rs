//! How the responses of a provider become a ticket: without network, clock or environment.

use ticket_model::Ticket;

use crate::{Diagnostic, Error, Response, VocabularyOverrides};

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

    /// Decodes the responses of one ticket. A provider that needs several calls for a ticket overrides this method.
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
        let mut decoded = self
            .read(response, overrides)
            .map_err(|error| with_provider(response.complete(error)))?;
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
    /// The differences between the response and its documentation.
    pub diagnostics: Vec<Diagnostic>,
}
