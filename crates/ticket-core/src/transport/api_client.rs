//! The client of a provider: every call goes through it.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use super::attempt::attempt_timeout;
use super::call::{self, Call};
use super::fetch::Fetch;
use super::limit::Limiter;
use super::{Authorization, CredentialProvider, Inner, Transport, retry};
use crate::mapping::MappingDescription;
use crate::{
    Account, BaseUrl, CallStats, Decoded, Error, ErrorKind, HeaderMap, ListItem, ListPage, Origin,
    PageToken, Record, Request, Response, TicketId, TicketRows, VocabularyOverrides,
};

/// A client for one credential at one service: base URL, decoder, credentials and rate limits.
///
/// Clones share all of it. [`ClientConfig::client`](super::ClientConfig::client) creates one.
#[derive(Clone)]
pub struct ApiClient {
    pub(super) decoder: &'static dyn MappingDescription,
    base_url: BaseUrl,
    pub(super) account: Arc<Account>,
    transport: Transport,
    pub(super) overrides: Arc<VocabularyOverrides>,
    credentials: Arc<dyn CredentialProvider>,
    limits: Arc<HashMap<&'static str, Limiter>>,
}

impl ApiClient {
    /// Creates a client without credentials.
    pub(super) fn new(
        decoder: &'static dyn MappingDescription,
        base_url: BaseUrl,
        account: Account,
        transport: Transport,
        overrides: VocabularyOverrides,
    ) -> Self {
        let limits = limits(decoder, &transport);
        let credentials = Arc::new(Authorization::default());
        let (account, overrides) = (Arc::new(account), Arc::new(overrides));
        Self { decoder, base_url, account, transport, overrides, credentials, limits }
    }

    /// Creates a client for the same service with other credentials and their own rate limits.
    #[must_use]
    pub fn with(&self, credentials: impl CredentialProvider + 'static) -> Self {
        let limits = limits(self.decoder, &self.transport);
        Self { credentials: Arc::new(credentials), limits, ..self.clone() }
    }

    /// Returns the base URL of the service.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Returns the account that the client reads.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// Returns the meaning of the tenant's own words.
    pub fn overrides(&self) -> &VocabularyOverrides {
        &self.overrides
    }

