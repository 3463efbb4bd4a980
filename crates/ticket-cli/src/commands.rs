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
mod road;
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
use crate::settings::transport::{Entry, Table};
use crate::settings::{self, Choice, Values};

/// Where settings come from for the whole run of a command.
struct Place {
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

impl Place {
    /// Starts the stand-in where it was asked for.
    async fn open(arguments: &arguments::Place) -> Result<Self, Failure> {
        let origin = if arguments.sandbox {
            Origin::Sandbox(start_sandbox(0, Vec::new()).await?, arguments.profile.explicit())
        } else {
            Origin::User(arguments.profile.choice())
        };
        Ok(Self { origin, timeout: arguments.timeout.clone() })
    }

    /// The settings of a provider, whole or not.
    fn settings(&self, provider: &Provider) -> Result<Values, Failure> {
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
    fn searched(&self) -> String {
        match &self.origin {
            Origin::User(choice) => settings::searched(choice),
            Origin::Sandbox(..) => settings::Place::Sandbox.to_string(),
        }
    }

    /// What the tenant says of the words of a provider.
    fn reading(&self, provider: &Provider) -> Result<Reading, Failure> {
        match &self.origin {
            Origin::User(choice) | Origin::Sandbox(_, Some(choice)) => {
                settings::reading(provider, choice)
            }
            Origin::Sandbox(_, None) => Ok(Reading::default()),
        }
    }

    /// How calls are bounded and which way they go.
    fn transport(&self) -> Result<Table, Failure> {
        let table = match &self.origin {
            Origin::User(choice) | Origin::Sandbox(_, Some(choice)) => settings::transport(choice)?,
            Origin::Sandbox(_, None) => Table::default(),
        };
        Ok(table.with_timeout(self.timeout.clone()))
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
