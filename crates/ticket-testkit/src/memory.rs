//! A source in memory, for tests of code that uses sources.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ticket_core::model::Ticket;
use ticket_core::{
    Account, CallStats, Error, ErrorKind, FetchOptions, Origin, Record, TicketId, TicketSource,
    async_trait,
};

/// A source that returns given tickets and errors, without HTTP.
///
/// ```
/// use ticket_core::{Error, ErrorKind, TicketId, TicketSource};
/// use ticket_testkit::InMemorySource;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ticket = serde_json::from_str(r#"{"provider": "acme", "id": "42", "title": "Paper jam"}"#)?;
/// let source = InMemorySource::new("acme")
///     .with_ticket(ticket)
///     .with_error("42", Error::new(ErrorKind::Unavailable, "overloaded")); // the first call fails
/// let source: Box<dyn TicketSource> = Box::new(source);
///
/// let id = TicketId::new("42")?;
/// assert_eq!(source.fetch(&id).await.unwrap_err().kind(), ErrorKind::Unavailable);
/// assert_eq!(source.fetch(&id).await?.ticket.title.as_deref(), Some("Paper jam"));
///
/// let unknown = TicketId::new("43")?;
/// assert_eq!(source.fetch(&unknown).await.unwrap_err().kind(), ErrorKind::NotFound);
/// # Ok(())
/// # }
/// ```
pub struct InMemorySource {
    provider: &'static str,
    tickets: HashMap<String, Ticket>,
    /// The errors of the next calls, by id.
    errors: Mutex<HashMap<String, VecDeque<Error>>>,
    fetched: Mutex<Vec<TicketId>>,
}

impl InMemorySource {
    /// Creates an empty source.
    pub fn new(provider: &'static str) -> Self {
        let (errors, fetched) = (Mutex::default(), Mutex::default());
        Self { provider, tickets: HashMap::new(), errors, fetched }
    }

    /// Adds a ticket; one with the same id is replaced. Sets the provider of the ticket to that of the source.
    #[must_use]
    pub fn with_ticket(mut self, mut ticket: Ticket) -> Self {
        self.provider.clone_into(&mut ticket.provider);
        self.tickets.insert(ticket.id.clone(), ticket);
        self
    }

    /// Lets the next call for this id fail. Several errors are returned in order, one for each call. Sets the provider of the
    /// error to that of the source.
    #[must_use]
    pub fn with_error(self, id: impl Into<String>, error: Error) -> Self {
        let error = error.with_provider(self.provider);
        lock(&self.errors).entry(id.into()).or_default().push_back(error);
        self
    }

    /// Returns the requested ids, in order.
    pub fn fetched(&self) -> Vec<TicketId> {
        lock(&self.fetched).clone()
    }
}

#[async_trait]
impl TicketSource for InMemorySource {
    fn provider(&self) -> &'static str {
        self.provider
    }

    async fn fetch_with(&self, id: &TicketId, _: FetchOptions) -> Result<Record, Error> {
        lock(&self.fetched).push(id.clone());
        if let Some(error) = lock(&self.errors).get_mut(id.as_str()).and_then(VecDeque::pop_front) {
            return Err(error);
        }
        let ticket = self.tickets.get(id.as_str()).cloned().ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("unknown ticket {id}"))
                .with_provider(self.provider)
        })?;
        let origin = Origin {
            account: Arc::new(Account::of(self.provider)),
            requested: Some(id.clone()),
            responses: Vec::new(),
            stats: CallStats { attempts: 1, ..CallStats::default() },
        };
        Ok(Record { ticket, diagnostics: Vec::new(), origin })
    }
}

impl fmt::Debug for InMemorySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("InMemorySource")
            .field("provider", &self.provider)
            .field("tickets", &self.tickets.len())
            .finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