    pub(super) fn provider(&self) -> &'static str {
        self.decoder.provider()
    }

    /// Returns the deadline of a call or fetch that begins now.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.transport.0.settings.call_timeout
    }

    /// Begins the fetch of a ticket that may need several calls.
    pub fn begin(&self, id: &TicketId) -> Fetch<'_> {
        Fetch::new(self, id)
    }

    /// Fetches a ticket that needs one call: sends `request` and decodes the response.
    ///
    /// # Errors
    /// Those of [`Fetch::ticket`].
    pub async fn fetch(&self, id: &TicketId, request: &Request) -> Result<Record, Error> {
        let mut fetch = self.begin(id);
        fetch.ticket(request).await?;
        fetch.finish()
    }

    /// Fetches a page of whole tickets, each with the response as its origin. `next` returns the token of the next page.
    ///
    /// # Errors
    /// Those of [`call`](Self::call) and [`Decoder::decode_page`](crate::Decoder::decode_page).
    pub async fn ticket_page(
        &self,
        request: &Request,
        next: impl FnOnce(&TicketRows) -> Option<PageToken>,
    ) -> Result<ListPage, Error> {
        let read = |response: &Response| self.decoder.decode_page(response, &self.overrides);
        let (rows, response, stats) = self.call(request, read).await?;
        let next = next(&rows);
        // The headers of a page say nothing about a ticket.
        let shared = Response { headers: HeaderMap::new(), ..response.clone() };
        let item = |Decoded { ticket, diagnostics }| {
            let origin = Origin {
                account: Arc::clone(&self.account),
                requested: None,
                responses: vec![shared.clone()],
                stats: CallStats::default(),
            };
            ListItem::Ticket(Box::new(Record { ticket, diagnostics, origin }))
        };
        let TicketRows { tickets, list: _, unreadable, total } = rows;
        let items = tickets.into_iter().map(item).collect();
        Ok(ListPage { items, unreadable, total, next, response: Some(response), stats })
    }

    /// Sends a request and reads its response with `read`, which decides whether it was a success.
    ///
    /// Requests wait for the documented rate limits of the operation. Transient failures are retried after the wait that the service
    /// names, or a random one, until the deadline of the call; a rate limit that names its wait does not count as an attempt. If the
    /// credentials were rejected and can be refreshed, the request is sent once more.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) if the proxy, a certificate or the user agent is not usable, [`Connection`](ErrorKind::Connection), [`Timeout`](ErrorKind::Timeout),
    /// [`InvalidResponse`](ErrorKind::InvalidResponse) for a body that is too large or compressed,
    /// [`Rejected`](ErrorKind::Rejected) for a redirect, and the errors of the credentials and of `read`. The
    /// last error is returned, with the provider and the statistics of the call.
    pub async fn call<T>(
        &self,
        request: &Request,
        read: impl Fn(&Response) -> Result<T, Error>,
    ) -> Result<(T, Response, CallStats), Error> {
        let span = call::span(self.provider(), request);
        let (value, response, stats, _) =
            self.run(request, read, self.deadline()).instrument(span).await?;
        Ok((value, response, stats))
    }

    pub(super) async fn run<T>(
        &self,
        request: &Request,
        read: impl Fn(&Response) -> Result<T, Error>,
        deadline: Instant,
    ) -> Result<(T, Response, CallStats, Authorization), Error> {
        let mut call = Call::begin(&self.transport, deadline);
        let outcome = timeout_at(call.deadline, self.attempts(request, read, &mut call)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(call.out_of_time()));
        if outcome.is_ok() {
            self.transport.0.budget.refund();
        }
        call.end(&outcome);
        match outcome {
            Ok((value, response, authorization)) => {
                Ok((value, response, call.stats, authorization))
            }
            Err(error) => {
                // A failed token call has counted its own attempts.
                let mut stats = error.stats();
                stats += call.stats;
                let error = error.with_stats(stats).in_operation(request.operation);
                Err(error.with_provider(self.decoder.provider()))
            }
        }
    }

    async fn attempts<T>(
        &self,
        request: &Request,
        read: impl Fn(&Response) -> Result<T, Error>,
        call: &mut Call<'_>,
    ) -> Result<(T, Response, Authorization), Error> {
        let Inner { settings, budget, .. } = &*self.transport.0;
        let mut authorization = self.credentials.authorization().await?;
        let mut may_refresh = true;
        loop {
            let error = match self.attempt(request, &authorization, call).await {
                Err(error) => error,
                Ok(response) => match read(&response) {
                    Ok(value) => {
                        call.succeeded(&response, &authorization);
                        return Ok((value, response, authorization));
                    }
                    // An error quotes the response only without the secrets in it.
                    Err(error) => match authorization.redacted(&response) {
                        None => response.complete(error),
                        Some(clean) => {
                            // If the redacted response is not an error, only the kind of the first error is kept.
                            let nameless = || {
                                Error::new(
                                    error.kind(),
                                    "the error is hidden because it contains a secret",
                                )
                            };
                            clean.complete(read(&clean).err().unwrap_or_else(nameless))
                        }
                    },
                },
            };
            let error = authorization.redacted_error(error);
            call.failed(&error);
            if let (ErrorKind::RateLimited, Some(wait)) = (error.kind(), error.retry_after()) {
                // Another program uses the same limit: no caller sends a request before it recovers.
                self.limiter(request).pause(wait);
            }
            let (failures, left) = (call.failures, call.left());
            if let Some(wait) = retry::wait(&error, request, failures, left, settings, budget) {
                call.back_off(error, wait).await;
            } else if std::mem::take(&mut may_refresh)
                && let Some(newer) = self.credentials.refresh(&authorization, &error).await?
            {
                authorization = newer;
                call.refreshed(error);
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
    ) -> Result<Response, Error> {
        let limiter = self.limiter(request);
        let mut slot = call.wait("limit", limiter.slot()).await;
        let open = &self.transport.0.open;
        let _open = call.wait("concurrency", limiter.unless_paused(open)).await;
        slot.sent(attempt_timeout(request, &self.transport.0.settings));
        call.attempt();
        let outcome = self.transport.attempt(request, authorization).await;
        // After a timeout it is unknown when the service counts the request, so the slot is not returned early.
        if !outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Timeout) {
            slot.received();
        }
        outcome
    }

    /// Returns the limiter of the operation; without limits if none are documented.
    fn limiter(&self, request: &Request) -> Limiter {
        self.limits.get(request.operation).cloned().unwrap_or_default()
    }
}

/// Returns the limiters of the documented operations, by name.
fn limits(
    decoder: &dyn MappingDescription,
    transport: &Transport,
) -> Arc<HashMap<&'static str, Limiter>> {
    let fraction = transport.0.settings.rate_limit_fraction;
    let operations = decoder.capabilities().operations.iter();
    let limiters =
        operations.map(|operation| (operation.name, Limiter::new(operation.limits, fraction)));
    Arc::new(limiters.collect())
}

impl fmt::Debug for ApiClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiClient")
            .field("provider", &self.decoder.provider())
            .field("base_url", &self.base_url.as_str())
            .finish_non_exhaustive()
    }
}
