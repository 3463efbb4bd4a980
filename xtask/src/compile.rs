//! The steps in which the compiler has its say: format, clippy, tests, documentation.

use anyhow::{Context, Result, ensure};

use crate::cargo;
use crate::workspace::{self, Member};

/// The targets of `cargo xtask fuzz`, which are a workspace of their own.
const FUZZ: &str = "xtask/fuzz/Cargo.toml";

/// Is every file formatted?
pub(crate) fn format() -> Result<()> {
    cargo::run(&["fmt", "--all", "--", "--check"])?;
    for manifest in [FUZZ, "docs/example-provider/Cargo.toml"] {
        cargo::run(&["fmt", "--manifest-path", manifest, "--", "--check"])?;
    }
    Ok(())
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

/// Every test. Features that no crate of the workspace asks for get a run of their own.
pub(crate) fn test() -> Result<()> {
    cargo::run(&["test", "--workspace"])?;
    let members = workspace::members()?;
    if members.iter().any(|member| member.left_off().next().is_some()) {
        cargo::run(&["test", "--workspace", "--all-features"])?;
    }
    Ok(())
}

/// Each library by itself.
///
/// A build of the workspace unifies features: what one crate asks for, all others have. Here nobody else asks. The
/// linting leaves the tests out, because what they depend on also asks; the tests are then built and run.
pub(crate) fn alone() -> Result<()> {
    let members = workspace::members()?;
    let mut libraries = members.iter().filter(|member| member.is_library).peekable();
    ensure!(libraries.peek().is_some(), "the workspace has no library");
    let ways: Vec<_> = libraries.flat_map(ways).collect();
    for way in &ways {
        let arguments = [&["clippy"], way.as_slice(), &["--", "--deny", "warnings"]].concat();
        cargo::run(&arguments)?;
    }
    for way in &ways {
        cargo::run(&[&["test", "--quiet"], way.as_slice()].concat())?;
    }
    Ok(())
}

/// The ways in which a library can be built alone: a library without features has only one.
fn ways(library: &Member) -> Vec<Vec<&str>> {
    let package = ["--package", library.name.as_str()];
    let none = [&package[..], &["--no-default-features"]].concat();
    let all = [&package[..], &["--all-features"]].concat();
    if library.features.is_empty() { vec![none] } else { vec![none, all] }
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
    use super::ways;
    use crate::workspace::Member;

    #[test]
    fn a_library_is_built_with_none_and_with_all_of_its_features() {
        let plain = Member { name: "plain".to_owned(), ..Member::default() };
        assert_eq!(ways(&plain), [["--package", "plain", "--no-default-features"]]);
        let rich = Member { features: ["http".to_owned()].into(), ..plain };
        assert_eq!(
            ways(&rich),
            [
                ["--package", "plain", "--no-default-features"],
                ["--package", "plain", "--all-features"]
            ]
        );
    }
}
