//! The stand-in: a running server, and what one may ask of it.
#![doc = include_str!("../README.md")]

mod builder;
mod clock;
mod credentials;
mod desk;
mod engagelab;
mod fault;
mod feishu;
mod http;
mod last;
mod log;
mod names;
mod scripted;
mod server;
mod tickets;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use builder::{Builder, StartError};
pub use credentials::Credentials;
pub use fault::{CatalogueEntry, Fault, Requests, Rule, RuleError};
pub use log::Seen;
pub use scripted::{Received, Reply, Route, Scripted};

use desk::Desk;
use server::{Server, Stage};

/// A running stand-in for both services; it ends when this value is dropped.
pub struct Sandbox {
    stage: Arc<Stage<Desk>>,
    server: Server,
}

impl Sandbox {
    /// Starts with the defaults on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// [`StartError::Bind`] when there is no free port.
    ///
    /// # Panics
    /// Outside of a tokio runtime with IO and time enabled.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Begins with the defaults, to be changed before the start.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The base URL of both services, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The credentials that it accepts.
    pub fn credentials(&self) -> &Credentials {
        &self.stage.service.credentials
    }

    /// The variables, with their values, that point a client at this server.
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

    /// The ids of the tickets that it serves for `engagelab` or `feishu`; none for any other word.
    pub fn ticket_ids(provider: &str) -> Vec<&'static str> {
        tickets::of(provider).iter().map(|ticket| ticket.id).collect()
    }

    /// The requests that were answered, oldest first; of very many, the last 10,000.
    pub fn requests(&self) -> Vec<Seen> {
        self.stage.log.list()
    }

    /// How many connections are open now.
    ///
    /// A connection whose client has left is open until the server has noticed it: at its next word to it, or when it listens.
    pub fn open_connections(&self) -> usize {
        self.stage.open()
    }

    /// The routes that a [`Rule`] can name.
    pub fn routes() -> &'static [&'static str] {
        Desk::ROUTES
    }

    /// Lets faults strike from now on, and counts requests for it from now on; rules that came
    /// earlier go first.
    ///
    /// # Errors
    /// [`RuleError`] where there is no such route.
    pub fn inject(&self, rule: Rule) -> Result<(), RuleError> {
        self.stage.inject(rule)
    }

    /// Takes back all rules; what struck already goes on, such as a silence.
    pub fn clear_faults(&self) {
        self.stage.rules.clear();
    }

    /// Refuses from now on every Feishu token that was issued so far; the token call issues a new one.
    pub fn revoke_tokens(&self) {
        self.stage.service.feishu.tokens().revoke();
    }

    /// Refuses from now on every Feishu token that was issued so far, while the token call goes on handing out the
    /// same one until its time comes, as its rule allows.
    pub fn spoil_tokens(&self) {
        self.stage.service.feishu.tokens().spoil();
    }

    /// Moves the server's own clock forward, the one of lifetimes and rates; nobody has to wait.
    pub fn advance(&self, time: Duration) {
        self.stage.service.clock.advance(time);
    }

    /// Ends the server, and returns when every connection is closed and the port is free.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sandbox").field("address", &self.address()).finish_non_exhaustive()
    }
}
