//! The transports of a run, of which providers share one wherever they go the same way.

use std::sync::OnceLock;

use ticket_core::transport::Transport;

use super::configuration::Configuration;
use crate::outcome::Failure;
use crate::settings::Values;

/// How many tickets are fetched at the same time, where nobody says how many requests may be open.
const CONCURRENCY: usize = 8;

/// The transports of a run, each made when it is first needed.
#[derive(Default)]
pub(super) struct Transports {
    /// The way that the table of the profile names.
    named: OnceLock<Transport>,
    /// The usual way.
    usual: OnceLock<Transport>,
}

impl Transports {
    /// The transport for these settings of a provider.
    ///
    /// # Errors
    /// Where the config file, or the file with certificates, cannot be used.
    pub(super) fn of(
        &self,
        configuration: &Configuration,
        values: &Values,
    ) -> Result<Transport, Failure> {
        let table = configuration.transport()?;
        let leads = table.leads(values.place());
        let slot = if leads { &self.named } else { &self.usual };
        if let Some(transport) = slot.get() {
            return Ok(transport.clone());
        }
        let transport = Transport::new(table.settings(leads)?);
        Ok(slot.get_or_init(|| transport).clone())
    }
}

/// How many tickets to fetch at the same time.
pub(super) fn concurrency(configuration: &Configuration) -> usize {
    // A fault of the file is told where a provider's settings are looked for.
    let named = configuration.transport().ok().and_then(|table| table.concurrency());
    named.unwrap_or(CONCURRENCY)
}
