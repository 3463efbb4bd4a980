//! The command line: what can be asked of this program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::outcome::EXIT_CODES;
use crate::settings::Choice;
use crate::view::time::Reader;

/// Tickets of any helpdesk, in one shape.
#[derive(Debug, Parser)]
#[command(name = "ticket", version, after_long_help = EXIT_CODES, propagate_version = true)]
#[command(subcommand_required = true, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Whether to use colour.
    #[arg(
        long_help = "Whether to use colour. Default: what the terminal, NO_COLOR and CLICOLOR_FORCE say",
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true
    )]
    pub(crate) color: Colour,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch tickets and show them.
    #[command(after_long_help = EXIT_CODES)]
    Get(Get),
    /// Show a ticket from a saved answer, offline.
    #[command(after_long_help = EXIT_CODES)]
    Decode(Decode),
    /// Say what is configured, what is missing, and whether the services answer.
    #[command(after_long_help = EXIT_CODES)]
    Doctor(Doctor),
    /// Run the local stand-in for both services until Ctrl-C.
    ///
    /// It prints the lines that point this or any other client at it, to be pasted into a shell.
    Sandbox(Sandbox),
    /// Print the JSON Schema of a ticket.
    Schema,
    /// Print the completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// The tickets, each as PROVIDER:ID, such as feishu:6626871355780366331.
    #[arg(value_name = "PROVIDER:ID", required = true)]
    pub(crate) ids: Vec<String>,

    #[command(flatten)]
    pub(crate) show: Show,

    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Decode {
    /// The provider whose answer it is.
    pub(crate) provider: String,

    /// The file with the answer's body, or - for standard input.
    #[arg(default_value = "-", hide_default_value = true)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) show: Show,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// A ticket to fetch as a proof, as PROVIDER:ID.
    #[arg(long, value_name = "PROVIDER:ID")]
    pub(crate) id: Option<String>,

    /// How to print the findings. Default: text.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,

    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The port to listen on. Default: any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
}

/// How tickets are shown.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// How to print. Default: page on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Output>,

    /// The time zone of the page, such as Asia/Shanghai. Default: the one of this computer.
    #[arg(long, value_name = "IANA", value_parser = time_zone)]
    time_zone: Option<TimeZone>,

    /// The moment from which the page counts ages.
    #[arg(long, value_name = "RFC3339", hide = true)]
    now: Option<Timestamp>,
}

impl Show {
    /// When and where the page is read.
    pub(crate) fn reader(&self) -> Reader {
        Reader {
            now: self.now.unwrap_or_else(Timestamp::now),
            zone: self.time_zone.clone().unwrap_or_else(TimeZone::system),
        }
    }
}

/// Where the settings stand.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// Ask the local stand-in, inside of this process; no settings are needed or read.
    #[arg(long)]
    pub(crate) sandbox: bool,

    /// The profile of the config file to use, instead of the environment.
    #[arg(long, value_name = "NAME", env = "TICKET_PROFILE", hide_env_values = true)]
    profile: Option<String>,

    /// The config file to use, instead of config.toml in the folder ticket of your config folder.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Place {
    /// What was named, where an empty name counts as none.
    pub(crate) fn choice(&self) -> Choice {
        Choice {
            profile: self.profile.clone().filter(|name| !name.is_empty()),
            config: self.config.clone(),
        }
    }
}

/// How a ticket is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For a person at a terminal.
    Page,
    /// The unified ticket: one in a line, or over several lines where a single one goes to a terminal.
    Json,
    /// The provider's answer, byte for byte.
    Raw,
    /// For a chat, a wiki or a language model.
    Markdown,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// For a person.
    Text,
    /// One object for each provider.
    Json,
}

/// Whether to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal that wants it.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

impl From<Colour> for anstream::ColorChoice {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::Auto => Self::Auto,
            Colour::Always => Self::Always,
            Colour::Never => Self::Never,
        }
    }
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_| "no time zone has this name; one looks like Asia/Shanghai".into())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_agrees_with_itself() {
        Arguments::command().debug_assert();
    }
}
