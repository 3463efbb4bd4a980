//! One credential at one service: every call goes through here.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use tokio::time::timeout_at;
use tracing::Instrument;

use super::call::{self, Call};
use super::limit::Limiter;
use super::{Authorization, Authorize, Inner, Transport, retry};
use crate::decode::quoted;
use crate::{
    Answer, BaseUrl, Decoded, Dialect, Effort, Error, ErrorKind, Origin, Reading, Record, Request,
    TicketId,
};

/// One credential at one service: where that lies, how its answers are read, what proves who asks, and the limits that count
/// for it. Clones share all of it. [`Setup::session`](super::Setup::session) makes one.
#[derive(Clone)]
pub struct Session {
    dialect: &'static dyn Dialect,
    base_url: BaseUrl,
    transport: Transport,
    reading: Arc<Reading>,
    authorize: Arc<dyn Authorize>,
    limits: Arc<HashMap<&'static str, Limiter>>,
}

impl Session {
    /// A session without credentials.
    pub(super) fn new(
        dialect: &'static dyn Dialect,
        base_url: BaseUrl,
        transport: Transport,
        reading: Reading,
    ) -> Self {
        let limits = limits(dialect, &transport);
        let authorize = Arc::new(Authorization::default());
        Self { dialect, base_url, transport, reading: Arc::new(reading), authorize, limits }
    }

    /// A session at the same service with other credentials, for which its limits count anew.
    #[must_use]
    pub fn with(&self, authorize: impl Authorize + 'static) -> Self {
        let limits = limits(self.dialect, &self.transport);
        Self { authorize: Arc::new(authorize), limits, ..self.clone() }
    }

    /// Where the API of the service lies: a request begins with it.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Fetches one ticket: sends `request`, and reads its answer.
    ///
    /// # Errors
    /// Those of [`call`](Self::call) and of [`Dialect::decode`], and [`WrongTicket`](ErrorKind::WrongTicket) where
    /// another ticket than `id` came back.
    pub async fn fetch(&self, id: &TicketId, request: &Request) -> Result<Record, Error> {
        let read = |answer: &Answer| {
            let decoded = self.dialect.decode(std::slice::from_ref(answer), &self.reading)?;
            if decoded.ticket.id == id.as_str() {
                return Ok(decoded);
            }
            let message = format!("asked for ticket {id}, got {}", quoted(&decoded.ticket.id));
            Err(Error::new(ErrorKind::WrongTicket, message))
        };
        let provider = self.dialect.provider();
        let span = call::span(provider, request, Some(id.as_str()));
        let (Decoded { ticket, report }, answer, effort) =
            self.run(request, read).instrument(span).await?;
        let origin = Origin { provider, asked: Some(id.clone()), answers: vec![answer], effort };
        Ok(Record { ticket, report, origin })
    }

