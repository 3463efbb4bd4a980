//! The transports of a run. Providers share one where their calls leave the machine the same way.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ticket_core::BaseUrl;
use ticket_core::transport::{Transport, TransportConfig};

use super::configuration::Configuration;
use crate::outcome::Failure;
use crate::settings::Values;

/// How many tickets are fetched at the same time, where nobody says how many requests may be open.
const CONCURRENCY: usize = 8;

/// The transports of a run, each made when it is first needed.
#[derive(Default)]
pub(super) struct Transports(Mutex<HashMap<Way, (TransportConfig, Transport)>>);

/// What decides how calls leave the machine.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Way {
    /// Whether the proxy and the certificates of the profile count.
    is_same_origin: bool,
    /// Whether the service is on this machine, so that no proxy counts.
    is_local: bool,
    /// Whether certificates count.
    is_secure: bool,
}

impl Transports {
    /// Returns the transport for calls to this base URL with these settings of a provider, and its settings.
    ///
    /// # Errors
    /// Where the config file, a file with certificates or a variable that counts cannot be used.
    pub(super) fn of(
        &self,
        configuration: &Configuration,
        values: &Values,
        base_url: &BaseUrl,
    ) -> Result<(TransportConfig, Transport), Failure> {
        let table = configuration.transport()?;
        let way = Way {
            is_same_origin: table.is_same_origin(values.place()),
            is_local: base_url.is_loopback(),
            is_secure: base_url.as_str().starts_with("https:"),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&way) {
            return Ok(found.clone());
        }
        let settings = table.settings(way.is_same_origin, base_url)?;
        let made = (settings.clone(), Transport::new(settings));
        known.insert(way, made.clone());
        Ok(made)
    }
}

/// How many tickets to fetch at the same time.
pub(super) fn concurrency(configuration: &Configuration) -> usize {
    // A fault of the file is told where a provider's settings are looked for.
    let named = configuration.transport().ok().and_then(|table| table.concurrency());
    named.unwrap_or(CONCURRENCY)
}
