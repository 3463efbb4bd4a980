//! The packages of this workspace, as `cargo metadata` describes them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo;

/// A package of this workspace.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// All dependencies, those of tests included.
    pub(crate) dependencies: Vec<Dependency>,
    /// The registries to publish to: `None` means any, an empty list means none.
    pub(crate) publish: Option<Vec<String>>,
    pub(crate) targets: Vec<Target>,
}

/// A dependency of a package.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `dev`, `build`, or `None` for a normal dependency.
    pub(crate) kind: Option<String>,
    /// The folder of a package of this workspace.
    pub(crate) path: Option<PathBuf>,
}

/// A library, a program, a test.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Target {
    kind: Vec<String>,
}

impl Package {
    /// Returns whether this is a library for other people.
    pub(crate) fn is_published_library(&self) -> bool {
        let is_library = |target: &Target| target.kind.iter().any(|kind| kind == "lib");
        self.publish.as_ref().is_none_or(|to| !to.is_empty()) && self.targets.iter().any(is_library)
    }
}

/// Returns all packages, sorted by name.
///
/// # Errors
/// Fails if cargo cannot read the workspace.
pub(crate) fn packages() -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let metadata = cargo::output(&["metadata", "--no-deps", "--format-version", "1"])?;
    let Metadata { mut packages } =
        serde_json::from_str(&metadata).context("`cargo metadata` printed something else")?;
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}
