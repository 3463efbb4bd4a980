//! The options of the commands that use the mirror.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use ticket_core::Moment;
use ticket_mirror::FileOptions;

use super::filters::Filters;
use super::{Configuration, Profile, Report, whole_number};
use crate::outcome::SEE_EXIT_CODES;

/// Which file is the mirror.
#[derive(Debug, Args)]
pub(crate) struct MirrorFile {
    /// The file of the mirror.
    #[arg(
        help = "The file of the mirror. Default: TICKET_MIRROR, then ticket/mirror.db in your data folder",
        long = "mirror",
        value_name = "FILE"
    )]
    pub(crate) file: Option<PathBuf>,
}

/// What to read into the mirror.
#[derive(Debug, Args)]
pub(crate) struct SyncSource {
    /// The source: a provider, such as feishu, or, with a profile, feishu@prod.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    /// A file with ids of tickets, one a line, or - for standard input; may be repeated. Only these are read.
    #[arg(
        help = "A file with ids of tickets, one a line, or - for standard input; may be repeated",
        long_help = "A file with ids of tickets, one a line, or - for standard input; may be repeated. Only these are read. A \
                     service without a list of tickets (EngageLab) needs it for new tickets; without it, only the tickets in the mirror are read again",
        long = "ids",
        value_name = "FILE"
    )]
    pub(crate) ids: Vec<PathBuf>,

    /// Also fetch the conversation of each ticket, if that needs extra requests.
    #[arg(long)]
    pub(crate) conversation: bool,

    #[command(flatten)]
    pub(crate) files: Downloads,

    /// Only tickets created at this time or later: 2026-01-31, 2026-01-31T08:00:00+08:00, or how long ago: 90d.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Moment>,

    /// Read everything again, and mark tickets that the service no longer has.
    #[arg(long)]
    pub(crate) full: bool,

    /// Exit with 7 also if the service does not say how many tickets it has.
    #[arg(long)]
    pub(crate) require_complete: bool,

    /// Output format of the receipt. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

/// Which files to download.
#[derive(Debug, Args)]
pub(crate) struct Downloads {
    /// Also download the files of all tickets in the mirror, and fetch the conversations.
    #[arg(
        long_help = "Also download the files of all tickets in the mirror, and fetch the conversations. Credentials are sent only to \
                     the service itself; files elsewhere are downloaded without them, and only by https from public addresses. \
                     The receipt counts those that could not be downloaded, by reason; with --output json it names them",
        long
    )]
    pub(crate) attachments: bool,

    /// Download no file with more megabytes. Default: 20.
    #[arg(
        long,
        value_name = "MB",
        default_value_t = 20,
        hide_default_value = true,
        value_parser = whole_number(1_u16..=1000),
        requires = "attachments"
    )]
    pub(crate) max_attachment_mb: u16,

    /// Download only files of these types, such as image/*,application/pdf. Default: all.
    #[arg(long, value_name = "TYPES", value_delimiter = ',', value_parser = media_type, requires = "attachments")]
    pub(crate) attachment_types: Vec<String>,
}

impl Downloads {
    /// Returns which files to download; `None` for none.
    pub(crate) fn options(&self) -> Option<FileOptions> {
        self.attachments.then(|| FileOptions {
            max_bytes: usize::from(self.max_attachment_mb) * 1_000_000,
            media_types: self.attachment_types.clone(),
        })
    }
}

/// Parses a MIME type, or the beginning of one before a `*`.
fn media_type(text: &str) -> Result<String, String> {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&it);
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(is_plain);
    match text.split_once('/') {
        Some((kind, rest)) if is_name(kind) && (rest == "*" || is_name(rest)) => {
            Ok(text.to_ascii_lowercase())
        }
        _ => Err("expected a type such as image/* or application/pdf".to_owned()),
    }
}

/// What to search for.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words that all occur in a ticket; '"two words"' and a word such as VPN密码 are phrases, print* any word that begins like this.
    #[arg(value_name = "WORDS", required = true)]
    pub(crate) words: Vec<String>,

    #[command(flatten)]
    pub(crate) filters: Filters,

    /// Only tickets of this source, as `ticket mirror status` names it.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<String>,

    /// Print at most this many tickets. Default: 50.
    #[arg(long, value_name = "N", default_value_t = 50, hide_default_value = true, value_parser = whole_number(1_u64..))]
    pub(crate) limit: u64,

    /// Output format. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    output: Option<SearchOutput>,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,
}

