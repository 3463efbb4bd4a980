//! The table of providers, the only published code that knows all of them.
//!
//! To add a provider, write a module with its entry, and list the entry in [`PROVIDERS`].

mod engagelab;
mod feishu;
mod rt;

use std::fmt;
use std::sync::Arc;

use ticket_core::mapping::MappingDescription;
use ticket_core::transport::Transport;
use ticket_core::{Error, ErrorKind, TicketId, TicketSource, VocabularyOverrides, async_trait};

use crate::outcome::Failure;
use crate::setting::{Setting, Values};
use crate::similar::nearest;

/// All providers, in the order of listings.
pub(crate) static PROVIDERS: &[Provider] = &[engagelab::PROVIDER, feishu::PROVIDER, rt::PROVIDER];

/// The entry of a provider.
pub(crate) struct Provider {
    /// The name before the colon of a ticket id.
    pub(crate) name: &'static str,
    /// Decodes its responses and describes their mapping.
    pub(crate) decoder: &'static dyn MappingDescription,
    /// Its settings.
    pub(crate) settings: &'static [Setting],
    /// The keys of each authentication method, if there are several; exactly one method must be set.
    pub(crate) auth_methods: &'static [&'static [&'static str]],
    /// The names and the base URLs of the service's regions, if it has several.
    pub(crate) regions: &'static [(&'static str, &'static str)],
    /// Its events, if it sends any that can be read.
    pub(crate) events: Option<Events>,
    /// The id of a ticket, for examples in messages.
    pub(crate) example: &'static str,
    /// Builds the source.
    pub(crate) source: Build,
}

impl Provider {
    /// Returns the keys of the settings that give access to the service.
    pub(crate) fn access_keys(&self) -> impl Iterator<Item = &'static str> + use<> {
        let required = self.settings.iter().filter(|it| it.is_required).map(|it| it.key);
        required.chain(self.auth_methods.iter().copied().flatten().copied())
    }
}

/// The events of a provider.
#[derive(Clone, Copy)]
pub(crate) struct Events {
    /// Reads the body of one event.
    pub(crate) read: fn(&Values, &[u8]) -> Result<EventSubject, Failure>,
    /// The keys of the settings for it. The first one shows that an event is from the service.
    pub(crate) keys: &'static [&'static str],
}

/// What an event is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EventSubject {
    /// A ticket.
    Ticket(TicketId),
    /// The URL that receives events; no event yet.
    Challenge,
    /// Something else; the type of the event.
    Other(String),
}

/// Builds a source from complete settings, vocabulary overrides and a transport.
pub(crate) type Build =
    fn(&Values, VocabularyOverrides, Transport) -> Result<Arc<dyn CliSource>, Error>;

/// A source of tickets with an optional test call.
#[async_trait]
pub(crate) trait CliSource: TicketSource {
    /// Makes a read-only test call and describes its result; `None` if the API has no such call.
    async fn check(&self) -> Option<Result<&'static str, Error>>;
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Provider").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Returns the provider of this name, in upper or lower case.
///
/// # Errors
/// If the name is unknown.
pub(crate) fn named(name: &str) -> Result<&'static Provider, Failure> {
    PROVIDERS.iter().find(|provider| provider.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        Failure::new(ErrorKind::InvalidRequest, format!("unknown provider \"{name}\"")).with_hint(
            match nearest(
                &name.to_ascii_lowercase(),
                PROVIDERS.iter().map(|provider| provider.name),
            ) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("the providers are {}", names()),
            },
        )
    })
}

/// Returns the names of all providers, separated by commas.
pub(crate) fn names() -> String {
    let names: Vec<_> = PROVIDERS.iter().map(|provider| provider.name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use ticket_core::transport::Transport;
    use ticket_core::{TicketId, VocabularyOverrides};
    use ticket_sandbox::Sandbox;

    use super::PROVIDERS;
    use crate::setting::{SettingsOrigin, Values};

    #[tokio::test]
    async fn account_of_a_ticket_names_the_profile_of_the_settings() {
        let sandbox = Sandbox::start().await.unwrap();
        let all: HashMap<_, _> = sandbox.environment().into_iter().collect();
        let profile = SettingsOrigin::Profile { name: "prod".into(), file: "config.toml".into() };
        for provider in PROVIDERS.iter().filter(|it| Sandbox::has_fake_server(it.name)) {
            for (origin, expected) in
                [(profile.clone(), Some("prod")), (SettingsOrigin::Environment, None)]
            {
                let settings = provider.settings.iter();
                let values = settings
                    .filter_map(|setting| Some((setting.key, all.get(setting.variable)?.clone())));
                let values = Values::new(origin, values);
                let source = (provider.source)(
                    &values,
                    VocabularyOverrides::default(),
                    Transport::default(),
                )
                .unwrap();
                let record = source.fetch(&TicketId::new(provider.example).unwrap()).await.unwrap();
                let account = &record.origin.account;
                assert_eq!(account.profile.as_deref(), expected, "{}", provider.name);
            }
        }
    }

    #[test]
    fn entries_are_consistent() {
        for provider in PROVIDERS {
            assert_eq!(provider.name, provider.decoder.provider());
            let keys: HashSet<_> = provider.settings.iter().map(|setting| setting.key).collect();
            assert_eq!(keys.len(), provider.settings.len(), "{}", provider.name);
            for key in provider.auth_methods.iter().copied().flatten() {
                let setting = provider.settings.iter().find(|setting| setting.key == *key).unwrap();
                assert!(!setting.is_required, "{key}");
            }
            for setting in provider.settings {
                let variable = format!("{}_{}", provider.name, setting.key).to_uppercase();
                assert_eq!(setting.variable, variable);
            }
            if let Some(events) = &provider.events {
                for key in events.keys {
                    assert!(provider.settings.iter().any(|it| it.key == *key && it.is_secret));
                }
            }
            let base_url = provider.settings.iter().find(|setting| setting.key == "base_url");
            let base_url = base_url.unwrap();
            // A service has one address, or each customer has their own.
            assert_ne!(base_url.default.is_some(), base_url.is_required, "{}", provider.name);
        }
    }
}
