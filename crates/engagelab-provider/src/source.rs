//! EngageLab over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use ticket_core::transport::{Authorization, Fixed, Session, Transport};
use ticket_core::{BaseUrl, Error, ErrorKind, Reading, Record, Secret, TicketId, TicketSource};

use crate::capabilities::CAPABILITIES;
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
    session: Session,
    base: BaseUrl,
    path_prefix: String,
    reading: Reading,
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
        let request = get_ticket(&self.base, &self.path_prefix, id)?;
        self.session.fetch(&EngageLab, &self.reading, id, &request).await
    }
}

/// The settings of an [`EngageLabSource`], checked once by [`build`](Builder::build).
#[derive(Debug, Clone, Default)]
pub struct Builder {
    api_key: Option<Secret>,
    api_secret: Option<Secret>,
    base_url: Option<String>,
    path_prefix: Option<String>,
    transport: Option<Transport>,
    reading: Reading,
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
        self.base_url = Some(base_url.into());
        self
    }

    /// Another path than [`PATH_PREFIX`]; older pages of the documentation have `/v2`.
    pub fn path_prefix(mut self, path_prefix: impl Into<String>) -> Self {
        self.path_prefix = Some(path_prefix.into());
        self
    }

    /// A transport to share with other sources.
    pub fn transport(mut self, transport: Transport) -> Self {
        self.transport = Some(transport);
        self
    }

    /// What the tenant says of its own words, its custom statuses for example.
    pub fn reading(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
    }

    /// Checks all settings.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) where a credential is missing or cannot be sent, or where the
    /// address is none to which credentials may be sent.
    pub fn build(self) -> Result<EngageLabSource, Error> {
        self.check().map_err(|error| error.with_provider(PROVIDER))
    }

    fn check(self) -> Result<EngageLabSource, Error> {
        let Self { api_key, api_secret, base_url, path_prefix, transport, reading } = self;
        let refuse = |message: &str| Error::new(ErrorKind::Configuration, message);
        let (Some(key), Some(secret)) = (api_key, api_secret) else {
            return Err(refuse("the API key and its secret are missing"));
        };
        if key.is_empty() || secret.is_empty() {
            return Err(refuse("the API key or its secret is empty"));
        }
        // In HTTP Basic the first colon ends the user name.
        if key.expose().contains(':') {
            return Err(refuse("the API key must not hold a colon"));
        }
        let pair = Secret::joined(&[key.expose(), ":", secret.expose()]);
        let header = Secret::joined(&["Basic ", pair.to_base64().expose()]);
        let base = BaseUrl::new(base_url.as_deref().unwrap_or(BASE_URL))?;
        let path_prefix = path_prefix.unwrap_or_else(|| PATH_PREFIX.to_owned());
        let probe = TicketId::new("0").expect("a digit is an id");
        get_ticket(&base, &path_prefix, &probe)
            .map_err(|_| refuse("the path prefix is no path; it looks like /api/v2"))?;
        let authorization = Authorization::default()
            .with("authorization", &header)?
            .hiding(&pair)
            .hiding(&key)
            .hiding(&secret);
        let session = transport.unwrap_or_default().session(
            PROVIDER,
            Arc::new(Fixed(authorization)),
            &CAPABILITIES,
        );
        Ok(EngageLabSource { session, base, path_prefix, reading })
    }
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
                "the API key must not hold a colon",
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
        let plain = builder().base_url("http://livedesk.example").build().unwrap_err();
        assert_eq!(plain.kind(), ErrorKind::Configuration);
    }
}
