//! The source of the made-up helpdesk: over HTTP, and in memory.

use std::fmt;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ticket_core::transport::{ApiClient, ClientConfig, Transport};
use ticket_core::{
    Account, BaseUrl, CallStats, Decoded, Decoder, Error, ErrorKind, FetchOptions, Origin, Record,
    Request, Response, TicketId, TicketList, TicketSource, VocabularyOverrides, async_trait,
};
use tokio::sync::Semaphore;
use tokio::task::yield_now;

use super::tokens::Tokens;
use super::{Defect, HelpdeskDecoder, KEY, PROVIDER, TICKETS, list, with_kind};

/// The source over HTTP.
#[derive(Clone)]
pub(crate) struct HelpdeskSource {
    pub(super) defect: Defect,
    pub(super) client: ApiClient,
    decoder: &'static HelpdeskDecoder,
    /// The requested id, shared by calls with [`Defect::SharesTheRequestedId`].
    requested: Arc<Mutex<Option<TicketId>>>,
    gate: Arc<Semaphore>,
}

impl HelpdeskSource {
    pub(crate) fn new(
        defect: Defect,
        base_url: &str,
        key: &str,
        transport: Transport,
    ) -> Result<Self, Error> {
        let transport = match defect {
            Defect::IgnoresTheTransport => Transport::default(),
            _ => transport,
        };
        let base_url = match BaseUrl::new(base_url) {
            Err(_) if defect == Defect::AcceptsAnyBaseUrl => None,
            _ => Some(base_url.to_owned()),
        };
        let decoder: &HelpdeskDecoder = Box::leak(Box::new(HelpdeskDecoder::new(defect)));
        let client = ClientConfig { base_url, transport, ..ClientConfig::default() }.client(
            decoder,
            Some("https://helpdesk.example"),
            |client| match key {
                "" if defect != Defect::AcceptsAMissingKey => {
                    Err(Error::new(ErrorKind::Configuration, "the key is missing"))
                }
                _ => Ok(Tokens::new(defect, client)),
            },
        )?;
        let (requested, gate) = (Arc::default(), Arc::new(Semaphore::new(1)));
        Ok(Self { defect, client, decoder, requested, gate })
    }

    fn request(&self, id: &TicketId) -> Result<Request, Error> {
        let url = if self.defect == Defect::JoinsIdsAsRelativeUrls {
            let list = self.client.base_url().join(&["tickets", "1"])?;
            let joined = list.join(id.as_str());
            joined.map_err(|_| Error::new(ErrorKind::InvalidRequest, "invalid URL"))?
        } else {
            self.client.base_url().join(&["tickets", id.as_str()])?
        };
        Ok(Request::get("get_ticket", url))
    }

