//! The tenant access token: fetched once for all who wait, kept for its real life, dropped when it is refused.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use ticket_core::decode::Document;
use ticket_core::transport::{ApiClient, Authorization, CredentialProvider};
use ticket_core::{CallStats, Error, ErrorKind, Response, Secret};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

use crate::{error, get_tenant_access_token, wire};

/// A token is not used in the last moments of its life: 3 minutes, or half of what was left when it came.
const MARGIN: Duration = Duration::from_mins(3);

/// Where tokens come from, and the one in use.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// Sends nothing but the body.
    client: ApiClient,
    app_id: String,
    app_secret: Secret,
    /// The helpdesk's own header, which goes along with the token.
    helpdesk: Authorization,
    /// Held while a token is fetched, so that all who wait for one share it. Whoever gives up waiting lets the next
    /// one fetch it.
    held: Mutex<Held>,
    /// How many token calls have failed, so that whoever waited for one knows that it did.
    failures: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    token: Option<Token>,
    /// How the last token call failed that did.
    failure: Option<Error>,
    /// How many tokens there have been.
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

    /// What is held, for one caller at a time. Whoever waited while a token call failed shares its failure: 64 callers with a
    /// wrong secret make one call.
    async fn turn(&self) -> Result<MutexGuard<'_, Held>, Error> {
        let before = self.failures.load(Ordering::Acquire);
        let held = self.held.lock().await;
        match &held.failure {
            // What the call took is counted by the one who made it.
            Some(error) if self.failures.load(Ordering::Acquire) != before => {
                Err(error.clone().with_stats(CallStats::default()))
            }
            _ => Ok(held),
        }
    }

    /// The headers with the token in use, or with a new one.
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
        let token = held.token.as_ref().expect("there is one by now");
        let authorization = self.helpdesk.clone().with_bearer(&token.text)?;
        Ok(authorization.with_generation(held.generation))
    }

    async fn fetch(&self) -> Result<Token, Error> {
        let request =
            get_tenant_access_token(self.client.base_url(), &self.app_id, &self.app_secret)?;
        // What is left of the life counts from before the call, so that a slow response cannot lengthen it.
        let asked_at = Instant::now();
        let ((text, left), response) = self.client.call(&request, read).await?;
        response.zeroize();
        Ok(Token { text, usable_until: asked_at + left - MARGIN.min(left / 2) })
    }
}

/// The token and what is left of its life.
fn read(response: &Response) -> Result<(Secret, Duration), Error> {
    if !response.is_success() {
        return Err(error::refusal(response));
    }
    let document = Document::open(response)?;
    let cursor = document.root();
    let wire::Token { code, tenant_access_token, expire, unknown: _ } = document.parse()?;
    error::check_code(response, &cursor, &code)?;
    let missing = |pointer: String| {
        Error::new(ErrorKind::InvalidResponse, "the response holds no token").with_path(pointer)
    };
    let place = cursor.key(tenant_access_token.key()).pointer();
    let text = cursor.text(tenant_access_token).filter(|text| !text.is_empty());
    let text = Secret::from(text.ok_or_else(|| missing(place.clone()))?);
    // One that no header can carry is none, and is not kept.
    Authorization::default().with_bearer(&text).map_err(|_| missing(place))?;
    let place = cursor.key(expire.key()).pointer();
    let seconds = cursor.seconds(expire).ok_or_else(|| missing(place))?;
    // The documentation knows no life beyond two hours; a day bounds what a wrong number can do.
    Ok((text, Duration::from_secs(seconds.min(86_400))))
}

#[async_trait]
impl CredentialProvider for Tokens {
    async fn authorization(&self) -> Result<Authorization, Error> {
        let mut held = self.turn().await?;
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
        let mut held = self.turn().await?;
        // Another task may have met the refusal first and have fetched a new one already.
        let refused = if held.generation == used.generation() { held.token.take() } else { None };
        let renewed = self.current(&mut held).await?;
        // The service hands out the same token while 30 minutes are left, also the one that it refuses.
        let is_the_same = match (&refused, &held.token) {
            (Some(refused), Some(token)) => refused.text.expose() == token.text.expose(),
            _ => false,
        };
        if is_the_same {
            held.token = None;
            return Ok(None);
        }
        Ok(Some(renewed))
    }
}
