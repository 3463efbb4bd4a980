//! Acorn Desk over HTTP.

use async_trait::async_trait;
use ticket_core::transport::{ApiClient, Authorization, ClientConfig, Transport};
use ticket_core::{Error, ErrorKind, Record, Secret, TicketId, TicketSource, VocabularyOverrides};

use crate::{AcornDesk, BASE_URL, PROVIDER, get_ticket};

/// Tickets of Acorn Desk; clones share its connections.
///
/// ```no_run
/// use acorn_provider::AcornDeskSource;
/// use ticket_core::{TicketId, TicketSource};
///
/// # async fn example() -> Result<(), ticket_core::Error> {
/// let desk = AcornDeskSource::builder().token("token").build()?;
/// let record = desk.fetch(&TicketId::new("42")?).await?;
/// println!("{:?}", record.ticket.title);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct AcornDeskSource {
    client: ApiClient,
}

impl AcornDeskSource {
    /// Starts with the documented address and no credentials.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

#[async_trait]
impl TicketSource for AcornDeskSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
        let request = get_ticket(self.client.base_url(), id)?;
        self.client.fetch(id, &request).await
    }
}

/// The settings of a [`AcornDeskSource`], checked once by [`build`](Builder::build).
#[derive(Debug, Clone, Default)]
pub struct Builder {
    token: Option<Secret>,
    config: ClientConfig,
}

impl Builder {
    /// The token of an account that may read tickets.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Another address than [`BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.config.base_url = Some(base_url.into());
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
    pub fn build(self) -> Result<AcornDeskSource, Error> {
        let Self { token, config } = self;
        let client = config.client(&AcornDesk, Some(BASE_URL), |_| authorization(token))?;
        Ok(AcornDeskSource { client })
    }
}

/// What proves who asks.
fn authorization(token: Option<Secret>) -> Result<Authorization, Error> {
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Err(Error::new(ErrorKind::Configuration, "the token is missing"));
    };
    Authorization::default().with_bearer(&token)
}

#[cfg(test)]
mod tests {
    use super::{AcornDeskSource, Builder};
    use ticket_core::ErrorKind;

    fn builder() -> Builder {
        AcornDeskSource::builder().token("canary/1")
    }

    #[test]
    fn credentials_are_enough() {
        let shown = format!("{:?} {:?}", builder(), builder().build().unwrap());
        assert!(!shown.contains("canary"), "{shown}");
    }

    #[test]
    fn what_cannot_work_is_refused_when_it_is_built() {
        for (builder, message) in [
            (AcornDeskSource::builder(), "the token is missing"),
            (builder().token(""), "the token is missing"),
            (
                builder().token("a\n"),
                "a credential has characters that the header authorization cannot carry",
            ),
        ] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_eq!(error.message(), message);
            assert_eq!(error.provider(), Some("acorn"));
        }
    }
}
