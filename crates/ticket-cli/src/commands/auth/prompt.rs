//! Asks questions on the terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use ticket_core::{ErrorKind, Secret};

use crate::outcome::Failure;

/// Asks on stderr, and reads answers from stdin; both are a terminal.
pub(super) struct Prompter {
    input: io::Stdin,
}

impl Prompter {
    /// # Errors
    /// If there is no terminal.
    pub(super) fn new() -> Result<Self, Failure> {
        let input = io::stdin();
        if input.is_terminal() && io::stderr().is_terminal() {
            return Ok(Self { input });
        }
        let message = "ticket auth login asks questions and needs a terminal";
        Err(Failure::new(ErrorKind::InvalidRequest, message)
            .with_hint("set the variables of the environment, or write the config file; ticket doctor names what is missing"))
    }

    /// Asks for a line, without the white space around it.
    ///
    /// # Errors
    /// If the input ends.
    pub(super) fn line(&self, question: &str) -> Result<Secret, Failure> {
        eprint(&format!("{question}: "));
        let mut line = String::new();
        match self.input.lock().read_line(&mut line) {
            Ok(0) => Err(ended("the input has ended")),
            Ok(_) => Ok(Secret::from(line.trim())),
            Err(error) => Err(ended(&format!("standard input cannot be read: {error}"))),
        }
    }

    /// Asks for a line that is not shown while it is typed.
    ///
    /// # Errors
    /// If the input ends, or the terminal cannot hide it.
    pub(super) fn hidden_line(&self, question: &str) -> Result<Secret, Failure> {
        let _hidden = Hidden::start()
            .map_err(|error| ended(&format!("the terminal cannot hide the input: {error}")))?;
        eprint(&format!("{question}: "));
        let (mut input, mut line) = (self.input.lock(), Vec::new());
        while !line.ends_with(b"\n") {
            let read = input.fill_buf();
            let part =
                read.map_err(|error| ended(&format!("standard input cannot be read: {error}")))?;
            if part.is_empty() {
                return Err(ended("the input has ended"));
            }
            let length =
                part.iter().position(|byte| *byte == b'\n').map_or(part.len(), |it| it + 1);
            line.extend_from_slice(&part[..length]);
            input.consume(length);
            if line.contains(&CTRL_C) {
                eprint("\n");
                return Err(ended("stopped"));
            }
        }
        Ok(Secret::from(String::from_utf8_lossy(&line).trim()))
    }

    /// Asks whether to go on; Enter means yes.
    ///
    /// # Errors
    /// If the input ends.
    pub(super) fn confirm(&self, question: &str) -> Result<bool, Failure> {
        let answer = self.line(&format!("{question} [Y/n]"))?;
        Ok(!answer.expose().starts_with(['n', 'N']))
    }
}

/// Prints to stderr.
pub(super) fn eprint(text: &str) {
    let mut stderr = io::stderr().lock();
    // A closed stderr cannot be reported anywhere.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

fn ended(message: &str) -> Failure {
    Failure::new(ErrorKind::InvalidRequest, format!("{message}; nothing was saved"))
}

/// What Ctrl-C sends.
const CTRL_C: u8 = 3;

/// Hides what is typed until it is dropped. Ctrl-C ends the line, and not the process: that would leave the terminal without echo.
#[cfg(unix)]
struct Hidden(rustix::termios::Termios);

#[cfg(unix)]
impl Hidden {
    fn start() -> io::Result<Self> {
        use rustix::termios::{
            LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr,
        };
        let before = tcgetattr(io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        hidden.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
        // The line break is shown, so that the next question is on a line of its own.
        hidden.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Now, &hidden)?;
        Ok(Self(before))
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // If the terminal is gone, there is nothing to show.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

#[cfg(not(unix))]
struct Hidden;

#[cfg(not(unix))]
impl Hidden {
    fn start() -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
