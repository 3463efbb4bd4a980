//! Where tickets are fetched from, and what a fetch returns.

use std::sync::Arc;

use async_trait::async_trait;
use ticket_model::Ticket;

use crate::{Account, CallStats, Diagnostic, Error, FileSource, Response, TicketId, TicketList};

/// A helpdesk from which tickets can be fetched.
///
/// Clones and references of a source share its connections and tokens.
#[async_trait]
pub trait TicketSource: Send + Sync {
    /// Returns the name of the provider, as in [`Ticket::provider`].
    fn provider(&self) -> &'static str;

    /// Fetches one ticket with these options.
    ///
    /// All calls that the ticket needs share one deadline. A call that fails makes the whole fetch fail, so that a part is never
    /// taken for the whole.
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind). It is `Configuration` if the proxy, a certificate or the user agent is invalid: that
    /// is found out at the first call.
    async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error>;

    /// Fetches one ticket as the ticket call of the service returns it.
    ///
    /// # Errors
    /// Those of [`fetch_with`](Self::fetch_with).
    async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
        self.fetch_with(id, FetchOptions::default()).await
    }

    /// Returns the account that the source reads. Without base URL and helpdesk id, two sources of a provider look the same.
    fn account(&self) -> Arc<Account> {
        Arc::new(Account::of(self.provider()))
    }

    /// Returns how to list tickets; `None` if the service cannot.
    fn list(&self) -> Option<&dyn TicketList> {
        None
    }

    /// Returns how to download the files of tickets; `None` if the source cannot.
    fn files(&self) -> Option<&dyn FileSource> {
        None
    }
}

/// What to fetch besides the ticket.
///
/// ```
/// use ticket_core::FetchOptions;
///
/// let options = FetchOptions::default().with_conversation();
/// assert!(options.conversation);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchOptions {
    /// Whether to fetch the whole conversation, which may need several calls. A service whose ticket call returns the conversation
    /// returns it in any case.
    pub conversation: bool,
}

impl FetchOptions {
    /// Also fetches the conversation.
    #[must_use]
    pub const fn with_conversation(mut self) -> Self {
        self.conversation = true;
        self
    }
}

/// Implements the trait for pointers to a source.
macro_rules! pointer {
    ($($pointer:ty),+) => {
        $(#[async_trait]
        impl<S: TicketSource + ?Sized> TicketSource for $pointer {
            fn provider(&self) -> &'static str {
                (**self).provider()
            }

            async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error> {
                (**self).fetch_with(id, options).await
            }

            async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
                (**self).fetch(id).await
            }

            fn account(&self) -> Arc<Account> {
                (**self).account()
            }

            fn list(&self) -> Option<&dyn TicketList> {
                (**self).list()
            }

            fn files(&self) -> Option<&dyn FileSource> {
                (**self).files()
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
    /// The account at the provider.
    pub account: Arc<Account>,
    /// The requested id; `None` for a saved response.
    pub requested: Option<TicketId>,
    /// The responses, in the order in which they arrived; those of a ticket from a list are the page that had it.
    pub responses: Vec<Response>,
    /// The statistics of the fetch, without token calls, which may serve many fetches; zero for a saved response.
    pub stats: CallStats,
}