impl Search {
    /// Returns the output format.
    pub(crate) fn format(&self, is_terminal: bool) -> SearchOutput {
        let default = if is_terminal { SearchOutput::Table } else { SearchOutput::Json };
        self.output.unwrap_or(default)
    }
}

/// The output format of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SearchOutput {
    /// One row per ticket, with a text that has one of the words.
    Table,
    /// One object per line: source, excerpt, and the unified ticket.
    Json,
    /// One ticket per line as SOURCE:ID, which `ticket get -` reads.
    Ids,
}

/// An SQL query.
#[derive(Debug, Args)]
pub(crate) struct Sql {
    /// The query, such as "SELECT status, count(*) FROM ticket GROUP BY status"; - reads it from standard input.
    #[arg(value_name = "QUERY")]
    pub(crate) query: String,

    /// Stop the query after this time. Default: 60.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, hide_default_value = true, value_parser = whole_number(1_u64..))]
    pub(crate) timeout: u64,

    /// Output format. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    output: Option<SqlOutput>,

    /// Print a table without a pager.
    #[arg(
        long_help = "Print a table without a pager. By default, a table on a terminal is shown with PAGER or less",
        long
    )]
    pub(crate) no_pager: bool,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,
}

impl Sql {
    /// Returns the output format.
    pub(crate) fn format(&self, is_terminal: bool) -> SqlOutput {
        let default = if is_terminal { SqlOutput::Table } else { SqlOutput::Json };
        self.output.unwrap_or(default)
    }
}

/// The output format of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlOutput {
    /// For people, on a terminal.
    Table,
    /// One object per row.
    Json,
    /// For spreadsheets, with a header.
    Csv,
}

/// What to do with the mirror.
#[derive(Debug, Subcommand)]
pub(crate) enum Mirror {
    /// Show what the mirror holds, and the last receipts.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Status(MirrorStatus),
    /// Compare the mirror with the service: how many tickets were created in each period.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Check(MirrorSource),
    /// Read the periods again in which tickets are missing.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Repair(MirrorSource),
    /// Map the stored responses again, offline: after an update of this program.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Remap(Remap),
    /// Show the versions of a ticket, and what changed.
    #[command(after_long_help = SEE_EXIT_CODES)]
    History(History),
    /// Remove a ticket, or a source, with all its versions, responses and entries in the index.
    #[command(after_long_help = SEE_EXIT_CODES)]
    Forget(Forget),
}

impl Mirror {
    /// Returns the requested output format.
    pub(crate) fn output(&self) -> Option<Report> {
        match self {
            Self::Status(arguments) => arguments.output,
            Self::Check(arguments) | Self::Repair(arguments) => arguments.output,
            Self::Remap(arguments) => arguments.output,
            Self::History(arguments) => arguments.output,
            Self::Forget(_) => None,
        }
    }
}

/// How to print the state of the mirror.
#[derive(Debug, Args)]
pub(crate) struct MirrorStatus {
    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    /// Output format. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,
}

/// A source of the mirror.
#[derive(Debug, Args)]
pub(crate) struct MirrorSource {
    /// The source: a provider, such as feishu, or, with a profile, feishu@prod.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    /// Output format. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

/// A source whose responses are mapped again.
#[derive(Debug, Args)]
pub(crate) struct Remap {
    /// The source: a provider, such as feishu, or, with a profile, feishu@prod.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    /// Output format. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,

    #[command(flatten)]
    pub(crate) profile: Profile,
}

/// A ticket whose versions are shown.
#[derive(Debug, Args)]
pub(crate) struct History {
    /// The ticket, such as feishu:6626871355780366331.
    #[arg(value_name = "SOURCE:ID")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    /// Output format. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,
}

/// What to remove.
#[derive(Debug, Args)]
pub(crate) struct Forget {
    /// The ticket, such as feishu:6626871355780366331; with --all a source, such as feishu or feishu@prod.
    #[arg(value_name = "SOURCE:ID|SOURCE")]
    pub(crate) id: String,

    /// Remove all tickets, runs and receipts of the source.
    #[arg(long)]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    #[command(flatten)]
    pub(crate) profile: Profile,
}
