//! What the program is told about a provider: one set of settings, from one place, never mixed.
//!
//! Settings of several places together would send the secret of one to the address of the other.

mod defect;
pub(crate) mod environment;
pub(crate) mod file;
pub(crate) mod transport;
mod whole;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use ticket_core::{ErrorKind, Secret, VocabularyOverrides};

use crate::outcome::Failure;
use crate::providers::Provider;
use crate::view::copyable;

pub(crate) use whole::{complete, warning};

/// One setting of a provider: its key in the config file, and its name in the environment.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The key in the config file.
    pub(crate) key: &'static str,
    /// The name in the environment.
    pub(crate) variable: &'static str,
    /// Whether it must stay unseen.
    pub(crate) is_secret: bool,
    /// Whether nothing works without it.
    pub(crate) is_required: bool,
    /// What is used where it is not set.
    pub(crate) usual: Option<&'static str>,
}

impl Setting {
    /// A setting that may be seen.
    pub(crate) const fn visible(key: &'static str, variable: &'static str) -> Self {
        Self { key, variable, is_secret: false, is_required: false, usual: None }
    }

    /// A setting that must stay unseen.
    pub(crate) const fn secret(key: &'static str, variable: &'static str) -> Self {
        Self { key, variable, is_secret: true, is_required: false, usual: None }
    }

    /// The same setting, without which nothing works.
    pub(crate) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The same setting, with what is used where it is not set.
    pub(crate) const fn usually(self, usual: &'static str) -> Self {
        Self { usual: Some(usual), ..self }
    }
}

/// Where a set of settings stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The environment.
    Environment,
    /// A profile of a config file.
    Profile { name: String, file: PathBuf },
    /// The stand-in inside of this process.
    Sandbox,
}

impl Place {
    /// How this place calls a setting.
    pub(crate) fn name_of(&self, setting: &Setting) -> &'static str {
        match self {
            Self::Profile { .. } => setting.key,
            Self::Environment | Self::Sandbox => setting.variable,
        }
    }
}

impl fmt::Display for Place {
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

/// The settings of one provider, all from the same place.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    place: Place,
    usable: BTreeMap<&'static str, Secret>,
    /// What is wrong with values that cannot be used.
    defects: BTreeMap<&'static str, String>,
}

impl Values {
    /// Checks the values of one place and keeps them; an empty text counts as not set.
    pub(crate) fn new<V: Into<OsString>>(
        place: Place,
        values: impl IntoIterator<Item = (&'static str, V)>,
    ) -> Self {
        let mut set = Self::none(place);
        for (key, value) in values {
            let value = value.into();
            if value.is_empty() {
                continue;
            }
            match defect::check(value) {
                Ok(value) => drop(set.usable.insert(key, value)),
                Err(defect) => drop(set.defects.insert(key, defect)),
            }
        }
        set
    }

    /// Returns a place without any value.
    pub(crate) fn none(place: Place) -> Self {
        Self { place, usable: BTreeMap::new(), defects: BTreeMap::new() }
    }

    /// Where all of them stand.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether none is set.
    pub(crate) fn is_empty(&self) -> bool {
        self.usable.is_empty() && self.defects.is_empty()
    }

    /// Whether this one is set, to a value that can be used or not.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.usable.contains_key(key) || self.defects.contains_key(key)
    }

    /// Returns what is wrong with the value of a setting, as a phrase behind its name.
    pub(crate) fn defect(&self, key: &str) -> Option<&str> {
        self.defects.get(key).map(String::as_str)
    }

    /// Whether a value is in quotes, which are sent as a part of it.
    pub(crate) fn is_quoted(&self, key: &str) -> bool {
        self.usable.get(key).is_some_and(|value| defect::is_quoted(value.expose()))
    }

    /// A setting that may be seen.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.usable.get(key).map(Secret::expose)
    }

    /// A setting that must stay unseen.
    pub(crate) fn secret(&self, key: &str) -> Option<Secret> {
        self.usable.get(key).cloned()
    }
}

/// What is wrong with a set: what is missing, and what contradicts itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Gaps {
    /// The names of settings without which nothing works.
    pub(crate) missing: Vec<&'static str>,
    /// Names of which one set at most may be there.
    pub(crate) contradicting: Vec<&'static str>,
    /// The ways of which one must be complete, where none was begun.
    pub(crate) ways: Vec<Vec<&'static str>>,
}

impl Gaps {
    /// Compares a set with what its provider needs.
    pub(crate) fn of(provider: &Provider, values: &Values) -> Self {
        let name = |key: &str| {
            let setting = provider.settings.iter().find(|setting| setting.key == key);
            setting.map_or("", |setting| values.place().name_of(setting))
        };
        let mut gaps = Self::default();
        for setting in provider.settings {
            if setting.is_required && !values.has(setting.key) {
                gaps.missing.push(values.place().name_of(setting));
            }
        }
        let begun: Vec<_> =
            provider.ways.iter().filter(|way| way.iter().any(|key| values.has(key))).collect();
        match begun.as_slice() {
            [] => {
                let ways = provider.ways.iter();
                gaps.ways = ways.map(|way| way.iter().map(|key| name(key)).collect()).collect();
            }
            [way] => {
                let missing = way.iter().filter(|key| !values.has(key));
                gaps.missing.extend(missing.map(|key| name(key)));
            }
            several => {
                let keys = several.iter().flat_map(|way| way.iter());
                gaps.contradicting =
                    keys.filter(|key| values.has(key)).map(|key| name(key)).collect();
            }
        }
        gaps
    }

