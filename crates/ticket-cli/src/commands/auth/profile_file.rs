//! Changes a config file and keeps the rest of it: comments, order, other keys.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ticket_core::ErrorKind;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value, value};

use crate::outcome::Failure;
use crate::providers::Provider;
use crate::view::copyable;

/// The name of the table with the profiles.
const PROFILES: &str = "profiles";
/// What the key of a secret ends with.
const SUFFIXES: [&str; 3] = ["", "_command", "_file"];

/// A config file under construction.
pub(super) struct ProfileFile {
    path: PathBuf,
    document: DocumentMut,
}

impl ProfileFile {
    /// Reads a file; one that does not exist is empty.
    ///
    /// # Errors
    /// If it cannot be read, or is not TOML.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let cannot = |problem: String| {
            let message = format!("the config file {} {problem}", copyable::path(path));
            Failure::new(ErrorKind::Configuration, message)
        };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(cannot(format!("cannot be read: {error}"))),
        };
        // The error of the parser shows the line, which may have a secret.
        let document = text.parse().map_err(|_| cannot("is not TOML".into()))?;
        // A link stays a link: the file that it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Ok(Self { path, document })
    }

    /// Sets a setting, or removes it if there is no text. The other ways to give it are removed.
    pub(super) fn set(
        &mut self,
        profile: &str,
        provider: &Provider,
        key: &str,
        text: Option<&str>,
    ) {
        let Some(table) = self.table(profile, provider, text.is_some()) else { return };
        for suffix in SUFFIXES {
            if !(suffix.is_empty() && text.is_some()) {
                table.remove(&format!("{key}{suffix}"));
            }
        }
        let Some(text) = text else { return };
        match table.get_mut(key) {
            // A comment after the value stays.
            Some(Item::Value(old)) => {
                let decor = old.decor().clone();
                *old = Value::from(text);
                *old.decor_mut() = decor;
            }
            _ => drop(table.insert(key, value(text))),
        }
    }

    /// Removes the settings of a provider from a profile, and tables that are empty then. Returns whether there were any.
    pub(super) fn remove(&mut self, profile: &str, provider: &Provider) -> bool {
        let Some(table) = self.table(profile, provider, false) else { return false };
        let mut is_removed = false;
        for setting in provider.settings {
            for suffix in SUFFIXES {
                is_removed |= table.remove(&format!("{}{suffix}", setting.key)).is_some();
            }
        }
        if table.is_empty() {
            let profiles = self.document.get_mut(PROFILES).and_then(Item::as_table_like_mut);
            if let Some(profiles) = profiles
                && let Some(tables) = profiles.get_mut(profile).and_then(Item::as_table_like_mut)
            {
                tables.remove(provider.name);
                if tables.is_empty() {
                    profiles.remove(profile);
                }
            }
        }
        is_removed
    }

    /// Returns the table of a provider in a profile, and adds it if it has to.
    fn table(
        &mut self,
        profile: &str,
        provider: &Provider,
        adds: bool,
    ) -> Option<&mut dyn TableLike> {
        let mut table: &mut dyn TableLike = self.document.as_table_mut();
        for (key, is_last) in [(PROFILES, false), (profile, false), (provider.name, true)] {
            if adds && !table.contains_key(key) {
                let mut new = Table::new();
                // Only the last one has a header of its own.
                new.set_implicit(!is_last);
                table.insert(key, Item::Table(new));
            }
            table = table.get_mut(key)?.as_table_like_mut()?;
        }
        Some(table)
    }

    /// Writes the file in one step, readable by its owner only.
    ///
    /// # Errors
    /// If it cannot be written; the old file is unchanged then.
    pub(super) fn save(&self) -> Result<(), Failure> {
        self.write().map_err(|error| {
            let message = format!(
                "the config file {} cannot be written: {error}",
                copyable::path(&self.path)
            );
            Failure::new(ErrorKind::Configuration, message)
        })
    }

    fn write(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            private_folder(folder)?;
        }
        let temporary = self.path.with_added_extension(format!("{}.tmp", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&temporary).and_then(|mut file| {
            file.write_all(self.document.to_string().as_bytes())?;
            file.sync_all()
        });
        written.and_then(|()| fs::rename(&temporary, &self.path)).inspect_err(|_| {
            // It may not exist.
            drop(fs::remove_file(&temporary));
        })
    }
}

/// Creates a folder that only its owner can enter, unless it exists.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::ProfileFile;
    use crate::providers::named;

    fn file(text: &str) -> ProfileFile {
        ProfileFile { path: "f".into(), document: text.parse().unwrap() }
    }

    #[test]
    fn keeps_the_rest_of_the_file() {
        let feishu = named("feishu").unwrap();
        let before = "# mine\n[profiles.a.feishu] # work\napp_id = \"old\" # note\napp_secret_command = \"pass feishu\"\n\
                      title_field = \"subject\"\n\n[profiles.a.transport]\nmax_attempts = 2\n";
        let mut file = file(before);
        file.set("a", feishu, "app_id", Some("new \"id\""));
        file.set("a", feishu, "app_secret", Some("s"));
        file.set("a", feishu, "tenant_access_token", None);
        file.set("b", feishu, "app_id", Some("b"));
        let after = "# mine\n[profiles.a.feishu] # work\napp_id = 'new \"id\"' # note\ntitle_field = \"subject\"\napp_secret = \"s\"\n\n\
                     [profiles.a.transport]\nmax_attempts = 2\n\n[profiles.b.feishu]\napp_id = \"b\"\n";
        assert_eq!(file.document.to_string(), after);
    }

    #[test]
    fn removes_settings_and_empty_tables() {
        let feishu = named("feishu").unwrap();
        for (before, after) in [
            ("[profiles.a.feishu]\napp_id = \"1\"\n", Some("")),
            (
                "# mine\n[profiles.a.feishu]\napp_id = \"1\"\n[profiles.b.rt]\nuser = \"u\"\n",
                Some("[profiles.b.rt]\nuser = \"u\"\n"),
            ),
            (
                "[profiles.a.feishu]\napp_secret_file = \"f\"\ntitle_field = \"t\"\n",
                Some("[profiles.a.feishu]\ntitle_field = \"t\"\n"),
            ),
            (
                "[profiles.a]\nfeishu = { app_id = \"1\" }\nrt = { user = \"u\" }\n",
                Some("[profiles.a]\nrt = { user = \"u\" }\n"),
            ),
            ("[profiles.a.rt]\nuser = \"u\"\n", None),
            ("", None),
        ] {
            let mut file = file(before);
            assert_eq!(file.remove("a", feishu), after.is_some(), "{before}");
            assert_eq!(file.document.to_string(), after.unwrap_or(before), "{before}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn writes_a_file_that_only_its_owner_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new folder/config.toml");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for id in ["1", "2"] {
            let mut file = ProfileFile::open(&path).unwrap();
            file.set("a", named("feishu").unwrap(), "app_id", Some(id));
            file.save().unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(text, format!("[profiles.a.feishu]\napp_id = \"{id}\"\n"));
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
        assert_eq!(entries.count(), 1, "no temporary file is left");
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        ProfileFile::open(&link).unwrap().save().unwrap();
        assert!(link.is_symlink() && !path.is_symlink());
    }
}
