//! Provides the settings of a run: from the environment, a config file or the sandbox.

use std::collections::BTreeMap;

use ticket_core::{ErrorKind, VocabularyOverrides};
use ticket_sandbox::Sandbox;

use super::sandbox;
use crate::arguments;
use crate::console::Console;
use crate::outcome::{Failure, MessageFormat};
use crate::providers::Provider;
use crate::settings::transport::{Entry, Table};
use crate::settings::{self, ProfileSelector, Values};

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
            Origin::User(arguments.profile.choice())
        };
        Ok(Self { origin, timeout: arguments.timeout.clone(), console: *console, message_format })
    }

    /// Returns the settings of a provider, complete or not.
    ///
    /// # Errors
    /// If the config file is not usable, or the sandbox has no fake server for this provider.
    pub(super) fn settings(&self, provider: &Provider) -> Result<Values, Failure> {
        match &self.origin {
            Origin::User(choice) => settings::find(provider, choice),
            Origin::Sandbox(sandbox, _) => {
                let all: BTreeMap<_, _> = sandbox.environment().into_iter().collect();
                let own: Vec<_> = provider
                    .settings
                    .iter()
                    .filter_map(|setting| Some((setting.key, all.get(setting.variable)?.clone())))
                    .collect();
                if own.is_empty() {
                    let message = format!("the sandbox has no fake server for {}", provider.name);
                    return Err(Failure::new(ErrorKind::Configuration, message).with_hint(
                        "start a fake server of your own and set its base URL, without --sandbox",
                    ));
                }
                Ok(Values::new(settings::SettingsOrigin::Sandbox, own))
            }
        }
    }

    /// Returns the file to name when the settings of a provider cannot be read.
    ///
    /// The environment is never the cause: an unusable variable is a defect of its setting.
    pub(super) fn unreadable_file(&self) -> String {
        match &self.origin {
            Origin::User(choice) => settings::file_name(choice),
            Origin::Sandbox(..) => settings::SettingsOrigin::Sandbox.to_string(),
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
            Origin::User(choice) => settings::searched(choice),
            Origin::Sandbox(..) => settings::SettingsOrigin::Sandbox.to_string(),
        }
    }

    /// Returns the vocabulary overrides of a provider.
    ///
    /// # Errors
    /// If the config file is not usable.
    pub(super) fn vocabulary(&self, provider: &Provider) -> Result<VocabularyOverrides, Failure> {
        match &self.origin {
            Origin::User(choice) | Origin::Sandbox(_, Some(choice)) => {
                settings::vocabulary(provider, choice)
            }
            Origin::Sandbox(_, None) => Ok(VocabularyOverrides::default()),
        }
    }

    /// Returns the transport table of the profile, with the timeout of the command line.
    ///
    /// # Errors
    /// If the config file is not usable.
    pub(super) fn transport(&self) -> Result<Table, Failure> {
        let table = match &self.origin {
            Origin::User(choice) | Origin::Sandbox(_, Some(choice)) => settings::transport(choice)?,
            Origin::Sandbox(_, None) => Table::default(),
        };
        Ok(table.with_timeout(self.timeout.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Configuration, Origin, sandbox};
    use crate::console::Console;
    use crate::outcome::MessageFormat;
    use crate::providers::{PROVIDERS, Provider};
    use crate::settings::Setting;

    #[tokio::test]
    async fn reports_a_provider_without_fake_server() {
        const SETTINGS: &[Setting] = &[Setting::secret("key", "OTHER_KEY")];
        let other = Provider { name: "other", settings: SETTINGS, ..PROVIDERS[0] };
        let origin = Origin::Sandbox(sandbox::without_faults().await.ok().unwrap(), None);
        let console = Console::new(anstream::ColorChoice::Never);
        let configuration =
            Configuration { origin, timeout: None, console, message_format: MessageFormat::Text };
        let failure = configuration.settings(&other).err().unwrap();
        let json = serde_json::to_string(&failure).unwrap();
        assert!(json.contains("the sandbox has no fake server for other"), "{json}");
        assert!(configuration.settings(&PROVIDERS[0]).is_ok());
    }
}
