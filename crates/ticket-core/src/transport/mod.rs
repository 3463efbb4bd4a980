//! The one transport: every provider's requests go through it, and nothing else in the workspace talks HTTP.
//!
//! It follows no redirect and sends no referer, because a redirect would carry the credentials to another host. It
//! gives up at a deadline that includes the body, reads no more than it was allowed to, asks for no compression, and
//! uses no proxy for loopback addresses. It keeps the limits that a service documents, so that nothing is refused for them, and
//! tries again what time can mend, within the time of the whole call.

mod attempt;
mod authorize;
mod client;
mod limit;
mod redact;
mod retry;
mod session;
mod settings;

use std::sync::Arc;

pub use authorize::{Authorization, Authorize, Fixed};
pub use session::Session;
pub use settings::{RootCertificate, Settings};

use self::client::Clients;
use self::retry::Budget;
use crate::capabilities::Capabilities;

/// A client for all sources of a program: clones share its connections.
#[derive(Debug, Clone)]
pub struct Transport(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    clients: Clients,
    budget: Budget,
}

impl Transport {
    /// A transport with these settings; connections are made when they are needed.
    pub fn new(settings: Settings) -> Self {
        let budget = Budget::new(settings.repetitions);
        Self(Arc::new(Inner { settings, clients: Clients::default(), budget }))
    }

    /// What one credential can do at one service, within the limits that the service documents.
    pub fn session(&self, authorize: Arc<dyn Authorize>, capabilities: &Capabilities) -> Session {
        Session::new(self.clone(), authorize, capabilities)
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
