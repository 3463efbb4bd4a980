//! The two streams: what goes where, how wide, with or without colour.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use crate::view::ink::Ink;
use crate::view::json;

/// The width where neither `COLUMNS` nor a window names one.
const DEFAULT_COLUMNS: usize = 80;

/// The terminal, or whatever the streams lead to.
///
/// Data goes to stdout and everything else to stderr.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    colour: ColorChoice,
    /// Whether somebody looks at stdout.
    pub(crate) is_terminal: bool,
    /// The columns of the window: `COLUMNS`, or what the terminal says.
    pub(crate) columns: usize,
}

impl Console {
    /// The streams of this process; `colour` is what the command line says.
    pub(crate) fn new(colour: ColorChoice) -> Self {
        let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let columns = named
            .filter(|columns| *columns > 0)
            .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
            .unwrap_or(DEFAULT_COLUMNS);
        Self { colour, is_terminal: io::stdout().is_terminal(), columns }
    }

    /// Prints text with styles, which stay only where they are wanted.
    pub(crate) fn print_styled(&self, text: &str) -> io::Result<()> {
        let stdout = io::stdout();
        let choice = self.choice(&stdout);
        let mut stream = AutoStream::new(stdout.lock(), choice);
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Prints a line of JSON; on a terminal without a character that would act on it.
    pub(crate) fn print_json(&self, text: &str) -> io::Result<()> {
        let mut line = if self.is_terminal { json::for_terminal(text) } else { text.to_owned() };
        line.push('\n');
        print_bytes(line.as_bytes())
    }

    /// Tells people what went wrong.
    pub(crate) fn complain(&self, text: &Ink) {
        let stderr = io::stderr();
        let choice = self.choice(&stderr);
        // On a pipe nothing is wrapped: a program may look for the sentence.
        let width = if stderr.is_terminal() { self.columns } else { usize::MAX };
        let mut stream = AutoStream::new(stderr.lock(), choice);
        for line in text.lines(width) {
            // Where stderr is closed there is nobody to tell.
            let _ = writeln!(stream, "{line}");
        }
    }

    /// Tells people what goes on: one line, however wide the window is.
    pub(crate) fn note(&self, text: &Ink) {
        let mut lines = text.lines(usize::MAX).join("\n");
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
    let mut stdout = io::stdout().lock();
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
