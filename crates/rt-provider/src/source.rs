//! Fetches and searches tickets of Request Tracker over HTTP.

mod conversation;
mod files;
mod roles;

use std::sync::Arc;

use async_trait::async_trait;
use ticket_core::transport::{ApiClient, Authorization, ClientConfig};
use ticket_core::{
    Account, Error, ErrorKind, FetchOptions, FileSource, ListCapabilities, ListPage, ListQuery,
    PageToken, Record, Secret, TicketId, TicketList, TicketRows, TicketSource, client_settings,
};
use ticket_model::Timestamp;

use crate::{PROVIDER, Rt, error, get_ticket, get_version, list, list_people, list_tickets};
use conversation::conversation;
use roles::Roles;

/// An instance of Request Tracker 5; clones share connections and the names of roles.
///
/// ```no_run
/// use rt_provider::RtSource;
/// use ticket_core::{FetchOptions, TicketId, TicketSource};
///
/// # async fn example() -> Result<(), ticket_core::Error> {
/// let source = RtSource::builder()
///     .base_url("https://rt.example.com")
///     .token("1-14-fdfa5a7a8b1d2c3e4f5a6b7c8d9e0f1a")
///     .build()?;
/// let options = FetchOptions::default().with_conversation();
/// let record = source.fetch_with(&TicketId::new("42")?, options).await?;
/// println!("{:?}", record.ticket.status);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RtSource {
    client: ApiClient,
    roles: Roles,
}

impl RtSource {
    /// Creates a builder without base URL and credentials.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Checks the address and the credentials: fetches the version of RT.
    ///
    /// # Errors
    /// Those of [`fetch`](TicketSource::fetch): for example wrong credentials, or an address that is not RT's.
    pub async fn check(&self) -> Result<(), Error> {
        let request = get_version(self.client.base_url())?;
        self.client.call(&request, error::check).await.map(|_| ())
    }
}

#[async_trait]
impl TicketSource for RtSource {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error> {
        let mut fetch = self.client.begin(id);
        let request = get_ticket(self.client.base_url(), id)
            .map_err(|error| error.with_provider(PROVIDER))?;
        let decoded = fetch.ticket(&request).await?;
        let ticket = decoded.ticket.clone();
        // A merged ticket has the id of the ticket that it was merged into.
        let now = TicketId::new(&*ticket.id)?;
        fetch.call(&list_people(self.client.base_url(), &now)?, error::check).await?;
        self.roles.add_to(&mut fetch, self.client.base_url(), &ticket).await?;
        if options.conversation {
            conversation(&mut fetch, self.client.base_url(), &now).await?;
        }
        fetch.finish()
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
impl TicketList for RtSource {
    fn capabilities(&self) -> &'static ListCapabilities {
        &list::CAPABILITIES
    }

    async fn page(&self, query: &ListQuery, token: Option<&PageToken>) -> Result<ListPage, Error> {
        let with_provider = |error: Error| error.with_provider(PROVIDER);
        let overrides = self.client.overrides();
        let sql = list::ticket_sql(query, overrides, Timestamp::now()).map_err(with_provider)?;
        let (number, empty) = token.map_or(Ok((1, 0)), place).map_err(with_provider)?;
        let size = query.page_size.unwrap_or(list::CAPABILITIES.max_page_size);
        let request = list_tickets(self.client.base_url(), &sql, number, size)?;
        let next = |rows: &TicketRows| {
            let end = u64::from(number) * u64::from(size);
            let empty = if rows.is_empty() { empty + 1 } else { 0 };
            // Without a total, RT leaves out rows that the user may not see after it has cut the pages: others may follow an
            // empty one.
            let is_last = rows.total.map_or(empty >= MAX_EMPTY_PAGES, |total| end >= total);
            (!is_last).then(|| PageToken::new(format!("{}.{empty}", number + 1)))
        };
        self.client.ticket_page(&request, next).await
    }
}

/// After how many empty pages in a row a list without a total ends.
const MAX_EMPTY_PAGES: u32 = 5;

/// Returns the number of a page, and how many empty pages came right before it.
fn place(token: &PageToken) -> Result<(u32, u32), Error> {
    let (page, empty) = token.as_str().split_once('.').unwrap_or((token.as_str(), "0"));
    Ok((PageToken::new(page).number()?, empty.parse().unwrap_or(0)))
}

/// Builds an [`RtSource`]; [`build`](Builder::build) checks all settings.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    token: Option<Secret>,
    user: Option<(String, Secret)>,
    config: ClientConfig,
}

impl Builder {
    /// Sets an authentication token, which a user creates in RT under Settings, Auth Tokens.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the name and the password of a user, instead of a token.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.user = Some((name.into(), password.into()));
        self
    }

    /// Sets the address of RT, which is required: the page where users log in, such as `https://rt.example.com`.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.config.base_url = Some(base_url.into());
        self
    }

    client_settings!();

    /// Checks all settings and builds the source.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) if the address is missing or is not https (or http to a loopback address), or if
    /// credentials are missing, contradict each other or cannot be sent in a header.
    pub fn build(self) -> Result<RtSource, Error> {
        let Self { token, user, mut config } = self;
        if let Some(base_url) = &mut config.base_url {
            // RT shows its users both addresses.
            let length = base_url.trim_end_matches('/').trim_end_matches("/REST/2.0").len();
            base_url.truncate(length);
        }
        let client = config.client(&Rt, None, |_| authorization(token, user))?;
        Ok(RtSource { client, roles: Roles::default() })
    }
}

/// Returns the header that authorizes a request.
fn authorization(
    token: Option<Secret>,
    user: Option<(String, Secret)>,
) -> Result<Authorization, Error> {
    let refuse = |message: &str| Err(Error::new(ErrorKind::Configuration, message));
    match (token, user) {
        (Some(_), Some(_)) => refuse("both a token and a user are set")
            .map_err(|error| error.with_hint("set either the token or user and password")),
        (None, None) => refuse("neither a token nor a user with a password is set"),
        (Some(token), None) if token.is_empty() => refuse("the token is empty"),
        (Some(token), None) => Authorization::default().with_scheme("token", &token),
        (None, Some((name, password))) if name.is_empty() || password.is_empty() => {
            refuse("the user or the password is empty")
        }
        (None, Some((name, password))) => Authorization::default().with_basic(&name, &password),
    }
}

#[cfg(test)]
mod tests {
    use super::{Builder, RtSource};
    use ticket_core::ErrorKind;

    fn builder() -> Builder {
        RtSource::builder().base_url("https://rt.example.com/REST/2.0/")
    }

    #[test]
    fn builds_with_a_token_or_a_user_and_hides_secrets() {
        for builder in [builder().token("1-14-canary"), builder().user("root", "pass-canary")] {
            let source = builder.clone().build().unwrap();
            assert!(!format!("{builder:?} {source:?}").contains("canary"));
            assert_eq!(source.client.base_url().as_str(), "https://rt.example.com/");
        }
    }

    #[test]
    fn rejects_incomplete_settings() {
        for (builder, message) in [
            (RtSource::builder().token("x"), "the base URL is missing"),
            (builder(), "neither a token nor a user with a password is set"),
            (builder().token("x").user("a", "b"), "both a token and a user are set"),
            (builder().token(""), "the token is empty"),
            (builder().user("a", ""), "the user or the password is empty"),
        ] {
            let error = builder.build().unwrap_err();
            assert_eq!((error.kind(), error.message()), (ErrorKind::Configuration, message));
        }
    }
}
