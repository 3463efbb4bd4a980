//! Checks that the files of an export are those that were written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};

use serde::Serialize;

use crate::bag::{DECLARATION, MANIFEST, TAG_MANIFEST, checksum, for_each_file};
use crate::error::ExportError;

/// How an export differs from what was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BagReport {
    /// How many files are in the manifests.
    pub files: usize,
    /// The files with other bytes.
    pub changed: Vec<String>,
    /// The files that are in a manifest, and not in the folder.
    pub missing: Vec<String>,
    /// The files that are in no manifest.
    pub added: Vec<String>,
}

impl BagReport {
    /// Returns whether every file is as it was written, and there is no other.
    pub fn is_intact(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.added.is_empty()
    }

    /// Compares a file with its checksum.
    fn check(&mut self, folder: &Path, name: &str, sum: &str) -> Result<(), ExportError> {
        let path = folder.join(name);
        match path.symlink_metadata() {
            Err(_) => self.missing.push(name.to_owned()),
            Ok(metadata) if !metadata.is_file() => self.changed.push(name.to_owned()),
            Ok(_) => {
                let found = checksum(&path).map_err(ExportError::at(&path))?;
                if !found.eq_ignore_ascii_case(sum) {
                    self.changed.push(name.to_owned());
                }
            }
        }
        Ok(())
    }
}

/// Compares a folder with its manifests.
///
/// # Errors
/// [`NotABag`](ExportError::NotABag) if the folder has no readable manifest, [`Io`](ExportError::Io).
pub fn verify(folder: &Path) -> Result<BagReport, ExportError> {
    let not_a_bag = |reason: String| ExportError::NotABag { path: folder.to_owned(), reason };
    if !folder.is_dir() {
        let problem =
            if folder.exists() { "it is not a folder" } else { "there is no such folder" };
        return Err(not_a_bag(problem.to_owned()));
    }
    if !folder.join(DECLARATION).is_file() {
        return Err(not_a_bag(format!("it has no {DECLARATION}")));
    }
    let mut report = BagReport::default();
    let mut listed = BTreeMap::new();
    for manifest in [MANIFEST, TAG_MANIFEST] {
        let path = folder.join(manifest);
        if !path.is_file() {
            if manifest == MANIFEST {
                return Err(not_a_bag(format!("it has no {MANIFEST}")));
            }
            report.missing.push(manifest.to_owned());
            continue;
        }
        let text = fs::read_to_string(&path).map_err(ExportError::at(&path))?;
        for (number, line) in text.lines().enumerate() {
            let (sum, name) = entry(line).ok_or_else(|| {
                not_a_bag(format!("line {} of {manifest} is not a checksum and a path", number + 1))
            })?;
            listed.insert(name, sum);
        }
    }
    report.files = listed.len();
    let mut visit = |path: &str| {
        if let Some(sum) = listed.remove(path) {
            return report.check(folder, path, &sum);
        }
        report.added.push(path.to_owned());
        Ok(())
    };
    if folder.join("data").is_dir() {
        for_each_file(folder, "data", &mut visit)?;
    }
    for entry in fs::read_dir(folder).map_err(ExportError::at(folder))? {
        let entry = entry.map_err(ExportError::at(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "data" && name != TAG_MANIFEST {
            visit(&name)?;
        }
    }
    for (path, sum) in listed {
        report.check(folder, &path, &sum)?;
    }
    for paths in [&mut report.changed, &mut report.missing, &mut report.added] {
        paths.sort_unstable();
    }
    Ok(report)
}

/// Reads a line of a manifest: the checksum, and a path inside the folder.
fn entry(line: &str) -> Option<(String, String)> {
    let (sum, path) = line.split_once([' ', '\t'])?;
    let path = path.trim_start_matches([' ', '\t', '*']);
    let path = path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
    let is_sum = sum.len() == 64 && sum.bytes().all(|it| it.is_ascii_hexdigit());
    let is_inside = Path::new(&path).components().all(|it| matches!(it, Component::Normal(_)));
    (is_sum && is_inside && !path.is_empty()).then(|| (sum.to_owned(), path))
}
