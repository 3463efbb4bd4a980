//! Rust text in the form that this workspace gives to all of it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo;

/// Formats a text as `cargo fmt` would.
///
/// # Errors
/// Where rustfmt cannot be run, or the text is no Rust.
pub(super) fn rust(text: &str) -> Result<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(cargo::root().join(".rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("rustfmt cannot be run; `rustup component add rustfmt` brings it")?;
    // It reads everything before it writes.
    let mut input = rustfmt.stdin.take().context("rustfmt takes no input")?;
    input.write_all(text.as_bytes()).context("rustfmt takes no input")?;
    drop(input);
    let output = rustfmt.wait_with_output().context("rustfmt gives no output")?;
    if !output.status.success() {
        bail!("rustfmt cannot read what was written:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("rustfmt prints no UTF-8")
}

#[cfg(test)]
mod tests {
    use super::rust;

    #[test]
    fn a_text_is_formatted_as_the_workspace_is_and_a_broken_one_refused() {
        assert_eq!(rust("use b;\nuse a;\nfn  f( ){}\n").unwrap(), "use a;\nuse b;\nfn f() {}\n");
        assert!(rust("fn {").is_err());
    }
}
