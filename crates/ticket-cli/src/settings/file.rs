//! Reads settings from the config file: named profiles with a table for each provider.
//!
//! The file is the user's, or the one named on the command line; never a file of the current folder. Settings are taken from a
//! file with secrets only if its owner alone can read it.

mod text;

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use etcetera::BaseStrategy;
use ticket_core::{ErrorKind, VocabularyOverrides};

use super::url_pattern::UrlPattern;
use super::{small_file, transport};
use crate::console::reserve_input;
use crate::outcome::{Failure, Hint};
use crate::providers::{PROVIDERS, Provider};
use crate::setting::{SettingsOrigin, Values};
use crate::view::clean::{fact, is_unseen};
use crate::view::copyable;

/// Returns the config file of the user, even if it does not exist; `None` without an absolute home folder.
///
/// A relative home folder would lead to a file of the current folder.
pub(crate) fn default_path() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.config_dir();
    folder.is_absolute().then(|| folder.join("ticket").join("config.toml"))
}

/// Returns the file of the user's mirror, even if it does not exist; `None` without an absolute home folder.
pub(crate) fn default_mirror() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.data_dir();
    folder.is_absolute().then(|| folder.join("ticket").join("mirror.db"))
}

/// The profiles of one file.
#[derive(Debug)]
pub(crate) struct Profiles {
    path: PathBuf,
    tables: Tables,
    /// The failure if other users can read its secrets.
    permissions: Result<(), Failure>,
}

/// The profiles by name.
type Tables = BTreeMap<String, Profile>;

/// A profile: a table for each provider, and one for the transport.
#[derive(Debug, Default)]
struct Profile {
    providers: BTreeMap<&'static str, Table>,
    transport: transport::Table,
}

/// The table of a provider in a profile.
#[derive(Debug)]
struct Table {
    values: Values,
    overrides: VocabularyOverrides,
    url_pattern: Option<UrlPattern>,
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
    /// Returns the settings of a provider in a profile; they may be empty.
    ///
    /// Returns `None` if the profile does not exist and is not `required`.
    ///
    /// # Errors
    /// If a required profile does not exist, or other users can read the secrets of the file.
    pub(crate) fn set(
        &self,
        name: &str,
        provider: &Provider,
        required: bool,
    ) -> Result<Option<Values>, Failure> {
        self.permissions.clone()?;
        let origin = SettingsOrigin::Profile { name: name.to_owned(), file: self.path.clone() };
        let profile = self.profile(name, required)?;
        Ok(profile.map(|profile| match profile.providers.get(provider.name) {
            Some(table) => table.values.clone(),
            None => Values::none(origin),
        }))
    }

    /// Returns whether a profile has any setting of a provider, whatever the permissions of the file are.
    pub(crate) fn has_settings(&self, name: &str, provider: &Provider) -> bool {
        let table = self.tables.get(name).and_then(|it| it.providers.get(provider.name));
        table.is_some_and(|table| !table.values.is_empty())
    }

    /// Returns the vocabulary overrides of a provider in a profile. They are not secret, so permissions do not matter.
    ///
    /// # Errors
    /// If a required profile does not exist.
    pub(crate) fn vocabulary(
        &self,
        name: &str,
        provider: &Provider,
        required: bool,
    ) -> Result<VocabularyOverrides, Failure> {
        let table = self.profile(name, required)?.and_then(|it| it.providers.get(provider.name));
        Ok(table.map(|table| table.overrides.clone()).unwrap_or_default())
    }

    /// Returns the transport table of a profile; it may be empty.
    ///
    /// # Errors
    /// If a required profile does not exist.
    pub(crate) fn transport(
        &self,
        name: &str,
        required: bool,
    ) -> Result<transport::Table, Failure> {
        let profile = self.profile(name, required)?;
        Ok(profile.map(|profile| profile.transport.clone()).unwrap_or_default())
    }

