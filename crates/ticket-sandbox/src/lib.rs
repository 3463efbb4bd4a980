#![doc = include_str!("../README.md")]

mod builder;
mod clock;
mod credentials;
mod engagelab;
mod feishu;
mod generated;
mod pages;
mod random;
mod request_ids;
mod services;
mod tickets;

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

pub use builder::{Builder, StartError};
pub use credentials::Credentials;
pub use scripted_server::{Fault, FaultRule, FaultRuleError, LoggedRequest, PageFault, Requests};

use scripted_server::{Server, Service as _, TokenEvent};
use services::Services;

/// A running fake of both services. It stops when it is dropped.
pub struct Sandbox {
    server: Server<Services>,
}

impl Sandbox {
    /// Starts with defaults on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// [`StartError::Server`] if no port is free.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time enabled.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Returns a builder with defaults.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns the address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns the base URL of both services, such as `http://127.0.0.1:40123`, without a slash at the end.
    pub fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// Returns the credentials that it accepts.
    pub fn credentials(&self) -> &Credentials {
        &self.server.service().credentials
    }

    /// Returns the environment variables that direct a client to it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let credentials = self.credentials();
        vec![
            ("ENGAGELAB_API_KEY", credentials.engagelab_api_key.clone()),
            ("ENGAGELAB_API_SECRET", credentials.engagelab_api_secret.clone()),
            ("ENGAGELAB_BASE_URL", self.base_url()),
            ("FEISHU_APP_ID", credentials.feishu_app_id.clone()),
            ("FEISHU_APP_SECRET", credentials.feishu_app_secret.clone()),
            ("FEISHU_HELPDESK_ID", credentials.feishu_helpdesk_id.clone()),
            ("FEISHU_HELPDESK_TOKEN", credentials.feishu_helpdesk_token.clone()),
            ("FEISHU_BASE_URL", self.base_url()),
        ]
    }

    /// Returns the ids of the fixture tickets of `engagelab` or `feishu`; empty for other names.
    pub fn ticket_ids(provider: &str) -> Vec<&'static str> {
        tickets::of(provider).iter().map(|ticket| ticket.id).collect()
    }

    /// Returns whether the sandbox has a fake server for this provider.
    pub fn has_fake_server(provider: &str) -> bool {
        !Self::ticket_ids(provider).is_empty()
    }

    /// Returns the ids of the generated tickets of `engagelab` or `feishu`; none for other names.
    ///
    /// Feishu's list has the same order.
    pub fn generated_ids(&self, provider: &str) -> impl Iterator<Item = String> + use<> {
        services::generated_ids(self.server.service().generator.clone(), provider)
    }

    /// Returns the log of the last 10,000 answered requests, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.server.requests()
    }

    /// Returns the number of open connections.
    ///
    /// The server notices a closed connection when it next reads from it or writes to it.
    pub fn open_connections(&self) -> usize {
        self.server.open_connections()
    }

    /// Returns the routes that a [`FaultRule`] can name.
    pub fn routes() -> &'static [&'static str] {
        Services::ROUTES
    }

    /// Adds a fault rule; earlier rules take precedence. Its requests are counted from now on.
    ///
    /// # Errors
    /// [`FaultRuleError`] if the route is unknown.
    pub fn inject(&self, rule: FaultRule) -> Result<(), FaultRuleError> {
        self.server.inject(rule)
    }

    /// Removes all fault rules. Faults that have begun, such as a silence, go on.
    pub fn clear_faults(&self) {
        self.server.clear_faults();
    }

    /// Revokes all Feishu tokens; the token call issues a new one.
    pub fn revoke_tokens(&self) {
        self.server.service().invalidate_tokens(TokenEvent::Revoked);
    }

    /// Rejects all Feishu tokens from now on, while the token call goes on handing them out.
    pub fn spoil_tokens(&self) {
        self.server.service().invalidate_tokens(TokenEvent::Spoilt);
    }

    /// Advances the clock of token lifetimes and rate limits.
    pub fn advance(&self, time: Duration) {
        self.server.service().clock.advance(time);
    }

    /// Stops the server, and returns when all connections are closed and the port is free.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sandbox").field("address", &self.address()).finish_non_exhaustive()
    }
}
