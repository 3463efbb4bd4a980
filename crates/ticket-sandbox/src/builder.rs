//! What can be decided before the start.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::desk::Desk;
use crate::fault::{Rule, RuleError};
use crate::feishu::{Feishu, LONGEST_LIFETIME};
use crate::log::{Follower, Log};
use crate::server::{Server, Stage};
use crate::{Credentials, Sandbox, Seen};

/// The settings of a [`Sandbox`] that is yet to start.
#[derive(Debug, Clone)]
pub struct Builder {
    address: SocketAddr,
    credentials: Credentials,
    token_lifetime: Duration,
    requests_per_second: u32,
    list_requests: (u32, u32),
    idle_timeout: Option<Duration>,
    rules: Vec<Rule>,
    follower: Option<Follower>,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can be reached from other machines, and the credentials are known to everybody.
    #[error(
        "the sandbox listens on loopback addresses only, and {0} is none; take 127.0.0.1 or [::1]"
    )]
    NotLoopback(SocketAddr),
    /// No token lives as long as that, or for no time at all.
    #[error("a token lives for a second at least and two hours at most, not for {0:?}")]
    TokenLifetime(Duration),
    /// A rule names no route.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The system does not let it listen there.
    #[error("the sandbox cannot listen on {address}")]
    Bind {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            credentials: Credentials::default(),
            token_lifetime: LONGEST_LIFETIME,
            requests_per_second: 10,
            list_requests: (50, 1000),
            idle_timeout: Some(Duration::from_secs(30)),
            rules: Vec::new(),
            follower: None,
        }
    }

    /// Listens on this address, which must be a loopback address; port 0 is any free one, and the default.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Accepts these credentials instead of the default ones.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Lets Feishu's tokens live for this time, two hours by default and at most.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Responds to this many calls of Feishu's ticket in any second, 10 by default; with 0 each call is refused.
    pub fn requests_per_second(mut self, limit: u32) -> Self {
        self.requests_per_second = limit;
        self
    }

    /// Responds to this many calls of Feishu's list in any second and in any minute, 50 and 1000 by default.
    pub fn list_requests(mut self, per_second: u32, per_minute: u32) -> Self {
        self.list_requests = (per_second, per_minute);
        self
    }

    /// Closes a connection that is silent for this time, 30 seconds by default, or never with `None`.
    ///
    /// `None` is also right where tokio's time is paused: with no timer waiting, that time stands still.
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = timeout.into();
        self
    }

    /// Lets a fault strike; of several rules that are about a request the one that was given first decides.
    ///
    /// ```
    /// # use ticket_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().fault("feishu.ticket 1-2: status 503".parse()?).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fault(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Tells somebody of each request, before its response is sent: a [`Seen`] is one line where it is printed.
    ///
    /// The response waits for whoever is told, who should be quick therefore. Of several the last is told.
    pub fn follower(mut self, told: impl Fn(&Seen) + Send + Sync + 'static) -> Self {
        self.follower = Some(Follower(Arc::new(told)));
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// [`StartError`]: the address is no loopback address or is taken, the lifetime is not one, or a rule names no route.
    ///
    /// # Panics
    /// Outside of a tokio runtime with IO and time enabled.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let Self {
            address,
            credentials,
            token_lifetime,
            requests_per_second,
            list_requests,
            idle_timeout,
            rules,
            follower,
        } = self;
        if !address.ip().is_loopback() {
            return Err(StartError::NotLoopback(address));
        }
        if token_lifetime < Duration::from_secs(1) || token_lifetime > LONGEST_LIFETIME {
            return Err(StartError::TokenLifetime(token_lifetime));
        }
        let feishu = Feishu::new(token_lifetime, requests_per_second, list_requests);
        let stage = Arc::new(Stage::new(Desk::new(credentials, feishu), Log::new(follower)));
        for rule in rules {
            stage.inject(rule)?;
        }
        let server = Server::start(address, Arc::clone(&stage), idle_timeout).await?;
        Ok(Sandbox { stage, server })
    }
}
