//! The desk as a source: over HTTP, and in memory.

use std::fmt;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ticket_core::transport::{ApiClient, ClientConfig, Transport};
use ticket_core::{
    BaseUrl, CallStats, Decoded, Decoder, Error, ErrorKind, Origin, Record, Request, Response,
    TicketId, TicketSource, VocabularyOverrides, async_trait,
};
use tokio::sync::Semaphore;
use tokio::task::yield_now;

use super::tokens::Tokens;
use super::{Desk, KEY, Lie, PROVIDER, TICKETS, mistaken};

/// The desk over HTTP.
#[derive(Clone)]
pub(crate) struct DeskSource {
    lie: Lie,
    client: ApiClient,
    decoder: &'static Desk,
    /// What is asked for, where calls share it.
    question: Arc<Mutex<Option<TicketId>>>,
    gate: Arc<Semaphore>,
}

impl DeskSource {
    pub(crate) fn new(
        lie: Lie,
        base_url: &str,
        key: &str,
        transport: Transport,
    ) -> Result<Self, Error> {
        let transport = match lie {
            Lie::IgnoresTheTransport => Transport::default(),
            _ => transport,
        };
        let base_url = match BaseUrl::new(base_url) {
            Err(_) if lie == Lie::TakesAnyAddress => None,
            _ => Some(base_url.to_owned()),
        };
        let decoder: &Desk = Box::leak(Box::new(Desk::new(lie)));
        let client = ClientConfig { base_url, transport, ..ClientConfig::default() }.client(
            decoder,
            Some("https://desk.example"),
            |client| match key {
                "" if lie != Lie::NeedsNoKey => {
                    Err(Error::new(ErrorKind::Configuration, "the key is missing"))
                }
                _ => Ok(Tokens::new(lie, client)),
            },
        )?;
        let (question, gate) = (Arc::default(), Arc::new(Semaphore::new(1)));
        Ok(Self { lie, client, decoder, question, gate })
    }

    fn request(&self, id: &TicketId) -> Result<Request, Error> {
        let url = if self.lie == Lie::JoinsIdsAsLinks {
            let list = self.client.base_url().join(&["tickets", "1"])?;
            let joined = list.join(id.as_str());
            joined.map_err(|_| Error::new(ErrorKind::InvalidRequest, "no link"))?
        } else {
            self.client.base_url().join(&["tickets", id.as_str()])?
        };
        Ok(Request::get("get_ticket", url))
    }

    async fn ask(&self, id: &TicketId) -> Result<Record, Error> {
        let request = self.request(id).map_err(|error| error.with_provider(PROVIDER))?;
        let overrides = VocabularyOverrides::default();
        if !matches!(self.lie, Lie::TakesAnyTicket | Lie::TakesNonsense | Lie::HasEveryId) {
            return self.client.fetch(id, &request).await;
        }
        let read = |response: &Response| {
            let read = self.decoder.decode(std::slice::from_ref(response), &overrides);
            match (self.lie, read) {
                (Lie::TakesNonsense, Err(error)) if error.kind() == ErrorKind::InvalidResponse => {}
                (Lie::HasEveryId, Err(error)) if error.kind() == ErrorKind::NotFound => {}
                (_, read) => return read,
            }
            let body = format!(r#"{{"number": "{id}"}}"#);
            self.decoder.decode(&[Response::saved("get_ticket", body)], &overrides)
        };
        let (decoded, response) = self.client.call(&request, read).await?;
        Ok(record(id, decoded, response))
    }

    /// Asks with a client that knows no caution.
    async fn ask_by_another_client(&self, id: &TicketId) -> Result<Record, Error> {
        let broken = |_| Error::new(ErrorKind::Connection, "no response").with_provider(PROVIDER);
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let client = builder.build().map_err(broken)?;
        let response = client.get(self.request(id)?.url).send().await.map_err(broken)?;
        let status = response.status().as_u16();
        let mut response = Response::saved("get_ticket", response.bytes().await.map_err(broken)?);
        response.http_status = Some(status);
        let decoded = self
            .decoder
            .decode(std::slice::from_ref(&response), &VocabularyOverrides::default())?;
        Ok(record(id, decoded, response))
    }
}

fn record(id: &TicketId, Decoded { ticket, diagnostics }: Decoded, response: Response) -> Record {
    let stats = CallStats { attempts: 1, ..CallStats::default() };
    let origin =
        Origin { provider: PROVIDER, asked: Some(id.clone()), responses: vec![response], stats };
    Record { ticket, diagnostics, origin }
}

#[async_trait]
impl TicketSource for DeskSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
        match self.lie {
            Lie::FollowsRedirects => self.ask_by_another_client(id).await,
            Lie::KeepsPermits => {
                self.gate.acquire().await.expect("it is never closed").forget();
                let outcome = self.ask(id).await;
                self.gate.add_permits(1);
                outcome
            }
            Lie::SpawnsItsCalls => {
                let (desk, id) = (self.clone(), id.clone());
                tokio::spawn(async move { desk.ask(&id).await }).await.expect("it does not panic")
            }
            Lie::SharesItsQuestion => {
                *self.question.lock().unwrap() = Some(id.clone());
                yield_now().await;
                let id = self.question.lock().unwrap().clone();
                self.ask(&id.expect("there is one")).await
            }
            Lie::LosesTheResponse => self.ask(id).await.map(|mut record| {
                record.origin.responses.clear();
                record
            }),
            Lie::MistakesConnections => self.ask(id).await.map_err(|error| match error.kind() {
                ErrorKind::Connection => mistaken(&error, ErrorKind::InvalidResponse),
                _ => error,
            }),
            _ => self.ask(id).await,
        }
    }
}

impl fmt::Debug for DeskSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("DeskSource");
        match self.lie {
            Lie::PrintsItsKey => shown.field("key", &KEY),
            Lie::PrintsItsKeyInBase64 => shown.field("pair", &STANDARD.encode(format!("u:{KEY}"))),
            _ => shown.field("client", &self.client),
        };
        shown.finish_non_exhaustive()
    }
}

/// The desk in memory.
#[derive(Debug)]
pub(crate) struct Memory {
    /// Whether it gives a ticket for any id.
    pub(crate) has_every_id: bool,
}

#[async_trait]
impl TicketSource for Memory {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
        let found = TICKETS.into_iter().find(|(known, _)| *known == id.as_str());
        let (_, body) = found.or(self.has_every_id.then_some(TICKETS[0])).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("there is no ticket {id}"))
                .with_provider(PROVIDER)
        })?;
        let response = Response::saved("get_ticket", body);
        let decoder = Desk::new(Lie::None);
        let decoded =
            decoder.decode(std::slice::from_ref(&response), &VocabularyOverrides::default())?;
        Ok(record(id, decoded, response))
    }
}
