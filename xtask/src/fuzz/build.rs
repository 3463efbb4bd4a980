//! Builds the targets, so that they tell libFuzzer which parts of them an input has reached.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cargo;

/// Flags of the compiler that stable Rust has: counters at every edge, and what is compared.
///
/// There is no sanitizer: none of our crates has `unsafe` code, and sanitizers would need a nightly compiler. Comparisons with
/// texts stay calls, so that libFuzzer sees what is expected and tries it.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-max-loads-per-memcmp=0",
    "-Cdebug-assertions",
    "-Coverflow-checks",
];

/// Builds all targets and says in which folder their programs are.
///
/// # Errors
/// Where cargo is not content; libFuzzer needs a C++ compiler.
pub(super) fn build(folder: &Path) -> Result<PathBuf> {
    let host = host()?;
    let place = folder.join("build");
    let place = place.to_str().context("the path of the workspace is no text")?;
    let arguments = [
        &["build", "--release", "--manifest-path", "xtask/fuzz/Cargo.toml"][..],
        // With a target of its own the flags are not those of build scripts and macros.
        &["--target", &host, "--target-dir", place],
    ];
    let flags = FLAGS.join(" ");
    cargo::run_with(&arguments.concat(), &[("RUSTFLAGS", &flags)])
        .context("the first build needs a C++ compiler, for libFuzzer")?;
    Ok(Path::new(place).join(host).join("release"))
}

/// The platform of this machine, as the compiler calls it.
fn host() -> Result<String> {
    let said = cargo::output(&["--version", "--verbose"])?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("cargo does not say what it runs on")
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn cargo_says_what_it_runs_on() {
        assert!(host().unwrap().contains('-'));
    }
}
