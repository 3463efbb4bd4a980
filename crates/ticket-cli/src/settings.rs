//! The settings of the providers. All settings of a provider come from one origin.
//!
//! Mixed settings could send the secret of one origin to the base URL of another.

pub(crate) mod environment;
pub(crate) mod file;
pub(crate) mod small_file;
pub(crate) mod transport;
pub(crate) mod url_pattern;
mod whole;

use std::path::PathBuf;
use std::sync::Arc;

use ticket_core::{ErrorKind, VocabularyOverrides};

use crate::outcome::Failure;
use crate::providers::Provider;
use crate::setting::{SettingsOrigin, Values};
use crate::view::copyable;
use file::{ConfigFile, Profiles};

pub(crate) use whole::{
    base_url, complete, default_base_url, partial_environment, resolve, warning,
};

/// The missing and the conflicting settings of a provider.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct MissingSettings {
    /// The names of required settings that are not set.
    pub(crate) missing: Vec<&'static str>,
    /// The names of settings that exclude each other.
    pub(crate) conflicting: Vec<&'static str>,
    /// The authentication methods to choose from, if none is set.
    pub(crate) auth_methods: Vec<Vec<&'static str>>,
}

impl MissingSettings {
    /// Compares settings with the needs of their provider.
    pub(crate) fn of(provider: &Provider, values: &Values) -> Self {
        let name = |key: &str| {
            let setting = provider.settings.iter().find(|setting| setting.key == key);
            setting.map_or("", |setting| values.origin().name_of(setting))
        };
        let mut gaps = Self::default();
        for setting in provider.settings {
            if setting.is_required && !values.has(setting.key) {
                gaps.missing.push(values.origin().name_of(setting));
            }
        }
        let begun: Vec<_> = provider
            .auth_methods
            .iter()
            .filter(|keys| keys.iter().any(|key| values.has(key)))
            .collect();
        match begun.as_slice() {
            [] => {
                let auth_methods = provider.auth_methods.iter();
                gaps.auth_methods =
                    auth_methods.map(|keys| keys.iter().map(|key| name(key)).collect()).collect();
            }
            [keys] => {
                let missing = keys.iter().filter(|key| !values.has(key));
                gaps.missing.extend(missing.map(|key| name(key)));
            }
            several => {
                let keys = several.iter().flat_map(|keys| keys.iter());
                gaps.conflicting =
                    keys.filter(|key| values.has(key)).map(|key| name(key)).collect();
            }
        }
        gaps
    }

    /// Returns whether nothing is missing or conflicting.
    pub(crate) fn is_none(&self) -> bool {
        self.missing.is_empty() && self.conflicting.is_empty() && self.auth_methods.is_empty()
    }

    /// Describes what is wrong.
    pub(crate) fn describe(&self, origin: &SettingsOrigin) -> String {
        let mut parts = Vec::new();
        if !self.conflicting.is_empty() {
            let names = self.conflicting.join(", ");
            parts.push(format!("settings of several authentication methods in {origin}: {names}"));
        }
        let mut missing: Vec<String> = self.missing.iter().map(|&name| name.to_owned()).collect();
        if !self.auth_methods.is_empty() {
            let method = |names: &Vec<&str>| match names.as_slice() {
                [name] => (*name).to_owned(),
                names => format!("both {}", names.join(" and ")),
            };
            let auth_methods: Vec<_> = self.auth_methods.iter().map(method).collect();
            let and = if missing.is_empty() { "" } else { "and " };
            missing.push(format!("{and}either {}", auth_methods.join(" or ")));
        }
        if !missing.is_empty() {
            parts.push(format!(
                "{} missing in {origin}: {}",
                if missing.len() == 1 { "one setting is" } else { "settings are" },
                missing.join(", ")
            ));
        }
        parts.join("; ")
    }
}

/// The profile that the command line or the environment selects.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProfileSelector {
    /// The selected profile.
    pub(crate) profile: Option<String>,
    /// The selected config file.
    pub(crate) config: Option<ConfigFile>,
}

/// The name of the default profile.
const DEFAULT_PROFILE: &str = "default";

impl ProfileSelector {
    /// Selects another profile, if one is given.
    pub(crate) fn with_profile(&self, profile: Option<&str>) -> Self {
        let profile = profile.map(str::to_owned).or_else(|| self.profile.clone());
        Self { profile, config: self.config.clone() }
    }

    /// Returns whether a profile or a file is selected.
    fn is_named(&self) -> bool {
        self.profile.is_some() || self.config.is_some()
    }

    /// Returns the name of the profile.
    pub(crate) fn name(&self) -> &str {
        self.profile.as_deref().unwrap_or(DEFAULT_PROFILE)
    }
}

