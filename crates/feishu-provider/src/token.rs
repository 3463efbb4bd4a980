//! Caches the tenant access token: one request for all waiting callers, refreshed before it expires or when it is rejected.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use ticket_core::decode::Document;
use ticket_core::transport::{ApiClient, Authorization, CredentialProvider};
use ticket_core::{CallStats, Error, ErrorKind, Response, Secret};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

use crate::{error, get_tenant_access_token, wire};

/// A token is not used in the last 3 minutes before it expires, or the last half of a shorter lifetime.
const MARGIN: Duration = Duration::from_mins(3);

/// Fetches and caches tokens.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// Sends the token request, without credentials in headers.
    client: ApiClient,
    app_id: String,
    app_secret: Secret,
    /// The helpdesk header, sent along with the token.
    helpdesk: Authorization,
    /// Locked while a token is fetched, so that all waiting callers share it. If a caller is cancelled, the next one fetches.
    held: Mutex<Held>,
    /// The number of failed token calls; tells a waiting caller that the call failed.
    failures: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    token: Option<Token>,
    /// The error of the last failed token call.
    failure: Option<Error>,
    /// The number of tokens fetched so far.
    generation: u64,
}

#[derive(Debug)]
struct Token {
    text: Secret,
    usable_until: Instant,
}

impl Tokens {
    pub(crate) fn new(
        client: &ApiClient,
        app_id: String,
        app_secret: Secret,
        helpdesk: Authorization,
    ) -> Self {
        let client = client.with(Authorization::default().redact_also(&app_secret));
        let (held, failures) = Default::default();
        Self { client, app_id, app_secret, helpdesk, held, failures }
    }

    /// Locks the cache. A caller that waited while a token call failed gets its error: 64 callers with a wrong secret make
    /// one call.
    async fn lock(&self) -> Result<MutexGuard<'_, Held>, Error> {
        let before = self.failures.load(Ordering::Acquire);
        let held = self.held.lock().await;
        match &held.failure {
            // The caller that made the call counts its statistics.
            Some(error) if self.failures.load(Ordering::Acquire) != before => {
                Err(error.clone().with_stats(CallStats::default()))
            }
            _ => Ok(held),
        }
    }

    /// Returns the headers with the cached token, or with a new one.
    async fn current(&self, held: &mut Held) -> Result<Authorization, Error> {
        let is_usable = |token: &Token| Instant::now() < token.usable_until;
        if !held.token.as_ref().is_some_and(is_usable) {
            held.token = None;
            held.token = Some(self.fetch().await.inspect_err(|error| {
                held.failure = Some(error.clone());
                self.failures.fetch_add(1, Ordering::Release);
            })?);
            held.generation += 1;
        }
        let token = held.token.as_ref().expect("was set above");
        let authorization = self.helpdesk.clone().with_bearer(&token.text)?;
        Ok(authorization.with_generation(held.generation))
    }

    async fn fetch(&self) -> Result<Token, Error> {
        let request =
            get_tenant_access_token(self.client.base_url(), &self.app_id, &self.app_secret)?;
        // The lifetime counts from before the call, so that a slow response cannot extend it.
        let requested_at = Instant::now();
        let ((text, left), response, _) = self.client.call(&request, read).await?;
        response.zeroize();
        Ok(Token { text, usable_until: requested_at + left - MARGIN.min(left / 2) })
    }
}

/// Reads the token and its remaining lifetime.
fn read(response: &Response) -> Result<(Secret, Duration), Error> {
    if !response.is_success() {
        return Err(error::error_response(response));
    }
    let document = Document::open(response)?;
    let cursor = document.root();
    let wire::Token { code, tenant_access_token, expire, unknown: _ } = document.parse()?;
    error::check_code(response, &cursor, &code)?;
    let missing = |pointer: String| {
        Error::new(ErrorKind::InvalidResponse, "the response has no token").with_path(pointer)
    };
    let position = cursor.key(tenant_access_token.key()).pointer();
    let text = cursor.text(tenant_access_token).filter(|text| !text.is_empty());
    let text = Secret::from(text.ok_or_else(|| missing(position.clone()))?);
    // A token that cannot be sent in a header is invalid and is not cached.
    Authorization::default().with_bearer(&text).map_err(|_| missing(position))?;
    let position = cursor.key(expire.key()).pointer();
    let seconds = cursor.seconds(expire).ok_or_else(|| missing(position))?;
    // The documented lifetime is at most two hours; one day limits the effect of a wrong number.
    Ok((text, Duration::from_secs(seconds.min(86_400))))
}

#[async_trait]
impl CredentialProvider for Tokens {
    async fn authorization(&self) -> Result<Authorization, Error> {
        let mut held = self.lock().await?;
        self.current(&mut held).await
    }

    async fn refresh(
        &self,
        used: &Authorization,
        error: &Error,
    ) -> Result<Option<Authorization>, Error> {
        if !error::is_about_token(error) {
            return Ok(None);
        }
        let mut held = self.lock().await?;
        // Another task may have fetched a new token already.
        let rejected = if held.generation == used.generation() { held.token.take() } else { None };
        let refreshed = self.current(&mut held).await?;
        // The service returns the same token while it is valid for 30 minutes or more, even one that it rejects.
        let is_the_same = match (&rejected, &held.token) {
            (Some(rejected), Some(token)) => rejected.text.expose() == token.text.expose(),
            _ => false,
        };
        if is_the_same {
            held.token = None;
            return Ok(None);
        }
        Ok(Some(refreshed))
    }
}
