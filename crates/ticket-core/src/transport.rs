//! The one transport: every provider's requests go through it, and nothing else in the workspace talks HTTP.
//!
//! It follows no redirect and sends no referer, because a redirect would carry the credentials to another host. It
//! gives up at a deadline that includes the body, reads no more than it was allowed to, asks for no compression, and
//! uses no proxy for loopback addresses. It keeps the limits that a service documents, so that nothing is refused for them, and
//! tries again what time can mend, within the time of the whole call.

mod attempt;
mod authorize;
mod call;
mod client;
mod limit;
mod redact;
mod retry;
mod session;
mod settings;
mod setup;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

pub use authorize::{Authorization, Authorize};
pub use session::Session;
pub use settings::{RootCertificate, Settings};
pub use setup::Setup;

use self::client::Clients;
use self::retry::Budget;
use crate::Effort;

/// A client for all sources of a program: clones share its connections.
#[derive(Debug, Clone)]
pub struct Transport(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    clients: Clients,
    budget: Budget,
    /// One permit for each request that may be open.
    open: Semaphore,
    effort: Mutex<Effort>,
}

impl Transport {
    /// A transport with these settings; connections are made when they are needed.
    pub fn new(settings: Settings) -> Self {
        let settings = settings.bounded();
        let budget = Budget::new(settings.repetitions);
        let open = Semaphore::new(settings.concurrency);
        let (clients, effort) = (Clients::default(), Mutex::default());
        Self(Arc::new(Inner { settings, clients, budget, open, effort }))
    }

    /// What all calls took so far: those that ended, well or not, and those that were given up.
    pub fn effort(&self) -> Effort {
        *self.0.effort.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call is over.
    fn spend(&self, effort: Effort) {
        *self.0.effort.lock().unwrap_or_else(PoisonError::into_inner) += effort;
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
