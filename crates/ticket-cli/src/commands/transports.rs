//! The transports of a run. Sources share one if their calls leave the machine the same way.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ticket_core::BaseUrl;
use ticket_core::transport::{Transport, TransportConfig};

use super::configuration::Configuration;
use crate::address::SourceAddress;
use crate::outcome::Failure;
use crate::setting::Values;

/// How many tickets are fetched at the same time by default.
const CONCURRENCY: usize = 8;

/// The transports of a run, each created when it is first needed.
#[derive(Default)]
pub(super) struct Transports(Mutex<HashMap<Route, (TransportConfig, Transport)>>);

/// The settings that decide how calls leave the machine.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Route {
    /// The profile of the source address.
    profile: Option<String>,
    /// Whether the proxy and the certificates of the profile apply.
    is_same_origin: bool,
    /// Whether the service is on this machine, so that no proxy applies.
    is_local: bool,
    /// Whether certificates apply.
    is_secure: bool,
}

impl Transports {
    /// Returns the transport for calls to this base URL with these settings, and its configuration.
    ///
    /// # Errors
    /// If the config file, a file with certificates or a proxy variable is not usable.
    pub(super) fn of(
        &self,
        configuration: &Configuration,
        source: &SourceAddress,
        values: &Values,
        base_url: &BaseUrl,
    ) -> Result<(TransportConfig, Transport), Failure> {
        let table = configuration.transport(source.profile.as_deref())?;
        let route = Route {
            profile: source.profile.clone(),
            is_same_origin: table.is_same_origin(values.origin()),
            is_local: base_url.is_loopback(),
            is_secure: base_url.as_str().starts_with("https:"),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&route) {
            return Ok(found.clone());
        }
        let settings = table.settings(route.is_same_origin, base_url)?;
        let created = (settings.clone(), Transport::new(settings));
        known.insert(route, created.clone());
        Ok(created)
    }
}

/// Returns how many tickets to fetch at the same time.
pub(super) fn concurrency(configuration: &Configuration) -> usize {
    // An error of the file is reported when the settings of a source are read.
    let named = configuration.transport(None).ok().and_then(|table| table.concurrency());
    named.unwrap_or(CONCURRENCY)
}
