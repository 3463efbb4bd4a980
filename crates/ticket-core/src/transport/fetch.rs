//! A fetch: one ticket, by one or several calls.

use std::sync::Arc;

use tokio::time::Instant;
use tracing::{Instrument, Span};

use super::{ApiClient, Authorization, call};
use crate::decode::quoted;
use crate::{
    CallStats, Decoded, Decoder, Error, ErrorKind, Origin, Record, Request, Response, TicketId,
};

/// A fetch in progress: one ticket, by one or several calls.
///
/// All calls share one deadline, one span and one set of statistics. [`ApiClient::begin`] creates it.
///
/// ```
/// use ticket_core::transport::ApiClient;
/// use ticket_core::{Error, Record, Request, TicketId};
///
/// /// Fetches a ticket and its history.
/// async fn fetch(client: &ApiClient, id: &TicketId, ticket: &Request, history: &Request) -> Result<Record, Error> {
///     let mut fetch = client.begin(id);
///     fetch.ticket(ticket).await?;
///     fetch.call(history, read_history).await?;
///     fetch.finish()
/// }
/// # fn read_history(_: &ticket_core::Response) -> Result<(), Error> { Ok(()) }
/// ```
#[derive(Debug)]
pub struct Fetch<'c> {
    client: &'c ApiClient,
    id: TicketId,
    deadline: Instant,
    span: Span,
    stats: CallStats,
    responses: Vec<Response>,
    decoded: Option<Decoded>,
    /// The last credentials, whose secrets no error may have.
    authorization: Authorization,
}

impl<'c> Fetch<'c> {
    pub(super) fn new(client: &'c ApiClient, id: &TicketId) -> Self {
        Self {
            client,
            id: id.clone(),
            deadline: client.deadline(),
            span: call::fetch_span(client.provider(), id),
            stats: CallStats::default(),
            responses: Vec::with_capacity(1),
            decoded: None,
            authorization: Authorization::default(),
        }
    }

    /// Sends the request of the ticket call and decodes the response.
    ///
    /// # Errors
    /// Those of [`ApiClient::call`] and of [`Decoder::read`](crate::Decoder::read), and
    /// [`TicketMismatch`](ErrorKind::TicketMismatch) if the response has another ticket.
    pub async fn ticket(&mut self, request: &Request) -> Result<&Decoded, Error> {
        let client = self.client;
        let id = self.id.clone();
        let read = move |response: &Response| {
            let decoded = client.decoder.read(response, &client.overrides)?;
            if client.decoder.is_requested(&decoded.ticket, &id) {
                return Ok(decoded);
            }
            let message = format!("requested ticket {id}, received {}", quoted(&decoded.ticket.id));
            Err(Error::new(ErrorKind::TicketMismatch, message))
        };
        let decoded = self.call(request, read).await?;
        Ok(self.decoded.insert(decoded))
    }

    /// Sends another request and reads its response, which becomes one of the fetch. See [`ApiClient::call`].
    ///
    /// # Errors
    /// Those of [`ApiClient::call`]. The statistics are those of the whole fetch.
    pub async fn call<T>(
        &mut self,
        request: &Request,
        read: impl Fn(&Response) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let calls = self.client.run(request, read, self.deadline);
        match calls.instrument(call::nested_span(&self.span, request)).await {
            Ok((value, response, stats, authorization)) => {
                self.stats += stats;
                self.responses.push(response);
                self.authorization = authorization;
                Ok(value)
            }
            Err(error) => {
                let mut stats = self.stats;
                stats += error.stats();
                Err(error.with_stats(stats))
            }
        }
    }

    /// Adds a response that another fetch received and that belongs to this ticket too.
    pub fn add(&mut self, response: Response) {
        self.responses.push(response);
    }

    /// Returns the ticket with all responses.
    ///
    /// # Errors
    /// Those of [`Decoder::decode_others`](crate::Decoder::decode_others).
    ///
    /// # Panics
    /// If [`ticket`](Self::ticket) was not called.
    pub fn finish(self) -> Result<Record, Error> {
        let decoder = self.client.decoder;
        self.finish_with(decoder)
    }

    /// Returns the ticket with all responses, completed by this decoder: one that has parsed responses that many tickets share. It
    /// must return the same as the decoder of the client.
    ///
    /// # Errors
    /// Those of [`Decoder::decode_others`](crate::Decoder::decode_others).
    ///
    /// # Panics
    /// If [`ticket`](Self::ticket) was not called.
    pub fn finish_with(self, decoder: &dyn Decoder) -> Result<Record, Error> {
        let Self { client, id, responses, stats, decoded, authorization, .. } = self;
        let ticket = decoded.expect("the ticket call comes before the end of a fetch");
        let Decoded { ticket, diagnostics } = decoder
            .decode_others(ticket, &responses, &client.overrides)
            .map_err(|error| authorization.redacted_error(error).with_stats(stats))?;
        let origin =
            Origin { account: Arc::clone(&client.account), requested: Some(id), responses, stats };
        Ok(Record { ticket, diagnostics, origin })
    }
}
