//! The programs that measure, and what they print.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::cargo;

/// A program, as it is built for whoever uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    /// Reads responses, and knows of no HTTP.
    Decode,
    /// Fetches over loopback.
    Fetch,
    /// Starts the binary.
    Cold,
    /// The binary itself.
    Ticket,
}

impl Program {
    const fn name(self) -> &'static str {
        match self {
            Self::Decode => "bench-decode",
            Self::Fetch => "bench-fetch",
            Self::Cold => "bench-cold",
            Self::Ticket => "ticket",
        }
    }

    /// Builds it and says where it is.
    ///
    /// # Errors
    /// Where cargo is not content.
    pub(super) fn build(self) -> Result<PathBuf> {
        let package = if self == Self::Ticket { "ticket-cli" } else { "ticket-benchmarks" };
        let base = ["build", "--release", "--package", package, "--bin", self.name()];
        // What only reads is built as for somebody who only reads.
        let features: &[&str] = if self == Self::Decode { &["--no-default-features"] } else { &[] };
        cargo::run(&[&base[..], features].concat())?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| cargo::root().join("target"), |target| cargo::root().join(target));
        let file = format!("{}{}", self.name(), std::env::consts::EXE_SUFFIX);
        Ok(target.join("release").join(file))
    }

    /// Runs what was built, and takes what it prints: lines of words.
    ///
    /// # Errors
    /// Where it cannot be run, or fails.
    pub(super) fn lines(self, arguments: &[PathBuf]) -> Result<Vec<Vec<String>>> {
        let program = self.build()?;
        println!("$ {}", self.name());
        let output = cargo::at_root(program).args(arguments).stderr(Stdio::inherit()).output();
        let output = output.with_context(|| format!("{} cannot be run", self.name()))?;
        ensure!(output.status.success(), "{} failed ({})", self.name(), output.status);
        let text = String::from_utf8(output.stdout).context("it prints words and numbers")?;
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
        Ok(text.lines().map(words).collect())
    }
}

/// Whether a tool can be run.
pub(super) fn is_there(tool: &str) -> bool {
    let status = Command::new(tool).arg("--version").stdin(Stdio::null()).output();
    status.is_ok_and(|output| output.status.success())
}
