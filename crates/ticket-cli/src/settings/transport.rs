//! How long calls may take, how often they are tried, and which way they go: the table `transport` of a profile.
//!
//! The figures count wherever the credentials come from. The proxy and the certificates decide who can read along, so they
//! count only beside credentials of their own profile; those of another place go the default way.

mod certificates;
mod environment;
mod keys;

use ticket_core::BaseUrl;
use ticket_core::transport::TransportConfig;

use crate::outcome::Failure;
use crate::setting::SettingsOrigin;
use keys::{TIMEOUT, Value};

pub(crate) use environment::described as environment_entries;
pub(crate) use keys::{Entry, Given, KEYS, timeout};

/// The table of a profile; it may be empty.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// Where it stands; nowhere where there is none.
    place: Option<SettingsOrigin>,
    entries: Vec<Entry>,
}

/// An entry as the doctor shows it.
pub(crate) struct TransportEntry {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) place: String,
    /// Whether it counts.
    pub(crate) is_used: bool,
}

impl Table {
    /// The table that stands there.
    pub(crate) fn new(place: SettingsOrigin, entries: Vec<Entry>) -> Self {
        Self { place: Some(place), entries }
    }

    /// The same table with another time for the whole call, where the command line names one.
    pub(crate) fn with_timeout(mut self, timeout: Option<Entry>) -> Self {
        if let Some(timeout) = timeout {
            self.entries.retain(|entry| entry.key.name != keys::CALL_TIMEOUT);
            self.entries.push(timeout);
        }
        self
    }

    /// Whether nobody but the owner of the file may read it.
    pub(crate) fn holds_secrets(&self) -> bool {
        self.entries.iter().any(|entry| match &entry.value {
            Value::Proxy(proxy) => proxy.has_credentials(),
            _ => false,
        })
    }

    /// How many requests may be open at a time, where that is set.
    pub(crate) fn concurrency(&self) -> Option<usize> {
        self.entries.iter().find_map(|entry| match entry.value {
            Value::Whole(number, _) if entry.key.name == keys::CONCURRENCY => {
                usize::try_from(number).ok()
            }
            _ => None,
        })
    }

    /// Whether credentials of this place go the way that it names: its proxy, its certificates.
    pub(crate) fn is_same_origin(&self, credentials: &SettingsOrigin) -> bool {
        self.place.as_ref() == Some(credentials)
    }

    /// Returns the settings of the transport for calls to this base URL. The proxy and the certificates of the table count where it
    /// `is_same_origin`; what it does not name is taken from the environment.
    ///
    /// # Errors
    /// Where the file with certificates, or a variable that counts, cannot be used.
    pub(crate) fn settings(
        &self,
        is_same_origin: bool,
        base_url: &BaseUrl,
    ) -> Result<TransportConfig, Failure> {
        let mut settings = TransportConfig::default();
        for entry in self.entries.iter().filter(|entry| is_same_origin || !entry.is_way()) {
            match &entry.value {
                Value::Seconds(time, set) => set(&mut settings, *time),
                Value::Whole(number, set) => set(&mut settings, *number),
                Value::Share(number) => settings.rate_limit_fraction = *number,
                Value::UserAgent(text) => text.clone_into(&mut settings.user_agent),
                Value::Proxy(proxy) => settings.proxy = Some(proxy.clone()),
                Value::Certificates(file) => {
                    let certificates = certificates::load(file).map_err(|failure| {
                        failure.about(&format!("{} in {}", entry.key.name, self.place()))
                    })?;
                    settings.root_certificates.push(certificates);
                }
            }
        }
        environment::complete(&mut settings, base_url)?;
        Ok(settings)
    }

    /// All entries, and which of them count for credentials of this place.
    pub(crate) fn described(&self, credentials: &SettingsOrigin) -> Vec<TransportEntry> {
        let is_same_origin = self.is_same_origin(credentials);
        let described = |entry: &Entry| TransportEntry {
            name: entry.key.name,
            value: entry.value.shown(),
            place: if entry.key.name == TIMEOUT { "the command line".into() } else { self.place() },
            is_used: is_same_origin || !entry.is_way(),
        };
        self.entries.iter().map(described).collect()
    }

    fn place(&self) -> String {
        self.place.as_ref().map(SettingsOrigin::to_string).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