    /// Sends a request and reads its answer with `read`, which decides whether it was a success.
    ///
    /// Where the operation has limits the request waits for its turn. What time can mend is tried again, after the wait that
    /// the service names or else a growing one, as long as that is within the time of the whole call. Where the answer
    /// refuses the credentials and there are newer ones, the request is sent once more.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) where the proxy, a certificate or the user agent of the settings cannot be
    /// used, [`Connection`](ErrorKind::Connection), [`Timeout`](ErrorKind::Timeout),
    /// [`Unreadable`](ErrorKind::Unreadable) for a body that is too large or compressed,
    /// [`Refused`](ErrorKind::Refused) for a redirect, and whatever the credentials and `read` give; always the last
    /// failure, with its provider and what the call took.
    pub async fn call<T>(
        &self,
        request: &Request,
        read: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<(T, Answer), Error> {
        let span = call::span(self.dialect.provider(), request, None);
        let (value, answer, _) = self.run(request, read).instrument(span).await?;
        Ok((value, answer))
    }

    async fn run<T>(
        &self,
        request: &Request,
        read: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<(T, Answer, Effort), Error> {
        let mut call = Call::begin(&self.transport);
        let outcome = timeout_at(call.deadline, self.attempts(request, read, &mut call)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(call.out_of_time()));
        if outcome.is_ok() {
            self.transport.0.budget.refund();
        }
        call.end(&outcome);
        match outcome {
            Ok((value, answer)) => Ok((value, answer, call.effort)),
            Err(error) => {
                // A failure to get a token has counted its own.
                let mut effort = error.effort();
                effort += call.effort;
                let error = error.with_effort(effort).in_operation(request.operation);
                Err(error.with_provider(self.dialect.provider()))
            }
        }
    }

    async fn attempts<T>(
        &self,
        request: &Request,
        read: impl Fn(&Answer) -> Result<T, Error>,
        call: &mut Call<'_>,
    ) -> Result<(T, Answer), Error> {
        let Inner { settings, budget, .. } = &*self.transport.0;
        let mut authorization = self.authorize.authorization().await?;
        let mut may_renew = true;
        loop {
            let error = match self.attempt(request, &authorization, call).await {
                Err(error) => error,
                Ok(answer) => match read(&answer) {
                    Ok(value) => {
                        call.succeeded(&answer, &authorization);
                        return Ok((value, answer));
                    }
                    // What an answer says goes into an error only without the secrets that it may repeat.
                    Err(error) => match authorization.redacted(&answer) {
                        None => answer.complete(error),
                        Some(clean) => {
                            // Should the clean answer be no failure, nothing of the first one is told but its kind.
                            let nameless =
                                || Error::new(error.kind(), "the answer repeats a secret");
                            clean.complete(read(&clean).err().unwrap_or_else(nameless))
                        }
                    },
                },
            };
            let error = authorization.redacted_error(error);
            call.failed(&error);
            if let (ErrorKind::RateLimited, Some(wait)) = (error.kind(), error.retry_after()) {
                // Somebody else uses the same limit: nobody here sends anything before it recovers.
                self.limiter(request).pause(wait);
            }
            let made = call.effort.attempts;
            if let Some(wait) = retry::wait(&error, request, made, call.left(), settings, budget) {
                call.back_off(error, wait).await;
            } else if std::mem::take(&mut may_renew)
                && let Some(newer) = self.authorize.renewed(&authorization, &error).await?
            {
                authorization = newer;
                call.renewed(error);
            } else {
                return Err(error);
            }
        }
    }

    async fn attempt(
        &self,
        request: &Request,
        authorization: &Authorization,
        call: &mut Call<'_>,
    ) -> Result<Answer, Error> {
        let limiter = self.limiter(request);
        let mut slot = call.wait("limit", limiter.slot()).await;
        let open = &self.transport.0.open;
        let _open = call.wait("concurrency", limiter.unless_paused(open)).await;
        slot.sent(self.transport.0.settings.attempt_timeout);
        call.attempt();
        let outcome = self.transport.attempt(request, authorization).await;
        // After a timeout nobody knows when the service counts the request, so the slot is not given back early.
        if !outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Timeout) {
            slot.answered();
        }
        outcome
    }

    /// The limits of the operation; none where none are documented.
    fn limiter(&self, request: &Request) -> Limiter {
        self.limits.get(request.operation).cloned().unwrap_or_default()
    }
}

/// What keeps to the limits of each operation that the service documents, by its name.
fn limits(dialect: &dyn Dialect, transport: &Transport) -> Arc<HashMap<&'static str, Limiter>> {
    let share = transport.0.settings.limit_share;
    let operations = dialect.capabilities().operations.iter();
    let limiters =
        operations.map(|operation| (operation.name, Limiter::new(operation.limits, share)));
    Arc::new(limiters.collect())
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("provider", &self.dialect.provider())
            .field("base_url", &self.base_url.as_str())
            .finish_non_exhaustive()
    }
}
