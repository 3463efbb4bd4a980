//! Where the settings of a run come from: the environment, a config file, or the stand-in.

use std::collections::BTreeMap;

use ticket_core::{ErrorKind, VocabularyOverrides};
use ticket_sandbox::Sandbox;

use super::sandbox;
use crate::arguments;
use crate::console::Console;
use crate::outcome::{Failure, Telling};
use crate::providers::Provider;
use crate::settings::transport::{Entry, Table};
use crate::settings::{self, Choice, Values};

/// The settings of the whole run of a command.
pub(super) struct Configuration {
    origin: Origin,
    /// The time for a whole call, if the command line names one.
    timeout: Option<Entry>,
    console: Console,
    telling: Telling,
}

enum Origin {
    /// The environment or a config file.
    User(Choice),
    /// The stand-in, which runs as long as this value lives; a file that was named brings its words alone.
    Sandbox(Sandbox, Option<Choice>),
}

impl Configuration {
    /// Starts the sandbox if the command line asks for it. Warnings go to this console.
    pub(super) async fn open(
        arguments: &arguments::Configuration,
        console: &Console,
        telling: Telling,
    ) -> Result<Self, Failure> {
        let origin = if arguments.sandbox {
            Origin::Sandbox(sandbox::quiet().await?, arguments.profile.explicit())
        } else {
            Origin::User(arguments.profile.choice())
        };
        Ok(Self { origin, timeout: arguments.timeout.clone(), console: *console, telling })
    }

    /// The settings of a provider, whole or not.
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
                    let message = format!("the sandbox does not stand in for {}", provider.name);
                    return Err(Failure::new(ErrorKind::Configuration, message).with_hint(
                        "start a stand-in of its own, and leave --sandbox out: its base URL is a setting",
                    ));
                }
                Ok(Values::new(settings::Place::Sandbox, own))
            }
        }
    }

    /// Returns the place that is at fault if the settings of a provider cannot be read.
    ///
    /// A value of the environment that cannot be used is a defect of its setting, so it is never that.
    pub(super) fn unreadable_place(&self) -> String {
        match &self.origin {
            Origin::User(choice) => settings::file_name(choice),
            Origin::Sandbox(..) => settings::Place::Sandbox.to_string(),
        }
    }

    /// Warns of settings that can be used and are probably not what was meant.
    pub(super) fn warn_of(&self, provider: &Provider, values: &Values) {
        if let Some(warning) = settings::warning(provider, values) {
            warning.tell(&self.console, self.telling);
        }
    }

    /// Where settings are looked for, in words.
    pub(super) fn searched(&self) -> String {
        match &self.origin {
            Origin::User(choice) => settings::searched(choice),
            Origin::Sandbox(..) => settings::Place::Sandbox.to_string(),
        }
    }

    /// What the tenant says of the words of a provider.
    pub(super) fn vocabulary(&self, provider: &Provider) -> Result<VocabularyOverrides, Failure> {
        match &self.origin {
            Origin::User(choice) | Origin::Sandbox(_, Some(choice)) => {
                settings::vocabulary(provider, choice)
            }
            Origin::Sandbox(_, None) => Ok(VocabularyOverrides::default()),
        }
    }

    /// How calls are bounded and which way they go.
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
    use crate::outcome::Telling;
    use crate::providers::{PROVIDERS, Provider};
    use crate::settings::Setting;

    #[tokio::test]
    async fn whom_the_sandbox_does_not_play_is_told() {
        const OF_NOBODY: &[Setting] = &[Setting::secret("key", "NOBODY_KEY")];
        let nobody = Provider { name: "nobody", settings: OF_NOBODY, ..PROVIDERS[0] };
        let origin = Origin::Sandbox(sandbox::quiet().await.ok().unwrap(), None);
        let console = Console::new(anstream::ColorChoice::Never);
        let configuration =
            Configuration { origin, timeout: None, console, telling: Telling::Sentence };
        let failure = configuration.settings(&nobody).err().unwrap();
        let told = serde_json::to_string(&failure).unwrap();
        assert!(told.contains("the sandbox does not stand in for nobody"), "{told}");
        assert!(configuration.settings(&PROVIDERS[0]).is_ok());
    }
}
