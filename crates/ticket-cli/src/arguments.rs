//! The command line: what can be asked of this program.

mod configuration;
mod log;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ticket_core::drift::Kind;

use crate::outcome::EXIT_CODES;
use crate::settings::environment;
use crate::view::time::Reader;

pub(crate) use configuration::{Configuration, Profile};
pub(crate) use log::{Log, LogFormat};

const EXPLAIN_USAGE: &str = "\
ticket explain [OPTIONS] <PROVIDER:ID>...
       ticket explain [OPTIONS] <PROVIDER> [FILE]...";

const DRIFT_USAGE: &str = "\
ticket drift [OPTIONS] <PROVIDER:ID>...
       ticket drift [OPTIONS] <PROVIDER> [FILE|FOLDER]...";

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

    #[command(flatten)]
    pub(crate) log: Log,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch tickets and show them.
    #[command(after_long_help = EXIT_CODES)]
    Get(Get),
    /// Show a ticket from a saved response, offline.
    #[command(after_long_help = EXIT_CODES)]
    Decode(Decode),
    /// Say where each field of a ticket came from, and by which rule.
    ///
    /// PROVIDER:ID fetches tickets, as `get` does; PROVIDER reads saved responses, as `decode` does.
    #[command(after_long_help = EXIT_CODES, override_usage = EXPLAIN_USAGE)]
    Explain(Explain),
    /// Count how far responses have moved from their documentation.
    ///
    /// PROVIDER:ID fetches tickets, as `get` does; PROVIDER reads saved responses, of which there may be thousands.
    #[command(after_long_help = EXIT_CODES, override_usage = DRIFT_USAGE)]
    Drift(Drift),
    /// Say what a provider can do: operations, limits, fields, contradictions.
    Capabilities(Capabilities),
    /// Say what is configured, what is missing, and whether the services respond.
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

impl Command {
    /// Whether it prints JSON to be read by a program, beside which failures are JSON too.
    pub(crate) fn is_json(&self, is_terminal: bool) -> bool {
        let shown = |show: &Show| show.output.map_or(!is_terminal, |it| it == Output::Json);
        let listed = |listing: Option<Listing>| {
            listing.map_or(!is_terminal, |listing| listing == Listing::Json)
        };
        match self {
            Self::Get(arguments) => shown(&arguments.show),
            Self::Decode(arguments) => shown(&arguments.show),
            Self::Explain(arguments) => listed(arguments.output),
            Self::Drift(arguments) => listed(arguments.output),
            Self::Capabilities(arguments) => listed(arguments.output),
            Self::Doctor(arguments) => arguments.output == Some(Report::Json),
            Self::Sandbox(_) | Self::Schema | Self::Completions { .. } => false,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// The tickets, each as PROVIDER:ID, such as feishu:6626871355780366331.
    #[arg(value_name = "PROVIDER:ID", required = true)]
    pub(crate) ids: Vec<String>,

    #[command(flatten)]
    pub(crate) show: Show,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

#[derive(Debug, Args)]
pub(crate) struct Decode {
    /// The provider whose response it is.
    pub(crate) provider: String,

    /// The file with the response's body, or - for standard input.
    #[arg(default_value = "-", hide_default_value = true)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) show: Show,

    #[command(flatten)]
    pub(crate) profile: Profile,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A ticket as PROVIDER:ID, or the provider whose responses are in files.
    #[arg(value_name = "PROVIDER:ID")]
    pub(crate) subject: String,

    /// More tickets; or the files, each with one response. Without any, or with -, standard input.
    #[arg(value_name = "PROVIDER:ID|FILE")]
    pub(crate) rest: Vec<OsString>,

    /// Only this field and what lies below it.
    #[arg(
        help = "Only this field and what lies below it: status, agents[0].name, notes[i].body",
        long,
        value_name = "FIELD"
    )]
    pub(crate) field: Option<String>,

    /// List also the fields that the provider does not have.
    #[arg(long)]
    pub(crate) all: bool,

    /// How to print. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Listing>,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// A ticket as PROVIDER:ID, or the provider whose responses are in files.
    #[arg(value_name = "PROVIDER:ID")]
    pub(crate) subject: String,

    /// More tickets of the same provider; or files and folders with responses. Without any, or with -, standard input.
    #[arg(
        long_help = "More tickets of the same provider; or what holds responses: a file with one response, a file .ndjson or .jsonl \
                     with one after the other, or a folder with files .json. Without any, or with -, standard input \
                     with one response after the other",
        value_name = "PROVIDER:ID|FILE|FOLDER"
    )]
    pub(crate) rest: Vec<OsString>,

    /// End with exit code 1 where there is something of these kinds.
    #[arg(
        long,
        value_name = "KIND",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(kinds())
    )]
    pub(crate) fail_on: Vec<String>,

    /// How to print. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Listing>,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

