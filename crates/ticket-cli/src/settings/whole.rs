//! Whether a set of settings can be used, and the way out where it cannot.

use ticket_core::{BaseUrl, ErrorKind};

use super::{Choice, DEFAULT_PROFILE, Gaps, Place, Values, open};
use crate::outcome::Failure;
use crate::providers::Provider;

/// A set that is whole and whose base URL is one, or the failure that says what is wrong with it.
pub(crate) fn complete(provider: &Provider, values: Values) -> Result<Values, Failure> {
    let gaps = Gaps::of(provider, &values);
    if gaps.is_none() {
        return check_base_url(provider, &values).map(|()| values);
    }
    let mut message = gaps.sentence(values.place());
    if values.is_empty() {
        message = format!("{} is not configured: {message}", provider.decoder.title());
    }
    let failure = Failure::new(ErrorKind::Configuration, message);
    Err(match values.place() {
        _ if !gaps.contradicting.is_empty() => {
            failure.with_hint("remove all but one of the ways to log in")
        }
        Place::Profile { name, .. } if values.is_empty() => failure
            .with_hint(format!("add a table [profiles.{name}.{}] to the file", provider.name)),
        Place::Environment if !values.is_empty() && has_default_profile(provider) => {
            failure.with_hint(hidden(provider, &values))
        }
        _ => failure,
    })
}

/// Whether the usual file has settings of this provider.
fn has_default_profile(provider: &Provider) -> bool {
    let profiles = open(&Choice::default()).ok().flatten();
    profiles.is_some_and(|profiles| profiles.has_settings(DEFAULT_PROFILE, provider))
}

/// Why the default profile does not count.
fn hidden(provider: &Provider, values: &Values) -> String {
    let set = provider.settings.iter().filter(|setting| values.has(setting.key));
    let names: Vec<_> = set.map(|setting| setting.variable).collect();
    let (are, them) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
    let names = names.join(" and ");
    format!(
        "the environment counts because {names} {are} set; unset {them} or use --profile {DEFAULT_PROFILE}"
    )
}

/// The desk would refuse it as well, but knows neither the setting nor its place.
fn check_base_url(provider: &Provider, values: &Values) -> Result<(), Failure> {
    let setting = provider.settings.iter().find(|setting| setting.key == "base_url");
    let Some((setting, text)) = setting.zip(values.text("base_url")) else { return Ok(()) };
    BaseUrl::new(text).map(drop).map_err(|error| {
        let name = format!("{} in {}", values.place().name_of(setting), values.place());
        let usual = setting.usual.unwrap_or_default();
        Failure::of(&error)
            .about(&name)
            .with_hint(format!("for {} it is usually {usual}", provider.decoder.title()))
    })
}
