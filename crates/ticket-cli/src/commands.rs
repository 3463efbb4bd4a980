//! One file for each thing that can be asked of this program.

pub(crate) mod capabilities;
pub(crate) mod completions;
pub(crate) mod decode;
pub(crate) mod doctor;
pub(crate) mod drift;
pub(crate) mod explain;
mod fetch;
pub(crate) mod get;
mod listing;
pub(crate) mod sandbox;
mod saved;
pub(crate) mod schema;
mod show;
mod subject;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use ticket_core::{ErrorKind, Reading};
use ticket_sandbox::{Builder, Rule, Sandbox};

use crate::arguments;
use crate::outcome::Failure;
use crate::providers::Provider;
use crate::settings::{self, Choice, Values};

/// Where settings come from for the whole run of a command.
enum Place {
    /// The environment or a config file.
    User(Choice),
    /// The stand-in, which runs as long as this value lives; a file that was named brings its words alone.
    Sandbox(Sandbox, Option<Choice>),
}

impl Place {
    /// Starts the stand-in where it was asked for.
    async fn open(arguments: &arguments::Place) -> Result<Self, Failure> {
        if arguments.sandbox {
            Ok(Self::Sandbox(start_sandbox(0, Vec::new()).await?, arguments.profile.explicit()))
        } else {
            Ok(Self::User(arguments.profile.choice()))
        }
    }

    /// The settings of a provider, whole or not.
    fn settings(&self, provider: &Provider) -> Result<Values, Failure> {
        match self {
            Self::User(choice) => settings::find(provider, choice),
            Self::Sandbox(sandbox, _) => {
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
    fn searched(&self) -> String {
        match self {
            Self::User(choice) => settings::searched(choice),
            Self::Sandbox(..) => settings::Place::Sandbox.to_string(),
        }
    }

    /// What the tenant says of the words of a provider.
    fn reading(&self, provider: &Provider) -> Result<Reading, Failure> {
        match self {
            Self::User(choice) | Self::Sandbox(_, Some(choice)) => {
                settings::reading(provider, choice)
            }
            Self::Sandbox(_, None) => Ok(Reading::default()),
        }
    }
}

async fn start_sandbox(port: u16, rules: Vec<Rule>) -> Result<Sandbox, Failure> {
    let builder = Sandbox::builder().address(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    rules.into_iter().fold(builder, Builder::fault).start().await.map_err(|error| {
        // The system's own reason stands behind it.
        let reason = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        let message = format!("the sandbox cannot start: {error}{}", reason.unwrap_or_default());
        Failure::new(ErrorKind::Configuration, message)
    })
}
