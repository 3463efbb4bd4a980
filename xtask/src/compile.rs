//! The steps in which the compiler has its say: format, clippy, tests, documentation.

use anyhow::{Context, Result, ensure};

use crate::cargo;
use crate::workspace::{self, Package};

/// The targets of `cargo xtask fuzz`, which are a workspace of their own.
const FUZZ: &str = "xtask/fuzz/Cargo.toml";

/// Is every file formatted?
pub(crate) fn format() -> Result<()> {
    cargo::run(&["fmt", "--all", "--", "--check"])?;
    cargo::run(&["fmt", "--manifest-path", FUZZ, "--", "--check"])
}

/// Clippy over everything at once, and over the targets of fuzzing.
pub(crate) fn lint() -> Result<()> {
    cargo::run(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "--deny",
        "warnings",
    ])?;
    // What both have in common is built once.
    let common = ["--target-dir", "target", "--lib", "--bins"];
    let arguments = [&["clippy", "--locked", "--manifest-path", FUZZ], &common[..]].concat();
    cargo::run(&[&arguments[..], &["--", "--deny", "warnings"]].concat()).with_context(|| {
        format!("where only its Cargo.lock is stale, `cargo tree --manifest-path {FUZZ}` mends it")
    })
}

/// Every test, by the command of the README.
pub(crate) fn test() -> Result<()> {
    cargo::run(&["test", "--workspace"])
}

/// Each published library by itself, as whoever depends on it has it.
///
/// A build of the workspace unifies features: what one crate asks for, all others have, of the crates below them too.
/// Here nobody else asks. The first linting leaves the tests out, because what they depend on also asks.
///
/// Features only add, as `tidy` sees to: without them a library is a part of what it is with them. So its tests are
/// built both ways, and run with all.
pub(crate) fn alone() -> Result<()> {
    let mut libraries = workspace::published()?;
    libraries.retain(Package::is_library);
    ensure!(!libraries.is_empty(), "no library is published");
    for arguments in libraries.iter().flat_map(lints) {
        cargo::run(&[&["clippy"], &arguments[..], &["--", "--deny", "warnings"]].concat())?;
    }
    for Package { name, .. } in &libraries {
        cargo::run(&["test", "--quiet", "--package", name, "--all-features"])?;
    }
    // What no crate asks for, the JSON Schema beside the promises, is asked of every provider.
    cargo::run(&["test", "--quiet", "--workspace", "--all-features", "--test", "contract"])
}

/// The ways in which clippy looks at a library: one without features has only one.
fn lints(library: &Package) -> Vec<Vec<&str>> {
    let package = ["--package", library.name.as_str()];
    let all = [&package[..], &["--all-features"]].concat();
    let none = [&package[..], &["--no-default-features"]].concat();
    let tests_of_none = [&none[..], &["--tests"]].concat();
    let is_plain = library.features.keys().all(|feature| feature == "default");
    if is_plain { vec![all] } else { vec![all, none, tests_of_none] }
}

/// Rustdoc without warnings.
pub(crate) fn document() -> Result<()> {
    cargo::run_with(
        &["doc", "--workspace", "--no-deps", "--all-features"],
        &[("RUSTDOCFLAGS", "--deny warnings")],
    )
}

#[cfg(test)]
mod tests {
    use super::lints;
    use crate::workspace::Package;

    #[test]
    fn a_library_is_looked_at_with_all_and_with_none_of_its_features() {
        let plain = Package { name: "plain".to_owned(), ..Package::default() };
        assert_eq!(lints(&plain), [["--package", "plain", "--all-features"]]);
        let features = ["default", "http"].map(|name| (name.to_owned(), Vec::new()));
        let rich = Package { features: features.into(), ..plain };
        assert_eq!(
            lints(&rich),
            [
                &["--package", "plain", "--all-features"][..],
                &["--package", "plain", "--no-default-features"],
                &["--package", "plain", "--no-default-features", "--tests"],
            ]
        );
    }
}
