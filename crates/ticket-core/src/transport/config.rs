//! The configuration of the transport.

use std::time::Duration;

use tokio::sync::Semaphore;
use url::Url;

use super::{Proxy, RootCertificates};

/// Timeouts, retries, limits, proxy and certificates of all calls of a transport.
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
    /// Timeout for connecting. Default: 10 s.
    pub connect_timeout: Duration,
    /// Timeout of one request with its whole response. Default: 20 s.
    pub attempt_timeout: Duration,
    /// Deadline of a call, including rate limit waits, token calls and retries. Default: 90 s.
    pub call_timeout: Duration,
    /// Maximum number of requests of a call; a rate limit that names its wait does not count. Default: 4.
    pub max_attempts: u32,
    /// Upper bound of the random wait before the second attempt; doubles with each attempt. Default: 200 ms.
    pub initial_backoff: Duration,
    /// Maximum of that bound. Default: 10 s.
    pub max_backoff: Duration,
    /// Retries that all calls together may make; ten successes add two. Default: 100.
    pub retry_budget: u32,
    /// Maximum number of open requests of all calls together; others wait. Default: 64.
    pub concurrency: usize,
    /// Fraction of the documented rate limits to use, from 0.001 to 1000: for example 0.5 if another program uses the same
    /// credentials, 3.0 if the service grants three times the limit. Default: 1.0.
    pub rate_limit_fraction: f64,
    /// Maximum size of a body in bytes. Default: 8 MiB.
    pub max_body_bytes: usize,
    /// Value of the `User-Agent` header. Default: the name and version of this crate.
    pub user_agent: String,
    /// The proxy for all but loopback addresses. Without one, requests are sent directly, whatever the environment says.
    pub proxy: Option<Proxy>,
    /// Whether the certificates of the system are trusted. Default: yes.
    pub system_certificates: bool,
    /// Trusted certificates in addition to those of the system.
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

/// The maximum of all durations, so that a very long one does not overflow a clock.
const MAX_DURATION: Duration = Duration::from_hours(366 * 24);

impl TransportConfig {
    /// Returns the proxy for this URL; `None` if requests are sent directly.
    pub fn proxy_for(&self, url: &Url) -> Option<&Proxy> {
        self.proxy.as_ref().filter(|proxy| proxy.covers(url))
    }

    /// Limits each value to its valid range: durations to a year, at least one attempt and one open request.
    pub(super) fn bounded(mut self) -> Self {
        for time in [
            &mut self.connect_timeout,
            &mut self.attempt_timeout,
            &mut self.call_timeout,
            &mut self.initial_backoff,
            &mut self.max_backoff,
        ] {
            *time = (*time).min(MAX_DURATION);
        }
        let fraction = self.rate_limit_fraction;
        self.rate_limit_fraction =
            if fraction.is_nan() { 1.0 } else { fraction.clamp(0.001, 1_000.0) };
        self.max_attempts = self.max_attempts.max(1);
        self.concurrency = self.concurrency.clamp(1, Semaphore::MAX_PERMITS);
        self
    }
}
