//! `ticket sandbox`: runs the stand-in until Ctrl-C.

use std::fmt::Write;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::task::Poll;

use super::start_sandbox;
use crate::arguments::Sandbox;
use crate::console::{Console, print_bytes};
use crate::outcome::{DONE, Telling};
use crate::providers::PROVIDERS;
use crate::view::ink::{Ink, QUIET};

/// Starts it, prints the lines for a shell, and waits.
pub(crate) async fn run(arguments: &Sandbox, console: &Console) -> io::Result<u8> {
    let sandbox = match start_sandbox(arguments.port).await {
        Ok(sandbox) => sandbox,
        Err(failure) => return Ok(failure.end(console, Telling::Sentence)),
    };
    // Whoever reads the lines may stop it at once, so it listens for that before it prints them.
    let mut stop = pin!(tokio::signal::ctrl_c());
    if let Poll::Ready(stopped) = poll_fn(|it| Poll::Ready(stop.as_mut().poll(it))).await {
        return stopped.map(|()| DONE);
    }
    let mut lines = String::new();
    for (name, value) in sandbox.environment() {
        // Writing into a text cannot fail.
        let _ = writeln!(lines, "export {name}={}", quoted(&value));
    }
    print_bytes(lines.as_bytes())?;
    let mut about = Ink::of(QUIET, &format!("The sandbox listens on {}.", sandbox.base_url()));
    for provider in PROVIDERS {
        let ids = sandbox.ticket_ids(provider.name);
        about.line();
        let example = ids.first().map(|id| format!(", such as {}:{id}", provider.name));
        about.push(
            QUIET,
            &format!(
                "It has {} {} tickets{}.",
                ids.len(),
                provider.name,
                example.unwrap_or_default()
            ),
        );
    }
    about.line();
    about.push(QUIET, "Ctrl-C ends it.");
    console.complain(&about);
    stop.await?;
    sandbox.stop().await;
    Ok(DONE)
}

/// A value in single quotes, as a POSIX shell reads it.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_value_survives_the_shell() {
        assert_eq!(quoted("a b$c"), "'a b$c'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
