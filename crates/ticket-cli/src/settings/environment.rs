//! Settings from the environment.

use std::env::{self, VarError};

use ticket_core::ErrorKind;

use super::{Place, Values};
use crate::outcome::Failure;
use crate::providers::Provider;

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
