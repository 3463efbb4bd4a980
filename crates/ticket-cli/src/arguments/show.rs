//! The options that say how tickets are printed.

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::settings::environment;
use crate::view::time::Reader;

/// How tickets are printed.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Output format. Default: page on a terminal, else json.
    #[arg(long, short, value_name = "FORMAT")]
    output: Option<Output>,

    /// Only these fields, with json, csv or table: id,status.value,requester.name.
    #[arg(
        help = "Only these fields, with json, csv or table: id,status.value,tags[].name",
        long,
        value_name = "FIELDS",
        value_delimiter = ','
    )]
    pub(crate) fields: Vec<String>,

    /// Print a table without a pager.
    #[arg(
        long_help = "Print a table without a pager. By default, a table on a terminal is shown with PAGER or less",
        long
    )]
    pub(crate) no_pager: bool,

    /// The time zone of the page, such as Asia/Shanghai. Default: TZ, then that of this computer.
    #[arg(long, value_name = "ZONE", value_parser = time_zone)]
    time_zone: Option<TimeZone>,
}

impl Show {
    /// Returns the output format. Selected fields do not make a page.
    pub(crate) fn format(&self, is_terminal: bool) -> Output {
        let is_page = is_terminal && self.fields.is_empty();
        self.output.unwrap_or(if is_page { Output::Page } else { Output::Json })
    }

    /// Returns whether failures are JSON too: as the output is, except for a person at a terminal who selects fields.
    pub(crate) fn has_json_messages(&self, is_terminal: bool) -> bool {
        self.output.map_or(!is_terminal, |output| output == Output::Json)
    }

    /// Returns a given option that has no effect on JSON.
    pub(crate) fn other_than_json(&self) -> Option<String> {
        let output = self.output.filter(|output| *output != Output::Json);
        let output = output.and_then(|output| output.to_possible_value());
        let output = output.map(|value| format!("--output {}", value.get_name()));
        let pager = self.no_pager.then(|| "--no-pager".to_owned());
        output.or(pager).or(self.time_zone.as_ref().map(|_| "--time-zone".to_owned()))
    }

    /// Returns the current time and the time zone of the reader.
    pub(crate) fn reader(&self) -> Reader {
        Reader {
            now: environment::now().unwrap_or_else(Timestamp::now),
            zone: self.time_zone.clone().unwrap_or_else(TimeZone::system),
        }
    }

    /// Returns the value of `TZ` if it is used and is not a time zone.
    pub(crate) fn wrong_zone(&self) -> Option<String> {
        let named = std::env::var_os("TZ")?;
        let is_wrong = self.time_zone.is_none() && TimeZone::try_system().is_err();
        is_wrong.then(|| named.to_string_lossy().into_owned())
    }
}

/// The output format of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people, on a terminal.
    Page,
    /// The unified ticket, one per line; a single one on a terminal is indented.
    Json,
    /// For spreadsheets: one row per ticket, with a header.
    Csv,
    /// One row per ticket, on a terminal.
    Table,
    /// The provider's response, byte for byte.
    Raw,
    /// For a chat, a wiki or a language model.
    Markdown,
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_| "unknown time zone; expected a name such as Asia/Shanghai".into())
}
