//! Rules that no compiler checks. Each is a function from the files of the repository to its violations.

mod code;
mod links;
mod manifests;
mod secrets;

use anyhow::Result;

use crate::cargo;
use crate::tree::Tree;
use crate::violation::{self, Violation};

const RULES: &[fn(&Tree) -> Vec<Violation>] =
    &[code::violations, links::violations, manifests::violations, secrets::violations];

/// Checks every rule.
///
/// # Errors
/// Fails if a rule is broken, or a file cannot be read.
pub(crate) fn run() -> Result<()> {
    let tree = Tree::read(cargo::root())?;
    let violations: Vec<_> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    violation::report(&violations)
}

/// Returns the violations in made-up files, each as `location: message`.
#[cfg(test)]
fn found<const N: usize>(
    rule: fn(&Tree) -> Vec<Violation>,
    files: [(&str, &str); N],
) -> Vec<String> {
    let violations = rule(&Tree::from(files));
    violations.into_iter().map(|it| format!("{}: {}", it.location, it.message)).collect()
}
