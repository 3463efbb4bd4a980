//! The options of the log.

use clap::{ArgAction, Args, ValueEnum};

/// The log of requests.
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Log each call on stderr; -vv: also each attempt and each wait.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    verbose: u8,

    /// Log format; implies -v. Default: text.
    #[arg(long = "log", global = true, value_name = "FORMAT")]
    format: Option<LogFormat>,
}

impl Log {
    /// Returns the verbosity; 0 logs nothing.
    pub(crate) fn verbosity(&self) -> u8 {
        self.verbose.max(u8::from(self.format.is_some()))
    }

    /// Returns the log format.
    pub(crate) fn format(&self) -> LogFormat {
        self.format.unwrap_or(LogFormat::Text)
    }
}

/// The log format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// One line per event: time, level, event, and key=value pairs.
    Text,
    /// One JSON object per event, one per line.
    Json,
}
