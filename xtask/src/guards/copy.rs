//! A copy of the repository in which guards can be taken out and nobody is disturbed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::Removal;
use crate::{cargo, generated};

/// A copy of the files of the working tree that are not ignored.
pub(super) struct Copy {
    pub(super) root: PathBuf,
}

impl Copy {
    /// Makes the copy, or brings it up to date: what is the same already stays as old as it is, so that it is not built again.
    ///
    /// # Errors
    /// Where git does not name the files, or one cannot be copied.
    pub(super) fn make(root: PathBuf) -> Result<Self> {
        let listed = cargo::at_root("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .context("git cannot be run")?;
        ensure!(listed.status.success(), "git does not list the files");
        let listed = String::from_utf8(listed.stdout).context("a file's name is no text")?;
        let mut files: Vec<&str> = listed.split_terminator('\0').collect();
        files.retain(|file| cargo::root().join(file).is_file());
        let copy = Self { root };
        copy.remove_others("", &files)?;
        for file in files {
            let bytes = fs::read(cargo::root().join(file))
                .with_context(|| format!("{file} cannot be read"))?;
            copy.write(file, &bytes)?;
        }
        Ok(copy)
    }

    /// Takes a guard out.
    ///
    /// # Errors
    /// Where its file cannot be read or written.
    pub(super) fn take_out(&self, removal: &Removal) -> Result<()> {
        let text = generated::read(removal.file)?;
        self.write(removal.file, text.replacen(removal.text, removal.without, 1).as_bytes())
    }

    /// Puts it back.
    ///
    /// # Errors
    /// As [`take_out`](Self::take_out).
    pub(super) fn put_back(&self, removal: &Removal) -> Result<()> {
        self.write(removal.file, generated::read(removal.file)?.as_bytes())
    }

    fn write(&self, file: &str, bytes: &[u8]) -> Result<()> {
        let place = self.root.join(file);
        if fs::read(&place).is_ok_and(|found| found == bytes) {
            return Ok(());
        }
        let folder = place.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&place, bytes))
            .with_context(|| format!("{} cannot be written", place.display()))
    }

    /// Removes what an earlier copy had and this one has not.
    fn remove_others(&self, folder: &str, files: &[&str]) -> Result<()> {
        let place = self.root.join(folder);
        if !place.is_dir() {
            return Ok(());
        }
        let unreadable = || format!("{} cannot be read", place.display());
        for entry in fs::read_dir(&place).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = Path::new(folder).join(&name).to_string_lossy().replace('\\', "/");
            if entry.file_type().with_context(unreadable)?.is_dir() {
                self.remove_others(&path, files)?;
            } else if !files.contains(&path.as_str()) {
                fs::remove_file(entry.path())
                    .with_context(|| format!("{path} cannot be removed"))?;
            }
        }
        Ok(())
    }
}
