//! Everything that CI runs, quick steps first.

use std::time::Instant;

use anyhow::{Context, Result};

use crate::workspace::{self, Package};
use crate::{cargo, example, layers, tidy};

/// A step, and how to fix what it finds.
struct Step {
    name: &'static str,
    run: fn() -> Result<()>,
    fix: &'static str,
}

const STEPS: &[Step] = &[
    Step { name: "format", run: format, fix: "cargo fmt --all" },
    Step { name: "tidy", run: tidy::run, fix: "the line below each violation" },
    Step { name: "layers", run: layers::run, fix: "the line below each violation" },
    Step {
        name: "clippy",
        run: clippy,
        fix: "cargo clippy --fix --workspace --all-targets --all-features --allow-dirty",
    },
    Step {
        name: "alone",
        run: alone,
        fix: "declare the feature or dependency in that crate's Cargo.toml",
    },
    Step {
        name: "test",
        run: || cargo::run(&["test", "--workspace"]),
        fix: "the code or the test; for generated pages `cargo xtask docs`, for snapshots INSTA_UPDATE=always cargo test -p CRATE",
    },
    Step {
        name: "example",
        run: example::run,
        fix: "docs/example-provider and docs/adding-a-provider.md",
    },
    Step { name: "rustdoc", run: rustdoc, fix: "the doc comment that rustdoc names" },
];

/// Runs every step until the first failure.
///
/// # Errors
/// Fails if a step fails; the message says how to fix it.
pub(crate) fn run() -> Result<()> {
    for (number, Step { name, run, fix }) in (1..).zip(STEPS) {
        println!("\n== {number} of {}: {name}", STEPS.len());
        let start = Instant::now();
        run().with_context(|| format!("step `{name}` failed\n  fix: {fix}\n  cause"))?;
        println!("{name}: {} s", start.elapsed().as_secs());
    }
    Ok(())
}

fn format() -> Result<()> {
    cargo::run(&["fmt", "--all", "--check"])
}

fn clippy() -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--all-features"];
    cargo::run(&[&arguments[..], &["--", "--deny", "warnings"]].concat())
}

/// Writes the tables of the mappings and the generated pages, or only checks the pages. They are a test, so that `cargo test` checks them without another build.
///
/// # Errors
/// Fails if a page is out of date or cannot be written.
pub(crate) fn docs(is_update: bool) -> Result<()> {
    let update: &[_] = if is_update { &[("UPDATE_DOCS", "1")] } else { &[] };
    if is_update {
        // The pages are made from the tables of the mappings, which are compiled into the providers.
        let tests = ["--test", "mapping", "--test", "contract", "table_has_the_rows"];
        cargo::run_with(&[&["test", "--quiet", "--workspace"], &tests[..]].concat(), update)?;
    }
    // All of the workspace, since a package alone would be built with other features.
    cargo::run_with(&["test", "--quiet", "--workspace", "--test", "docs"], update)
}

/// Checks each published library that has features without its default ones, and without those that the rest of the workspace asks for.
fn alone() -> Result<()> {
    let has_features =
        |package: &&Package| package.is_published_library() && !package.features.is_empty();
    for Package { name, .. } in workspace::packages()?.iter().filter(has_features) {
        cargo::run(&["check", "--quiet", "--package", name, "--no-default-features"])?;
    }
    Ok(())
}

fn rustdoc() -> Result<()> {
    let arguments = ["doc", "--quiet", "--workspace", "--no-deps", "--all-features"];
    cargo::run_with(&arguments, &[("RUSTDOCFLAGS", "--deny warnings")])
}
