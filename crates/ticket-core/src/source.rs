//! Where tickets come from, and what is known of how one came.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::HeaderMap;
use jiff::Timestamp;
use secrecy::zeroize::Zeroize;
use ticket_model::Ticket;

use crate::{CallStats, Diagnostic, Error, ErrorKind, TicketId};

/// The longest request id that is told, in bytes: a service may put anything there.
const LONGEST_ID: usize = 200;

/// A helpdesk that can be asked for a ticket.
///
/// Implementations are cheap to share: clones and references use the same connections and the same tokens.
#[async_trait]
pub trait TicketSource: Send + Sync {
    /// The name of the provider, as [`Ticket::provider`] has it.
    fn provider(&self) -> &'static str;

    /// Fetches one ticket.
    ///
    /// # Errors
    /// Every [`ErrorKind`](crate::ErrorKind); `Configuration` where the proxy, a certificate or the user agent of the settings
    /// cannot be used, which is noticed when they are.
    async fn fetch(&self, id: &TicketId) -> Result<Record, Error>;
}

/// What every source can do besides.
#[async_trait]
pub trait TicketSourceExt: TicketSource {
    /// Fetches several tickets, at most `concurrency` of them at a time, and gives the outcomes in the order asked.
    async fn fetch_all(&self, ids: &[TicketId], concurrency: usize) -> Vec<Result<Record, Error>> {
        // Nothing starts before it is polled, which `buffered` does for so many at a time.
        let calls: Vec<_> = ids.iter().map(|id| self.fetch(id)).collect();
        stream::iter(calls).buffered(concurrency.max(1)).collect().await
    }
}

impl<S: TicketSource + ?Sized> TicketSourceExt for S {}

/// Lets what points to a source be a source.
macro_rules! pointer {
    ($($pointer:ty),+) => {
        $(#[async_trait]
        impl<S: TicketSource + ?Sized> TicketSource for $pointer {
            fn provider(&self) -> &'static str {
                (**self).provider()
            }

            async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
                (**self).fetch(id).await
            }
        })+
    };
}

pointer!(&S, Box<S>, Arc<S>);

/// A ticket, and all that is known of how it came to be.
#[derive(Debug, Clone)]
pub struct Record {
    /// The ticket.
    pub ticket: Ticket,
    /// What was noticed while reading it.
    pub diagnostics: Vec<Diagnostic>,
    /// What it was made from.
    pub origin: Origin,
}

/// What a ticket was made from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The provider that was asked.
    pub provider: &'static str,
    /// The id that was asked for; `None` for a saved response.
    pub asked: Option<TicketId>,
    /// The responses, in the order in which they came.
    pub responses: Vec<Response>,
    /// What fetching it took, without a call for a token, which may serve many; nothing for a saved response.
    pub stats: CallStats,
}

/// One response of a provider, with its exact bytes.
///
/// `Debug` shows the size of the body, not the body: it may be a ticket, or a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// What was asked, in the provider's terms: `get_ticket`, `list_tickets`, …
    pub operation: &'static str,
    /// The HTTP status; `None` for a saved response, of which nobody knows it.
    pub http_status: Option<u16>,
    /// The headers of the response; none for a saved one.
    pub headers: HeaderMap,
    /// The body, exactly as it came.
    pub body: Bytes,
    /// When it had come whole; `None` for a saved response.
    pub received_at: Option<Timestamp>,
}

impl Response {
    /// A response that was saved earlier, without its status and headers.
    pub fn saved(operation: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            operation,
            http_status: None,
            headers: HeaderMap::new(),
            body: body.into(),
            received_at: None,
        }
    }

    /// The first response to this operation.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] where none of the responses is one.
    pub fn first<'a>(responses: &'a [Self], operation: &str) -> Result<&'a Self, Error> {
        responses.iter().find(|response| response.operation == operation).ok_or_else(|| {
            let message = format!("none of the responses is one to `{operation}`");
            Error::new(ErrorKind::InvalidRequest, message)
        })
    }

    /// Whether the HTTP status is 2xx, or not known.
    pub fn is_success(&self) -> bool {
        self.http_status.is_none_or(|status| (200..300).contains(&status))
    }

    /// The id by which the provider's support finds this request; of one that is longer than any, the beginning.
    pub fn request_id(&self) -> Option<&str> {
        let id = self.header(&["x-tt-logid", "x-request-id"])?;
        id.get(..LONGEST_ID).or(Some(id))
    }

    /// An error about this response, with what the response itself knows: status, request id, time to wait.
    pub fn complete(&self, error: Error) -> Error {
        error.about(self.http_status, self.request_id(), self.retry_after())
    }

    /// Wipes the body, which held a secret. Where somebody else still shares it, it stays as it is.
    pub fn zeroize(self) {
        if let Ok(mut body) = self.body.try_into_mut() {
            body.as_mut().zeroize();
        }
    }

    /// The first of these headers that is there and is text.
    pub fn header(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.headers.get(*name)?.to_str().ok())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("operation", &self.operation)
            .field("http_status", &self.http_status)
            .field("bytes", &self.body.len())
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}
