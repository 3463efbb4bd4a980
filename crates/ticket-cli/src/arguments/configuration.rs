//! Where settings stand, and how long a call with them may take.

use std::path::PathBuf;

use clap::Args;

use crate::settings::transport::{Entry, timeout};
use crate::settings::{Choice, environment};

/// Where the settings stand.
#[derive(Debug, Args)]
pub(crate) struct Configuration {
    /// Ask the local stand-in, inside of this process; no settings are needed or used.
    #[arg(long)]
    pub(crate) sandbox: bool,

    /// How long the whole call for a ticket may take. Default: 90, or what the profile says.
    #[arg(long, value_name = "SECONDS", value_parser = timeout)]
    pub(crate) timeout: Option<Entry>,

    #[command(flatten)]
    pub(crate) profile: Profile,
}

impl Configuration {
    /// The option that means nothing where nobody is called.
    pub(crate) fn of_calls(&self) -> Option<&'static str> {
        let timeout = self.timeout.as_ref().map(|_| "--timeout");
        if self.sandbox { Some("--sandbox") } else { timeout }
    }
}

/// Which part of which config file counts.
#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// The profile of the config file to use.
    #[arg(
        long,
        value_name = "NAME",
        help = "The profile of the config file to use; TICKET_PROFILE in the environment names one as well"
    )]
    profile: Option<String>,

    /// The config file to use, instead of config.toml in the folder ticket of your config folder.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Profile {
    /// What was named on the command line or in the environment, where an empty name counts as none.
    pub(crate) fn choice(&self) -> Choice {
        let named = self.profile.clone().filter(|name| !name.is_empty());
        Choice { profile: named.or_else(environment::profile), config: self.config.clone() }
    }

    /// The same, where the command line names anything.
    pub(crate) fn explicit(&self) -> Option<Choice> {
        (self.profile.is_some() || self.config.is_some()).then(|| self.choice())
    }
}