    /// Returns the profiles and providers that have settings, whatever the permissions of the file are.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&str, &'static Provider, &Values)> {
        self.tables.iter().flat_map(|(name, profile)| {
            let of = |provider: &'static Provider| {
                let table = profile.providers.get(provider.name)?;
                (!table.values.is_empty()).then_some((name.as_str(), provider, &table.values))
            };
            PROVIDERS.iter().filter_map(of)
        })
    }

    /// Returns the web addresses of tickets, with their profiles and providers. They are not secret, so permissions do not matter.
    pub(crate) fn url_patterns(
        &self,
    ) -> impl Iterator<Item = (&str, &'static Provider, &UrlPattern)> {
        self.tables.iter().flat_map(|(name, profile)| {
            let of = |provider: &'static Provider| {
                let table = profile.providers.get(provider.name)?;
                Some((name.as_str(), provider, table.url_pattern.as_ref()?))
            };
            PROVIDERS.iter().filter_map(of)
        })
    }

    /// Returns whether the file may be used: it has no secrets, or only its owner can read it.
    ///
    /// # Errors
    /// If other users can read its secrets.
    pub(crate) fn check_permissions(&self) -> Result<(), Failure> {
        self.permissions.clone()
    }

    fn profile(&self, name: &str, required: bool) -> Result<Option<&Profile>, Failure> {
        let profile = self.tables.get(name);
        if profile.is_some() || !required {
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
/// If it cannot be read, or has an unknown key or an invalid value.
pub(crate) fn load(path: &Path) -> Result<Profiles, Failure> {
    let is_stdin = path == Path::new(STDIN);
    let shown = if is_stdin { Path::new(SHOWN_STDIN) } else { path };
    let cannot = |error: io::Error| {
        let message = format!("the config file {} cannot be read: {error}", copyable::path(shown));
        let failure = Failure::new(ErrorKind::Configuration, message);
        if error.kind() == io::ErrorKind::NotFound {
            let hint = "check the path and the profile; to create the file, run";
            let is_default = default_path().is_some_and(|default| default == path);
            let option = if is_default {
                String::new()
            } else {
                format!(" --config {}", copyable::path(path))
            };
            failure.with_hint(Hint::with_command(hint, format!("ticket auth login SOURCE{option}")))
        } else {
            failure
        }
    };
    // What a pipe gives is nowhere on the disk, so there is no mode to check.
    let (bytes, metadata) = if is_stdin {
        (small_file::read_to_end(io::stdin().lock()).map_err(cannot)?, None)
    } else if let Some(bytes) = small_file::read_pipe(path).map_err(cannot)? {
        (bytes, None)
    } else {
        let (bytes, metadata) = small_file::read(path).map_err(cannot)?;
        (bytes, Some(metadata))
    };
    let text = String::from_utf8(bytes).map_err(|_| cannot(io::Error::other("not valid UTF-8")))?;
    let tables = text::read(shown, metadata.is_some(), &text)?;
    let permissions = match metadata.filter(|_| tables.values().any(Profile::holds_secrets)) {
        Some(metadata) => check_permissions(path, &metadata),
        None => Ok(()),
    };
    Ok(Profiles { path: shown.to_owned(), tables, permissions })
}

/// The path that stands for standard input.
const STDIN: &str = "-";
/// The path that messages name instead.
const SHOWN_STDIN: &str = "/dev/stdin";

/// The config file of the command line. It is read once: a pipe can be read only once.
#[derive(Debug, Clone)]
pub(crate) struct ConfigFile(Arc<Named>);

#[derive(Debug)]
struct Named {
    path: PathBuf,
    /// What was read, once it is needed.
    profiles: OnceLock<Loaded>,
}

type Loaded = Result<Arc<Profiles>, Failure>;

impl ConfigFile {
    /// Names a config file; `-` stands for standard input, which no command may read then.
    pub(crate) fn new(path: PathBuf) -> Self {
        if path == Path::new(STDIN) {
            reserve_input();
        }
        Self(Arc::new(Named { path, profiles: OnceLock::new() }))
    }

    /// Returns the path.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// Returns the profiles.
    ///
    /// # Errors
    /// If the file is not usable.
    pub(super) fn profiles(&self) -> Result<Arc<Profiles>, Failure> {
        let Named { path, profiles } = &*self.0;
        profiles.get_or_init(|| load(path).map(Arc::new)).clone()
    }
}

/// Checks that only the owner can read the file.
fn check_permissions(path: &Path, metadata: &Metadata) -> Result<(), Failure> {
    if !small_file::others_may_read(metadata) {
        return Ok(());
    }
    let Some(mode) = small_file::mode(metadata) else {
        let message = format!(
            "{} contains secrets, and its permissions cannot be checked on this system",
            copyable::path(path)
        );
        return Err(Failure::new(ErrorKind::Configuration, message)
            .with_hint("set the settings of this provider in the environment"));
    };
    let message = format!(
        "{} contains secrets and its mode is {mode:04o}: other users can read it",
        copyable::path(path)
    );
    // A path with escaped characters would name another file in the command.
    let shown = path.to_str().filter(|path| !path.contains(is_unseen));
    let hint = shown.map_or_else(
        || Hint::from("set its mode to 600"),
        |path| {
            let folder = if path.starts_with('-') { "./" } else { "" };
            let command = format!("chmod 600 {}", copyable::shell_word(&format!("{folder}{path}")));
            Hint::with_command("make it readable by its owner only", command)
        },
    );
    Err(Failure::new(ErrorKind::Configuration, message).with_hint(hint))
}
