//! Runs cargo as a person at a terminal would: in the root of the workspace, without what this process inherited.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// What `cargo run` tells its child about the package; build scripts would take it for news and build again.
const INHERITED: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_", "CARGO_PRIMARY_"];

/// Runs cargo and lets it print.
///
/// # Errors
/// Where it cannot be run or is not content; the message is the command.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    run_with(arguments, &[])
}

/// Runs cargo with these variables and lets it print.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let shown = shown(arguments, variables);
    println!("$ {shown}");
    let status = command(arguments)
        .envs(variables.iter().copied())
        .status()
        .with_context(|| format!("{shown} cannot be run"))?;
    if !status.success() {
        bail!("{shown} failed ({status})");
    }
    Ok(())
}

/// Whether cargo can do this, which it tries without a word.
pub(crate) fn is_content(arguments: &[&str]) -> bool {
    let quiet = || Stdio::null();
    command(arguments).stdout(quiet()).stderr(quiet()).status().is_ok_and(|status| status.success())
}

/// Runs cargo and takes what it prints on stdout.
///
/// # Errors
/// As [`run`].
pub(crate) fn output(arguments: &[&str]) -> Result<String> {
    let shown = shown(arguments, &[]);
    let output = command(arguments)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{shown} cannot be run"))?;
    if !output.status.success() {
        bail!("{shown} failed ({})", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{shown} printed no UTF-8"))
}

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// Any program as a person at a terminal would start it, but with nobody who responds.
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

fn command(arguments: &[&str]) -> Command {
    let mut command = at_root(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.args(arguments);
    command
}

/// The command as one would type it.
fn shown(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let variables = variables.iter().map(|(name, value)| format!("{name}=\"{value}\" "));
    format!("{}cargo {}", variables.collect::<String>(), arguments.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{command, root, shown};

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert!(manifest.starts_with("[workspace]"));
    }

    #[test]
    fn what_cargo_tells_its_child_is_not_handed_on() {
        // A test is a child of cargo, so that there is something to take away.
        assert!(std::env::var_os("CARGO_PKG_NAME").is_some());
        let command = command(&["--version"]);
        let removed: Vec<_> = command
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name.to_string_lossy().into_owned())
            .collect();
        assert!(removed.contains(&"CARGO_PKG_NAME".to_owned()), "{removed:?}");
        assert!(removed.contains(&"CARGO_MANIFEST_DIR".to_owned()), "{removed:?}");
        assert!(!removed.contains(&"CARGO".to_owned()), "{removed:?}");
        assert!(!removed.contains(&"PATH".to_owned()), "{removed:?}");
    }

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        assert_eq!(
            shown(&["doc", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")]),
            "RUSTDOCFLAGS=\"-D warnings\" cargo doc --no-deps"
        );
    }
}
