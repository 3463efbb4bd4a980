//! Checks that a set of settings is complete and valid, and suggests what to do if not.

use ticket_core::{BaseUrl, ErrorKind};

use super::{DEFAULT_PROFILE, MissingSettings, ProfileSelector, open};
use crate::outcome::{Failure, Warning};
use crate::providers::Provider;
use crate::setting::{Setting, SettingsOrigin, Values};

/// Returns the values if they are complete and valid, or else a failure that says what is wrong.
pub(crate) fn complete(provider: &Provider, values: Values) -> Result<Values, Failure> {
    check_characters(provider, &values)?;
    let gaps = MissingSettings::of(provider, &values);
    if gaps.is_none() {
        return base_url(provider, &values).map(|_| values);
    }
    let mut message = gaps.describe(values.origin());
    if values.is_empty() {
        message = format!("{} is not configured: {message}", provider.decoder.title());
    }
    let failure = Failure::new(ErrorKind::Configuration, message);
    Err(match values.origin() {
        _ if !gaps.conflicting.is_empty() => {
            failure.with_hint("keep only one authentication method")
        }
        SettingsOrigin::Profile { name, .. } if values.is_empty() => failure
            .with_hint(format!("add a table [profiles.{name}.{}] to the file", provider.name)),
        SettingsOrigin::Environment if !values.is_empty() && has_default_profile(provider) => {
            failure.with_hint(hidden(provider, &values))
        }
        _ => failure,
    })
}

/// Rejects values with invisible characters or with white space at an end. The service would only report wrong credentials.
///
/// # Errors
/// If there are such values.
pub(crate) fn check_characters(provider: &Provider, values: &Values) -> Result<(), Failure> {
    let origin = values.origin();
    let defect = |it: &Setting| Some(format!("{} {}", origin.name_of(it), values.defect(it.key)?));
    let defects: Vec<_> = provider.settings.iter().filter_map(defect).collect();
    if defects.is_empty() {
        return Ok(());
    }
    let message = format!("{}, in {origin}", defects.join(" and "));
    Err(Failure::new(ErrorKind::Configuration, message)
        .with_hint("remove these characters; they would be sent as part of the value"))
}

/// Returns a warning about values that are valid but probably wrong.
pub(crate) fn warning(provider: &Provider, values: &Values) -> Option<Warning> {
    let quoted = provider.settings.iter().filter(|it| values.is_quoted(it.key));
    let names: Vec<_> = quoted.map(|it| values.origin().name_of(it)).collect();
    let (is, them) = match names.len() {
        0 => return None,
        1 => ("is", "its quotes are sent as part of it"),
        _ => ("are", "their quotes are sent as part of them"),
    };
    Some(Warning::new(
        format!("{} {is} in quotes, in {}", names.join(" and "), values.origin()),
        format!("{them}; remove them unless the value has them"),
    ))
}

/// Returns whether the default profile has settings of this provider.
fn has_default_profile(provider: &Provider) -> bool {
    let profiles = open(&ProfileSelector::default()).ok().flatten();
    profiles.is_some_and(|profiles| profiles.has_settings(DEFAULT_PROFILE, provider))
}

/// Explains why the default profile is not used.
fn hidden(provider: &Provider, values: &Values) -> String {
    let set = provider.settings.iter().filter(|setting| values.has(setting.key));
    let names: Vec<_> = set.map(|setting| setting.variable).collect();
    let (are, them) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
    let names = names.join(" and ");
    format!(
        "settings from the environment are used because {names} {are} set; unset {them} or use --profile {DEFAULT_PROFILE}"
    )
}

/// Returns the base URL that is set, or else the default one of the provider.
///
/// The source would reject an invalid one as well, but knows neither the setting nor its origin.
///
/// # Errors
/// If it is invalid, or missing for a provider without a default.
pub(crate) fn base_url(provider: &Provider, values: &Values) -> Result<BaseUrl, Failure> {
    let setting = provider.settings.iter().find(|setting| setting.key == "base_url");
    let set = values.text("base_url");
    let Some((setting, text)) =
        setting.and_then(|setting| Some((setting, set.or(setting.default)?)))
    else {
        return Err(Failure::new(ErrorKind::Configuration, "the base URL is missing"));
    };
    BaseUrl::new(text).map_err(|error| {
        let name = format!("{} in {}", values.origin().name_of(setting), values.origin());
        let title = provider.decoder.title();
        let hint = match setting.default {
            Some(default) => format!("the default for {title} is {default}"),
            None => "write the address of the service, such as https://rt.example.com".to_owned(),
        };
        Failure::of(&error).about(&name).with_hint(hint)
    })
}
