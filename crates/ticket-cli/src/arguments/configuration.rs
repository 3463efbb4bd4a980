//! The options that choose settings, and the deadline of a call.

use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};

use crate::settings::file::ConfigFile;
use crate::settings::transport::{Entry, timeout};
use crate::settings::{ProfileSelector, environment};
use crate::view::copyable;

/// Where the settings come from.
#[derive(Debug, Args)]
pub(crate) struct Configuration {
    /// Use a fake server inside this process; needs no settings and uses none of your credentials.
    #[arg(long)]
    pub(crate) sandbox: bool,

    /// Deadline for a ticket or a page of a list, with waits and retries. Default: 90, or that of the profile.
    #[arg(long, value_name = "SECONDS", value_parser = timeout)]
    pub(crate) timeout: Option<Entry>,

    #[command(flatten)]
    pub(crate) profile: Profile,
}

impl Configuration {
    /// Returns the option that has no effect without a call; `conversation` says whether `--conversation` is one.
    pub(crate) fn of_calls(&self, conversation: bool) -> Option<&'static str> {
        let conversation = conversation.then_some("--conversation");
        let timeout = self.timeout.as_ref().map(|_| "--timeout");
        if self.sandbox { Some("--sandbox") } else { conversation.or(timeout) }
    }
}

/// Which profile of which config file is used.
#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// The profile of the config file.
    #[arg(
        long,
        value_name = "NAME",
        help = "The profile of the config file. Default: the one that TICKET_PROFILE names; without it, the variables of the environment or, if there are none, the profile `default`"
    )]
    profile: Option<String>,

    /// The config file, or - for standard input. Default: ticket/config.toml in your config folder.
    #[arg(long, value_name = "FILE", value_parser = PathBufValueParser::new().map(ConfigFile::new))]
    config: Option<ConfigFile>,
}

impl Profile {
    /// Returns the profile and file of the command line or the environment; an empty name counts as none.
    pub(crate) fn selector(&self) -> ProfileSelector {
        ProfileSelector {
            profile: self.named().or_else(environment::profile),
            config: self.config.clone(),
        }
    }

    /// Returns the name of the profile if the command line has one.
    pub(crate) fn named(&self) -> Option<String> {
        self.profile.clone().filter(|name| !name.is_empty())
    }

    /// Returns the option that names the same config file, for a hint; empty without one.
    pub(crate) fn config_option(&self) -> String {
        let file = self.config.as_ref().map(|file| copyable::path(file.path()));
        file.map(|file| format!(" --config {file}")).unwrap_or_default()
    }

    /// Returns the profile and file if the command line names any.
    pub(crate) fn explicit(&self) -> Option<ProfileSelector> {
        (self.profile.is_some() || self.config.is_some()).then(|| self.selector())
    }
}
