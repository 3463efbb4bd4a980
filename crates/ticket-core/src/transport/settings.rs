//! What bounds a call, and how it leaves the machine.

use std::time::Duration;

/// What bounds a call, and how it leaves the machine.
///
/// ```
/// use std::time::Duration;
/// use ticket_core::transport::{Settings, Transport};
///
/// let settings = Settings { attempt_timeout: Duration::from_secs(5), ..Settings::default() };
/// let transport = Transport::new(settings);
/// ```
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long making a connection may take. Default: 10 s.
    pub connect_timeout: Duration,
    /// How long one request with its whole answer may take. Default: 30 s.
    pub attempt_timeout: Duration,
    /// How long a whole call may take, with its turn waited for, tokens fetched and requests repeated. Default: 90 s.
    pub call_timeout: Duration,
    /// How often a request is sent at the most, the first time included. Default: 4.
    pub attempts: u32,
    /// The longest wait before the second attempt; it doubles with each one, and the real wait is anywhere between
    /// nothing and it. Default: 200 ms.
    pub backoff: Duration,
    /// Where the doubling ends. Default: 10 s.
    pub longest_backoff: Duration,
    /// How many repetitions in a row all calls together may make; ten successes allow two more. Default: 100.
    pub repetitions: u32,
    /// The largest body that is read, in bytes. Default: 8 MiB.
    pub max_body_bytes: usize,
    /// What the `User-Agent` header says. Default: the name and version of this crate.
    pub user_agent: String,
    /// A proxy for all but loopback addresses, instead of the one that the environment names.
    pub proxy: Option<String>,
    /// Certificates to trust besides those of the system.
    pub root_certificates: Vec<RootCertificate>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            call_timeout: Duration::from_secs(90),
            attempts: 4,
            backoff: Duration::from_millis(200),
            longest_backoff: Duration::from_secs(10),
            repetitions: 100,
            max_body_bytes: 8 << 20,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: None,
            root_certificates: Vec::new(),
        }
    }
}

/// A certificate to trust, as PEM text; it may hold several.
#[derive(Debug, Clone)]
pub struct RootCertificate(pub Vec<u8>);
