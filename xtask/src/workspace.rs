//! The workspace as cargo sees it: its crates, their features, their dependencies.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo;

/// A crate of the workspace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Member {
    /// Its name.
    pub(crate) name: String,
    /// Its features, without `default`.
    pub(crate) features: BTreeSet<String>,
    /// What it depends on to be built: names of crates, whether optional or not.
    pub(crate) dependencies: BTreeSet<String>,
    /// What only its tests depend on.
    pub(crate) dev_dependencies: BTreeSet<String>,
    /// Whether others can depend on it.
    pub(crate) is_library: bool,
    /// The features that a build of the whole workspace turns on.
    pub(crate) unified: BTreeSet<String>,
}

impl Member {
    /// The features that a build of the whole workspace leaves off.
    pub(crate) fn left_off(&self) -> impl Iterator<Item = &str> {
        self.features.difference(&self.unified).map(String::as_str)
    }
}

/// Reads the workspace, and fails where its lock file is stale.
///
/// # Errors
/// Where cargo cannot read it.
pub(crate) fn members() -> Result<Vec<Member>> {
    let metadata = cargo::output(&["metadata", "--no-deps", "--format-version", "1"])?;
    let form = ["--depth", "0", "--prefix", "none", "--format", "{p}|{f}"];
    let unified = cargo::output(&[&["tree", "--locked", "--workspace"], &form[..]].concat())
        .context("where only Cargo.lock is stale, `cargo tree` alone mends it")?;
    parse(&metadata, &unified)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    features: BTreeMap<String, Vec<String>>,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

/// Reads what cargo prints: the crates as JSON, and a line `NAME VERSION (PATH)|FEATURE,FEATURE` for each.
fn parse(metadata: &str, unified: &str) -> Result<Vec<Member>> {
    let metadata: Metadata =
        serde_json::from_str(metadata).context("`cargo metadata` printed something else")?;
    let mut members = Vec::new();
    for package in &metadata.packages {
        let features = unified
            .lines()
            .filter(|line| line.split_whitespace().next() == Some(&package.name))
            .find_map(|line| Some(line.rsplit_once('|')?.1))
            .with_context(|| format!("`cargo tree` does not know {}", package.name))?;
        members.push(member(package, features.split(',').map(str::to_owned).collect()));
    }
    members.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(members)
}

fn member(package: &Package, unified: BTreeSet<String>) -> Member {
    let named = |is_dev: bool| {
        let of_kind =
            move |dependency: &&Dependency| (dependency.kind.as_deref() == Some("dev")) == is_dev;
        package.dependencies.iter().filter(of_kind).map(|dependency| dependency.name.clone())
    };
    Member {
        name: package.name.clone(),
        features: package.features.keys().filter(|name| *name != "default").cloned().collect(),
        dependencies: named(false).collect(),
        dev_dependencies: named(true).collect(),
        is_library: package
            .targets
            .iter()
            .any(|target| target.kind.iter().any(|kind| kind == "lib")),
        unified,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    const METADATA: &str = r#"{
        "packages": [
            {"name": "tool", "features": {}, "targets": [{"kind": ["bin"]}],
             "dependencies": [{"name": "nouns", "kind": null}, {"name": "tests", "kind": "dev"}, {"name": "c", "kind": "build"}]},
            {"name": "nouns", "features": {"default": ["a"], "a": [], "b": []}, "targets": [{"kind": ["lib"]}],
             "dependencies": []}
        ]
    }"#;
    const UNIFIED: &str = "nouns v0.1.0 (crates/nouns)|a,default\n\ntool v0.1.0 (crates/tool)|\n";

    #[test]
    fn the_members_are_read_with_what_they_need_and_offer() {
        let members = parse(METADATA, UNIFIED).unwrap();
        let [nouns, tool] = members.as_slice() else { panic!("{members:?}") };
        assert_eq!((&*nouns.name, nouns.is_library), ("nouns", true));
        assert_eq!(nouns.left_off().collect::<Vec<_>>(), ["b"]);
        assert_eq!((&*tool.name, tool.is_library), ("tool", false));
        assert!(tool.dependencies.iter().eq(["c", "nouns"]));
        assert!(tool.dev_dependencies.iter().eq(["tests"]));
        assert!(parse(METADATA, "").is_err());
    }
}
