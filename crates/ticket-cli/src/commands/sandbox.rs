//! `ticket sandbox`: runs the fake servers until Ctrl-C or SIGTERM.

use std::fmt::Write;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use ticket_core::ErrorKind;
use ticket_sandbox::{Builder, Fault, LoggedRequest, Sandbox};

use crate::arguments;
use crate::console::{Console, print_bytes};
use crate::outcome::{DONE, Failure, MessageFormat};
use crate::providers::{PROVIDERS, Provider};
use crate::settings::environment::{self, PROFILE_VARIABLE};
use crate::view::copyable::shell_word;
use crate::view::ink::{QUIET, StyledText};

/// Starts the sandbox, prints its environment for a shell, and waits for a signal.
pub(crate) async fn run(arguments: &arguments::Sandbox, console: &Console) -> io::Result<u8> {
    if arguments.faults {
        print_bytes(faults().as_bytes())?;
        return Ok(DONE);
    }
    if arguments.list {
        print_bytes(list(&builder(arguments)).as_bytes())?;
        return Ok(DONE);
    }
    let builder = builder(arguments).on_request(log_request);
    let sandbox = match start(builder).await {
        Ok(sandbox) => sandbox,
        Err(failure) => return Ok(failure.end(console, MessageFormat::Text)),
    };
    // A reader of the lines may send a signal at once, so the handlers come first.
    let stopped = stop_signals()?;
    print_bytes(lines(&sandbox.environment()).as_bytes())?;
    let mut about =
        StyledText::of(QUIET, &format!("The sandbox listens on {}.", sandbox.base_url()));
    for Provider { name, example, .. } in
        PROVIDERS.iter().filter(|it| Sandbox::has_fake_server(it.name))
    {
        let count = Sandbox::ticket_ids(name).len() + sandbox.generated_ids(name).count();
        about.line();
        about.push(QUIET, &format!("It has {count} {name} tickets, such as {name}:{example}."));
    }
    about.line();
    about.push(QUIET, "To print the ids of all of them, run:");
    about.push_command(&list_command(arguments));
    for rule in &arguments.rules {
        about.line();
        about.push(QUIET, &format!("Fault: {rule}"));
    }
    about.line();
    about.push(QUIET, "Press Ctrl-C to stop it.");
    console.eprint(&about);
    stopped.await;
    sandbox.stop().await;
    Ok(DONE)
}

/// Listens for Ctrl-C and SIGTERM from now on; the future completes at the first of them.
///
/// Process 1 of a container ignores signals without a handler.
///
/// # Errors
/// If a handler cannot be installed.
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

/// Prepares the sandbox of a command line; port 0 takes any free port.
fn builder(arguments: &arguments::Sandbox) -> Builder {
    let arguments::Sandbox { port, tickets, seed, rate_limit_scale, rules, .. } = arguments;
    let builder = with_tickets(*tickets, *seed)
        .address(SocketAddr::from((Ipv4Addr::LOCALHOST, *port)))
        .rate_limit_scale(*rate_limit_scale);
    rules.iter().cloned().fold(builder, Builder::fault)
}

/// Prepares a sandbox with generated tickets.
fn with_tickets(count: u32, seed: u64) -> Builder {
    // Where a `usize` is too small, the machine has no room for so many either.
    let builder = Sandbox::builder().tickets(usize::try_from(count).unwrap_or(usize::MAX), seed);
    match environment::now() {
        Some(now) => builder.epoch(now.as_millisecond()),
        None => builder,
    }
}

/// Returns the command that lists the tickets of a sandbox with these arguments.
fn list_command(arguments: &arguments::Sandbox) -> String {
    let mut command = "ticket sandbox --list".to_owned();
    // Writing to a string cannot fail.
    if arguments.tickets != arguments::Sandbox::TICKETS {
        let _ = write!(command, " --tickets {}", arguments.tickets);
    }
    if arguments.seed != arguments::Sandbox::SEED {
        let _ = write!(command, " --seed {}", arguments.seed);
    }
    command
}

/// Logs a request without its query; the status is 0 if there was no response.
fn log_request(seen: &LoggedRequest) {
    let (method, path) = (&*seen.method, &*seen.path);
    let (status, fault) = (seen.status, seen.fault);
    tracing::info!(target: "ticket_sandbox", method, path, status, fault, "request");
}

