//! Writes to stdout and stderr, with their widths and colours.

mod output;
pub(crate) mod pager;
pub(crate) mod progress;

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};
use terminal_size::{Height, Width, terminal_size_of};

use crate::view::clean;
use crate::view::ink::StyledText;
use crate::view::wrap::UNBOUNDED;
use progress::suspended;

/// The width of a terminal that does not report its size.
const DEFAULT_COLUMNS: usize = 80;

/// The output streams of this process: data goes to stdout, everything else to stderr.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    colour: ColorChoice,
    /// Whether stdout is a terminal.
    pub(crate) is_terminal: bool,
    /// The width of stdout: `COLUMNS`, else the size of the terminal, else unbounded.
    pub(crate) columns: usize,
    /// The width of stderr. Unbounded unless it is a terminal, because a program may search it for a message.
    stderr_columns: usize,
}

impl Console {
    /// Inspects the streams of this process; `colour` is the value of the option `--color`.
    pub(crate) fn new(colour: ColorChoice) -> Self {
        let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let named = named.filter(|columns| *columns > 0);
        let window = |size: Option<(Width, Height)>| {
            size.map_or(DEFAULT_COLUMNS, |(width, _)| usize::from(width.0))
        };
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let is_terminal = stdout.is_terminal();
        let of_stdout = || is_terminal.then(|| window(terminal_size_of(&stdout)));
        let of_stderr = || named.unwrap_or_else(|| window(terminal_size_of(&stderr)));
        Self {
            colour,
            is_terminal,
            columns: named.or_else(of_stdout).unwrap_or(UNBOUNDED),
            stderr_columns: if stderr.is_terminal() { of_stderr() } else { UNBOUNDED },
        }
    }

    /// Prints text with escape sequences, and removes them if stdout has no colour.
    pub(crate) fn print_styled(&self, text: &str) -> io::Result<()> {
        let stdout = output::lock()?;
        let choice = self.choice(&stdout);
        let mut stream = AutoStream::new(stdout, choice);
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Returns text with escape sequences, without them if stdout has no colour.
    fn styled(&self, text: &str) -> String {
        match self.choice(&io::stdout()) {
            ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
            _ => text.to_owned(),
        }
    }

    /// Prints a line of JSON; escapes control characters if stdout is a terminal.
    pub(crate) fn print_json(&self, text: &str) -> io::Result<()> {
        let mut line = if self.is_terminal { clean::json(text) } else { text.to_owned() };
        line.push('\n');
        print_bytes(line.as_bytes())
    }

    /// Prints complete lines of JSON; escapes control characters if stdout is a terminal.
    pub(crate) fn print_json_lines(&self, lines: &[u8]) -> io::Result<()> {
        if self.is_terminal {
            let lines = clean::json(&String::from_utf8_lossy(lines));
            return print_bytes(lines.as_bytes());
        }
        print_bytes(lines)
    }

    /// Writes a message to stderr, wrapped at the width of the terminal.
    pub(crate) fn eprint(&self, text: &StyledText) {
        let stderr = io::stderr();
        let choice = self.choice(&stderr);
        suspended(|| {
            let mut stream = AutoStream::new(stderr.lock(), choice);
            for line in text.lines(self.stderr_columns) {
                // A closed stderr cannot be reported anywhere.
                let _ = writeln!(stream, "{line}");
            }
        });
    }

    /// Writes a message to stderr without wrapping it.
    pub(crate) fn eprint_line(&self, text: &StyledText) {
        let mut lines = text.lines(UNBOUNDED).join("\n");
        lines.push('\n');
        self.eprint_styled(&lines);
    }

    /// Writes text with escape sequences to stderr without wrapping it.
    pub(crate) fn eprint_styled(&self, text: &str) {
        let stderr = io::stderr();
        let choice = self.choice(&stderr);
        // A closed stderr cannot be reported anywhere.
        let _ = AutoStream::new(stderr.lock(), choice).write_all(text.as_bytes());
    }

    fn choice(&self, stream: &impl anstream::stream::RawStream) -> ColorChoice {
        let is = |variable, value| std::env::var_os(variable).is_some_and(|set| set == value);
        match self.colour {
            // The library treats every value as "on". By convention 0 means unset, so only the other rules apply.
            ColorChoice::Auto
                if is("CLICOLOR_FORCE", "0")
                    && (!stream.is_terminal() || is("CLICOLOR", "0") || is("TERM", "dumb")) =>
            {
                ColorChoice::Never
            }
            // Reads NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM, and checks for a terminal.
            ColorChoice::Auto => AutoStream::choice(stream),
            choice => choice,
        }
    }
}

/// Prints bytes unchanged.
pub(crate) fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = output::lock()?;
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Writes a line of JSON to stderr; escapes control characters if stderr is a terminal.
pub(crate) fn eprint_json(text: &str) {
    let stderr = io::stderr();
    let text = if stderr.is_terminal() { clean::json(text) } else { text.to_owned() };
    // A closed stderr cannot be reported anywhere.
    suspended(|| drop(writeln!(stderr.lock(), "{text}")));
}

/// Whether standard input is the config file.
static IS_CONFIG: AtomicBool = AtomicBool::new(false);

/// Reserves standard input for the config file.
pub(crate) fn reserve_input() {
    IS_CONFIG.store(true, Ordering::Relaxed);
}

/// Prints a note that standard input is read, if it is a terminal.
///
/// # Errors
/// If standard input is the config file.
pub(crate) fn announce_input() -> io::Result<()> {
    if IS_CONFIG.load(Ordering::Relaxed) {
        return Err(io::Error::other("it is the config file already: --config -"));
    }
    if io::stdin().is_terminal() {
        // A closed stderr cannot be reported anywhere.
        let _ = writeln!(io::stderr(), "Reading from standard input; end it with {END_OF_INPUT}.");
    }
    Ok(())
}

/// The key that ends the input at a terminal.
const END_OF_INPUT: &str = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };

/// Returns whether a write failed because the reader closed the pipe.
pub(crate) fn is_closed_pipe(error: &io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
}
