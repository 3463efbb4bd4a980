//! The configuration of a sandbox.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use scripted_server::{FaultRule, LoggedRequest, Server, ServerConfig};

use crate::feishu::{Feishu, MAX_TOKEN_LIFETIME, RateLimits};
use crate::generated::{self, Burst, Generator, MAX_TICKETS};
use crate::services::{self, Services};
use crate::{Credentials, Sandbox};

/// Configures and starts a [`Sandbox`].
#[derive(Debug, Clone)]
pub struct Builder {
    credentials: Credentials,
    token_lifetime: Duration,
    limits: RateLimits,
    tickets: usize,
    seed: u64,
    epoch: Option<i64>,
    created_within: Duration,
    bursts: Vec<Burst>,
    server: ServerConfig,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The lifetime of tokens is out of range.
    #[error("invalid token lifetime {0:?}; use a value from 1 second to 2 hours")]
    TokenLifetime(Duration),
    /// More tickets than can be generated.
    #[error("cannot generate {0} tickets; use at most {MAX_TICKETS}")]
    Tickets(usize),
    /// More tickets in bursts than are generated.
    #[error("bursts of {bursts} tickets, but only {tickets} are generated")]
    Bursts {
        /// The tickets of all bursts.
        bursts: usize,
        /// The tickets that are generated.
        tickets: usize,
    },
    /// The server did not start.
    #[error(transparent)]
    Server(#[from] scripted_server::StartError),
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            credentials: Credentials::default(),
            token_lifetime: MAX_TOKEN_LIFETIME,
            limits: RateLimits {
                tickets_per_second: 10,
                lists_per_second: 50,
                lists_per_minute: 1000,
                scale: 1,
            },
            tickets: 0,
            seed: 0,
            epoch: None,
            created_within: generated::PERIOD,
            bursts: Vec::new(),
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
        self.limits.tickets_per_second = limit;
        self
    }

    /// Sets the rate limits of Feishu's list call. Default: 50 per second and 1000 per minute.
    pub fn list_requests(mut self, per_second: u32, per_minute: u32) -> Self {
        self.limits.lists_per_second = per_second;
        self.limits.lists_per_minute = per_minute;
        self
    }

    /// Multiplies the rate limits of Feishu; 0 turns them off. Default: 1, the documented limits.
    pub fn rate_limit_scale(mut self, scale: u32) -> Self {
        self.limits.scale = scale;
        self
    }

    /// Generates this many tickets of each service, at most ten million. Default: none.
    ///
    /// They are served besides the fixtures. Feishu's list then contains only generated tickets. Each seed has its own
    /// tickets with their own ids; the same seed generates the same ones in each run.
    ///
    /// ```
    /// # use ticket_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().tickets(100_000, 1).start().await?;
    /// assert_eq!(sandbox.generated_ids("feishu").count(), 100_000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn tickets(mut self, count: usize, seed: u64) -> Self {
        self.tickets = count;
        self.seed = seed;
        self
    }

    /// Sets when the generated tickets are looked at, in milliseconds since 1970: nothing happens to them later. Default:
    /// when the sandbox starts.
    ///
    /// Events do not move with the epoch: a later one shows more of them.
    pub fn epoch(mut self, milliseconds: i64) -> Self {
        self.epoch = Some(milliseconds);
        self
    }

    /// Sets the period before the epoch in which the generated tickets were created. Default: 120 days.
    ///
    /// With [`Duration::ZERO`] all of them are created in the same millisecond, as after an import.
    pub fn created_within(mut self, period: Duration) -> Self {
        self.created_within = period;
        self
    }

    /// Creates some of the generated tickets within one period, as an import or an outage does; may be repeated. With
    /// [`Duration::ZERO`] all of them are created in the same millisecond.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use ticket_sandbox::Sandbox;
    /// let builder = Sandbox::builder().tickets(25_000, 1).burst(12_000, Duration::from_mins(1));
    /// ```
    pub fn burst(mut self, count: usize, within: Duration) -> Self {
        self.bursts.push(Burst { count, within });
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

    /// Returns the ids that [`Sandbox::generated_ids`] will return, without starting a server.
    pub fn generated_ids(&self, provider: &str) -> impl Iterator<Item = String> + use<> {
        // Ids depend on the seed only.
        let generator = Generator::new(self.tickets, self.seed, 0, self.created_within);
        services::generated_ids(generator, provider)
    }

    /// Starts the server.
    ///
    /// # Errors
    /// [`StartError`] if the address is not a loopback address or is in use, if the token lifetime or the number of tickets
    /// is out of range, if the bursts have more tickets than are generated, or if a rule names an unknown route.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let Self {
            credentials,
            token_lifetime,
            limits,
            tickets,
            seed,
            epoch,
            created_within,
            bursts,
            server,
        } = self;
        if token_lifetime < Duration::from_secs(1) || token_lifetime > MAX_TOKEN_LIFETIME {
            return Err(StartError::TokenLifetime(token_lifetime));
        }
        if tickets > MAX_TICKETS {
            return Err(StartError::Tickets(tickets));
        }
        let in_bursts = bursts.iter().fold(0_usize, |sum, burst| sum.saturating_add(burst.count));
        if in_bursts > tickets {
            return Err(StartError::Bursts { bursts: in_bursts, tickets });
        }
        let epoch = epoch.unwrap_or_else(generated::now);
        let generator = Generator::new(tickets, seed, epoch, created_within).with_bursts(bursts);
        let feishu = Feishu::new(token_lifetime, limits, generator.clone(), &credentials);
        let services = Services::new(credentials, generator, feishu);
        let server = Server::with_config(services, server).await?;
        Ok(Sandbox { server })
    }
}
