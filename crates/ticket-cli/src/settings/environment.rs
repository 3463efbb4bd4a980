//! Settings from the environment.

use std::env;

use jiff::Timestamp;

use super::{Place, Values};
use crate::providers::Provider;

/// The variable with the moment from which the page counts ages, in RFC 3339. Only tests and pictures need one, so it is
/// no option: completions and suggestions have every option, hidden ones too.
const NOW_VARIABLE: &str = "TICKET_NOW";

/// The variable that names a profile.
pub(crate) const PROFILE_VARIABLE: &str = "TICKET_PROFILE";

/// Returns the settings of a provider that the environment has.
pub(crate) fn read(provider: &Provider) -> Values {
    let settings = provider.settings.iter();
    let set = settings.filter_map(|it| Some((it.key, env::var_os(it.variable)?)));
    Values::new(Place::Environment, set)
}

/// The profile that the environment names; an empty name counts as none.
pub(crate) fn profile() -> Option<String> {
    let name = env::var_os(PROFILE_VARIABLE)?;
    Some(name.to_string_lossy().into_owned()).filter(|name| !name.is_empty())
}

/// The moment of reading that the environment names.
pub(crate) fn now() -> Option<Timestamp> {
    env::var(NOW_VARIABLE).ok()?.parse().ok()
}
