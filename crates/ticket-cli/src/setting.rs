//! A setting of a provider, and the values of settings from one origin.

mod defect;
mod secret_source;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use ticket_core::Secret;

use crate::view::copyable;

pub(crate) use secret_source::SecretSource;

/// A setting of a provider.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The key in the config file.
    pub(crate) key: &'static str,
    /// The environment variable.
    pub(crate) variable: &'static str,
    /// Whether the value is never shown.
    pub(crate) is_secret: bool,
    /// Whether it must be set.
    pub(crate) is_required: bool,
    /// The default value.
    pub(crate) default: Option<&'static str>,
    /// Where the value is found; may be empty.
    pub(crate) place: &'static str,
}

impl Setting {
    /// Creates a setting whose value may be shown.
    pub(crate) const fn visible(key: &'static str, variable: &'static str) -> Self {
        Self { key, variable, is_secret: false, is_required: false, default: None, place: "" }
    }

    /// Creates a setting whose value is never shown.
    pub(crate) const fn secret(key: &'static str, variable: &'static str) -> Self {
        Self { key, variable, is_secret: true, is_required: false, default: None, place: "" }
    }

    /// Makes the setting required.
    pub(crate) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// Says where the value is found. `ticket auth login` asks for such settings, besides those that it needs.
    pub(crate) const fn found(self, place: &'static str) -> Self {
        Self { place, ..self }
    }

    /// Adds a default value.
    pub(crate) const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }
}

/// Where settings come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SettingsOrigin {
    /// The environment.
    Environment,
    /// A profile of a config file.
    Profile { name: String, file: PathBuf },
    /// The sandbox inside this process.
    Sandbox,
}

impl SettingsOrigin {
    /// Returns the name of a setting in this origin.
    pub(crate) fn name_of(&self, setting: &Setting) -> &'static str {
        match self {
            Self::Profile { .. } => setting.key,
            Self::Environment | Self::Sandbox => setting.variable,
        }
    }
}

impl fmt::Display for SettingsOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => formatter.write_str("the environment"),
            Self::Profile { name, file } => {
                write!(formatter, "the profile {name} of {}", copyable::path(file))
            }
            Self::Sandbox => formatter.write_str("the sandbox"),
        }
    }
}

/// The settings of one provider, all from one origin.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    origin: SettingsOrigin,
    usable: BTreeMap<&'static str, Secret>,
    /// The secrets that are read when they are needed, by key.
    elsewhere: BTreeMap<&'static str, SecretSource>,
    /// The problems of unusable values, by key.
    defects: BTreeMap<&'static str, String>,
}

impl Values {
    /// Checks the values of one origin. An empty value counts as not set.
    pub(crate) fn new<V: Into<OsString>>(
        origin: SettingsOrigin,
        values: impl IntoIterator<Item = (&'static str, V)>,
    ) -> Self {
        let mut set = Self::none(origin);
        for (key, value) in values {
            set.insert(key, value.into());
        }
        set
    }

    /// Sets a value and checks it. An empty value counts as not set.
    pub(crate) fn insert(&mut self, key: &'static str, value: OsString) {
        self.usable.remove(key);
        self.defects.remove(key);
        self.elsewhere.remove(key);
        if value.is_empty() {
            return;
        }
        match defect::check(value) {
            Ok(value) => drop(self.usable.insert(key, value)),
            Err(defect) => drop(self.defects.insert(key, defect)),
        }
    }

    /// Sets where a secret is read when it is needed.
    pub(crate) fn insert_source(&mut self, key: &'static str, source: SecretSource) {
        self.elsewhere.insert(key, source);
    }

    /// Returns where a secret is read when it is needed, unless it was read already.
    pub(crate) fn source(&self, key: &str) -> Option<&SecretSource> {
        self.elsewhere.get(key)
    }

    /// Creates settings without values.
    pub(crate) fn none(origin: SettingsOrigin) -> Self {
        Self {
            origin,
            usable: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            defects: BTreeMap::new(),
        }
    }

    /// Returns where the settings come from.
    pub(crate) fn origin(&self) -> &SettingsOrigin {
        &self.origin
    }

    /// Returns the profile that the settings come from; `None` for the environment and the sandbox.
    pub(crate) fn profile(&self) -> Option<&str> {
        match &self.origin {
            SettingsOrigin::Profile { name, .. } => Some(name),
            SettingsOrigin::Environment | SettingsOrigin::Sandbox => None,
        }
    }

    /// Returns whether no setting is set.
    pub(crate) fn is_empty(&self) -> bool {
        self.usable.is_empty() && self.defects.is_empty() && self.elsewhere.is_empty()
    }

    /// Returns whether a setting is set, to a usable value or not.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.usable.contains_key(key)
            || self.defects.contains_key(key)
            || self.elsewhere.contains_key(key)
    }

    /// Returns the problem of an unusable value, as a phrase that follows the name of the setting.
    pub(crate) fn defect(&self, key: &str) -> Option<&str> {
        self.defects.get(key).map(String::as_str)
    }

    /// Returns whether a value is in quotes, which are sent as a part of it.
    pub(crate) fn is_quoted(&self, key: &str) -> bool {
        self.usable.get(key).is_some_and(|value| defect::is_quoted(value.expose()))
    }

    /// Returns the value of a setting that may be shown.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.usable.get(key).map(Secret::expose)
    }

    /// Returns the value of a secret setting.
    pub(crate) fn secret(&self, key: &str) -> Option<Secret> {
        self.usable.get(key).cloned()
    }
}
