//! Checks that a set of settings is complete and valid, and suggests what to do if not.

use std::ffi::OsString;

use ticket_core::{BaseUrl, ErrorKind};

use super::{DEFAULT_PROFILE, MissingSettings, ProfileSelector, open};
use crate::outcome::{Failure, Warning};
use crate::providers::Provider;
use crate::setting::{SecretSource, Setting, SettingsOrigin, Values};

/// Returns the values if they are complete and valid, or else a failure that says what is wrong.
pub(crate) fn complete(provider: &Provider, values: Values) -> Result<Values, Failure> {
    check_characters(provider, &values)?;
    let gaps = MissingSettings::of(provider, &values);
    if gaps.is_none() {
        let base_url = base_url(provider, &values)?;
        let mut values = resolve(provider, values, provider.access_keys())?;
        if values.has(REGION) {
            values.insert(BASE_URL, base_url.as_str().into());
            values.insert(REGION, OsString::new());
        }
        return Ok(values);
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

/// Reads these secrets, if a command or a file gives them.
///
/// # Errors
/// If a secret cannot be read, or has invisible characters.
pub(crate) fn resolve(
    provider: &Provider,
    mut values: Values,
    keys: impl Iterator<Item = &'static str>,
) -> Result<Values, Failure> {
    for key in keys {
        let Some(source) = values.source(key).cloned() else { continue };
        let name = format!("{key}_{}", source.kind());
        let secret = source.read().map_err(|problem| {
            let message = format!("{name} {problem}, in {}", values.origin());
            let failure = Failure::new(ErrorKind::Configuration, message);
            match source {
                SecretSource::Command(_) => failure.with_hint(
                    "run the command by hand to see why; its output and messages are not shown here",
                ),
                SecretSource::File(_) => failure.with_hint("correct the path, or create the file"),
            }
        })?;
        values.insert(key, secret);
    }
    check_characters(provider, &values).map(|()| values)
}

/// Rejects values with invisible characters or with white space at an end. The service would only report wrong credentials.
///
/// # Errors
/// If there are such values.
fn check_characters(provider: &Provider, values: &Values) -> Result<(), Failure> {
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

/// Returns what to do if only some variables of the environment are set; `None` for another origin, or without any.
pub(crate) fn partial_environment(
    provider: &Provider,
    values: &Values,
    login: &str,
) -> Option<String> {
    let set = provider.settings.iter().filter(|setting| values.has(setting.key));
    let names: Vec<_> = set.map(|setting| setting.variable).collect();
    let is_environment = *values.origin() == SettingsOrigin::Environment;
    (is_environment && !names.is_empty())
        .then(|| format!("set these as well; or unset {}, and run {login}", names.join(" and ")))
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

/// The key of the base URL.
const BASE_URL: &str = "base_url";
/// The key of the region, which stands for a base URL.
const REGION: &str = "region";

/// Returns the base URL that is used unless one is set: that of the region, or else that of the provider.
///
/// # Errors
/// If the region is unknown, or a base URL is set as well.
pub(crate) fn default_base_url(
    provider: &Provider,
    values: &Values,
) -> Result<Option<&'static str>, Failure> {
    let name = |key: &str| {
        let setting = provider.settings.iter().find(|setting| setting.key == key);
        setting.map_or(BASE_URL, |setting| values.origin().name_of(setting))
    };
    let refuse = |message: String| Failure::new(ErrorKind::Configuration, message);
    let Some(region) = values.text(REGION) else {
        let setting = provider.settings.iter().find(|setting| setting.key == BASE_URL);
        return Ok(setting.and_then(|setting| setting.default));
    };
    if values.has(BASE_URL) {
        let (region, base_url) = (name(REGION), name(BASE_URL));
        let message = format!("{region} and {base_url} are both set in {}", values.origin());
        return Err(refuse(message).with_hint("keep one of them"));
    }
    let known = provider.regions.iter().find(|(known, _)| *known == region);
    known.map(|(_, base_url)| Some(*base_url)).ok_or_else(|| {
        let names: Vec<_> = provider.regions.iter().map(|(known, _)| *known).collect();
        refuse(format!("{} in {} is not a known region", name(REGION), values.origin()))
            .with_hint(format!("use one of: {}", names.join(", ")))
    })
}

/// Returns the base URL that is set, or else the default one of the provider.
///
/// The source would reject an invalid one as well, but knows neither the setting nor its origin.
///
/// # Errors
/// If it is invalid, or missing for a provider without a default.
pub(crate) fn base_url(provider: &Provider, values: &Values) -> Result<BaseUrl, Failure> {
    let setting = provider.settings.iter().find(|setting| setting.key == BASE_URL);
    let set = values.text(BASE_URL);
    let default = default_base_url(provider, values)?;
    let Some((setting, text)) = setting.and_then(|setting| Some((setting, set.or(default)?)))
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
