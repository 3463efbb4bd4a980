//! The one transport: every provider's requests go through it, and nothing else in the workspace talks HTTP.
//!
//! It follows no redirect and sends no referer, because a redirect would carry the credentials to another host. It
//! gives up at a deadline that includes the body, reads no more than it was allowed to, asks for no compression, and
//! uses no proxy for loopback addresses.

mod attempt;
mod authorize;
mod client;
mod redact;
mod settings;

use std::sync::Arc;

use tokio::time::{Instant, timeout_at};

pub use authorize::{Authorization, Authorize, Fixed};
pub use settings::{RootCertificate, Settings};

use self::client::Clients;
use crate::decode::quoted;
use crate::{
    Answer, Decoded, Dialect, Error, ErrorKind, Origin, Reading, Record, Request, TicketId,
};

/// A client for all sources of a program: clones share its connections.
#[derive(Debug, Clone)]
pub struct Transport(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    clients: Clients,
}

impl Transport {
    /// A transport with these settings; connections are made when they are needed.
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Inner { settings, clients: Clients::default() }))
    }

    /// Fetches one ticket: sends `request`, and reads its answer with `dialect` as `reading` says.
    ///
    /// # Errors
    /// Those of [`call`](Self::call) and of [`Dialect::decode`], and [`WrongTicket`](ErrorKind::WrongTicket) where
    /// another ticket than `id` came back; all of them name the provider.
    pub async fn fetch(
        &self,
        dialect: &dyn Dialect,
        reading: &Reading,
        id: &TicketId,
        request: &Request,
        authorize: &dyn Authorize,
    ) -> Result<Record, Error> {
        let read = |answer: &Answer| {
            let decoded = dialect.decode(std::slice::from_ref(answer), reading)?;
            if decoded.ticket.id == id.as_str() {
                return Ok(decoded);
            }
            let message = format!("asked for ticket {id}, got {}", quoted(&decoded.ticket.id));
            Err(Error::new(ErrorKind::WrongTicket, message))
        };
        let provider = dialect.provider();
        let (Decoded { ticket, report }, answer) = self
            .call(request, authorize, read)
            .await
            .map_err(|error| error.with_provider(provider))?;
        let origin = Origin { provider, asked: Some(id.clone()), answers: vec![answer] };
        Ok(Record { ticket, report, origin })
    }

    /// Sends a request and reads its answer with `read`, which decides whether it was a success.
    ///
    /// Where the answer refuses the credentials and `authorize` has newer ones, the request is sent once more.
    ///
    /// # Errors
    /// [`Connection`](ErrorKind::Connection), [`Timeout`](ErrorKind::Timeout),
    /// [`Unreadable`](ErrorKind::Unreadable) for a body that is too large or compressed,
    /// [`Refused`](ErrorKind::Refused) for a redirect, and whatever `authorize` and `read` give.
    pub async fn call<T>(
        &self,
        request: &Request,
        authorize: &dyn Authorize,
        read: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<(T, Answer), Error> {
        let settings = &self.0.settings;
        let deadline = Instant::now() + settings.call_timeout;
        let mut attempts = 0;
        let call = async {
            let mut authorization = authorize.authorization().await?;
            let mut may_renew = true;
            loop {
                attempts += 1;
                let answer = self.attempt(request, &authorization).await?;
                let error = match read(&answer) {
                    Ok(value) => return Ok((value, answer)),
                    // What an answer says goes into an error only without the secrets that it may repeat.
                    Err(error) => match authorization.redacted(&answer) {
                        None => answer.complete(error),
                        Some(clean) => {
                            read(&clean).err().map_or(error, |error| clean.complete(error))
                        }
                    },
                };
                if !std::mem::take(&mut may_renew) {
                    return Err(error);
                }
                match authorize.renewed(&authorization, &error).await? {
                    Some(newer) => authorization = newer,
                    None => return Err(error),
                }
            }
        };
        let outcome = timeout_at(deadline, call).await.unwrap_or_else(|_| {
            let limit = settings.call_timeout.as_secs_f64();
            Err(Error::new(ErrorKind::Timeout, format!("the call did not end within {limit} s")))
        });
        outcome.map_err(|error| {
            let attempts = attempts.max(error.attempts());
            error.with_attempts(attempts)
        })
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
