//! The table of providers: the one place of all that is published that knows every one of them.
//!
//! Adding a provider is a file that fills in one row, and the row.

mod engagelab;
mod feishu;

use std::fmt;
use std::sync::Arc;

use ticket_core::mapping::MappingDescription;
use ticket_core::transport::Transport;
use ticket_core::{Error, ErrorKind, TicketSource, VocabularyOverrides, async_trait};

use crate::outcome::Failure;
use crate::settings::{Setting, Values};

/// Every provider that this program knows, in the order in which they are listed.
pub(crate) static PROVIDERS: &[Provider] = &[engagelab::PROVIDER, feishu::PROVIDER];

/// All that the program needs to know of a provider.
pub(crate) struct Provider {
    /// The name before the colon of an id.
    pub(crate) name: &'static str,
    /// How its responses are read.
    pub(crate) decoder: &'static dyn MappingDescription,
    /// What it can be told.
    pub(crate) settings: &'static [Setting],
    /// The keys of each way to log in, of which exactly one must be set; empty where there is only one way.
    pub(crate) ways: &'static [&'static [&'static str]],
    /// The id of the documented ticket, which the stand-in serves.
    pub(crate) example: &'static str,
    /// Builds the desk from a whole set of settings.
    pub(crate) desk: Build,
}

/// Builds the desk from a whole set of settings and what the tenant says of its words.
pub(crate) type Build = fn(&Values, VocabularyOverrides, Transport) -> Result<Arc<dyn Desk>, Error>;

/// A source of tickets that may know a harmless question.
#[async_trait]
pub(crate) trait Desk: TicketSource {
    /// Asks the service something harmless and says what came back; `None` where it has no such question.
    async fn check(&self) -> Option<Result<&'static str, Error>>;
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Provider").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The provider of this name.
///
/// # Errors
/// Where no provider has it.
pub(crate) fn named(name: &str) -> Result<&'static Provider, Failure> {
    PROVIDERS.iter().find(|provider| provider.name == name).ok_or_else(|| {
        Failure::new(ErrorKind::InvalidRequest, format!("no provider is called \"{name}\""))
            .with_hint(format!("the providers are {}", names()))
    })
}

/// All names, for people.
pub(crate) fn names() -> String {
    let names: Vec<_> = PROVIDERS.iter().map(|provider| provider.name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::PROVIDERS;

    #[test]
    fn a_row_agrees_with_itself() {
        for provider in PROVIDERS {
            assert_eq!(provider.name, provider.decoder.provider());
            let keys: HashSet<_> = provider.settings.iter().map(|setting| setting.key).collect();
            assert_eq!(keys.len(), provider.settings.len(), "{}", provider.name);
            for key in provider.ways.iter().copied().flatten() {
                let setting = provider.settings.iter().find(|setting| setting.key == *key).unwrap();
                assert!(!setting.is_required, "{key}");
            }
            for setting in provider.settings {
                let variable = format!("{}_{}", provider.name, setting.key).to_uppercase();
                assert_eq!(setting.variable, variable);
            }
            let base_url = provider.settings.iter().find(|setting| setting.key == "base_url");
            assert!(base_url.unwrap().usual.is_some(), "{}", provider.name);
        }
    }
}
