//! The options of `ticket export` and `ticket verify`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::tz::TimeZone;
use ticket_core::ListQuery;
use ticket_export::Format;

use super::filters::Filters;
use super::{MirrorFile, Profile, Report};
use crate::outcome::Failure;

/// What to export, and where to.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The source: a provider, such as feishu, or, with a profile, feishu@prod. Default: all of the mirror.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: Option<String>,

    /// The new folder for the export.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: PathBuf,

    /// The formats, separated by commas.
    #[arg(
        long = "format",
        value_name = "FORMAT",
        value_delimiter = ',',
        required = true,
        value_parser = format()
    )]
    pub(crate) formats: Vec<Format>,

    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    #[command(flatten)]
    filters: Filters,

    /// Only tickets with these words.
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,

    /// Also write each custom field as a column of the tickets.
    #[arg(long)]
    pub(crate) custom_field_columns: bool,

    /// Do not change CSV cells that a spreadsheet would run as formulas.
    #[arg(
        long_help = "Do not change CSV cells that a spreadsheet would run as formulas. By default, such a text begins with ', and \
                     control characters are removed",
        long
    )]
    pub(crate) raw_formulas: bool,

    /// Begin CSV with a byte order mark, so that Excel reads it as UTF-8.
    #[arg(long)]
    pub(crate) bom: bool,

    #[command(flatten)]
    pub(crate) privacy: Privacy,

    #[command(flatten)]
    pub(crate) profile: Profile,
}

/// What of people to show.
#[derive(Debug, Args)]
pub(crate) struct Privacy {
    /// Replace people with pseudonyms, and remove contacts and free text. Needs a key in `TICKET_ANONYMIZE_KEY`.
    #[arg(long)]
    pub(crate) anonymize: bool,

    /// With --anonymize, keep free text; names inside it are not removed.
    #[arg(long, requires = "anonymize")]
    pub(crate) keep_text: bool,
}

impl Export {
    /// Returns the query. Dates are in this time zone.
    ///
    /// # Errors
    /// Those of [`Filters::query`].
    pub(crate) fn query(
        &self,
        now: jiff::Timestamp,
        zone: &TimeZone,
    ) -> Result<ListQuery, Failure> {
        Ok(ListQuery { text: self.text.clone(), ..self.filters.query(now, zone)? })
    }
}

/// Which export to check.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The folder of the export.
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// Output format. Default: text.
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) output: Option<Report>,
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.iter().map(|format| format.as_str())).map(|word| {
        let format = Format::ALL.iter().find(|format| format.as_str() == word);
        *format.expect("the parser accepts only these words")
    })
}
