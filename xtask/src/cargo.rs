//! Runs cargo and other programs at the root of the workspace.

use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Prefixes of the variables that `cargo run` sets for this process. Build scripts would see a change in them and run again.
const INHERITED: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_", "CARGO_PRIMARY_"];

/// Runs cargo and passes its output through.
///
/// # Errors
/// Fails if cargo cannot be started or exits with a failure.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    run_with(arguments, &[])
}

/// Runs cargo with these variables and passes its output through.
///
/// # Errors
/// Fails as [`run`] does.
pub(crate) fn run_with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let set = variables.iter().map(|(name, value)| format!("{name}=\"{value}\" "));
    let shown = format!("{}cargo {}", set.collect::<String>(), arguments.join(" "));
    println!("$ {shown}");
    let status = command(arguments).envs(variables.iter().copied()).status();
    let status = status.with_context(|| format!("cannot run `{shown}`"))?;
    ensure!(status.success(), "`{shown}` failed ({status})");
    Ok(())
}

/// Runs cargo and returns what it prints on stdout.
///
/// # Errors
/// Fails as [`run`] does.
pub(crate) fn output(arguments: &[&str]) -> Result<String> {
    let shown = format!("cargo {}", arguments.join(" "));
    let output = command(arguments).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("cannot run `{shown}`"))?;
    ensure!(output.status.success(), "`{shown}` failed ({})", output.status);
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` printed invalid UTF-8"))
}

/// Returns the root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// Prepares a program to run at the root, without stdin and without the variables of this process's package.
pub(crate) fn at_root(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| INHERITED.iter().any(|start| name.starts_with(start))) {
            command.env_remove(name);
        }
    }
    command
}

/// Prepares cargo, the one that started this process if there is one.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = at_root(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}
