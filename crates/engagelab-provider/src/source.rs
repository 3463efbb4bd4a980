//! EngageLab over HTTP.

use async_trait::async_trait;
use ticket_core::transport::{ApiClient, Authorization, ClientConfig, Transport};
use ticket_core::{
    BaseUrl, Error, ErrorKind, Record, Secret, TicketId, TicketSource, VocabularyOverrides,
};

use crate::{BASE_URL, EngageLab, PATH_PREFIX, PROVIDER, get_ticket};

/// Tickets of an EngageLab LiveDesk; clones share its connections.
///
/// ```no_run
/// use engagelab_provider::EngageLabSource;
/// use ticket_core::{TicketId, TicketSource};
///
/// # async fn example() -> Result<(), ticket_core::Error> {
/// let desk = EngageLabSource::builder().credentials("api-key", "api-secret").build()?;
/// let record = desk.fetch(&TicketId::new("tk_20251104_789abc")?).await?;
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
    /// Starts with the documented address and no credentials.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

#[async_trait]
impl TicketSource for EngageLabSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
        let request = get_ticket(self.client.base_url(), &self.path_prefix, id)?;
        self.client.fetch(id, &request).await
    }
}

/// The settings of an [`EngageLabSource`], checked once by [`build`](Builder::build).
#[derive(Debug, Clone, Default)]
pub struct Builder {
    api_key: Option<Secret>,
    api_secret: Option<Secret>,
    path_prefix: Option<String>,
    config: ClientConfig,
}

impl Builder {
    /// The API key and its secret, from the console under Project Settings, API Management.
    pub fn credentials(
        mut self,
        api_key: impl Into<Secret>,
        api_secret: impl Into<Secret>,
    ) -> Self {
        self.api_key = Some(api_key.into());
        self.api_secret = Some(api_secret.into());
        self
    }

    /// Another address than [`BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.config.base_url = Some(base_url.into());
        self
    }

    /// Another path than [`PATH_PREFIX`]; older pages of the documentation have `/v2`.
    pub fn path_prefix(mut self, path_prefix: impl Into<String>) -> Self {
        self.path_prefix = Some(path_prefix.into());
        self
    }

    /// A transport to share with other sources.
    pub fn transport(mut self, transport: Transport) -> Self {
        self.config.transport = transport;
        self
    }

    /// What the tenant says of its own words, its custom statuses for example.
    pub fn vocabulary(mut self, overrides: VocabularyOverrides) -> Self {
        self.config.overrides = overrides;
        self
    }

    /// Checks all settings.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) where a credential is missing or cannot be sent, or where the
    /// address is none to which credentials may be sent.
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

/// What proves who asks.
fn authorization(key: Option<Secret>, secret: Option<Secret>) -> Result<Authorization, Error> {
    let (Some(key), Some(secret)) = (key, secret) else {
        return Err(refusal("the API key and its secret are missing"));
    };
    if key.is_empty() || secret.is_empty() {
        return Err(refusal("the API key or its secret is empty"));
    }
    Ok(Authorization::default().with_basic(key.expose(), &secret)?.redact_also(&key))
}

/// Gives an error unless the prefix is a path.
fn check_path(base_url: &BaseUrl, path_prefix: &str) -> Result<(), Error> {
    let probe = TicketId::new("0").expect("a digit is an id");
    match get_ticket(base_url, path_prefix, &probe) {
        Ok(_) => Ok(()),
        Err(_) => Err(refusal("the path prefix is no path; it looks like /api/v2")),
    }
}

fn refusal(message: &str) -> Error {
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
    fn credentials_are_enough() {
        let desk = builder().build().unwrap();
        let shown = format!("{desk:?}");
        assert!(!shown.contains("canary") && !shown.contains("a2V5LWNhbmFyeT"), "{shown}");
    }

    #[test]
    fn what_cannot_work_is_refused_when_it_is_built() {
        for (builder, message) in [
            (EngageLabSource::builder(), "the API key and its secret are missing"),
            (EngageLabSource::builder().credentials("", "s"), "the API key or its secret is empty"),
            (EngageLabSource::builder().credentials("k", ""), "the API key or its secret is empty"),
            (
                EngageLabSource::builder().credentials("k:k", "s"),
                "HTTP Basic cannot carry a user name that has a colon",
            ),
            (
                builder().path_prefix("/api/../v2"),
                "the path prefix is no path; it looks like /api/v2",
            ),
            (builder().path_prefix("v2?x="), "the path prefix is no path; it looks like /api/v2"),
        ] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_eq!(error.message(), message);
            assert_eq!(error.provider(), Some("engagelab"));
        }
    }
}
