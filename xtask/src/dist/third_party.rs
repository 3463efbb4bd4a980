//! The crates of other people that are in the binary, with their licenses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo;

/// The beginnings of the names of files with licenses.
const LICENSES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// What `cargo metadata` prints.
#[derive(Deserialize)]
pub(super) struct Metadata {
    packages: Vec<Package>,
    pub(super) target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    /// The registry; `None` for a package of this workspace.
    source: Option<String>,
}

impl Metadata {
    /// Reads all packages, those of tests included.
    ///
    /// # Errors
    /// Fails if cargo cannot read the workspace.
    pub(super) fn read(target: &str) -> Result<Self> {
        let arguments =
            ["metadata", "--locked", "--format-version", "1", "--filter-platform", target];
        serde_json::from_str(&cargo::output(&arguments)?)
            .context("`cargo metadata` printed something else")
    }

    /// Lists the crates in the binary, and the texts of their licenses, each once.
    ///
    /// # Errors
    /// Fails if cargo cannot read the workspace, or a license cannot be read.
    pub(super) fn third_party(&self, target: &str) -> Result<String> {
        let tree = ["tree", "--locked", "--package", "ticket-cli", "--target", target];
        let format = ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"];
        let tree = cargo::output(&[&tree[..], &format].concat())?;
        let linked: BTreeSet<_> = tree.lines().filter_map(name_and_version).collect();
        let mut list = String::from(
            "The binary `ticket` contains these crates of other people, and the standard library of Rust (MIT OR Apache-2.0).\n",
        );
        if target.contains("musl") {
            list.push_str("It also contains musl libc (MIT, https://musl.libc.org).\n");
        }
        list.push('\n');
        let mut texts = BTreeMap::<String, Vec<&str>>::new();
        for package in &self.packages {
            let id = (package.name.as_str(), package.version.as_str());
            if package.source.is_none() || !linked.contains(&id) {
                continue;
            }
            let license = package.license.as_deref().unwrap_or("see the text below");
            writeln!(list, "{} {}: {license}", id.0, id.1)?;
            let folder = package.manifest_path.parent().context("a manifest is in a folder")?;
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().to_uppercase();
                if entry.file_type()?.is_file()
                    && LICENSES.iter().any(|start| name.starts_with(start))
                {
                    let text = fs::read(entry.path())?;
                    let text = String::from_utf8_lossy(&text).trim().replace("\r\n", "\n");
                    texts.entry(text).or_default().push(&package.name);
                }
            }
        }
        for (text, mut names) in texts {
            names.dedup();
            write!(list, "\n{}\n{}\n\n{text}\n", "-".repeat(80), names.join(", "))?;
        }
        Ok(list)
    }
}

/// Reads a line of `cargo tree`, such as `serde v1.0.0`.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}
