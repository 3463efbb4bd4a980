//! Checks a provider against a real server on this machine.

use std::env;

use anyhow::{Context, Result, bail, ensure};

use crate::cargo;

const RT: &str = "xtask/live/rt.sh";

/// The ignored tests that need a server. All of the workspace, so that nothing is built with other features.
const TESTS: [&str; 7] =
    ["test", "--workspace", "--no-fail-fast", "--test", "live", "--", "--ignored"];

/// Starts the server of a provider, runs the tests that need it, and stops it.
///
/// # Errors
/// Fails if the arguments are wrong, the server does not start, or a test fails.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let port = match arguments {
        ["rt"] => None,
        ["rt", "--port", port] => Some(*port),
        _ => bail!("expected `cargo xtask live rt [--port PORT]`"),
    };
    // Nothing is compiled while the server runs.
    cargo::run(&["test", "--quiet", "--workspace", "--test", "live", "--no-run"])?;
    let all = with_rt(port, &[], &TESTS);
    // The lists once more, from an RT that hides rows and does not count them.
    let lists = with_rt(port, &[("RT_LIVE_COUNTS", "0")], &[&TESTS[..], &["lists_"]].concat());
    all.and(lists)
}

/// Runs cargo while Request Tracker runs.
fn with_rt(port: Option<&str>, variables: &[(&str, &str)], arguments: &[&str]) -> Result<()> {
    let mut command = cargo::at_root("bash");
    command.arg(RT).arg(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).args(arguments);
    command.envs(variables.iter().copied());
    if let Some(port) = port {
        command.env("RT_LIVE_PORT", port);
    }
    println!("$ {RT} cargo {}", arguments.join(" "));
    let status = command.status().with_context(|| format!("cannot run {RT}"))?;
    ensure!(status.success(), "`{RT} cargo {}` failed ({status})", arguments.join(" "));
    Ok(())
}
