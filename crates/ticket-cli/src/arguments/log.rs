//! What to tell of the calls while they go on.

use clap::{ArgAction, Args, ValueEnum};

/// What to tell of the calls while they go on.
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Tell of each call on stderr; twice: also of each attempt and each wait.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    verbose: u8,

    /// How to tell it; without -v as with it. Default: text.
    #[arg(long = "log", global = true, value_name = "FORMAT")]
    format: Option<LogFormat>,
}

impl Log {
    /// How much to tell: nothing at 0.
    pub(crate) fn verbosity(&self) -> u8 {
        self.verbose.max(u8::from(self.format.is_some()))
    }

    /// How to tell it.
    pub(crate) fn format(&self) -> LogFormat {
        self.format.unwrap_or(LogFormat::Text)
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// A line of words and key=value for each event.
    Text,
    /// One object in a line for each event.
    Json,
}
