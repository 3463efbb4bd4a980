//! `ticket sandbox`: runs the stand-in until Ctrl-C.

use std::fmt::Write;
use std::future::{Future, poll_fn};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::task::Poll;

use ticket_core::ErrorKind;
use ticket_sandbox::{Builder, Fault, Rule, Sandbox, Seen};

use crate::arguments;
use crate::console::{Console, print_bytes};
use crate::outcome::{DONE, Failure, Telling};
use crate::providers::{PROVIDERS, Provider};
use crate::settings::environment::PROFILE_VARIABLE;
use crate::view::ink::{Ink, QUIET};

/// Starts it, prints the lines for a shell, and waits.
pub(crate) async fn run(arguments: &arguments::Sandbox, console: &Console) -> io::Result<u8> {
    if arguments.faults {
        print_bytes(faults().as_bytes())?;
        return Ok(DONE);
    }
    if arguments.list {
        print_bytes(list().as_bytes())?;
        return Ok(DONE);
    }
    let builder = builder(arguments.port, arguments.rules.clone()).follower(tell);
    let sandbox = match start(builder).await {
        Ok(sandbox) => sandbox,
        Err(failure) => return Ok(failure.end(console, Telling::Sentence)),
    };
    // Whoever reads the lines may stop it at once, so it listens for that before it prints them.
    let mut stop = pin!(tokio::signal::ctrl_c());
    if let Poll::Ready(stopped) = poll_fn(|it| Poll::Ready(stop.as_mut().poll(it))).await {
        return stopped.map(|()| DONE);
    }
    print_bytes(lines(&sandbox.environment()).as_bytes())?;
    let mut about = Ink::of(QUIET, &format!("The sandbox listens on {}.", sandbox.base_url()));
    for Provider { name, example, .. } in PROVIDERS {
        let count = Sandbox::ticket_ids(name).len();
        // It does not play every service.
        if count == 0 {
            continue;
        }
        about.line();
        about.push(QUIET, &format!("It has {count} {name} tickets, such as {name}:{example}."));
    }
    about.line();
    about.push(QUIET, "`ticket sandbox --list` prints all of them.");
    for rule in &arguments.rules {
        about.line();
        about.push(QUIET, &format!("It misbehaves: {rule}"));
    }
    about.line();
    about.push(QUIET, "Ctrl-C ends it.");
    console.complain(&about);
    stop.await?;
    sandbox.stop().await;
    Ok(DONE)
}

/// A stand-in at a port, with what is to go wrong; 0 is any port that is free.
fn builder(port: u16, rules: Vec<Rule>) -> Builder {
    let builder = Sandbox::builder().address(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    rules.into_iter().fold(builder, Builder::fault)
}

/// What was answered, for whoever asked with `-v`; the query is left out, and a status of 0 is no response.
fn tell(seen: &Seen) {
    let (method, path) = (&*seen.method, &*seen.path);
    let (status, fault) = (seen.status, seen.fault);
    tracing::info!(target: "ticket_sandbox", method, path, status, fault, "request");
}

/// Starts a stand-in that does as it should, for one command.
///
/// # Errors
/// Where it cannot listen.
pub(super) async fn quiet() -> Result<Sandbox, Failure> {
    start(builder(0, Vec::new())).await
}

/// Starts it.
///
/// # Errors
/// Where it cannot listen there, or a rule names no route.
async fn start(builder: Builder) -> Result<Sandbox, Failure> {
    builder.start().await.map_err(|error| {
        // The system's own reason stands behind it.
        let reason = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        let message = format!("the sandbox cannot start: {error}{}", reason.unwrap_or_default());
        Failure::new(ErrorKind::Configuration, message)
    })
}

/// The tickets that it serves, one in a line.
fn list() -> String {
    let mut lines = String::new();
    for provider in PROVIDERS {
        for id in Sandbox::ticket_ids(provider.name) {
            // Writing into a text cannot fail.
            let _ = writeln!(lines, "{}:{id}", provider.name);
        }
    }
    lines
}

/// How a rule is written, and every fault with what it does.
fn faults() -> String {
    let mut lines = format!(
        "ROUTE [REQUESTS]: FAULT\n\nROUTE     {}, or * for all\n",
        Sandbox::routes().join(", ")
    );
    lines.push_str("REQUESTS  3, 2-4, 5-, every 10, 0.5%, 0.5% seed 7; nothing is all of them\nFAULT     one of:\n");
    for fault in Fault::catalogue() {
        // Writing into a text cannot fail.
        let _ = writeln!(lines, "\n  {}\n      {}", fault.usage, fault.about);
        if fault.usage != fault.example {
            let _ = writeln!(lines, "      Such as: {}", fault.example);
        }
    }
    lines
}

/// The lines for a shell: they set what leads here, and unset whatever would lead elsewhere.
fn lines(environment: &[(&'static str, String)]) -> String {
    let is_set = |variable: &str| environment.iter().any(|(name, _)| *name == variable);
    let known = PROVIDERS.iter().flat_map(|provider| provider.settings);
    let others = known.map(|setting| setting.variable).filter(|variable| !is_set(variable));
    let others: Vec<_> = others.chain([PROFILE_VARIABLE]).collect();
    let mut lines = format!("unset {}\n", others.join(" "));
    for (name, value) in environment {
        // Writing into a text cannot fail.
        let _ = writeln!(lines, "export {name}={}", quoted(value));
    }
    lines
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
