//! One file for each thing that can be asked of this program.

pub(crate) mod completions;
pub(crate) mod decode;
pub(crate) mod doctor;
pub(crate) mod get;
pub(crate) mod sandbox;
pub(crate) mod schema;
mod show;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use ticket_core::ErrorKind;
use ticket_sandbox::Sandbox;

use crate::arguments;
use crate::outcome::Failure;
use crate::providers::Provider;
use crate::settings::{self, Choice, Values};

/// Where settings come from for the whole run of a command.
enum Place {
    /// The environment or a config file.
    User(Choice),
    /// The stand-in, which runs as long as this value lives.
    Sandbox(Sandbox),
}

impl Place {
    /// Starts the stand-in where it was asked for.
    async fn open(arguments: &arguments::Place) -> Result<Self, Failure> {
        if arguments.sandbox {
            Ok(Self::Sandbox(start_sandbox(0).await?))
        } else {
            Ok(Self::User(arguments.choice()))
        }
    }

    /// The settings of a provider, whole or not.
    fn settings(&self, provider: &Provider) -> Result<Values, Failure> {
        match self {
            Self::User(choice) => settings::find(provider, choice),
            Self::Sandbox(sandbox) => {
                let all: BTreeMap<_, _> = sandbox.environment().into_iter().collect();
                let own = provider
                    .settings
                    .iter()
                    .filter_map(|setting| Some((setting.key, all.get(setting.variable)?.clone())));
                Ok(Values::new(settings::Place::Sandbox, own))
            }
        }
    }
}

async fn start_sandbox(port: u16) -> Result<Sandbox, Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    Sandbox::builder().address(address).start().await.map_err(|error| {
        Failure::new(ErrorKind::Configuration, format!("the sandbox cannot start: {error}"))
    })
}
