//! The table `transport` of a profile: timeouts, retries, proxy and certificates.
//!
//! Timeouts, numbers and the user agent apply to all credentials. The proxy and the certificates decide who can read the requests, so
//! they apply only to credentials of the same profile; for other credentials the environment decides.

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

/// The table of a profile, or an empty one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// The origin of the table; `None` if there is no table.
    origin: Option<SettingsOrigin>,
    entries: Vec<Entry>,
}

/// An entry, as `ticket doctor` shows it.
pub(crate) struct TransportEntry {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) origin: String,
    /// Whether the entry applies to the credentials.
    pub(crate) is_used: bool,
}

impl Table {
    /// Returns the table of this origin.
    pub(crate) fn new(origin: SettingsOrigin, entries: Vec<Entry>) -> Self {
        Self { origin: Some(origin), entries }
    }

    /// Replaces `call_timeout` by `--timeout`, if that is given.
    pub(crate) fn with_timeout(mut self, timeout: Option<Entry>) -> Self {
        if let Some(timeout) = timeout {
            self.entries.retain(|entry| entry.key.name != keys::CALL_TIMEOUT);
            self.entries.push(timeout);
        }
        self
    }

    /// Returns whether an entry contains credentials.
    pub(crate) fn holds_secrets(&self) -> bool {
        self.entries.iter().any(|entry| match &entry.value {
            Value::Proxy(proxy) => proxy.has_credentials(),
            _ => false,
        })
    }

    /// Returns the number of concurrent requests, if it is set.
    pub(crate) fn concurrency(&self) -> Option<usize> {
        self.entries.iter().find_map(|entry| match entry.value {
            Value::Whole(number, _) if entry.key.name == keys::CONCURRENCY => {
                usize::try_from(number).ok()
            }
            _ => None,
        })
    }

    /// Returns whether the credentials are from the same profile, so that proxy and certificates apply to them.
    pub(crate) fn is_same_origin(&self, credentials: &SettingsOrigin) -> bool {
        self.origin.as_ref() == Some(credentials)
    }

    /// Returns the transport configuration for calls to this base URL. Proxy and certificates of the table apply if it
    /// `is_same_origin`; the environment supplies what is not set.
    ///
    /// # Errors
    /// If the file with certificates, or a variable in use, is not usable.
    pub(crate) fn settings(
        &self,
        is_same_origin: bool,
        base_url: &BaseUrl,
    ) -> Result<TransportConfig, Failure> {
        let mut settings = TransportConfig::default();
        for entry in self.entries.iter().filter(|entry| is_same_origin || !entry.is_route()) {
            match &entry.value {
                Value::Seconds(time, set) => set(&mut settings, *time),
                Value::Whole(number, set) => set(&mut settings, *number),
                Value::Fraction(number) => settings.rate_limit_fraction = *number,
                Value::UserAgent(text) => text.clone_into(&mut settings.user_agent),
                Value::Proxy(proxy) => settings.proxy = Some(proxy.clone()),
                Value::Certificates(file) => {
                    let certificates = certificates::load(file).map_err(|failure| {
                        failure.about(&format!("{} in {}", entry.key.name, self.origin()))
                    })?;
                    settings.root_certificates.push(certificates);
                }
            }
        }
        environment::complete(&mut settings, base_url)?;
        Ok(settings)
    }

    /// Returns all entries, and whether each applies to credentials of this origin.
    pub(crate) fn described(&self, credentials: &SettingsOrigin) -> Vec<TransportEntry> {
        let is_same_origin = self.is_same_origin(credentials);
        let described = |entry: &Entry| TransportEntry {
            name: entry.key.name,
            value: entry.value.shown(),
            origin: if entry.key.name == TIMEOUT {
                "the command line".into()
            } else {
                self.origin()
            },
            is_used: is_same_origin || !entry.is_route(),
        };
        self.entries.iter().map(described).collect()
    }

    fn origin(&self) -> String {
        self.origin.as_ref().map(SettingsOrigin::to_string).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
