//! The command line.

mod auth;
mod configuration;
mod export;
mod filters;
mod list;
mod log;
mod mcp;
mod mirror;
mod sandbox;
mod show;

use std::ffi::OsString;
use std::fmt::Display;
use std::ops::{Bound, RangeBounds};
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ticket_core::mapping::drift::Kind;

use crate::outcome::{EXIT_CODES, SEE_EXIT_CODES};

pub(crate) use auth::{Auth, AuthSource, AuthStatus};
pub(crate) use configuration::{Configuration, Profile};
pub(crate) use export::{Export, Privacy, Verify};
pub(crate) use list::{List, ListOutput};
pub(crate) use log::{Log, LogFormat};
pub(crate) use mcp::Mcp;
pub(crate) use mirror::{
    Forget, History, Mirror, MirrorFile, MirrorSource, MirrorStatus, Remap, Search, SearchOutput,
    Sql, SqlOutput, SyncSource,
};
pub(crate) use sandbox::Sandbox;
pub(crate) use show::{Output, Show};

const EXPLAIN_USAGE: &str = "\
ticket mapping explain [OPTIONS] <SOURCE:ID>...
       ticket mapping explain [OPTIONS] <PROVIDER> [FILE]...";

const DRIFT_USAGE: &str = "\
ticket mapping drift [OPTIONS] <SOURCE:ID>...
       ticket mapping drift [OPTIONS] <PROVIDER> [FILE|FOLDER]...";

const FIRST_STEPS: &str = "\
To try it with a fake helpdesk:
  ticket sync feishu --sandbox --mirror trial.db && ticket search printer --mirror trial.db

To read yours:
  ticket auth login feishu        (or engagelab, rt) asks for your credentials, and says where to find them
  ticket sync feishu              reads all tickets into a file; then: search, sql, export

SOURCE is a provider (feishu, engagelab, rt), or a provider with a profile: feishu@prod.";

/// Read tickets of any helpdesk, in one format.
#[derive(Debug, Parser)]
#[command(name = "ticket", version, propagate_version = true)]
#[command(after_help = FIRST_STEPS, after_long_help = format!("{FIRST_STEPS}\n\n{EXIT_CODES}"))]
#[command(subcommand_required = true, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour.
    #[arg(
        long_help = "When to use colour. Default: depends on the terminal, NO_COLOR and CLICOLOR_FORCE",
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

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch tickets and print them.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Get(Get),
    /// List the tickets of a helpdesk.
    #[command(after_long_help = SEE_EXIT_CODES)]
    List(Box<List>),
    /// Find tickets in the mirror: by words in any language.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Search(Search),
    /// Query the mirror with SQL, read-only.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Sql(Sql),
    /// Read all tickets of a helpdesk into the mirror, a file on this computer.
    ///
    /// The first run reads everything, later ones what is new or changed. An interrupted run is continued. The receipt at the end says
    /// whether every ticket that the service reports was read.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Sync(Box<SyncSource>),
    /// Export tickets of the mirror to a new folder, offline.
    ///
    /// The folder has checksums of its files, which `ticket verify` compares, and a receipt of what was exported.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Export(Box<Export>),
    /// Check that the files of an export are unchanged.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Verify(Verify),
    /// Inspect, check and repair the mirror.
    #[command(subcommand)]
    Mirror(Mirror),
    /// Serve tickets to a language model: an MCP server on standard input and output, read-only.
    ///
    /// A client starts it and speaks the Model Context Protocol with it. It reads the mirror, and fetches single tickets when asked
    /// for. It ends when the client closes its input.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Mcp(Mcp),
    /// Print a ticket from a saved response, offline.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Decode(Decode),
    /// Explain how responses are mapped to tickets.
    #[command(subcommand)]
    Mapping(Mapping),
    /// Set up access to a helpdesk.
    #[command(subcommand)]
    Auth(Auth),
    /// Show the settings, what is missing, and whether the services respond.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Doctor(Doctor),
    /// Run fake servers for EngageLab and Feishu until Ctrl-C.
    ///
    /// Prints the environment variables that point this or any other client at them, to paste into a shell.
    Sandbox(Sandbox),
    /// Print the JSON Schema of a ticket.
    Schema,
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual pages to a folder, one for each command.
    Man(Man),
}

