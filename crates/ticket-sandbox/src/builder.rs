//! The configuration of a sandbox.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use scripted_server::{FaultRule, LoggedRequest, Server, ServerConfig};

use crate::feishu::{Feishu, MAX_TOKEN_LIFETIME};
use crate::services::Services;
use crate::{Credentials, Sandbox};

/// Configures and starts a [`Sandbox`].
#[derive(Debug, Clone)]
pub struct Builder {
    credentials: Credentials,
    token_lifetime: Duration,
    requests_per_second: u32,
    list_requests: (u32, u32),
    server: ServerConfig,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The lifetime of tokens is out of range.
    #[error("invalid token lifetime {0:?}; use a value from 1 second to 2 hours")]
    TokenLifetime(Duration),
    /// The server did not start.
    #[error(transparent)]
    Server(#[from] scripted_server::StartError),
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            credentials: Credentials::default(),
            token_lifetime: MAX_TOKEN_LIFETIME,
            requests_per_second: 10,
            list_requests: (50, 1000),
            server: ServerConfig::default(),
        }
    }
}

impl Builder {
    /// Sets the loopback address to listen on. Default: a free port of 127.0.0.1.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.server.address = address;
        self
    }

    /// Sets the accepted credentials.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the lifetime of Feishu tokens. Default and maximum: two hours.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Sets the rate limit of Feishu's ticket call; 0 rejects every call. Default: 10 per second.
    pub fn requests_per_second(mut self, limit: u32) -> Self {
        self.requests_per_second = limit;
        self
    }

    /// Sets the rate limits of Feishu's list call. Default: 50 per second and 1000 per minute.
    pub fn list_requests(mut self, per_second: u32, per_minute: u32) -> Self {
        self.list_requests = (per_second, per_minute);
        self
    }

    /// Closes an idle connection after this time, or never for `None`. Default: 30 seconds.
    ///
    /// Use `None` if tokio's clock is paused: the paused clock does not advance, because no timer is pending.
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.server.idle_timeout = timeout.into();
        self
    }

    /// Adds a fault rule. The first rule that matches a request wins.
    ///
    /// ```
    /// # use ticket_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().fault("feishu.ticket 1-2: status 503".parse()?).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fault(mut self, rule: FaultRule) -> Self {
        self.server.faults.push(rule);
        self
    }

    /// Calls a function with each request before its reply is sent. The function must be fast.
    pub fn on_request(mut self, observe: impl Fn(&LoggedRequest) + Send + Sync + 'static) -> Self {
        self.server.on_request = Some(Arc::new(observe));
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// [`StartError`] if the address is not a loopback address or is in use, if the token lifetime is out of range, or if
    /// a rule names an unknown route.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let Self { credentials, token_lifetime, requests_per_second, list_requests, server } = self;
        if token_lifetime < Duration::from_secs(1) || token_lifetime > MAX_TOKEN_LIFETIME {
            return Err(StartError::TokenLifetime(token_lifetime));
        }
        let feishu = Feishu::new(token_lifetime, requests_per_second, list_requests);
        let server = Server::with_config(Services::new(credentials, feishu), server).await?;
        Ok(Sandbox { server })
    }
}
