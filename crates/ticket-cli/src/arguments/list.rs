//! The options of `ticket list`.

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use ticket_core::ListQuery;

use super::filters::Filters;
use super::{Configuration, MirrorFile, whole_number};
use crate::outcome::Failure;

/// Which tickets to list, and how to print them.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// The source: a provider, such as feishu, or, with a profile, feishu@prod. With --offline, all of them by default.
    #[arg(value_name = "SOURCE", required_unless_present = "offline")]
    pub(crate) source: Option<String>,

    /// Read the mirror that `ticket sync` fills, without network.
    #[arg(long)]
    pub(crate) offline: bool,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    #[command(flatten)]
    filters: Filters,

    /// Only tickets with these words.
    #[arg(long, value_name = "WORDS")]
    pub(crate) text: Option<String>,

    /// A filter of the service by its own name, such as score=1; may be repeated.
    #[arg(
        long_help = "A filter of the service by its own name, such as score=1; may be repeated. `ticket mapping capabilities` \
                     lists them",
        long,
        value_name = "NAME=VALUE",
        value_parser = native
    )]
    native: Vec<(String, String)>,

    /// List at most this many tickets.
    #[arg(long, value_name = "N", value_parser = whole_number(1_u64..))]
    pub(crate) limit: Option<u64>,

    /// Output format. Default: table on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    output: Option<ListOutput>,

    /// Only these fields, with json, csv or table: id,status.value,tags[].name.
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,

    /// Print a table without a pager.
    #[arg(
        long_help = "Print a table without a pager. By default, a table on a terminal is shown with PAGER or less",
        long
    )]
    pub(crate) no_pager: bool,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}

/// The output format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListOutput {
    /// One row per ticket, on a terminal.
    Table,
    /// The unified ticket, one per line.
    Json,
    /// One ticket per line as SOURCE:ID, which `ticket get -` reads.
    Ids,
    /// For spreadsheets: one row per ticket, with a header.
    Csv,
}

impl List {
    /// Returns the output format.
    pub(crate) fn format(&self, is_terminal: bool) -> ListOutput {
        let default = if is_terminal { ListOutput::Table } else { ListOutput::Json };
        self.output.unwrap_or(default)
    }

    /// Returns the query. Dates are in this time zone.
    ///
    /// # Errors
    /// Those of [`Filters::query`].
    pub(crate) fn query(
        &self,
        now: jiff::Timestamp,
        zone: &TimeZone,
    ) -> Result<ListQuery, Failure> {
        let query = self.filters.query(now, zone)?;
        Ok(ListQuery { text: self.text.clone(), native: self.native.clone(), ..query })
    }
}

fn native(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE, such as score=1".to_owned()),
    }
}