/// How responses are mapped to tickets.
#[derive(Debug, Subcommand)]
pub(crate) enum Mapping {
    /// Show where each field of a ticket came from, and by which rule.
    ///
    /// SOURCE:ID fetches tickets, as `get` does; PROVIDER reads saved responses, as `decode` does. It does not read the mirror.
    #[command(after_long_help = SEE_EXIT_CODES, override_usage = EXPLAIN_USAGE)]
    Explain(Explain),
    /// Count how far responses differ from the documentation.
    ///
    /// SOURCE:ID fetches tickets, as `get` does; PROVIDER reads saved responses, one or thousands.
    #[command(after_long_help = SEE_EXIT_CODES, override_usage = DRIFT_USAGE)]
    Drift(Drift),
    /// List what a provider supports: operations, rate limits, fields, documentation conflicts.
    Capabilities(Capabilities),
}

impl Command {
    /// Returns whether the command prints JSON; failures are JSON then, too.
    pub(crate) fn is_json(&self, is_terminal: bool) -> bool {
        let shown = |show: &Show| show.has_json_messages(is_terminal);
        let listed = |listing: Option<Listing>| {
            listing.map_or(!is_terminal, |listing| listing == Listing::Json)
        };
        match self {
            Self::Get(arguments) => shown(&arguments.show),
            Self::List(arguments) => arguments.format(is_terminal) == ListOutput::Json,
            Self::Search(arguments) => arguments.format(is_terminal) == SearchOutput::Json,
            Self::Sql(arguments) => arguments.format(is_terminal) == SqlOutput::Json,
            Self::Sync(arguments) => arguments.output == Some(Report::Json),
            Self::Verify(arguments) => arguments.output == Some(Report::Json),
            Self::Mirror(command) => command.output() == Some(Report::Json),
            Self::Decode(arguments) if arguments.event => false,
            Self::Decode(arguments) => arguments.lines || shown(&arguments.show),
            Self::Mapping(Mapping::Explain(arguments)) => listed(arguments.output),
            Self::Mapping(Mapping::Drift(arguments)) => listed(arguments.output),
            Self::Mapping(Mapping::Capabilities(arguments)) => listed(arguments.output),
            Self::Auth(Auth::Status(arguments)) => arguments.output == Some(Report::Json),
            Self::Doctor(arguments) => arguments.output == Some(Report::Json),
            Self::Auth(_)
            | Self::Export(_)
            | Self::Mcp(_)
            | Self::Sandbox(_)
            | Self::Schema
            | Self::Completions { .. }
            | Self::Man(_) => false,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// The tickets, such as feishu:6626871355780366331 or, with a profile, feishu@prod:6626871355780366331.
    #[arg(
        help = "The tickets, such as feishu:6626871355780366331 or, with a profile, feishu@prod:6626871355780366331. \
                With -, tickets from standard input, one a line",
        value_name = "SOURCE:ID",
        required_unless_present = "files"
    )]
    pub(crate) ids: Vec<String>,

    /// A file with more tickets, one a line, or - for standard input; may be repeated.
    #[arg(long = "ids", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Also fetch the conversation, if that needs extra requests.
    #[arg(long)]
    pub(crate) conversation: bool,

    /// Print each ticket when it is fetched, not in the order of the ids.
    #[arg(long)]
    pub(crate) unordered: bool,

    #[command(flatten)]
    pub(crate) show: Show,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

#[derive(Debug, Args)]
pub(crate) struct Decode {
    /// The provider that sent the response.
    pub(crate) provider: String,

    /// The file with the response body, or - for standard input.
    #[arg(default_value = "-", hide_default_value = true)]
    pub(crate) file: PathBuf,

