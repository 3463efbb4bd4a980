//! What bounds a call, and how it leaves the machine.

use std::time::Duration;

use tokio::sync::Semaphore;
use url::Url;

use super::{Proxy, RootCertificates};

/// What bounds a call, and how it leaves the machine.
///
/// ```
/// use std::time::Duration;
/// use ticket_core::transport::{Transport, TransportConfig};
///
/// let settings = TransportConfig { attempt_timeout: Duration::from_secs(5), ..TransportConfig::default() };
/// let transport = Transport::new(settings);
/// ```
#[derive(Debug, Clone)]
pub struct TransportConfig {
    /// How long making a connection may take. Default: 10 s.
    pub connect_timeout: Duration,
    /// How long one request with its whole response may take; four of them fit into a call. Default: 20 s.
    pub attempt_timeout: Duration,
    /// How long a whole call may take, with its turn waited for, tokens fetched and requests repeated. Default: 90 s.
    pub call_timeout: Duration,
    /// How often a request is sent at the most, the first time included; a refusal for a rate limit that names its wait does not
    /// count. Default: 4.
    pub max_attempts: u32,
    /// The longest wait before the second attempt; it doubles with each one, and the real wait is anywhere between
    /// nothing and it. Default: 200 ms.
    pub initial_backoff: Duration,
    /// Where the doubling ends. Default: 10 s.
    pub max_backoff: Duration,
    /// How many repetitions in a row all calls together may make; ten successes allow two more. Default: 100.
    pub retry_budget: u32,
    /// How many requests of all calls together may be open at a time; the others wait for their turn. Default: 64.
    pub concurrency: usize,
    /// How much of the limits that a service documents is ours: 0.5 where another program uses the same credentials, 3.0 where
    /// the service grants three times as much; from 0.001 to 1000. Default: 1.0.
    pub rate_limit_fraction: f64,
    /// The largest body that is read, in bytes. Default: 8 MiB.
    pub max_body_bytes: usize,
    /// What the `User-Agent` header says. Default: the name and version of this crate.
    pub user_agent: String,
    /// The proxy for all but loopback addresses; without one requests go out directly, whatever the environment says.
    pub proxy: Option<Proxy>,
    /// Whether the certificates of the system are trusted. Default: yes.
    pub system_certificates: bool,
    /// Certificates to trust besides those of the system.
    pub root_certificates: Vec<RootCertificates>,
}

impl Default for TransportConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(20),
            call_timeout: Duration::from_secs(90),
            max_attempts: 4,
            initial_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(10),
            retry_budget: 100,
            concurrency: 64,
            rate_limit_fraction: 1.0,
            max_body_bytes: 8 << 20,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: None,
            system_certificates: true,
            root_certificates: Vec::new(),
        }
    }
}

/// No time is longer: what is meant as "for ever" must not overflow a clock.
const LONGEST: Duration = Duration::from_hours(366 * 24);

impl TransportConfig {
    /// Returns the proxy for this address; `None` where requests to it go out directly.
    pub fn proxy_for(&self, url: &Url) -> Option<&Proxy> {
        self.proxy.as_ref().filter(|proxy| proxy.covers(url))
    }

    /// The same settings, each within what can be counted: no time beyond a year, one attempt and one open request at least.
    pub(super) fn bounded(mut self) -> Self {
        for time in [
            &mut self.connect_timeout,
            &mut self.attempt_timeout,
            &mut self.call_timeout,
            &mut self.initial_backoff,
            &mut self.max_backoff,
        ] {
            *time = (*time).min(LONGEST);
        }
        let share = self.rate_limit_fraction;
        self.rate_limit_fraction = if share.is_nan() { 1.0 } else { share.clamp(0.001, 1_000.0) };
        self.max_attempts = self.max_attempts.max(1);
        self.concurrency = self.concurrency.clamp(1, Semaphore::MAX_PERMITS);
        self
    }
}
