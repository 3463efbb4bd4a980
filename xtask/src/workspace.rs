//! The packages of this workspace, as cargo describes them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::cargo;

/// A package of this workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// What it is, in a sentence.
    pub(crate) description: Option<String>,
    /// Its licences.
    pub(crate) license: Option<String>,
    /// The words that it is found by.
    pub(crate) keywords: Vec<String>,
    /// The shelves that it stands on.
    pub(crate) categories: Vec<String>,
    /// Its first page, a path from its folder.
    pub(crate) readme: Option<String>,
    /// The oldest Rust that builds it.
    pub(crate) rust_version: Option<String>,
    /// Where its manifest is.
    pub(crate) manifest_path: PathBuf,
    /// Its features, each with what it turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// What it depends on, in its tests too.
    pub(crate) dependencies: Vec<Dependency>,
    /// The registries that it may be published to; `None`: all.
    pub(crate) publish: Option<Vec<String>>,
    /// What is built of it.
    pub(crate) targets: Vec<Target>,
}

/// What a package depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Dependency {
    /// Its name.
    pub(crate) name: String,
    /// The versions that will do.
    pub(crate) req: String,
    /// What it is needed for, where it is not for the package itself: `dev` for its tests, `build` to build it.
    pub(crate) kind: Option<String>,
    /// Its folder, where it is a package of this workspace.
    pub(crate) path: Option<PathBuf>,
}

/// What is built of a package: a library, a program, a test.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Target {
    kind: Vec<String>,
}

impl Package {
    /// Whether others can depend on it.
    pub(crate) fn is_library(&self) -> bool {
        self.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "lib"))
    }

    /// The packages of this workspace that it depends on, in its tests too: the registry must have them first.
    pub(crate) fn siblings(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(|dependency| dependency.path.is_some())
    }
}

impl Dependency {
    /// Whether only tests need it.
    pub(crate) fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// All packages, by name.
///
/// # Errors
/// Where cargo cannot read the workspace.
pub(crate) fn packages() -> Result<Vec<Package>> {
    parse(&cargo::output(&["metadata", "--no-deps", "--format-version", "1"])?)
}

/// The packages that are published, each behind those that it needs.
///
/// # Errors
/// Where cargo cannot read the workspace, or packages need each other.
pub(crate) fn published() -> Result<Vec<Package>> {
    ordered(packages()?)
}

fn parse(metadata: &str) -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let Metadata { mut packages } =
        serde_json::from_str(metadata).context("`cargo metadata` printed something else")?;
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

/// Leaves out what is not published, and puts each behind those that it needs, otherwise as they come.
fn ordered(mut waiting: Vec<Package>) -> Result<Vec<Package>> {
    waiting.retain(|package| package.publish.as_ref().is_none_or(|to| !to.is_empty()));
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let needs_none = |package: &Package| {
            !package.siblings().any(|needed| waiting.iter().any(|other| other.name == needed.name))
        };
        let Some(next) = waiting.iter().position(needs_none) else {
            let names: Vec<_> = waiting.iter().map(|package| &*package.name).collect();
            bail!("none of these can be published before the others: {}", names.join(", "));
        };
        ordered.push(waiting.remove(next));
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::{ordered, parse};

    fn names(metadata: &str) -> Vec<String> {
        ordered(parse(metadata).unwrap()).unwrap().into_iter().map(|package| package.name).collect()
    }

    #[test]
    fn what_is_needed_comes_first_and_what_is_not_published_not_at_all() {
        let metadata = r#"{"packages": [
            {"name": "desk", "dependencies": [
                {"name": "tests", "req": "^1", "kind": "dev", "path": "a"}, {"name": "nouns", "path": "b"}]},
            {"name": "nouns", "dependencies": [{"name": "serde", "path": null}]},
            {"name": "tests", "dependencies": [{"name": "nouns", "path": "b"}]},
            {"name": "tasks", "publish": [], "dependencies": [{"name": "desk", "path": "c"}]}
        ]}"#;
        assert_eq!(names(metadata), ["nouns", "tests", "desk"]);
    }

    #[test]
    fn what_is_needed_by_tests_alone_is_known() {
        let metadata = r#"{"packages": [
            {"name": "tool", "targets": [{"kind": ["bin"]}], "dependencies": [
                {"name": "nouns", "kind": null}, {"name": "tests", "kind": "dev"}, {"name": "c", "kind": "build"}]},
            {"name": "nouns", "targets": [{"kind": ["lib"]}]}
        ]}"#;
        let packages = parse(metadata).unwrap();
        let [nouns, tool] = packages.as_slice() else { panic!("{packages:?}") };
        assert!(nouns.is_library() && !tool.is_library());
        let is_for_tests: Vec<_> =
            tool.dependencies.iter().map(super::Dependency::is_for_tests).collect();
        assert_eq!(is_for_tests, [false, true, false]);
        assert!(parse("{}").is_err());
    }

    #[test]
    fn packages_that_need_each_other_are_named() {
        let metadata = r#"{"packages": [
            {"name": "a", "dependencies": [{"name": "b", "path": "b"}]},
            {"name": "b", "dependencies": [{"name": "a", "path": "a"}]}
        ]}"#;
        let error = ordered(parse(metadata).unwrap()).unwrap_err().to_string();
        assert_eq!(error, "none of these can be published before the others: a, b");
    }
}