    /// Read many responses, one per line, and print each ticket as a line of JSON.
    #[arg(
        long_help = "Read many responses, one per line, and print each ticket as a line of JSON, in the order of the input. \
                     A line that is not a ticket is reported on standard error with its number and does not end the run",
        long
    )]
    pub(crate) lines: bool,

    /// Read an event that the service sent to your server, and print its ticket as SOURCE:ID.
    #[arg(
        long_help = "Read an event that the service sent to your server, and print its ticket as SOURCE:ID, which `ticket get -` \
                     reads. With --lines, one event a line. A saved body has no signature: only the verification token is checked, \
                     and that the body can be decrypted",
        long,
        conflicts_with_all = ["jobs", "output", "fields", "no_pager", "time_zone"]
    )]
    pub(crate) event: bool,

    /// Decode in this many threads. Default: the number of processors.
    #[arg(
        help = "With --lines, decode in this many threads. Default: the number of processors",
        long,
        value_name = "N",
        requires = "lines",
        value_parser = whole_number(1_u16..=256)
    )]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) show: Show,

    #[command(flatten)]
    pub(crate) profile: Profile,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A ticket to fetch, such as feishu:123; or a provider, if files with saved responses follow.
    #[arg(value_name = "SOURCE:ID|PROVIDER")]
    pub(crate) subject: String,

    /// More tickets; or files with one response each. Without any, or with -, standard input.
    #[arg(value_name = "SOURCE:ID|FILE")]
    pub(crate) rest: Vec<OsString>,

    /// Only this field and the fields below it.
    #[arg(
        help = "Only this field and the fields below it: status, agents[0].name, notes[i].body",
        long,
        value_name = "FIELD"
    )]
    pub(crate) field: Option<String>,

    /// Also list fields that the provider does not have.
    #[arg(long)]
    pub(crate) all: bool,

    /// Also fetch the conversation, if that needs extra requests.
    #[arg(long)]
    pub(crate) conversation: bool,

    /// Output format. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Listing>,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// A ticket to fetch, such as feishu:123; or a provider, if files with saved responses follow.
    #[arg(value_name = "SOURCE:ID|PROVIDER")]
    pub(crate) subject: String,

    /// More tickets of the same provider; or files and folders with responses. Without any, or with -, standard input.
    #[arg(
        long_help = "More tickets of the same provider; or a file with one response, an .ndjson or .jsonl file with one after the \
                     other, or a folder with .json files. Without any, or with -, standard input with one response \
                     after the other",
        value_name = "SOURCE:ID|FILE|FOLDER"
    )]
    pub(crate) rest: Vec<OsString>,

    /// Exit with 1 if one of these kinds of difference occurred.
    #[arg(
        long,
        value_name = "KIND",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(kinds())
    )]
    pub(crate) fail_on: Vec<String>,

    /// Also fetch the conversation, if that needs extra requests.
    #[arg(long)]
    pub(crate) conversation: bool,

    /// Output format. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Listing>,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

/// Matches every kind of drift.
pub(crate) const ANY_KIND: &str = "any";

fn kinds() -> impl Iterator<Item = PossibleValue> {
    let of = |kind: &Kind| {
        let help = match kind {
            Kind::NotATicket => "The response is not a ticket",
            Kind::UnknownKey => "A key that is not documented",
            Kind::UnexpectedType => "Another JSON type than documented, accepted",
            Kind::UnknownWord => "A word or code without a known meaning",
            Kind::InvalidValue => "A value that cannot be read",
            Kind::LoneSurrogate => "A text with half of a surrogate pair",
            Kind::LeapSecond => "A time with second 60",
            Kind::Undecided => "A key whose mapping is not decided yet",
            Kind::NeverSeen => "A documented key that was never sent",
            _ => "Another difference",
        };
        PossibleValue::new(kind.as_str()).help(help)
    };
    Kind::ALL.iter().map(of).chain([PossibleValue::new(ANY_KIND).help("Any of these")])
}

#[derive(Debug, Args)]
pub(crate) struct Capabilities {
    /// The provider. Default: all.
    pub(crate) provider: Option<String>,

    /// Output format. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Listing>,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// A ticket to fetch as a test.
    #[arg(long, value_name = "SOURCE:ID")]
    pub(crate) id: Option<String>,

    /// Output format. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder, such as ~/.local/share/man/man1.
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

/// The output format of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// For people, on a terminal.
    Table,
    /// One object per line; a single one on a terminal is indented.
    Json,
}

/// The output format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal that supports it.
    Auto,
    /// Always.
    Always,
    /// Never.
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

/// Returns a parser of a whole number in this range.
fn whole_number<T: FromStr + Display + PartialOrd + Copy + Send + Sync + 'static>(
    range: impl RangeBounds<T> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let end = |word: &str, bound| match bound {
                Bound::Included(number) => format!(" {word} {number}"),
                _ => String::new(),
            };
            let (first, last) = (end("from", range.start_bound()), end("to", range.end_bound()));
            format!("expected a whole number{first}{last}")
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;
    use crate::providers::PROVIDERS;

    #[test]
    fn command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_option_is_hidden() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                assert!(!argument.is_hide_set(), "{} --{}", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Arguments::command());
    }

    #[test]
    fn no_option_takes_a_secret() {
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
