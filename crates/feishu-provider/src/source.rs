//! Feishu over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use ticket_core::transport::{
    ApiClient, Authorization, ClientConfig, CredentialProvider, Transport,
};
use ticket_core::{Error, ErrorKind, Record, Secret, TicketId, TicketSource, VocabularyOverrides};

use crate::token::Tokens;
use crate::{BASE_URL, Feishu, PROVIDER, error, get_ticket, list_tickets};

/// Tickets of a Feishu or Lark helpdesk; clones share its connections and its token.
///
/// ```no_run
/// use feishu_provider::FeishuSource;
/// use ticket_core::{TicketId, TicketSource};
///
/// # async fn example() -> Result<(), ticket_core::Error> {
/// let desk = FeishuSource::builder()
///     .app("cli_0123456789abcdef", "app-secret")
///     .helpdesk("6626871355780366330", "ht-token")
///     .build()?;
/// let record = desk.fetch(&TicketId::new("6626871355780366331")?).await?;
/// println!("{:?}", record.ticket.status);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct FeishuSource {
    client: ApiClient,
}

impl FeishuSource {
    /// Starts with the address of Feishu and no credentials.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Proves the credentials with the cheapest call there is: a list of one row.
    ///
    /// # Errors
    /// What [`fetch`](TicketSource::fetch) would give for any ticket: credentials that are wrong, a scope that is
    /// missing, a service that does not respond.
    pub async fn check(&self) -> Result<(), Error> {
        let request = list_tickets(self.client.base_url(), 1, 1)?;
        self.client.call(&request, error::check).await.map(|_| ())
    }
}

#[async_trait]
impl TicketSource for FeishuSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
        let request = get_ticket(self.client.base_url(), id)?;
        self.client.fetch(id, &request).await
    }
}

/// The settings of a [`FeishuSource`], checked once by [`build`](Builder::build).
#[derive(Debug, Clone, Default)]
pub struct Builder {
    app: Option<(String, Secret)>,
    tenant_access_token: Option<Secret>,
    helpdesk: Option<(String, Secret)>,
    config: ClientConfig,
}

impl Builder {
    /// The app's id and secret, from which tenant access tokens are obtained.
    pub fn app(mut self, app_id: impl Into<String>, app_secret: impl Into<Secret>) -> Self {
        self.app = Some((app_id.into(), app_secret.into()));
        self
    }

    /// A tenant access token that somebody else obtained, instead of the app; when it is refused that is final.
    pub fn tenant_access_token(mut self, token: impl Into<Secret>) -> Self {
        self.tenant_access_token = Some(token.into());
        self
    }

    /// The helpdesk's id and token, from its Settings centre under API credentials.
    pub fn helpdesk(mut self, id: impl Into<String>, token: impl Into<Secret>) -> Self {
        self.helpdesk = Some((id.into(), token.into()));
        self
    }

    /// Another address than [`BASE_URL`], for example that of [Lark](crate::LARK_BASE_URL).
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
    /// [`Configuration`](ErrorKind::Configuration) where credentials are missing, contradict each other or cannot be
    /// sent, or where the address is none to which credentials may be sent.
    pub fn build(self) -> Result<FeishuSource, Error> {
        let Self { app, tenant_access_token, helpdesk, config } = self;
        let client = config.client(&Feishu, Some(BASE_URL), |client| {
            authorize(client, authorization(helpdesk)?, app, tenant_access_token)
        })?;
        Ok(FeishuSource { client })
    }
}

/// The helpdesk's own header, which goes along with any token.
fn authorization(helpdesk: Option<(String, Secret)>) -> Result<Authorization, Error> {
    let (id, token) =
        helpdesk.ok_or_else(|| refusal("the helpdesk's id and its token are missing"))?;
    if id.is_empty() || token.is_empty() {
        return Err(refusal("the helpdesk's id or its token is empty"));
    }
    // The first colon separates the two.
    if id.contains(':') {
        return Err(refusal("the helpdesk's id must not hold a colon"));
    }
    let pair = Secret::joined(&[&id, ":", token.expose()]);
    Ok(Authorization::default()
        .with("x-lark-helpdesk-authorization", &pair.to_base64())?
        .redact_also(&pair)
        .redact_also(&token))
}

/// What adds the token to that: the one that is given, or those that the app gets.
fn authorize(
    client: &ApiClient,
    helpdesk: Authorization,
    app: Option<(String, Secret)>,
    tenant_access_token: Option<Secret>,
) -> Result<Arc<dyn CredentialProvider>, Error> {
    match (app, tenant_access_token) {
        (Some(_), Some(_)) => Err(refusal("both an app and a tenant access token are given")
            .with_hint("give the app, or the token, but not both")),
        (None, None) => Err(refusal("neither an app nor a tenant access token is given")),
        (None, Some(token)) if token.is_empty() => Err(refusal("the tenant access token is empty")),
        (None, Some(token)) => Ok(Arc::new(helpdesk.with_bearer(&token)?)),
        (Some((id, secret)), None) if id.is_empty() || secret.is_empty() => {
            Err(refusal("the app's id or its secret is empty"))
        }
        (Some((id, secret)), None) => Ok(Arc::new(Tokens::new(client, id, secret, helpdesk))),
    }
}

fn refusal(message: &str) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::{Builder, FeishuSource};
    use ticket_core::ErrorKind;

    fn helpdesk() -> Builder {
        FeishuSource::builder().helpdesk("66", "token-canary")
    }

    fn complete() -> Builder {
        helpdesk().app("cli_x", "secret-canary")
    }

    #[test]
    fn an_app_or_a_token_and_a_helpdesk_are_enough() {
        for builder in [complete(), helpdesk().tenant_access_token("t-canary")] {
            let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    #[test]
    fn what_cannot_work_is_refused_when_it_is_built() {
        for (builder, message) in [
            (FeishuSource::builder(), "the helpdesk's id and its token are missing"),
            (helpdesk(), "neither an app nor a tenant access token is given"),
            (
                complete().tenant_access_token("t-x"),
                "both an app and a tenant access token are given",
            ),
            (complete().helpdesk("", "x"), "the helpdesk's id or its token is empty"),
            (complete().helpdesk("a:b", "x"), "the helpdesk's id must not hold a colon"),
            (complete().app("", "x"), "the app's id or its secret is empty"),
            (helpdesk().tenant_access_token(""), "the tenant access token is empty"),
            (
                helpdesk().tenant_access_token("t-\n"),
                "a credential has characters that the header authorization cannot carry",
            ),
        ] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_eq!(error.message(), message);
            assert_eq!(error.provider(), Some("feishu"));
        }
    }
}
