//! Where tickets are fetched from, and what a fetch returns.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use ticket_model::Ticket;

use crate::{CallStats, Diagnostic, Error, Response, TicketId};

/// A helpdesk from which tickets can be fetched.
///
/// Clones and references of a source share its connections and tokens.
#[async_trait]
pub trait TicketSource: Send + Sync {
    /// Returns the name of the provider, as in [`Ticket::provider`].
    fn provider(&self) -> &'static str;

    /// Fetches one ticket.
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind). It is `Configuration` if the proxy, a certificate or the user agent is invalid: that
    /// is found out at the first call.
    async fn fetch(&self, id: &TicketId) -> Result<Record, Error>;
}

/// Methods that every source has.
#[async_trait]
pub trait TicketSourceExt: TicketSource {
    /// Fetches several tickets, at most `concurrency` of them at a time, and returns the results in the order of the ids.
    async fn fetch_all(&self, ids: &[TicketId], concurrency: usize) -> Vec<Result<Record, Error>> {
        // A call does not start before it is polled, and `buffered` polls only so many at a time.
        let calls: Vec<_> = ids.iter().map(|id| self.fetch(id)).collect();
        stream::iter(calls).buffered(concurrency.max(1)).collect().await
    }
}

impl<S: TicketSource + ?Sized> TicketSourceExt for S {}

/// Implements the trait for pointers to a source.
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

/// A ticket, its diagnostics, and where it comes from.
#[derive(Debug, Clone)]
pub struct Record {
    /// The ticket.
    pub ticket: Ticket,
    /// The differences between the responses and their documentation.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the ticket comes from.
    pub origin: Origin,
}

/// Where a ticket comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The provider.
    pub provider: &'static str,
    /// The requested id; `None` for a saved response.
    pub requested: Option<TicketId>,
    /// The responses, in the order in which they arrived.
    pub responses: Vec<Response>,
    /// The statistics of the fetch, without token calls, which may serve many fetches; zero for a saved response.
    pub stats: CallStats,
}
