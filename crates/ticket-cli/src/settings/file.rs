//! Settings from the config file: named profiles, each with a table for each provider.
//!
//! The file is the user's own or named on the command line, never one found in the current folder. One that
//! holds secrets must be readable by its owner alone before any setting is taken from it.

mod text;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use ticket_core::{ErrorKind, VocabularyOverrides};

use super::{Place, Values, transport};
use crate::outcome::{Failure, Hint};
use crate::providers::{PROVIDERS, Provider};
use crate::view::clean::{fact, is_unseen};
use crate::view::copyable;

/// More than any list of profiles needs.
const LARGEST: u64 = 1024 * 1024;

/// The config file of the user, whether it is there or not; `None` where there is no home folder.
///
/// A home folder such as `.` would mean a file of the current folder, so it counts as none.
pub(crate) fn usual_path() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.config_dir();
    folder.is_absolute().then(|| folder.join("ticket").join("config.toml"))
}

/// The profiles of one file.
#[derive(Debug)]
pub(crate) struct Profiles {
    path: PathBuf,
    tables: Tables,
    /// Whether settings may be taken from it.
    rights: Result<(), Failure>,
}

/// What each profile says.
type Tables = BTreeMap<String, Profile>;

/// What a profile says: of each provider, and of the way to all of them.
#[derive(Debug, Default)]
struct Profile {
    providers: BTreeMap<&'static str, Table>,
    transport: transport::Table,
}

/// What a profile says of a provider.
#[derive(Debug)]
struct Table {
    values: Values,
    overrides: VocabularyOverrides,
}

impl Profile {
    fn holds_secrets(&self) -> bool {
        let has_any = |(name, table): (&&str, &Table)| {
            let settings = PROVIDERS.iter().filter(|provider| provider.name == *name);
            let mut settings = settings.flat_map(|provider| provider.settings);
            settings.any(|it| it.is_secret && table.values.has(it.key))
        };
        self.providers.iter().any(has_any) || self.transport.holds_secrets()
    }
}

impl Profiles {
    /// The settings that a profile has for a provider, which may be none.
    ///
    /// A profile that is not there is `None`, unless it `must_be` there.
    ///
    /// # Errors
    /// Where there is no such profile and it must be there, or others can read the secrets of the file.
    pub(crate) fn set(
        &self,
        name: &str,
        provider: &Provider,
        must_be: bool,
    ) -> Result<Option<Values>, Failure> {
        self.rights.clone()?;
        let place = Place::Profile { name: name.to_owned(), file: self.path.clone() };
        let profile = self.profile(name, must_be)?;
        Ok(profile.map(|profile| match profile.providers.get(provider.name) {
            Some(table) => table.values.clone(),
            None => Values::none(place),
        }))
    }

    /// Whether a profile has any setting of a provider, whoever can read them.
    pub(crate) fn has_settings(&self, name: &str, provider: &Provider) -> bool {
        let table = self.tables.get(name).and_then(|it| it.providers.get(provider.name));
        table.is_some_and(|table| !table.values.is_empty())
    }

    /// What a profile says of the words of a provider, which may be nothing. They are no secrets.
    ///
    /// # Errors
    /// Where there is no such profile and it must be there.
    pub(crate) fn vocabulary(
        &self,
        name: &str,
        provider: &Provider,
        must_be: bool,
    ) -> Result<VocabularyOverrides, Failure> {
        let table = self.profile(name, must_be)?.and_then(|it| it.providers.get(provider.name));
        Ok(table.map(|table| table.overrides.clone()).unwrap_or_default())
    }

    /// What a profile says of the way to all providers, which may be nothing.
    ///
    /// # Errors
    /// Where there is no such profile and it must be there.
    pub(crate) fn transport(&self, name: &str, must_be: bool) -> Result<transport::Table, Failure> {
        let profile = self.profile(name, must_be)?;
        Ok(profile.map(|profile| profile.transport.clone()).unwrap_or_default())
    }

    fn profile(&self, name: &str, must_be: bool) -> Result<Option<&Profile>, Failure> {
        let profile = self.tables.get(name);
        if profile.is_some() || !must_be {
            return Ok(profile);
        }
        let known: Vec<_> = self.tables.keys().map(|name| fact(name)).collect();
        let hint = if known.is_empty() {
            "the file has no profiles".into()
        } else {
            format!("the file has these profiles: {}", known.join(", "))
        };
        let message = format!("{} has no profile {name}", copyable::path(&self.path));
        Err(Failure::new(ErrorKind::Configuration, message).with_hint(hint))
    }
}

/// Reads a config file.
///
/// # Errors
/// Where it cannot be read, or has a key or a word that nobody knows.
pub(crate) fn load(path: &Path) -> Result<Profiles, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(
            ErrorKind::Configuration,
            format!("the config file {} cannot be read: {error}", copyable::path(path)),
        )
    };
    // Opening a pipe would wait for somebody who writes into it.
    check_shape(path, &fs::metadata(path).map_err(cannot)?)?;
    // What counts are the rights of the file that is read, whatever happens to its name meanwhile.
    let file = File::open(path).map_err(cannot)?;
    let about = file.metadata().map_err(cannot)?;
    check_shape(path, &about)?;
    let mut text = String::new();
    file.take(LARGEST).read_to_string(&mut text).map_err(cannot)?;
    let tables = text::read(path, &text)?;
    let rights = if tables.values().any(Profile::holds_secrets) {
        check_rights(path, &about)
    } else {
        Ok(())
    };
    Ok(Profiles { path: path.to_owned(), tables, rights })
}

/// Whether it can be a config file at all.
fn check_shape(path: &Path, about: &fs::Metadata) -> Result<(), Failure> {
    let problem = match about.len() {
        _ if !about.is_file() => "it is no file",
        ..=LARGEST => return Ok(()),
        _ => "it is larger than 1 MiB",
    };
    let message = format!("{} is no config file: {problem}", copyable::path(path));
    Err(Failure::new(ErrorKind::Configuration, message))
}

#[cfg(unix)]
fn check_rights(path: &Path, about: &fs::Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = about.permissions().mode() & 0o7777;
    let of_others = mode & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    let message = format!(
        "{} holds secrets and its mode is {mode:04o}: others may read it",
        copyable::path(path)
    );
    // A path that cannot be printed as it is would make the command change another file.
    let shown = path.to_str().filter(|path| !path.contains(is_unseen));
    let hint = shown.map_or_else(
        || Hint::from("set its mode to 600"),
        |path| {
            let folder = if path.starts_with('-') { "./" } else { "" };
            let command = format!("chmod 600 {}", copyable::shell_word(&format!("{folder}{path}")));
            Hint::with_command("make it readable by its owner alone", command)
        },
    );
    Err(Failure::new(ErrorKind::Configuration, message).with_hint(hint))
}

#[cfg(not(unix))]
fn check_rights(path: &Path, _: &fs::Metadata) -> Result<(), Failure> {
    Err(Failure::new(
        ErrorKind::Configuration,
        format!(
            "{} holds secrets, and on this system it cannot be checked who may read it",
            copyable::path(path)
        ),
    )
    .with_hint("put the settings of this provider into the environment"))
}
