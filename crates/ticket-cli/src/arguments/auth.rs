//! The options of `ticket auth`.

use clap::{Args, Subcommand};

use super::{Profile, Report};
use crate::outcome::SEE_EXIT_CODES;

/// Access to helpdesks.
#[derive(Debug, Subcommand)]
pub(crate) enum Auth {
    /// Ask for the settings of a helpdesk, try them, and write them to the config file.
    ///
    /// Secrets are not shown while you type them, and never printed. Nothing is written if the service refuses the settings.
    /// EngageLab needs the id of a ticket to try them; without one they are saved untried.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Login(AuthSource),
    /// Remove the settings of a helpdesk from the config file.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Logout(AuthSource),
    /// List what is configured and where, offline and without secrets.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Status(AuthStatus),
}

#[derive(Debug, Args)]
pub(crate) struct AuthSource {
    /// The helpdesk: feishu or, with a profile, feishu@prod.
    pub(crate) source: String,

    #[command(flatten)]
    pub(crate) profile: Profile,
}

#[derive(Debug, Args)]
pub(crate) struct AuthStatus {
    /// Output format. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,

    #[command(flatten)]
    pub(crate) profile: Profile,
}