/// Starts a sandbox without faults and log, for one command.
///
/// # Errors
/// If it cannot listen.
pub(super) async fn without_faults() -> Result<Sandbox, Failure> {
    start(with_tickets(arguments::Sandbox::TICKETS, arguments::Sandbox::SEED)).await
}

/// Starts a sandbox.
///
/// # Errors
/// If it cannot listen on the port, or a rule names an unknown route.
async fn start(builder: Builder) -> Result<Sandbox, Failure> {
    builder.start().await.map_err(|error| {
        // The source of the error is the reason given by the system.
        let reason = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        let message = format!("cannot start the sandbox: {error}{}", reason.unwrap_or_default());
        Failure::new(ErrorKind::Configuration, message)
    })
}

/// Lists the fixture tickets and then the generated ones, one on each line.
fn list(builder: &Builder) -> String {
    let mut lines = String::new();
    // Writing to a string cannot fail.
    for Provider { name, .. } in PROVIDERS {
        for id in Sandbox::ticket_ids(name) {
            let _ = writeln!(lines, "{name}:{id}");
        }
    }
    for Provider { name, .. } in PROVIDERS {
        for id in builder.generated_ids(name) {
            let _ = writeln!(lines, "{name}:{id}");
        }
    }
    lines
}

/// Describes the syntax of a rule and every fault.
fn faults() -> String {
    let mut lines = format!(
        "ROUTE [REQUESTS]: FAULT\n\nROUTE     {}, or * for all\n",
        Sandbox::routes().join(", ")
    );
    lines.push_str("REQUESTS  3, 2-4, 5-, every 10, 0.5%, 0.5% seed 7; default: all of them\nFAULT     one of:\n");
    for fault in Fault::catalogue() {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "\n  {}\n      {}", fault.usage, fault.about);
        if fault.usage != fault.example {
            let _ = writeln!(lines, "      Example: {}", fault.example);
        }
    }
    lines
}

/// Returns the lines for a shell: they set the settings of the sandbox and unset all others.
fn lines(environment: &[(&'static str, String)]) -> String {
    let is_set = |variable: &str| environment.iter().any(|(name, _)| *name == variable);
    let known = PROVIDERS.iter().flat_map(|provider| provider.settings);
    let others = known.map(|setting| setting.variable).filter(|variable| !is_set(variable));
    let others: Vec<_> = others.chain([PROFILE_VARIABLE]).collect();
    let mut lines = format!("unset {}\n", others.join(" "));
    for (name, value) in environment {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "export {name}={}", shell_word(value));
    }
    lines
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use ticket_sandbox::Sandbox;

    use super::{builder, list, list_command, without_faults};
    use crate::arguments::{self, Arguments, Command};

    fn parsed(command: &str) -> arguments::Sandbox {
        match Arguments::try_parse_from(command.split(' ')).unwrap().command {
            Command::Sandbox(sandbox) => sandbox,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_fixtures_and_then_generated_tickets() {
        for (command, count) in [
            ("ticket sandbox", 300),
            ("ticket sandbox --tickets 7 --seed 2", 7),
            ("ticket sandbox --tickets 0", 0),
        ] {
            let list = list(&builder(&parsed(command)));
            for provider in ["feishu", "engagelab"] {
                let ids = list.lines().filter(|line| line.starts_with(provider));
                let fixtures = Sandbox::ticket_ids(provider);
                assert_eq!(ids.count(), fixtures.len() + count, "{command}");
            }
        }
    }

    #[test]
    fn list_command_has_the_options_of_the_sandbox() {
        for (command, expected) in [
            ("ticket sandbox", "ticket sandbox --list"),
            ("ticket sandbox --port 1 --seed 1", "ticket sandbox --list"),
            ("ticket sandbox --tickets 7 --seed 2", "ticket sandbox --list --tickets 7 --seed 2"),
        ] {
            assert_eq!(list_command(&parsed(command)), expected);
        }
        let too_many = ["ticket", "sandbox", "--tickets", "10000001"];
        assert!(Arguments::try_parse_from(too_many).is_err());
    }

    #[tokio::test]
    async fn option_has_the_tickets_of_the_command() {
        let sandbox = without_faults().await.ok().unwrap();
        let ids = builder(&parsed("ticket sandbox")).generated_ids("feishu");
        assert!(sandbox.generated_ids("feishu").eq(ids));
    }
}