    /// Whether the set is whole.
    pub(crate) fn is_none(&self) -> bool {
        self.missing.is_empty() && self.contradicting.is_empty() && self.ways.is_empty()
    }

    /// What is wrong, in a sentence without its full stop.
    pub(crate) fn sentence(&self, place: &Place) -> String {
        let mut parts = Vec::new();
        if !self.contradicting.is_empty() {
            let names = self.contradicting.join(" and ");
            parts.push(format!("{names} contradict each other in {place}"));
        }
        let mut missing: Vec<String> = self.missing.iter().map(|&name| name.to_owned()).collect();
        if !self.ways.is_empty() {
            let ways: Vec<_> = self.ways.iter().map(|way| way.join(" with ")).collect();
            missing.push(format!("either {}", ways.join(" or ")));
        }
        if !missing.is_empty() {
            parts.push(format!(
                "{} missing in {place}: {}",
                if missing.len() == 1 { "one setting is" } else { "settings are" },
                missing.join(", ")
            ));
        }
        parts.join("; ")
    }
}

/// Where the command line says that settings stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    /// The profile that was named.
    pub(crate) profile: Option<String>,
    /// The config file that was named.
    pub(crate) config: Option<PathBuf>,
}

/// The profile that is used where none is named.
const DEFAULT_PROFILE: &str = "default";

impl Choice {
    /// Whether a profile or a file was named.
    fn is_named(&self) -> bool {
        self.profile.is_some() || self.config.is_some()
    }

    /// The name of the profile.
    fn name(&self) -> &str {
        self.profile.as_deref().unwrap_or(DEFAULT_PROFILE)
    }
}

/// Finds the one set of settings of a provider.
///
/// Naming a profile or a file means the file. Otherwise the environment counts as soon as it has any setting of
/// this provider, and else the profile `default` of the user's file does, where there is one.
///
/// # Errors
/// Where the file cannot be used, or has not what was named. A set that is not whole is no error here.
pub(crate) fn find(provider: &Provider, choice: &Choice) -> Result<Values, Failure> {
    let named = choice.is_named();
    // Where the file was named, the environment is not even looked at.
    let environment =
        if named { Values::none(Place::Environment) } else { environment::read(provider) };
    if !environment.is_empty() {
        return Ok(environment);
    }
    let profiles = open(choice)?;
    match profiles.map(|profiles| profiles.set(choice.name(), provider, named)).transpose()? {
        Some(Some(values)) => Ok(values),
        _ => Ok(environment),
    }
}

/// Finds what the tenant says of the words of a provider: in the profile that was named, or else in the profile
/// `default`, wherever the settings come from.
///
/// # Errors
/// Where the file cannot be used, or has not what was named.
pub(crate) fn vocabulary(
    provider: &Provider,
    choice: &Choice,
) -> Result<VocabularyOverrides, Failure> {
    let profiles = open(choice)?;
    let overrides =
        profiles.map(|profiles| profiles.vocabulary(choice.name(), provider, choice.is_named()));
    Ok(overrides.transpose()?.unwrap_or_default())
}

/// Finds how calls are bounded and which way they go: in the profile that was named, or else in the profile `default`.
///
/// # Errors
/// Where the file cannot be used, or has not what was named.
pub(crate) fn transport(choice: &Choice) -> Result<transport::Table, Failure> {
    let profiles = open(choice)?;
    let table = profiles.map(|profiles| profiles.transport(choice.name(), choice.is_named()));
    Ok(table.transpose()?.unwrap_or_default())
}

/// The file that was named, or else the usual one; `None` where nothing was named and none is there.
fn open(choice: &Choice) -> Result<Option<file::Profiles>, Failure> {
    let named = choice.is_named();
    let usual = || file::usual_path().filter(|path| named || path.exists());
    match choice.config.clone().or_else(usual) {
        Some(path) => file::load(&path).map(Some),
        None if !named => Ok(None),
        None => {
            let message = "there is no home folder in which a config file could be";
            Err(Failure::new(ErrorKind::Configuration, message)
                .with_hint("name the file with --config"))
        }
    }
}

/// Returns the place in which the settings of a provider are looked for, in words.
pub(crate) fn searched(choice: &Choice) -> String {
    let named = choice.is_named();
    let file = match choice.config.clone().or_else(file::usual_path) {
        Some(path) if !named && !path.exists() => {
            format!("{} (which is not there)", copyable::path(&path))
        }
        _ => file_name(choice),
    };
    let profile = format!("the profile {} of {file}", choice.name());
    if named { profile } else { format!("the environment or {profile}") }
}

/// Returns the name of the config file, whether it is there or not.
pub(crate) fn file_name(choice: &Choice) -> String {
    choice.config.clone().or_else(file::usual_path).map_or_else(
        || "a config file (there is no home folder for one)".into(),
        |path| copyable::path(&path),
    )
}

#[cfg(test)]
mod tests;