    async fn fetch_ticket(&self, id: &TicketId) -> Result<Record, Error> {
        let request = self.request(id).map_err(|error| error.with_provider(PROVIDER))?;
        let overrides = VocabularyOverrides::default();
        if !matches!(
            self.defect,
            Defect::AcceptsAnyTicket
                | Defect::AcceptsInvalidResponses
                | Defect::ReturnsATicketForEveryId
        ) {
            return self.client.fetch(id, &request).await;
        }
        let read = |response: &Response| {
            let read = self.decoder.decode(std::slice::from_ref(response), &overrides);
            match (self.defect, read) {
                (Defect::AcceptsInvalidResponses, Err(error))
                    if error.kind() == ErrorKind::InvalidResponse => {}
                (Defect::ReturnsATicketForEveryId, Err(error))
                    if error.kind() == ErrorKind::NotFound => {}
                (_, read) => return read,
            }
            let body = format!(r#"{{"number": "{id}"}}"#);
            self.decoder.decode(&[Response::saved("get_ticket", body)], &overrides)
        };
        let (decoded, response, _) = self.client.call(&request, read).await?;
        Ok(record(id, decoded, response))
    }

    /// Fetches a ticket with its conversation.
    async fn fetch_conversation(&self, id: &TicketId) -> Result<Record, Error> {
        let mut fetch = self.client.begin(id);
        fetch.ticket(&self.request(id)?).await?;
        let read = |response: &Response| list::read(response, "messages");
        let mut count = 0;
        let mut has_failed = false;
        for number in 1.. {
            let path = ["tickets", id.as_str(), "messages"];
            let request = list::request(&self.client, "list_messages", &path, number)?;
            let page = if self.defect == Defect::HasADeadlineForEachCall {
                let called = self.client.call(&request, read).await;
                called.map(|(page, response, _)| {
                    fetch.add(response);
                    page
                })
            } else {
                fetch.call(&request, read).await
            };
            let page = match page {
                Err(_) if self.defect == Defect::KeepsAShortConversation => {
                    has_failed = true;
                    break;
                }
                page => page?,
            };
            count += page.rows.len();
            if count >= page.total || page.rows.is_empty() {
                break;
            }
        }
        let mut record = fetch.finish()?;
        if let Some(conversation) = record.ticket.conversation.as_mut().filter(|_| has_failed) {
            conversation.complete = Some(true);
        }
        if self.defect == Defect::DropsPages {
            record.origin.responses.truncate(2);
        }
        Ok(record)
    }

    /// Fetches with an HTTP client that follows redirects.
    async fn fetch_with_other_client(&self, id: &TicketId) -> Result<Record, Error> {
        let connection_error =
            |_| Error::new(ErrorKind::Connection, "no response").with_provider(PROVIDER);
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let client = builder.build().map_err(connection_error)?;
        let response = client.get(self.request(id)?.url).send().await.map_err(connection_error)?;
        let status = response.status().as_u16();
        let mut response =
            Response::saved("get_ticket", response.bytes().await.map_err(connection_error)?);
        response.http_status = Some(status);
        let decoded = self
            .decoder
            .decode(std::slice::from_ref(&response), &VocabularyOverrides::default())?;
        Ok(record(id, decoded, response))
    }
}

fn record(id: &TicketId, Decoded { ticket, diagnostics }: Decoded, response: Response) -> Record {
    let stats = CallStats { attempts: 1, ..CallStats::default() };
    let origin = Origin {
        account: Arc::new(Account::of(PROVIDER)),
        requested: Some(id.clone()),
        responses: vec![response],
        stats,
    };
    Record { ticket, diagnostics, origin }
}

#[async_trait]
impl TicketSource for HelpdeskSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error> {
        match self.defect {
            _ if options.conversation => self.fetch_conversation(id).await,
            Defect::FollowsRedirects => self.fetch_with_other_client(id).await,
            Defect::LeaksPermits => {
                self.gate.acquire().await.expect("it is never closed").forget();
                let outcome = self.fetch_ticket(id).await;
                self.gate.add_permits(1);
                outcome
            }
            Defect::SpawnsCalls => {
                let (source, id) = (self.clone(), id.clone());
                tokio::spawn(async move { source.fetch_ticket(&id).await })
                    .await
                    .expect("it does not panic")
            }
            Defect::SharesTheRequestedId => {
                *self.requested.lock().unwrap() = Some(id.clone());
                yield_now().await;
                let id = self.requested.lock().unwrap().clone();
                self.fetch_ticket(&id.expect("an id")).await
            }
            Defect::DropsTheResponse => self.fetch_ticket(id).await.map(|mut record| {
                record.origin.responses.clear();
                record
            }),
            Defect::MisreportsConnections => {
                self.fetch_ticket(id).await.map_err(|error| match error.kind() {
                    ErrorKind::Connection => with_kind(&error, ErrorKind::InvalidResponse),
                    _ => error,
                })
            }
            _ => self.fetch_ticket(id).await,
        }
    }

    fn list(&self) -> Option<&dyn TicketList> {
        (self.defect != Defect::HidesItsList).then_some(self as _)
    }
}

impl fmt::Debug for HelpdeskSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("HelpdeskSource");
        match self.defect {
            Defect::ShowsKeyInDebug => shown.field("key", &KEY),
            Defect::ShowsKeyInBase64 => shown.field("pair", &STANDARD.encode(format!("u:{KEY}"))),
            _ => shown.field("client", &self.client),
        };
        shown.finish_non_exhaustive()
    }
}

/// The source in memory.
#[derive(Debug)]
pub(crate) struct MemorySource {
    /// Whether it returns a ticket for every id.
    pub(crate) returns_every_id: bool,
}

#[async_trait]
impl TicketSource for MemorySource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch_with(&self, id: &TicketId, _: FetchOptions) -> Result<Record, Error> {
        let found = TICKETS.into_iter().find(|(known, _)| *known == id.as_str());
        let (_, body) = found.or(self.returns_every_id.then_some(TICKETS[0])).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("unknown ticket {id}")).with_provider(PROVIDER)
        })?;
        let response = Response::saved("get_ticket", body);
        let decoder = HelpdeskDecoder::new(Defect::None);
        let output =
            decoder.decode(std::slice::from_ref(&response), &VocabularyOverrides::default())?;
        Ok(record(id, output, response))
    }
}
