//! Provides the settings of a run: from the environment, a config file or the sandbox.

use std::collections::BTreeMap;

use ticket_core::{ErrorKind, VocabularyOverrides};
use ticket_sandbox::Sandbox;

use super::sandbox;
use crate::address::SourceAddress;
use crate::arguments;
use crate::console::Console;
use crate::outcome::{Failure, MessageFormat};
use crate::providers::{PROVIDERS, Provider};
use crate::setting::{SettingsOrigin, Values};
use crate::settings::transport::{Entry, Table};
use crate::settings::{self, ProfileSelector};

/// The settings of one run.
pub(super) struct Configuration {
    origin: Origin,
    /// The `--timeout` of the command line.
    timeout: Option<Entry>,
    console: Console,
    message_format: MessageFormat,
}

enum Origin {
    /// The environment or a config file.
    User(ProfileSelector),
    /// The sandbox, which stops when this value is dropped.
    ///
    /// Of an explicitly named profile, only the vocabulary and the transport are used.
    Sandbox(Sandbox, Option<ProfileSelector>),
}

impl Configuration {
    /// Opens the settings, and starts the sandbox if the command line asks for it.
    ///
    /// Warnings are printed to `console`.
    ///
    /// # Errors
    /// If the sandbox cannot start.
    pub(super) async fn open(
        arguments: &arguments::Configuration,
        console: &Console,
        message_format: MessageFormat,
    ) -> Result<Self, Failure> {
        let origin = if arguments.sandbox {
            Origin::Sandbox(sandbox::without_faults().await?, arguments.profile.explicit())
        } else {
            Origin::User(arguments.profile.selector())
        };
        Ok(Self { origin, timeout: arguments.timeout.clone(), console: *console, message_format })
    }

    /// Returns the settings of a source, complete or not.
    ///
    /// # Errors
    /// If the config file is not usable, or the sandbox has no fake server for this provider.
    pub(super) fn settings(&self, source: &SourceAddress) -> Result<Values, Failure> {
        let provider = source.provider;
        match &self.origin {
            Origin::User(selector) => {
                settings::find(provider, &selector.with_profile(source.profile.as_deref()))
            }
            Origin::Sandbox(..) if !Sandbox::has_fake_server(provider.name) => {
                let failure = Failure::new(ErrorKind::Configuration, no_fake_server(provider));
                let with: Vec<_> = PROVIDERS
                    .iter()
                    .filter(|it| Sandbox::has_fake_server(it.name))
                    .map(|it| it.decoder.title())
                    .collect();
                Err(failure.with_hint(format!(
                    "the sandbox has only {}; leave out --sandbox, and set the address and credentials of {}",
                    with.join(" and "),
                    provider.decoder.title()
                )))
            }
            Origin::Sandbox(sandbox, _) => {
                let all: BTreeMap<_, _> = sandbox.environment().into_iter().collect();
                let own = provider
                    .settings
                    .iter()
                    .filter_map(|setting| Some((setting.key, all.get(setting.variable)?.clone())));
                Ok(Values::new(SettingsOrigin::Sandbox, own))
            }
        }
    }

    /// Returns whether these are the settings of a sandbox inside this process.
    pub(super) fn is_sandbox(&self) -> bool {
        matches!(self.origin, Origin::Sandbox(..))
    }

    /// Says that the sandbox has no fake server for this provider, if these are the settings of the sandbox.
    pub(super) fn lacks_fake_server(&self, provider: &Provider) -> Option<String> {
        let is_sandbox = matches!(self.origin, Origin::Sandbox(..));
        (is_sandbox && !Sandbox::has_fake_server(provider.name)).then(|| no_fake_server(provider))
    }

    /// Returns the file to name when the settings of a source cannot be read.
    ///
    /// The environment is never the cause: an unusable variable is a defect of its setting.
    pub(super) fn unreadable_file(&self) -> String {
        match &self.origin {
            Origin::User(selector) => settings::file_name(selector),
            Origin::Sandbox(..) => SettingsOrigin::Sandbox.to_string(),
        }
    }

    /// Warns about values that are usable but probably not intended.
    pub(super) fn warn_about(&self, provider: &Provider, values: &Values) {
        if let Some(warning) = settings::warning(provider, values) {
            warning.report(&self.console, self.message_format);
        }
    }

    /// Describes where settings are looked for.
    pub(super) fn searched(&self) -> String {
        match &self.origin {
            Origin::User(selector) => settings::searched(selector),
            Origin::Sandbox(..) => SettingsOrigin::Sandbox.to_string(),
        }
    }

    /// Returns the vocabulary overrides of a source.
    ///
    /// # Errors
    /// If the config file is not usable.
    pub(super) fn vocabulary(
        &self,
        source: &SourceAddress,
    ) -> Result<VocabularyOverrides, Failure> {
        match self.selector_of(source.profile.as_deref()) {
            Some(selector) => settings::vocabulary(source.provider, &selector),
            None => Ok(VocabularyOverrides::default()),
        }
    }

    /// Returns the profile and file that the command line or the environment selects.
    pub(super) fn selector(&self) -> ProfileSelector {
        self.selector_of(None).unwrap_or_default()
    }

    /// Returns the profile and file that the command line, the environment or the source selects; `None` for the sandbox without any.
    fn selector_of(&self, profile: Option<&str>) -> Option<ProfileSelector> {
        match &self.origin {
            Origin::User(selector) | Origin::Sandbox(_, Some(selector)) => {
                Some(selector.with_profile(profile))
            }
            Origin::Sandbox(_, None) => {
                profile.map(|profile| ProfileSelector::default().with_profile(Some(profile)))
            }
        }
    }

    /// Returns the transport table of the profile, with the timeout of the command line.
    ///
    /// # Errors
    /// If the config file is not usable.
    pub(super) fn transport(&self, profile: Option<&str>) -> Result<Table, Failure> {
        let table = self.selector_of(profile).map(|selector| settings::transport(&selector));
        let table = table.transpose()?.unwrap_or_default();
        Ok(table.with_timeout(self.timeout.clone()))
    }
}

fn no_fake_server(provider: &Provider) -> String {
    format!("the sandbox has no fake server for {}", provider.name)
}

#[cfg(test)]
mod tests {
    use super::{Configuration, Origin, sandbox};
    use crate::address::SourceAddress;
    use crate::console::Console;
    use crate::outcome::MessageFormat;
    use crate::providers::{PROVIDERS, Provider};
    use crate::setting::Setting;

    #[tokio::test]
    async fn reports_a_provider_without_fake_server() {
        const SETTINGS: &[Setting] = &[Setting::secret("key", "OTHER_KEY")];
        static OTHER: Provider = Provider { name: "other", settings: SETTINGS, ..PROVIDERS[0] };
        let origin = Origin::Sandbox(sandbox::without_faults().await.ok().unwrap(), None);
        let console = Console::new(anstream::ColorChoice::Never);
        let configuration =
            Configuration { origin, timeout: None, console, message_format: MessageFormat::Text };
        let failure = configuration.settings(&SourceAddress::of(&OTHER)).err().unwrap();
        let json = serde_json::to_string(&failure).unwrap();
        assert!(json.contains("the sandbox has no fake server for other"), "{json}");
        assert!(configuration.settings(&SourceAddress::of(&PROVIDERS[0])).is_ok());
    }
}
