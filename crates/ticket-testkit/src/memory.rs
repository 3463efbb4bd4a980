//! A source in memory, for tests of code that uses sources.

mod files;
mod list;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ticket_core::model::Ticket;
use ticket_core::{
    Account, CallStats, Error, ErrorKind, FetchOptions, FileSource, ListItems, Origin, Record,
    TicketId, TicketList, TicketSource, TotalRule, async_trait,
};

use files::Files;
use list::ListConfig;

/// The statistics of a call.
const ONE_ATTEMPT: CallStats = CallStats { attempts: 1, waits: 0, waited: Duration::ZERO };

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
///
/// A conversation is returned if it is asked for. With [`with_list`](Self::with_list) the source also has a list, whose filters it
/// applies to its tickets:
///
/// ```
/// use ticket_core::model::Ticket;
/// use ticket_core::{ListItems, ListQuery, TicketSource};
/// use ticket_testkit::InMemorySource;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let titles = [("1", "Paper jam"), ("2", "No paper"), ("3", "No network")];
/// let tickets = titles.map(|(id, title)| Ticket { title: Some(title.into()), ..Ticket::new("acme", id) });
/// let source = tickets.into_iter().fold(InMemorySource::new("acme"), InMemorySource::with_ticket);
/// let source = source.with_list(ListItems::Ids).with_page_size(1);
///
/// let list = source.list().expect("it has a list");
/// let mut reader = list.read(ListQuery { text: Some("paper".into()), ..ListQuery::default() });
/// let mut ids = Vec::new();
/// while let Some(items) = reader.next_page().await? {
///     ids.extend(items.iter().map(|item| item.id().to_owned()));
/// }
/// assert_eq!(ids, ["1", "2"]);
/// assert_eq!(reader.receipt().is_complete(), Some(true));
/// # Ok(())
/// # }
/// ```
pub struct InMemorySource {
    provider: &'static str,
    /// In the order in which they were added, which is that of the list.
    tickets: Vec<Ticket>,
    /// The errors of the next calls, by id.
    errors: Mutex<HashMap<String, VecDeque<Error>>>,
    fetched: Mutex<Vec<TicketId>>,
    list: Option<ListConfig>,
    /// The errors of the next calls for a page.
    list_errors: Mutex<VecDeque<Error>>,
    files: Files,
}

impl InMemorySource {
    /// Creates an empty source.
    pub fn new(provider: &'static str) -> Self {
        let (errors, fetched, list_errors) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (tickets, list, files) = (Vec::new(), None, Files::default());
        Self { provider, tickets, errors, fetched, list, list_errors, files }
    }

    /// Adds a ticket; one with the same id is replaced. Sets the provider of the ticket to that of the source.
    #[must_use]
    pub fn with_ticket(mut self, mut ticket: Ticket) -> Self {
        self.provider.clone_into(&mut ticket.provider);
        match self.tickets.iter_mut().find(|known| known.id == ticket.id) {
            Some(known) => *known = ticket,
            None => self.tickets.push(ticket),
        }
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

    /// Adds a list of whole tickets or of ids. It has every filter of [`ListQuery`](ticket_core::ListQuery) but no native ones, pages
    /// of 100, and says how many tickets match. The order is that in which the tickets were added.
    #[must_use]
    pub fn with_list(mut self, items: ListItems) -> Self {
        self.list = Some(ListConfig { items, ..self.list.unwrap_or_default() });
        self
    }

    /// Adds a list whose pages have at most this many tickets; at least one.
    #[must_use]
    pub fn with_page_size(mut self, page_size: u32) -> Self {
        let page_size = page_size.max(1);
        self.list = Some(ListConfig { page_size, ..self.list.unwrap_or_default() });
        self
    }

    /// Adds a list that ends after this many tickets, and whose total does too.
    #[must_use]
    pub fn with_max_tickets(mut self, max_tickets: u64) -> Self {
        let max_tickets = Some(max_tickets);
        self.list = Some(ListConfig { max_tickets, ..self.list.unwrap_or_default() });
        self
    }

    /// Adds a list that does not say how many tickets match.
    #[must_use]
    pub fn with_unknown_total(mut self) -> Self {
        let total = TotalRule::Unknown;
        self.list = Some(ListConfig { total, ..self.list.unwrap_or_default() });
        self
    }

    /// Lets the next call for a page of the list fail. Several errors are returned in order, one for each call. Sets the provider of
    /// the error to that of the source.
    #[must_use]
    pub fn with_list_error(self, error: Error) -> Self {
        lock(&self.list_errors).push_back(error.with_provider(self.provider));
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

    async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error> {
        lock(&self.fetched).push(id.clone());
        if let Some(error) = lock(&self.errors).get_mut(id.as_str()).and_then(VecDeque::pop_front) {
            return Err(error);
        }
        let ticket = self.tickets.iter().find(|ticket| ticket.id == id.as_str());
        let mut ticket = ticket.cloned().ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("unknown ticket {id}"))
                .with_provider(self.provider)
        })?;
        if !options.conversation {
            ticket.conversation = None;
        }
        Ok(self.record(ticket, Some(id.clone()), ONE_ATTEMPT))
    }

    fn list(&self) -> Option<&dyn TicketList> {
        self.list.is_some().then_some(self as _)
    }

    fn files(&self) -> Option<&dyn FileSource> {
        Some(self)
    }
}

impl InMemorySource {
    fn record(&self, ticket: Ticket, requested: Option<TicketId>, stats: CallStats) -> Record {
        let account = Arc::new(Account::of(self.provider));
        let origin = Origin { account, requested, responses: Vec::new(), stats };
        Record { ticket, diagnostics: Vec::new(), origin }
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
