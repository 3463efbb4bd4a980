//! Reads settings from the environment.

use std::env;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::providers::Provider;
use crate::setting::{SettingsOrigin, Values};

/// The variable with the current time of the page in RFC 3339.
///
/// It is for tests and documentation only. A hidden option would appear in completions and suggestions.
const NOW_VARIABLE: &str = "TICKET_NOW";

/// The variable that selects a profile.
pub(crate) const PROFILE_VARIABLE: &str = "TICKET_PROFILE";

/// Reads the settings of a provider from the environment.
pub(crate) fn read(provider: &Provider) -> Values {
    let settings = provider.settings.iter();
    let set = settings.filter_map(|it| Some((it.key, env::var_os(it.variable)?)));
    Values::new(SettingsOrigin::Environment, set)
}

/// Returns the profile that the environment selects; an empty name counts as none.
pub(crate) fn profile() -> Option<String> {
    let name = env::var_os(PROFILE_VARIABLE)?;
    Some(name.to_string_lossy().into_owned()).filter(|name| !name.is_empty())
}

/// The variable with the key of pseudonyms.
pub(crate) const ANONYMIZE_KEY_VARIABLE: &str = "TICKET_ANONYMIZE_KEY";

/// Returns the key of pseudonyms; an empty one counts as none.
pub(crate) fn anonymize_key() -> Option<String> {
    env::var(ANONYMIZE_KEY_VARIABLE).ok().filter(|key| !key.is_empty())
}

/// Returns the current time that the environment sets.
pub(crate) fn now() -> Option<Timestamp> {
    env::var(NOW_VARIABLE).ok()?.parse().ok()
}

/// The variable that names the file of the mirror.
const MIRROR_VARIABLE: &str = "TICKET_MIRROR";

/// Returns the file of the mirror that the environment names; an empty name counts as none.
pub(crate) fn mirror() -> Option<PathBuf> {
    env::var_os(MIRROR_VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from)
}
