//! Fetches tickets of Acorn Desk over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use ticket_core::transport::{ApiClient, Authorization, ClientConfig};
use ticket_core::{
    Account, Error, ErrorKind, FetchOptions, Record, Secret, TicketId, TicketSource,
    client_settings,
};

use crate::{AcornDesk, BASE_URL, PROVIDER, get_ticket};

/// A source of Acorn Desk tickets. Clones share its connections.
#[derive(Debug, Clone)]
pub struct AcornDeskSource {
    client: ApiClient,
}

impl AcornDeskSource {
    /// Returns a builder with the documented base URL and no credentials.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

#[async_trait]
impl TicketSource for AcornDeskSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn account(&self) -> Arc<Account> {
        Arc::clone(self.client.account())
    }

    async fn fetch_with(&self, id: &TicketId, _: FetchOptions) -> Result<Record, Error> {
        let request = get_ticket(self.client.base_url(), id)?;
        self.client.fetch(id, &request).await
    }
}

/// Builds an [`AcornDeskSource`].
#[derive(Debug, Clone, Default)]
pub struct Builder {
    token: Option<Secret>,
    config: ClientConfig,
}

impl Builder {
    /// Sets the API token, which is required.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets another base URL than [`BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.config.base_url = Some(base_url.into());
        self
    }

    client_settings!();

    /// Builds the source.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) if the token is missing or cannot be sent in a header, or if the base URL is
    /// invalid.
    pub fn build(self) -> Result<AcornDeskSource, Error> {
        let Self { token, config } = self;
        let client = config.client(&AcornDesk, Some(BASE_URL), |_| authorization(token))?;
        Ok(AcornDeskSource { client })
    }
}

/// Returns the headers that authorize a request.
fn authorization(token: Option<Secret>) -> Result<Authorization, Error> {
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Err(Error::new(ErrorKind::Configuration, "the token is missing"));
    };
    Authorization::default().with_bearer(&token)
}
