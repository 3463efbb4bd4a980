//! The one transport: every provider's requests go through it, and nothing else in the workspace talks HTTP.
//!
//! It follows no redirect and sends no referer, because a redirect would carry the credentials to another host. It
//! gives up at a deadline that includes the body, reads no more than it was allowed to, asks for no compression, and
//! uses no proxy for loopback addresses. It keeps the limits that a service documents, so that nothing is refused for them, and
//! tries again what time can mend, within the time of the whole call.

mod api_client;
mod attempt;
mod call;
mod certificates;
mod client;
mod client_config;
mod config;
mod connect;
mod credentials;
mod limit;
mod proxy;
mod redact;
mod retry;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

pub use api_client::ApiClient;
pub use certificates::{InvalidCertificates, RootCertificates};
pub use client_config::ClientConfig;
pub use config::TransportConfig;
pub use credentials::{Authorization, CredentialProvider};
pub use proxy::{InvalidProxy, NO_PROXY_VARIABLES, PROXY_VARIABLES, Proxy};

use self::client::Clients;
use self::retry::Budget;
use crate::CallStats;

/// A client for all sources of a program: clones share its connections.
#[derive(Debug, Clone)]
pub struct Transport(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: TransportConfig,
    clients: Clients,
    budget: Budget,
    /// One permit for each request that may be open.
    open: Semaphore,
    stats: Mutex<CallStats>,
}

impl Transport {
    /// A transport with these settings; connections are made when they are needed.
    pub fn new(settings: TransportConfig) -> Self {
        let settings = settings.bounded();
        let budget = Budget::new(settings.retry_budget);
        let open = Semaphore::new(settings.concurrency);
        let (clients, stats) = (Clients::default(), Mutex::default());
        Self(Arc::new(Inner { settings, clients, budget, open, stats }))
    }

    /// What all calls took so far: those that ended, well or not, and those that were given up.
    pub fn stats(&self) -> CallStats {
        *self.0.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call is over.
    fn spend(&self, stats: CallStats) {
        *self.0.stats.lock().unwrap_or_else(PoisonError::into_inner) += stats;
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self::new(TransportConfig::default())
    }
}
