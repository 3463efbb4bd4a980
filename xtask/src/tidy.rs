//! Rules about files that no compiler checks. Each looks at the files of the repository, or at made-up ones in its tests.

mod code;
mod files;
mod links;
mod manifests;
mod outside;
mod rooms;
mod secrets;
mod snapshots;

use anyhow::Result;

use crate::cargo;
use crate::fault::{self, Fault};
use crate::tree::Tree;

/// Every rule.
const RULES: &[fn(&Tree) -> Vec<Fault>] = &[
    files::faults,
    rooms::faults,
    manifests::faults,
    snapshots::faults,
    links::faults,
    outside::faults,
    secrets::faults,
];

/// Holds the repository against every rule.
pub(crate) fn run() -> Result<()> {
    let tree = Tree::read(cargo::root())?;
    let faults: Vec<_> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    fault::judge(&faults)
}

/// The faults of made-up files, each as `place: what`.
#[cfg(test)]
fn found<const N: usize>(rule: fn(&Tree) -> Vec<Fault>, files: [(&str, &str); N]) -> Vec<String> {
    let faults = rule(&Tree::from(files));
    faults.into_iter().map(|fault| format!("{}: {}", fault.place, fault.what)).collect()
}
