//! How the responses of a provider become a ticket: without network, clock or environment.

use ticket_model::Ticket;

use crate::{Diagnostic, Error, ErrorKind, Response, TicketId, TicketRows, VocabularyOverrides};

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

    /// Returns the operation whose response is a page of whole tickets; `None` if the service has none.
    fn page_operation(&self) -> Option<&'static str> {
        None
    }

    /// Decodes a page of whole tickets. A provider implements this method; callers use [`decode_page`](Self::decode_page).
    ///
    /// # Errors
    /// As [`read`](Self::read); [`InvalidRequest`](ErrorKind::InvalidRequest) if the service has no such list.
    fn read_page(
        &self,
        response: &Response,
        overrides: &VocabularyOverrides,
    ) -> Result<TicketRows, Error> {
        let _ = (response, overrides);
        Err(Error::new(ErrorKind::InvalidRequest, "its API has no list of whole tickets"))
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
        set_title(&mut decoded.ticket, overrides);
        Ok(decoded)
    }

    /// Decodes a page of whole tickets. A ticket without a title gets one as in [`decode`](Self::decode).
    ///
    /// # Errors
    /// Those of [`read_page`](Self::read_page), with the provider added.
    fn decode_page(
        &self,
        response: &Response,
        overrides: &VocabularyOverrides,
    ) -> Result<TicketRows, Error> {
        let mut rows = self
            .read_page(response, overrides)
            .map_err(|error| error.with_provider(self.provider()))?;
        for decoded in &mut rows.tickets {
            set_title(&mut decoded.ticket, overrides);
        }
        Ok(rows)
    }
}

/// Gives a ticket without a title the text of the custom field that the tenant names as title.
fn set_title(ticket: &mut Ticket, overrides: &VocabularyOverrides) {
    if ticket.title.is_none() {
        ticket.title = overrides.title_of(&ticket.custom_fields).map(|(_, text)| text);
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