/// Finds the settings of a provider, complete or not.
///
/// If a profile or a file is selected, only the file counts. Otherwise the environment is used if it has any setting of
/// the provider, and else the profile `default` of the user's file, if it exists.
///
/// # Errors
/// If the file is not usable, or the selected profile does not exist.
pub(crate) fn find(provider: &Provider, selector: &ProfileSelector) -> Result<Values, Failure> {
    let named = selector.is_named();
    let environment =
        if named { Values::none(SettingsOrigin::Environment) } else { environment::read(provider) };
    if !environment.is_empty() {
        return Ok(environment);
    }
    let profiles = open(selector)?;
    match profiles.map(|profiles| profiles.set(selector.name(), provider, named)).transpose()? {
        Some(Some(values)) => Ok(values),
        _ => Ok(environment),
    }
}

/// Finds the vocabulary overrides of a provider in the selected profile, by default in the profile `default`.
///
/// The origin of the settings has no influence.
///
/// # Errors
/// If the file is not usable, or the selected profile does not exist.
pub(crate) fn vocabulary(
    provider: &Provider,
    selector: &ProfileSelector,
) -> Result<VocabularyOverrides, Failure> {
    let profiles = open(selector)?;
    let overrides = profiles
        .map(|profiles| profiles.vocabulary(selector.name(), provider, selector.is_named()));
    Ok(overrides.transpose()?.unwrap_or_default())
}

/// Finds the transport table of the selected profile, by default of the profile `default`.
///
/// # Errors
/// If the file is not usable, or the selected profile does not exist.
pub(crate) fn transport(selector: &ProfileSelector) -> Result<transport::Table, Failure> {
    let profiles = open(selector)?;
    let table = profiles.map(|profiles| profiles.transport(selector.name(), selector.is_named()));
    Ok(table.transpose()?.unwrap_or_default())
}

/// A ticket that a web address may name.
pub(crate) struct TicketAt {
    pub(crate) provider: &'static Provider,
    /// The profile; `None` for the selected one, because a source without a profile means it.
    pub(crate) profile: Option<String>,
    pub(crate) id: String,
}

/// Finds the tickets that a web address may name, by the patterns of all profiles. The selected profile comes first.
///
/// # Errors
/// If the file is not usable.
pub(crate) fn tickets_at(url: &str, selector: &ProfileSelector) -> Result<Vec<TicketAt>, Failure> {
    let profiles = open(selector)?;
    let patterns = profiles.iter().flat_map(|it| it.url_patterns());
    let mut found: Vec<_> = patterns
        .filter_map(|(profile, provider, pattern)| {
            let profile = (profile != selector.name()).then(|| profile.to_owned());
            Some(TicketAt { provider, profile, id: pattern.id(url)?.to_owned() })
        })
        .collect();
    found.sort_by_key(|ticket| ticket.profile.is_some());
    Ok(found)
}

/// Reads the selected file, or else the file of the user; `None` if nothing is selected and that file does not exist.
///
/// # Errors
/// If the file is not usable, or there is no home folder for it.
pub(crate) fn open(selector: &ProfileSelector) -> Result<Option<Arc<Profiles>>, Failure> {
    let named = selector.is_named();
    if let Some(config) = &selector.config {
        return config.profiles().map(Some);
    }
    match file::default_path().filter(|path| named || path.exists()) {
        Some(path) => file::load(&path).map(|profiles| Some(Arc::new(profiles))),
        None if !named => Ok(None),
        None => {
            let message = "no home folder found for the config file";
            Err(Failure::new(ErrorKind::Configuration, message)
                .with_hint("name the file with --config"))
        }
    }
}

/// Describes where the settings of a provider are looked for.
pub(crate) fn searched(selector: &ProfileSelector) -> String {
    let named = selector.is_named();
    let file = match path(selector) {
        Some(path) if !named && !path.exists() => {
            format!("{} (does not exist)", copyable::path(&path))
        }
        _ => file_name(selector),
    };
    let profile = format!("the profile {} of {file}", selector.name());
    if named { profile } else { format!("the environment or {profile}") }
}

/// Returns the name of the config file, even if it does not exist.
pub(crate) fn file_name(selector: &ProfileSelector) -> String {
    path(selector)
        .map_or_else(|| "a config file (no home folder found)".into(), |path| copyable::path(&path))
}

/// Returns the path of the config file, even if it does not exist; `None` without a home folder.
pub(crate) fn path(selector: &ProfileSelector) -> Option<PathBuf> {
    let named = selector.config.as_ref().map(|config| config.path().to_owned());
    named.or_else(file::default_path)
}

#[cfg(test)]
mod tests;
