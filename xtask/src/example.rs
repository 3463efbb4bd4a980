//! `docs/example-provider`, built and tested as somebody outside of the workspace would: as it stands, and as it was before anything
//! was decided.

use std::fs;

use anyhow::{Context, Result};

use crate::cargo;
use crate::new_provider;

/// The example, which is a workspace of its own.
const EXAMPLE: &str = "docs/example-provider";
/// A copy of it in which nothing is decided but the id.
const UNDECIDED: &str = "target/example-undecided";
/// The files of the copy that are not made anew.
const KEPT: [&str; 8] = [
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "examples/print.rs",
    "src/capabilities.rs",
    "tests/responses/42.json",
    "tests/responses/43.json",
    "tests/contract.rs",
];

/// What is undecided in the copy besides: that a code says more than the HTTP status.
const DECIDED: &str = "    .when_unknown(refusal(409, \"ticket_erased\"))\n";

/// Builds and tests both; what they have in common with the workspace is built once.
///
/// # Errors
/// Where one of them does not pass.
pub(crate) fn run() -> Result<()> {
    let manifest = format!("{EXAMPLE}/Cargo.toml");
    let form = ["--manifest-path", &manifest, "--locked", "--target-dir", "target"];
    let stale = || {
        format!(
            "where only its Cargo.lock is stale, `cargo tree --manifest-path {manifest}` mends it"
        )
    };
    cargo::run(&[&["clippy"], &form[..], &["--all-targets", "--", "--deny", "warnings"]].concat())
        .with_context(stale)?;
    cargo::run(&[&["test"], &form[..]].concat())?;
    undecided()?;
    let manifest = format!("{UNDECIDED}/Cargo.toml");
    cargo::run(&[
        "test",
        "--manifest-path",
        &manifest,
        "--target-dir",
        "target",
        "--offline",
        "--test",
        "contract",
    ])
}

/// Writes the example as `cargo xtask new-provider` makes it.
fn undecided() -> Result<()> {
    let root = cargo::root();
    let (from, to) = (root.join(EXAMPLE), root.join(UNDECIDED));
    let write = |path: &str, text: &str| {
        let file = to.join(path);
        let folder = file.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, text))
            .with_context(|| format!("{} cannot be written", file.display()))
    };
    let read = |path: &str| {
        fs::read_to_string(from.join(path))
            .with_context(|| format!("{EXAMPLE}/{path} cannot be read"))
    };
    // The copy lies as deep as the example, so that its paths lead to the same crates.
    for path in KEPT {
        // Another version: two packages of one name and version would be one to cargo, and only one of them built.
        let text = read(path)?
            .replacen("version = \"0.1.0\"\nedition", "version = \"0.0.0\"\nedition", 1)
            .replacen(DECIDED, "", 1);
        write(path, &text)?;
    }
    for (path, text) in new_provider::example()? {
        write(&path, &text)?;
    }
    Ok(())
}
