//! Where the settings of a run come from: the environment, a config file, or the stand-in.

use std::collections::BTreeMap;

use ticket_core::Reading;
use ticket_sandbox::Sandbox;

use super::sandbox;
use crate::arguments;
use crate::outcome::Failure;
use crate::providers::Provider;
use crate::settings::transport::{Entry, Table};
use crate::settings::{self, Choice, Values};

/// The settings of the whole run of a command.
pub(super) struct Configuration {
    origin: Origin,
    /// The time for a whole call, where the command line names one.
    timeout: Option<Entry>,
}

enum Origin {
    /// The environment or a config file.
    User(Choice),
    /// The stand-in, which runs as long as this value lives; a file that was named brings its words alone.
    Sandbox(Sandbox, Option<Choice>),
}

impl Configuration {
    /// Starts the stand-in where it was asked for.
    pub(super) async fn open(arguments: &arguments::Configuration) -> Result<Self, Failure> {
        let origin = if arguments.sandbox {
            Origin::Sandbox(sandbox::quiet().await?, arguments.profile.explicit())
        } else {
            Origin::User(arguments.profile.choice())
        };
        Ok(Self { origin, timeout: arguments.timeout.clone() })
    }

    /// The settings of a provider, whole or not.
    pub(super) fn settings(&self, provider: &Provider) -> Result<Values, Failure> {
        match &self.origin {
            Origin::User(choice) => settings::find(provider, choice),
            Origin::Sandbox(sandbox, _) => {
                let all: BTreeMap<_, _> = sandbox.environment().into_iter().collect();
                let own = provider
                    .settings
                    .iter()
                    .filter_map(|setting| Some((setting.key, all.get(setting.variable)?.clone())));
                Ok(Values::new(settings::Place::Sandbox, own))
            }
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
    pub(super) fn reading(&self, provider: &Provider) -> Result<Reading, Failure> {
        match &self.origin {
            Origin::User(choice) | Origin::Sandbox(_, Some(choice)) => {
                settings::reading(provider, choice)
            }
            Origin::Sandbox(_, None) => Ok(Reading::default()),
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
