//! The packages themselves: packed, built from what was packed, and looked into.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::cargo;
use crate::fault::{self, Fault};
use crate::tree::{self, Tree};
use crate::workspace::Package;

/// Where cargo puts packages, and beside each what was in it when it was built, from the root.
const FOLDER: &str = "target/package";
/// A package beyond this has something in it that nobody needs.
const LARGEST: u64 = 256 * 1024;
/// The texts of the licences, which go with every copy.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
/// What cargo writes into a package.
const BY_CARGO: [&str; 4] = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
/// What is for whoever works on the repository.
const OURS: [&str; 4] = ["benches/", "examples/", "tests/", "target/"];

/// Packs all packages together, builds each from what was packed, and looks at what is in it.
pub(super) fn run(packages: &[Package]) -> Result<()> {
    // All at once, so that each finds the others though no registry has them; as it is now, so that one can look before
    // one commits.
    let arguments: Vec<_> =
        ["package", "--quiet", "--locked", "--offline", "--allow-dirty", "--target-dir", "target"]
            .into_iter()
            .chain(packages.iter().flat_map(|package| ["--package", &*package.name]))
            .collect();
    cargo::run(&arguments)
        .context("where only the index is not at hand, `cargo update --dry-run` fetches it")?;

    let tracked = tracked()?;
    let licences = LICENCES.map(|name| (name, fs::read_to_string(cargo::root().join(name))));
    let mut faults = Vec::new();
    for package in packages {
        let name = format!("{}-{}", package.name, package.version);
        let folder = cargo::root().join(FOLDER);
        let files = Tree::read(&folder.join(&name))?;
        let packed = fs::metadata(folder.join(format!("{name}.crate")))?.len();
        println!("{name}: {} files, {} KiB packed", files.paths().count(), packed.div_ceil(1024));
        let mut whats = contents(&files, &home(package)?, &tracked);
        for (licence, text) in &licences {
            let text = text.as_ref().ok().with_context(|| format!("{licence} cannot be read"))?;
            whats.extend(lacks_licence(&files, licence, text));
        }
        if packed > LARGEST {
            whats.push(format!("it has more than {} KiB", LARGEST / 1024));
        }
        let mend = "include = […] in its Cargo.toml";
        faults.extend(whats.into_iter().map(|what| Fault::new(&package.name, what, mend)));
    }
    fault::judge(&faults)
}

/// The files that git knows.
fn tracked() -> Result<BTreeSet<String>> {
    let output = cargo::at_root("git").arg("ls-files").output().context("git cannot be run")?;
    ensure!(output.status.success(), "git does not know this folder");
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// The folder of a package, from the root.
fn home(package: &Package) -> Result<String> {
    let folder = package.manifest_path.parent().unwrap_or(Path::new(""));
    let folder = folder
        .strip_prefix(cargo::root())
        .with_context(|| format!("{} does not lie in the workspace", package.name))?;
    Ok(folder.to_string_lossy().replace('\\', "/"))
}

/// What is in a package and should not be, or should be and is not.
fn contents(files: &Tree, home: &str, tracked: &BTreeSet<String>) -> Vec<String> {
    let mut whats = Vec::new();
    for path in files.paths().filter(|path| !BY_CARGO.contains(path)) {
        if OURS.iter().any(|folder| path.starts_with(folder)) || tree::ending(path) == "snap" {
            whats.push(format!("{path} is in it, which only its makers need"));
        } else if !tracked.contains(&format!("{home}/{path}")) {
            whats.push(format!("{path} is in it, which git does not know"));
        }
    }
    if files.text("README.md").is_none() {
        whats.push("README.md is not in it".to_owned());
    }
    whats
}

fn lacks_licence(files: &Tree, name: &str, text: &str) -> Option<String> {
    // Without symbolic links a checkout has their targets as texts.
    (files.text(name) != Some(text)).then(|| format!("the text of {name} is not in it"))
}

#[cfg(test)]
mod tests {
    use super::{contents, home, lacks_licence};
    use crate::tree::Tree;
    use crate::workspace;

    fn found<const N: usize>(files: [(&str, &str); N]) -> Vec<String> {
        let tracked = ["README.md", "src/lib.rs", "src/a.snap", "tests/all.rs"];
        let tracked = tracked.map(|path| format!("crates/desk/{path}"));
        contents(&Tree::from(files), "crates/desk", &tracked.into())
    }

    #[test]
    fn sources_and_what_cargo_adds_are_as_they_should_be() {
        let files = ["README.md", "src/lib.rs", "Cargo.toml", "Cargo.lock", ".cargo_vcs_info.json"];
        assert_eq!(found(files.map(|path| (path, ""))), [""; 0]);
    }

    #[test]
    fn whatever_should_not_be_packed_is_named() {
        for (path, what) in [
            ("tests/all.rs", "tests/all.rs is in it, which only its makers need"),
            ("src/a.snap", "src/a.snap is in it, which only its makers need"),
            ("src/new.rs", "src/new.rs is in it, which git does not know"),
            (".env", ".env is in it, which git does not know"),
        ] {
            assert_eq!(found([("README.md", ""), (path, "")]), [what]);
        }
        assert_eq!(found([("src/lib.rs", "")]), ["README.md is not in it"]);
    }

    #[test]
    fn a_licence_is_there_with_its_text() {
        let lacks = Some("the text of LICENSE-MIT is not in it".to_owned());
        for (path, text, expected) in [
            ("LICENSE-MIT", "You may.", None),
            ("LICENSE-MIT", "../../LICENSE-MIT", lacks.clone()),
            ("LICENSE-APACHE", "You may.", lacks),
        ] {
            let files = Tree::from([(path, text)]);
            assert_eq!(lacks_licence(&files, "LICENSE-MIT", "You may."), expected, "{path} {text}");
        }
    }

    #[test]
    fn each_package_has_its_folder_below_the_root() {
        for package in workspace::published().unwrap() {
            let home = home(&package).unwrap();
            assert!(home == "fixtures" || home == format!("crates/{}", package.name), "{home}");
        }
    }
}
