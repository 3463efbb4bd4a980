//! The packages of this workspace, as `cargo metadata` describes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::cargo;
use crate::tree::Tree;

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

/// Copies the files that git does not ignore, as they are in the work tree, and removes all others but `target`.
///
/// # Errors
/// Fails if git is missing, or a file cannot be read, written or removed.
pub(crate) fn copy(to: &Path) -> Result<()> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = cargo::at_root("git").args(list).output().context("cannot run git")?;
    ensure!(output.status.success(), "`git ls-files` failed");
    let files = String::from_utf8(output.stdout).context("a path is not UTF-8")?;
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    let known = Tree::read(to)?;
    let mut kept = BTreeSet::new();
    for path in files.split_terminator('\0') {
        // A deleted file is still listed until it is committed.
        let Ok(bytes) = fs::read(cargo::root().join(path)) else { continue };
        kept.insert(path);
        // An equal file keeps its time, so that cargo does not build it again.
        if known.bytes(path) == Some(&bytes[..]) {
            continue;
        }
        let file = to.join(path);
        fs::create_dir_all(file.parent().context("a file is in a folder")?)
            .and_then(|()| fs::write(&file, bytes))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    for path in known.paths().filter(|path| !kept.contains(path)) {
        fs::remove_file(to.join(path)).with_context(|| format!("cannot remove {path}"))?;
    }
    Ok(())
}
