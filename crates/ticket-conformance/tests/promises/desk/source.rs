//! The desk as a source: over HTTP, and in memory.

use std::fmt;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ticket_core::transport::{Session, Setup, Transport};
use ticket_core::{
    Answer, BaseUrl, Decoded, Dialect, Effort, Error, ErrorKind, Origin, Reading, Record, Request,
    TicketId, TicketSource, async_trait,
};
use tokio::sync::Semaphore;
use tokio::task::yield_now;

use super::tokens::Tokens;
use super::{Desk, KEY, Lie, PROVIDER, TICKETS, mistaken};

/// The desk over HTTP.
#[derive(Clone)]
pub(crate) struct DeskSource {
    lie: Lie,
    session: Session,
    dialect: &'static Desk,
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
        let dialect: &Desk = Box::leak(Box::new(Desk::new(lie)));
        let session = Setup { base_url, transport, ..Setup::default() }.session(
            dialect,
            Some("https://desk.example"),
            |session| match key {
                "" if lie != Lie::NeedsNoKey => {
                    Err(Error::new(ErrorKind::Configuration, "the key is missing"))
                }
                _ => Ok(Tokens::new(lie, session)),
            },
        )?;
        let (question, gate) = (Arc::default(), Arc::new(Semaphore::new(1)));
        Ok(Self { lie, session, dialect, question, gate })
    }

    fn request(&self, id: &TicketId) -> Result<Request, Error> {
        let url = if self.lie == Lie::JoinsIdsAsLinks {
            let list = self.session.base_url().join(&["tickets", "1"])?;
            let joined = list.join(id.as_str());
            joined.map_err(|_| Error::new(ErrorKind::InvalidRequest, "no link"))?
        } else {
            self.session.base_url().join(&["tickets", id.as_str()])?
        };
        Ok(Request::get("get_ticket", url))
    }

    async fn ask(&self, id: &TicketId) -> Result<Record, Error> {
        let request = self.request(id).map_err(|error| error.with_provider(PROVIDER))?;
        let reading = Reading::default();
        if !matches!(self.lie, Lie::TakesAnyTicket | Lie::TakesNonsense | Lie::HasEveryId) {
            return self.session.fetch(id, &request).await;
        }
        let read = |answer: &Answer| {
            let read = self.dialect.decode(std::slice::from_ref(answer), &reading);
            match (self.lie, read) {
                (Lie::TakesNonsense, Err(error)) if error.kind() == ErrorKind::Unreadable => {}
                (Lie::HasEveryId, Err(error)) if error.kind() == ErrorKind::NotFound => {}
                (_, read) => return read,
            }
            let body = format!(r#"{{"number": "{id}"}}"#);
            self.dialect.decode(&[Answer::saved("get_ticket", body)], &reading)
        };
        let (decoded, answer) = self.session.call(&request, read).await?;
        Ok(record(id, decoded, answer))
    }

    /// Asks with a client that knows no caution.
    async fn ask_by_another_client(&self, id: &TicketId) -> Result<Record, Error> {
        let broken = |_| Error::new(ErrorKind::Connection, "no answer").with_provider(PROVIDER);
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let client = builder.build().map_err(broken)?;
        let answer = client.get(self.request(id)?.url).send().await.map_err(broken)?;
        let status = answer.status().as_u16();
        let mut answer = Answer::saved("get_ticket", answer.bytes().await.map_err(broken)?);
        answer.http_status = Some(status);
        let decoded = self.dialect.decode(std::slice::from_ref(&answer), &Reading::default())?;
        Ok(record(id, decoded, answer))
    }
}

fn record(id: &TicketId, Decoded { ticket, report }: Decoded, answer: Answer) -> Record {
    let effort = Effort { attempts: 1, ..Effort::default() };
    let origin =
        Origin { provider: PROVIDER, asked: Some(id.clone()), answers: vec![answer], effort };
    Record { ticket, report, origin }
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
            Lie::LosesTheAnswer => self.ask(id).await.map(|mut record| {
                record.origin.answers.clear();
                record
            }),
            Lie::MistakesConnections => self.ask(id).await.map_err(|error| match error.kind() {
                ErrorKind::Connection => mistaken(&error, ErrorKind::Unreadable),
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
            _ => shown.field("session", &self.session),
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
        let answer = Answer::saved("get_ticket", body);
        let dialect = Desk::new(Lie::None);
        let decoded = dialect.decode(std::slice::from_ref(&answer), &Reading::default())?;
        Ok(record(id, decoded, answer))
    }
}