/// Stands for every kind of drift.
pub(crate) const ANY_KIND: &str = "any";

fn kinds() -> impl Iterator<Item = &'static str> {
    Kind::ALL.iter().map(|kind| kind.as_str()).chain([ANY_KIND])
}

#[derive(Debug, Args)]
pub(crate) struct Capabilities {
    /// The provider. Default: all of them.
    pub(crate) provider: Option<String>,

    /// How to print. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Listing>,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// A ticket to fetch as a proof, as PROVIDER:ID.
    #[arg(long, value_name = "PROVIDER:ID")]
    pub(crate) id: Option<String>,

    /// How to print the findings. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The port to listen on. Default: any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,

    /// Print the tickets that it serves, each as PROVIDER:ID, and end.
    #[arg(long)]
    pub(crate) list: bool,

    /// Let it misbehave; may be given several times.
    #[arg(
        help = "Let it misbehave, such as 'feishu.ticket 1-2: status 503'; may be given several times",
        long_help = "Let it misbehave, as `ROUTE [REQUESTS]: FAULT` says: 'feishu.ticket 1-2: status 503', 'feishu.token 2: silence', \
                     '* 5%: delay 200ms'. May be given several times; `--faults` lists what there is",
        long = "fault",
        value_name = "RULE"
    )]
    pub(crate) rules: Vec<ticket_sandbox::Rule>,

    /// Print the faults that there are, and end.
    #[arg(long)]
    pub(crate) faults: bool,
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
}

impl Show {
    /// When and where the page is read.
    pub(crate) fn reader(&self) -> Reader {
        Reader {
            now: environment::now().unwrap_or_else(Timestamp::now),
            zone: self.time_zone.clone().unwrap_or_else(TimeZone::system),
        }
    }

    /// The value of `TZ`, where it should name the time zone of the page and does not.
    pub(crate) fn wrong_zone(&self) -> Option<String> {
        let named = std::env::var_os("TZ")?;
        let is_wrong = self.time_zone.is_none() && TimeZone::try_system().is_err();
        is_wrong.then(|| named.to_string_lossy().into_owned())
    }
}

/// How a ticket is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For a person at a terminal.
    Page,
    /// The unified ticket: one in a line, or over several lines where a single one goes to a terminal.
    Json,
    /// The provider's response, byte for byte.
    Raw,
    /// For a chat, a wiki or a language model.
    Markdown,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// For a person at a terminal.
    Table,
    /// One object in a line, or over several lines where a single one goes to a terminal.
    Json,
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
    use crate::providers::PROVIDERS;

    #[test]
    fn the_command_line_agrees_with_itself() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_option_is_hidden_since_suggestions_and_completions_tell_of_it() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                assert!(!argument.is_hide_set(), "{} --{}", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Arguments::command());
    }

    #[test]
    fn no_secret_can_be_given_on_the_command_line() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                let name = argument.get_long().unwrap_or_default().replace('-', "_");
                let settings = PROVIDERS.iter().flat_map(|provider| provider.settings);
                let is_secret = settings.filter(|it| it.is_secret).any(|it| name.contains(it.key));
                let sounds_secret =
                    ["secret", "token", "password", "key"].iter().any(|word| name.contains(word));
                assert!(!is_secret && !sounds_secret, "{} has --{name}", command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Arguments::command());
    }
}
