//! Settings from the environment.

use std::env::{self, VarError};

use jiff::Timestamp;
use ticket_core::ErrorKind;

use super::{Place, Values};
use crate::outcome::Failure;
use crate::providers::Provider;

/// The variable with the moment from which the page counts ages, in RFC 3339. Only tests and pictures need one, so it is
/// no option: completions and suggestions have every option, hidden ones too.
const NOW_VARIABLE: &str = "TICKET_NOW";

/// The variable that names a profile.
pub(crate) const PROFILE_VARIABLE: &str = "TICKET_PROFILE";

/// The settings of a provider that the environment has; an empty value counts as not set.
///
/// # Errors
/// Where a value is no text.
pub(crate) fn read(provider: &Provider) -> Result<Values, Failure> {
    let mut values = Vec::new();
    for setting in provider.settings {
        match env::var(setting.variable) {
            Ok(value) => values.push((setting.key, value)),
            Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => {
                return Err(Failure::new(
                    ErrorKind::Configuration,
                    format!("the value of {} is no text", setting.variable),
                ));
            }
        }
    }
    Ok(Values::new(Place::Environment, values))
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
