//! The two streams: what goes where, how wide, with or without colour.

mod output;

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use terminal_size::{Height, Width, terminal_size_of};

use crate::view::ink::Ink;
use crate::view::json;
use crate::view::wrap::UNBOUNDED;

/// The width of a terminal that does not tell its own.
const DEFAULT_COLUMNS: usize = 80;

/// The streams of this process: data goes to stdout, everything else to stderr.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    colour: ColorChoice,
    /// Whether stdout is a terminal.
    pub(crate) is_terminal: bool,
    /// The columns of stdout: `COLUMNS`, or what the terminal says; without either nothing is wrapped.
    pub(crate) columns: usize,
    /// The columns of stderr. Only a terminal has any: a program may look for a sentence.
    stderr_columns: usize,
}

impl Console {
    /// Looks at the streams of this process; `colour` is what the command line says.
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

    /// Prints text with styles, which stay only if they are wanted.
    pub(crate) fn print_styled(&self, text: &str) -> io::Result<()> {
        let stdout = output::lock()?;
        let choice = self.choice(&stdout);
        let mut stream = AutoStream::new(stdout, choice);
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Prints a line of JSON; on a terminal without a character that would act on it.
    pub(crate) fn print_json(&self, text: &str) -> io::Result<()> {
        let mut line = if self.is_terminal { json::for_terminal(text) } else { text.to_owned() };
        line.push('\n');
        print_bytes(line.as_bytes())
    }

    /// Writes a message for people to stderr.
    pub(crate) fn complain(&self, text: &Ink) {
        let stderr = io::stderr();
        let choice = self.choice(&stderr);
        let mut stream = AutoStream::new(stderr.lock(), choice);
        for line in text.lines(self.stderr_columns) {
            // If stderr is closed, nothing is left to do.
            let _ = writeln!(stream, "{line}");
        }
    }

    /// Tells people what goes on: one line, however wide the window is.
    pub(crate) fn note(&self, text: &Ink) {
        let mut lines = text.lines(UNBOUNDED).join("\n");
        lines.push('\n');
        self.complain_styled(&lines);
    }

    /// Tells people a text with styles, whose lines are as long as they are to be.
    pub(crate) fn complain_styled(&self, text: &str) {
        let stderr = io::stderr();
        let choice = self.choice(&stderr);
        // Where stderr is closed there is nobody to tell.
        let _ = AutoStream::new(stderr.lock(), choice).write_all(text.as_bytes());
    }

    fn choice(&self, stream: &impl anstream::stream::RawStream) -> ColorChoice {
        let is = |variable, value| std::env::var_os(variable).is_some_and(|set| set == value);
        match self.colour {
            // The library takes any value for a wish. By convention 0 is none, so only the rest counts.
            ColorChoice::Auto
                if is("CLICOLOR_FORCE", "0")
                    && (!stream.is_terminal() || is("CLICOLOR", "0") || is("TERM", "dumb")) =>
            {
                ColorChoice::Never
            }
            // NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM, and whether somebody looks.
            ColorChoice::Auto => AutoStream::choice(stream),
            choice => choice,
        }
    }
}

/// Prints bytes as they are.
pub(crate) fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = output::lock()?;
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Tells programs what goes on, or what went wrong.
pub(crate) fn complain_json(text: &str) {
    let stderr = io::stderr();
    let text = if stderr.is_terminal() { json::for_terminal(text) } else { text.to_owned() };
    // Where stderr is closed there is nobody to tell.
    let _ = writeln!(stderr.lock(), "{text}");
}

/// Tells people that standard input is read, where they are the ones to write it.
pub(crate) fn announce_input() {
    if io::stdin().is_terminal() {
        // Where stderr is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "Reading from standard input; end it with {END_OF_INPUT}.");
    }
}

/// What ends the input at a terminal.
const END_OF_INPUT: &str = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };

/// Whether a failure to write means only that the reader had enough.
pub(crate) fn is_closed_pipe(error: &io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
}
