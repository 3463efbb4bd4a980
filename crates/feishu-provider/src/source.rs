//! Fetches and lists tickets of Feishu over HTTP.

mod conversation;
mod definitions;
mod files;

use std::sync::Arc;

use async_trait::async_trait;
use ticket_core::transport::{ApiClient, Authorization, ClientConfig, CredentialProvider};
use ticket_core::{
    Account, Error, ErrorKind, FetchOptions, FileSource, ListCapabilities, ListPage, ListQuery,
    PageToken, Record, Secret, TicketId, TicketList, TicketRows, TicketSource, client_settings,
};

use crate::token::Tokens;
use crate::{BASE_URL, Feishu, PROVIDER, error, get_ticket, labels, list, list_tickets};
use conversation::conversation;
use definitions::Definitions;

/// A Feishu or Lark helpdesk; clones share connections and the token.
///
/// ```no_run
/// use feishu_provider::FeishuSource;
/// use ticket_core::{TicketId, TicketSource};
///
/// # async fn example() -> Result<(), ticket_core::Error> {
/// let source = FeishuSource::builder()
///     .app("cli_0123456789abcdef", "app-secret")
///     .helpdesk("6626871355780366330", "ht-token")
///     .build()?;
/// let record = source.fetch(&TicketId::new("6626871355780366331")?).await?;
/// println!("{:?}", record.ticket.status);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct FeishuSource {
    client: ApiClient,
    definitions: Definitions,
}

impl FeishuSource {
    /// Creates a builder with the base URL of Feishu and no credentials.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Checks the credentials with the cheapest read-only call: a list of one row.
    ///
    /// # Errors
    /// Those of [`fetch`](TicketSource::fetch): for example wrong credentials, a missing scope, or a service that does not
    /// respond.
    pub async fn check(&self) -> Result<(), Error> {
        let request = list_tickets(self.client.base_url(), 1, 1, &[])?;
        self.client.call(&request, error::check).await.map(|_| ())
    }
}

#[async_trait]
impl TicketSource for FeishuSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error> {
        let mut fetch = self.client.begin(id);
        let request = get_ticket(self.client.base_url(), id)?;
        let decoded = fetch.ticket(&request).await?;
        let with_labels = if labels::are_needed(&decoded.ticket.custom_fields) {
            Some(self.definitions.add_to(&mut fetch, self.client.base_url()).await?)
        } else {
            None
        };
        if options.conversation {
            conversation(&mut fetch, &self.client, id).await?;
        }
        match with_labels {
            Some(with_labels) => fetch.finish_with(&with_labels),
            None => fetch.finish(),
        }
    }

    fn account(&self) -> Arc<Account> {
        Arc::clone(self.client.account())
    }

    fn list(&self) -> Option<&dyn TicketList> {
        Some(self)
    }

    fn files(&self) -> Option<&dyn FileSource> {
        Some(self)
    }
}

#[async_trait]
impl TicketList for FeishuSource {
    fn capabilities(&self) -> &'static ListCapabilities {
        &list::CAPABILITIES
    }

    async fn page(&self, query: &ListQuery, token: Option<&PageToken>) -> Result<ListPage, Error> {
        let with_provider = |error: Error| error.with_provider(PROVIDER);
        let overrides = self.client.overrides();
        let parameters = list::parameters(query, overrides).map_err(with_provider)?;
        let number = token.map_or(Ok(1), PageToken::number).map_err(with_provider)?;
        let size = query.page_size.unwrap_or(list::MAX_PAGE_SIZE);
        let request = list_tickets(self.client.base_url(), number, size, &parameters)?;
        let next = |rows: &TicketRows| {
            let end = u64::from(number) * u64::from(size);
            let is_last = end >= rows.total.unwrap_or(u64::MAX).min(list::MAX_TICKETS)
                || rows.total.is_none() && rows.is_empty();
            (!is_last).then(|| PageToken::new((number + 1).to_string()))
        };
        self.client.ticket_page(&request, next).await
    }
}

/// Builds a [`FeishuSource`]; [`build`](Builder::build) checks all settings.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    app: Option<(String, Secret)>,
    tenant_access_token: Option<Secret>,
    helpdesk: Option<(String, Secret)>,
    config: ClientConfig,
}

impl Builder {
    /// Sets the app id and secret, used to obtain tenant access tokens.
    pub fn app(mut self, app_id: impl Into<String>, app_secret: impl Into<Secret>) -> Self {
        self.app = Some((app_id.into(), app_secret.into()));
        self
    }

