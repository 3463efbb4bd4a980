//! The files of the repository, read once; made up in tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The files of a repository by their paths, which begin at its root and have `/` on every system.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, Vec<u8>>,
}

/// Folders that hold nothing of ours.
const NOT_OURS: [&str; 2] = [".git", "target"];

impl Tree {
    /// Reads all files below this folder.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    fn read_folder(&mut self, root: &Path, folder: &str) -> Result<()> {
        let place = root.join(folder);
        let unreadable = || format!("{} cannot be read", place.display());
        for entry in fs::read_dir(&place).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let kind = entry.file_type().with_context(unreadable)?;
            if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
                self.read_folder(root, &path)?;
            } else if kind.is_file() {
                let bytes =
                    fs::read(entry.path()).with_context(|| format!("{path} cannot be read"))?;
                self.files.insert(path, bytes);
            }
        }
        Ok(())
    }

    /// The paths of all files.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Every file that is text, with its path.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, bytes)| Some((&**path, str::from_utf8(bytes).ok()?)))
    }

    /// Every file with this ending (`rs`, `md`) that is text, with its path.
    pub(crate) fn ending_in(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(move |(path, _)| self::ending(path) == ending)
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        str::from_utf8(self.files.get(path)?).ok()
    }

    /// Whether there is such a file, or a folder with files.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self.files.keys().any(|file| file.starts_with(&folder))
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Tree {
    fn from(files: [(&str, &str); N]) -> Self {
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        Self { files: files.into() }
    }
}

/// The ending of a path, without its dot.
pub(crate) fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Where a relative link in a file leads: a path from the root, or `None` where it leaves the repository.
pub(crate) fn resolve(file: &str, link: &str) -> Option<String> {
    let mut steps: Vec<&str> = file.split('/').collect();
    steps.pop();
    for step in link.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{Tree, resolve};
    use crate::cargo;

    #[test]
    fn the_repository_is_read_without_what_is_built() {
        let tree = Tree::read(cargo::root()).unwrap();
        assert!(tree.has("Cargo.toml"));
        assert!(tree.has("xtask/src"));
        assert!(tree.text("xtask/src/tree.rs").is_some_and(|text| text.starts_with("//!")));
        assert!(
            tree.paths().all(|path| !path.starts_with("target/") && !path.starts_with(".git/"))
        );
    }

    #[test]
    fn a_link_leads_where_a_reader_would_end_up() {
        for (file, link, target) in [
            ("README.md", "docs/errors.md", Some("docs/errors.md")),
            ("docs/errors.md", "../README.md", Some("README.md")),
            ("docs/errors.md", "./mapping.md", Some("docs/mapping.md")),
            ("crates/a/README.md", "../../docs/", Some("docs")),
            ("README.md", "../elsewhere", None),
            ("docs/errors.md", "../../elsewhere", None),
        ] {
            assert_eq!(resolve(file, link).as_deref(), target, "{file} {link}");
        }
    }
}
