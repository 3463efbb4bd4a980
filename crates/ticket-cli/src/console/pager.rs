//! Shows long output with a pager, as `git` does.

use std::env::{self, VarError};
use std::io::{self, Write};
use std::process::{Command, Stdio};

use super::{Console, is_closed_pipe};

/// The variable that chooses the pager.
const PAGER: &str = "PAGER";
/// The pager if none is chosen.
const DEFAULT_PAGER: &str = "less";
/// The options of `less`: quit if the text fits on the screen, show colours, and leave the text on the screen.
const LESS: (&str, &str) = ("LESS", "FRX");
/// A pager that only copies.
const COPY: &str = "cat";

/// Shows text with escape sequences with the pager, and returns when the reader closes it; prints it if there is no pager.
///
/// # Errors
/// If the text cannot be written.
pub(crate) fn print(console: &Console, text: &str) -> io::Result<()> {
    let command = command(env::var(PAGER));
    let Some(mut pager) =
        command.and_then(|mut command| command.stdin(Stdio::piped()).spawn().ok())
    else {
        return console.print_styled(text);
    };
    ignore_interrupts();
    let written = pager
        .stdin
        .take()
        .map_or(Ok(()), |mut stdin| stdin.write_all(console.styled(text).as_bytes()));
    pager.wait()?;
    // The reader may close the pager before the end of the text.
    written.or_else(|error| if is_closed_pipe(&error) { Ok(()) } else { Err(error) })
}

/// Leaves Ctrl-C to the pager: it must not outlive this process, which the shell waits for.
fn ignore_interrupts() {
    // A stream of signals replaces the default action for good. It needs a runtime.
    #[cfg(unix)]
    if tokio::runtime::Handle::try_current().is_ok() {
        let _ = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    }
}

/// Returns the command for a value of `PAGER`; `None` if it means that there is no pager.
fn command(chosen: Result<String, VarError>) -> Option<Command> {
    let chosen = match chosen {
        Ok(chosen) => chosen,
        Err(VarError::NotPresent) => DEFAULT_PAGER.to_owned(),
        Err(VarError::NotUnicode(_)) => return None,
    };
    let mut words = chosen.split_whitespace();
    let program = words.next().filter(|program| *program != COPY)?;
    let mut command = Command::new(program);
    command.args(words);
    if env::var_os(LESS.0).is_none() {
        command.env(LESS.0, LESS.1);
    }
    Some(command)
}

#[cfg(test)]
mod tests {
    use std::env::VarError;

    use super::command;

    #[test]
    fn chooses_the_pager() {
        for (chosen, expected) in [
            (Err(VarError::NotPresent), Some("\"less\"")),
            (Ok("more"), Some("\"more\"")),
            (Ok(" less -S  -i "), Some("\"less\" \"-S\" \"-i\"")),
            (Ok(""), None),
            (Ok("  "), None),
            (Ok("cat"), None),
        ] {
            let command = command(chosen.map(str::to_owned));
            let seen = command.map(|it| format!("{it:?}"));
            match expected {
                Some(expected) => assert!(seen.unwrap().ends_with(expected), "{expected}"),
                None => assert_eq!(seen, None),
            }
        }
    }
}
