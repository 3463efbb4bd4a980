//! EngageLab over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use ticket_core::transport::{ApiClient, Authorization, ClientConfig};
use ticket_core::{
    Account, BaseUrl, Error, ErrorKind, FetchOptions, FileSource, Record, Secret, TicketId,
    TicketSource, client_settings,
};

use crate::{BASE_URL, EngageLab, PATH_PREFIX, PROVIDER, get_ticket};

/// An EngageLab LiveDesk; clones share connections.
///
/// ```no_run
/// use engagelab_provider::EngageLabSource;
/// use ticket_core::{TicketId, TicketSource};
///
/// # async fn example() -> Result<(), ticket_core::Error> {
/// let source = EngageLabSource::builder().credentials("api-key", "api-secret").build()?;
/// let record = source.fetch(&TicketId::new("tk_20251104_789abc")?).await?;
/// println!("{:?}", record.ticket.title);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct EngageLabSource {
    client: ApiClient,
    path_prefix: String,
}

impl EngageLabSource {
    /// Creates a builder with the documented base URL and no credentials.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn client(&self) -> &ApiClient {
        &self.client
    }
}

#[async_trait]
impl TicketSource for EngageLabSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn account(&self) -> Arc<Account> {
        Arc::clone(self.client.account())
    }

    async fn fetch_with(&self, id: &TicketId, _: FetchOptions) -> Result<Record, Error> {
        // The ticket call returns the conversation, too.
        let request = get_ticket(self.client.base_url(), &self.path_prefix, id)?;
        self.client.fetch(id, &request).await
    }

    fn files(&self) -> Option<&dyn FileSource> {
        Some(self)
    }
}

/// Builds an [`EngageLabSource`]; [`build`](Builder::build) checks all settings.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    api_key: Option<Secret>,
    api_secret: Option<Secret>,
    path_prefix: Option<String>,
    config: ClientConfig,
}

impl Builder {
    /// Sets the API key and secret, found in the console under Project Settings, API Management.
    pub fn credentials(
        mut self,
        api_key: impl Into<Secret>,
        api_secret: impl Into<Secret>,
    ) -> Self {
        self.api_key = Some(api_key.into());
        self.api_secret = Some(api_secret.into());
        self
    }

    /// Sets the base URL; default: [`BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.config.base_url = Some(base_url.into());
        self
    }

    /// Sets the path prefix; default: [`PATH_PREFIX`]. Older documentation has `/v2`.
    pub fn path_prefix(mut self, path_prefix: impl Into<String>) -> Self {
        self.path_prefix = Some(path_prefix.into());
        self
    }

    client_settings!();

    /// Checks all settings and builds the source.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) if a credential is missing or cannot be sent in a header, or if the base
    /// URL is not https (or http to a loopback address).
    pub fn build(self) -> Result<EngageLabSource, Error> {
        let Self { api_key, api_secret, path_prefix, config } = self;
        let path_prefix = path_prefix.unwrap_or_else(|| PATH_PREFIX.to_owned());
        let client = config.client(&EngageLab, Some(BASE_URL), |client| {
            check_path(client.base_url(), &path_prefix)?;
            authorization(api_key, api_secret)
        })?;
        Ok(EngageLabSource { client, path_prefix })
    }
}

/// Returns the authorization header.
fn authorization(key: Option<Secret>, secret: Option<Secret>) -> Result<Authorization, Error> {
    let (Some(key), Some(secret)) = (key, secret) else {
        return Err(configuration_error("API key and secret are missing"));
    };
    if key.is_empty() || secret.is_empty() {
        return Err(configuration_error("API key or secret is empty"));
    }
    Ok(Authorization::default().with_basic(key.expose(), &secret)?.redact_also(&key))
}

/// Checks that the prefix is a path.
fn check_path(base_url: &BaseUrl, path_prefix: &str) -> Result<(), Error> {
    let probe = TicketId::new("0").expect("a digit is an id");
    match get_ticket(base_url, path_prefix, &probe) {
        Ok(_) => Ok(()),
        Err(_) => Err(configuration_error("invalid path prefix; it looks like /api/v2")),
    }
}

fn configuration_error(message: &str) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::{Builder, EngageLabSource};
    use ticket_core::ErrorKind;

    fn builder() -> Builder {
        EngageLabSource::builder().credentials("key-canary", "secret-canary")
    }

    #[test]
    fn builds_with_credentials_and_hides_them() {
        let source = builder().build().unwrap();
        let shown = format!("{source:?}");
        assert!(!shown.contains("canary") && !shown.contains("a2V5LWNhbmFyeT"), "{shown}");
    }

    #[test]
    fn rejects_incomplete_settings() {
        for (builder, message) in [
            (EngageLabSource::builder(), "API key and secret are missing"),
            (EngageLabSource::builder().credentials("", "s"), "API key or secret is empty"),
            (EngageLabSource::builder().credentials("k", ""), "API key or secret is empty"),
            (
                EngageLabSource::builder().credentials("k:k", "s"),
                "the user name contains a colon, which HTTP Basic does not allow",
            ),
            (builder().path_prefix("/api/../v2"), "invalid path prefix; it looks like /api/v2"),
            (builder().path_prefix("v2?x="), "invalid path prefix; it looks like /api/v2"),
        ] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_eq!(error.message(), message);
            assert_eq!(error.provider(), Some("engagelab"));
        }
    }
}
