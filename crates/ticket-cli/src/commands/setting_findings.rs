//! What is known about the settings of a provider, without secrets.

use anstyle::Style;
use serde::Serialize;
use ticket_core::BaseUrl;

use crate::providers::{PROVIDERS, Provider};
use crate::setting::{SecretSource, Setting, Values};
use crate::settings::{self, MissingSettings};
use crate::view::clean::one_line;
use crate::view::ink::{ALARM, PLAIN, QUIET, StyledText};

/// The findings about a setting.
#[derive(Serialize)]
pub(super) struct SettingFinding {
    pub(super) name: &'static str,
    pub(super) state: State,
    /// The value, unless it is a secret.
    pub(super) value: Option<String>,
    /// Where a secret is read that is not in the config file: `command` or `file`.
    pub(super) from: Option<&'static str>,
    /// Why the value is not usable, or probably not intended.
    pub(super) problem: Option<String>,
}

/// The state of a setting.
#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Set.
    Set,
    /// Not set; the default is used.
    Default,
    /// Not set, and optional.
    NotSet,
    /// Not set, but required.
    Missing,
    /// Not set; one of several authentication methods is required.
    Alternative,
    /// Set, but excluded by another setting.
    Conflicting,
    /// Set to a value that is not usable.
    Invalid,
}

/// Describes every setting of a provider.
pub(super) fn describe_all(provider: &Provider, values: &Values) -> Vec<SettingFinding> {
    let gaps = MissingSettings::of(provider, values);
    provider.settings.iter().map(|setting| describe(provider, setting, values, &gaps)).collect()
}

fn describe(
    provider: &Provider,
    setting: &Setting,
    values: &Values,
    gaps: &MissingSettings,
) -> SettingFinding {
    let name = values.origin().name_of(setting);
    let text = values.text(setting.key);
    let base_url = text.filter(|_| setting.key == "base_url").map(BaseUrl::new);
    let rejected = base_url.and_then(Result::err);
    let rejected =
        rejected.as_ref().map(|error| error.message().trim_start_matches("the base URL "));
    let defect = values.defect(setting.key);
    let state = if defect.is_some() || rejected.is_some() {
        State::Invalid
    } else if gaps.conflicting.contains(&name) {
        State::Conflicting
    } else if values.has(setting.key) {
        State::Set
    } else if gaps.missing.contains(&name) {
        State::Missing
    } else if gaps.auth_methods.iter().flatten().any(|it| *it == name) {
        State::Alternative
    } else if setting.default.is_some() {
        State::Default
    } else {
        State::NotSet
    };
    let value = match text {
        // A rejected address may contain a password.
        _ if setting.is_secret || rejected.is_some() => None,
        Some(text) => Some(text.to_owned()),
        None if defect.is_some() => None,
        // A region has an address of its own.
        None if setting.key == "base_url" => {
            let default = settings::default_base_url(provider, values);
            default.ok().flatten().map(str::to_owned)
        }
        None => setting.default.map(str::to_owned),
    };
    let quoted = values.is_quoted(setting.key).then_some("is in quotes, which are sent too");
    let problem = defect.or(quoted).or(rejected).map(str::to_owned);
    let from = values.source(setting.key).map(SecretSource::kind);
    SettingFinding { name, state, value, from, problem }
}

/// Returns the line about a setting; `all` has all settings of the provider.
pub(super) fn row(provider: &str, all: &[SettingFinding], setting: &SettingFinding) -> StyledText {
    let (style, state) = state(provider, all, setting);
    let mut ink = StyledText::default();
    ink.fact(PLAIN, &setting.value.as_deref().map(one_line).unwrap_or_default());
    ink.fact(style, &state);
    ink.fact(ALARM, setting.problem.as_deref().unwrap_or_default());
    ink
}

fn state(provider: &str, all: &[SettingFinding], setting: &SettingFinding) -> (Style, String) {
    let (style, text) = match (setting.state, &setting.value) {
        (State::Set, Some(_)) => (PLAIN, ""),
        (State::Set, None) => match setting.from {
            Some("command") => (PLAIN, "set by a command"),
            Some(_) => (PLAIN, "set by a file"),
            None => (PLAIN, "set"),
        },
        (State::Default, _) => (QUIET, "default"),
        (State::NotSet, _) => (QUIET, "not set"),
        (State::Missing, _) => (ALARM, "MISSING"),
        (State::Alternative, _) => {
            let others = alternatives(provider, all, setting);
            return (ALARM, format!("not set (set this or {others})"));
        }
        (State::Conflicting, _) => (ALARM, "CONFLICTS WITH ANOTHER SETTING"),
        (State::Invalid, _) => (ALARM, "INVALID"),
    };
    (style, text.to_owned())
}

/// Names the settings of the other authentication methods.
fn alternatives(provider: &str, all: &[SettingFinding], setting: &SettingFinding) -> String {
    let provider = PROVIDERS.iter().find(|it| it.name == provider);
    let Some(provider) = provider else { return String::new() };
    let mut others = Vec::new();
    for keys in provider.auth_methods {
        let settings = provider.settings.iter().zip(all);
        let of_method = settings.filter(|(known, _)| keys.contains(&known.key));
        let names: Vec<_> = of_method.map(|(_, found)| found.name).collect();
        if !names.contains(&setting.name) {
            others.push(names.join(" and "));
        }
    }
    others.join(" or ")
}
