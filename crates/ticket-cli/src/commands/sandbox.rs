//! `ticket sandbox`: runs the fake servers until Ctrl-C or SIGTERM.

use std::fmt::Write;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use ticket_core::ErrorKind;
use ticket_sandbox::{Builder, Fault, FaultRule, LoggedRequest, Sandbox};

use crate::arguments;
use crate::console::{Console, print_bytes};
use crate::outcome::{DONE, Failure, Telling};
use crate::providers::{PROVIDERS, Provider};
use crate::settings::environment::PROFILE_VARIABLE;
use crate::view::copyable::shell_word;
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
    let builder = builder(arguments.port, arguments.rules.clone()).on_request(tell);
    let sandbox = match start(builder).await {
        Ok(sandbox) => sandbox,
        Err(failure) => return Ok(failure.end(console, Telling::Sentence)),
    };
    // Whoever reads the lines may stop it at once, so it listens for signals before it prints them.
    let stopped = stop_signals()?;
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
    about.push(QUIET, "To list all of them, run:");
    about.push_command("ticket sandbox --list");
    for rule in &arguments.rules {
        about.line();
        about.push(QUIET, &format!("It misbehaves: {rule}"));
    }
    about.line();
    about.push(QUIET, "Ctrl-C ends it.");
    console.complain(&about);
    stopped.await;
    sandbox.stop().await;
    Ok(DONE)
}

/// Listens for Ctrl-C and SIGTERM from now on; the future ends with the first of them.
///
/// The first process of a container ignores a signal that it has no handler for.
///
/// # Errors
/// If the system refuses a handler.
#[cfg(unix)]
fn stop_signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn stop_signals() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// A stand-in at a port, with what is to go wrong; 0 is any port that is free.
fn builder(port: u16, rules: Vec<FaultRule>) -> Builder {
    let builder = Sandbox::builder().address(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    rules.into_iter().fold(builder, Builder::fault)
}

/// What was answered, for whoever asked with `-v`; the query is left out, and a status of 0 is no response.
fn tell(seen: &LoggedRequest) {
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
        let _ = writeln!(lines, "export {name}={}", shell_word(value));
    }
    lines
}
