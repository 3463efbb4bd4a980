//! The transport: the requests of all providers go through it; nothing else here sends HTTP requests.
//!
//! It follows no redirect to another origin, which would carry the credentials to another host. Its deadlines include the body, it limits the size of
//! a response, requests no compression, and uses no proxy for loopback addresses. It keeps the documented rate limits of a service
//! and retries transient failures within the deadline of the call.

mod api_client;
mod attempt;
mod call;
mod certificates;
mod client;
mod client_config;
mod config;
mod connect;
mod credentials;
mod download;
mod fetch;
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
pub use fetch::Fetch;
pub use proxy::{InvalidProxy, NO_PROXY_VARIABLES, PROXY_VARIABLES, Proxy};

use self::client::Clients;
use self::retry::Budget;
use crate::CallStats;

/// The HTTP transport of all sources of a program; clones share connections.
#[derive(Debug, Clone)]
pub struct Transport(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: TransportConfig,
    clients: Clients,
    budget: Budget,
    /// One permit per open request.
    open: Semaphore,
    stats: Mutex<CallStats>,
}

impl Transport {
    /// Creates a transport. Connections are opened on demand.
    pub fn new(settings: TransportConfig) -> Self {
        let settings = settings.bounded();
        let budget = Budget::new(settings.retry_budget);
        let open = Semaphore::new(settings.concurrency);
        let (clients, stats) = (Clients::default(), Mutex::default());
        Self(Arc::new(Inner { settings, clients, budget, open, stats }))
    }

    /// Returns the statistics of all calls so far, also of failed and cancelled ones.
    pub fn stats(&self) -> CallStats {
        *self.0.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the statistics of a call.
    fn spend(&self, stats: CallStats) {
        *self.0.stats.lock().unwrap_or_else(PoisonError::into_inner) += stats;
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self::new(TransportConfig::default())
    }
}