    /// Sets a tenant access token obtained elsewhere, instead of the app. It is not refreshed.
    pub fn tenant_access_token(mut self, token: impl Into<Secret>) -> Self {
        self.tenant_access_token = Some(token.into());
        self
    }

    /// Sets the helpdesk id and token, found in the Settings centre under API credentials.
    pub fn helpdesk(mut self, id: impl Into<String>, token: impl Into<Secret>) -> Self {
        self.helpdesk = Some((id.into(), token.into()));
        self
    }

    /// Sets the base URL; default: [`BASE_URL`]. For Lark use [`LARK_BASE_URL`](crate::LARK_BASE_URL).
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.config.base_url = Some(base_url.into());
        self
    }

    client_settings!();

    /// Checks all settings and builds the source.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) if credentials are missing, contradict each other or cannot be sent in a
    /// header, or if the base URL is not https (or http to a loopback address).
    pub fn build(self) -> Result<FeishuSource, Error> {
        let Self { app, tenant_access_token, helpdesk, mut config } = self;
        config.helpdesk_id = helpdesk.as_ref().map(|(id, _)| id.clone());
        let client = config.client(&Feishu, Some(BASE_URL), |client| {
            credentials(client, authorization(helpdesk)?, app, tenant_access_token)
        })?;
        Ok(FeishuSource { client, definitions: Definitions::default() })
    }
}

/// Returns the helpdesk header, sent along with any token.
fn authorization(helpdesk: Option<(String, Secret)>) -> Result<Authorization, Error> {
    let (id, token) =
        helpdesk.ok_or_else(|| configuration_error("helpdesk id and token are missing"))?;
    if id.is_empty() || token.is_empty() {
        return Err(configuration_error("helpdesk id or token is empty"));
    }
    // The service splits the pair at the first colon.
    if id.contains(':') {
        return Err(configuration_error("the helpdesk id must not contain a colon"));
    }
    let pair = Secret::joined(&[&id, ":", token.expose()]);
    Ok(Authorization::default()
        .with("x-lark-helpdesk-authorization", &pair.to_base64())?
        .redact_also(&pair)
        .redact_also(&token))
}

/// Returns the credential provider: a fixed token, or tokens obtained with the app.
fn credentials(
    client: &ApiClient,
    helpdesk: Authorization,
    app: Option<(String, Secret)>,
    tenant_access_token: Option<Secret>,
) -> Result<Arc<dyn CredentialProvider>, Error> {
    match (app, tenant_access_token) {
        (Some(_), Some(_)) => {
            Err(configuration_error("both an app and a tenant access token are set")
                .with_hint("set either the app or the token"))
        }
        (None, None) => Err(configuration_error("neither an app nor a tenant access token is set")),
        (None, Some(token)) if token.is_empty() => {
            Err(configuration_error("the tenant access token is empty"))
        }
        (None, Some(token)) => Ok(Arc::new(helpdesk.with_bearer(&token)?)),
        (Some((id, secret)), None) if id.is_empty() || secret.is_empty() => {
            Err(configuration_error("app id or secret is empty"))
        }
        (Some((id, secret)), None) => Ok(Arc::new(Tokens::new(client, id, secret, helpdesk))),
    }
}

fn configuration_error(message: &str) -> Error {
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
    fn builds_with_an_app_or_a_token_and_hides_secrets() {
        for builder in [complete(), helpdesk().tenant_access_token("t-canary")] {
            let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    #[test]
    fn rejects_incomplete_settings() {
        for (builder, message) in [
            (FeishuSource::builder(), "helpdesk id and token are missing"),
            (helpdesk(), "neither an app nor a tenant access token is set"),
            (
                complete().tenant_access_token("t-x"),
                "both an app and a tenant access token are set",
            ),
            (complete().helpdesk("", "x"), "helpdesk id or token is empty"),
            (complete().helpdesk("a:b", "x"), "the helpdesk id must not contain a colon"),
            (complete().app("", "x"), "app id or secret is empty"),
            (helpdesk().tenant_access_token(""), "the tenant access token is empty"),
            (
                helpdesk().tenant_access_token("t-\n"),
                "a credential has characters that are invalid in the header authorization",
            ),
        ] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_eq!(error.message(), message);
            assert_eq!(error.provider(), Some("feishu"));
        }
    }
}
