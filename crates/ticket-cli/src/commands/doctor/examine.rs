//! Examines one provider: its settings, and whether its service responds.

use serde::Serialize;
use ticket_core::transport::TransportConfig;
use ticket_core::{BaseUrl, TicketId};
use ticket_sandbox::Sandbox;

use crate::address::SourceAddress;
use crate::commands::configuration::Configuration;
use crate::commands::transports::Transports;
use crate::outcome::Failure;
use crate::setting::{Setting, Values};
use crate::settings::transport::{TransportEntry, environment_entries};
use crate::settings::{self, MissingSettings};

/// The findings about a provider.
#[derive(Serialize)]
pub(super) struct Finding {
    pub(super) provider: &'static str,
    pub(super) title: &'static str,
    /// Where its settings come from; `None` if there are none.
    pub(super) origin: Option<String>,
    pub(super) settings: Vec<SettingFinding>,
    /// The transport settings that differ from the defaults.
    pub(super) transport: Vec<TransportFinding>,
    /// Whether its calls go through a proxy; `None` if the settings are not usable.
    pub(super) route: Option<String>,
    pub(super) checks: Vec<Check>,
    /// The failure of having no settings. It only counts if no provider has any.
    #[serde(skip)]
    no_settings: Option<Failure>,
}

impl Finding {
    /// Turns missing settings into a failure.
    pub(super) fn need_settings(&mut self) {
        if let Some(failure) = self.no_settings.take() {
            self.checks = vec![Check::failed("settings", failure)];
        }
    }
}

/// The findings about a setting.
#[derive(Serialize)]
pub(super) struct SettingFinding {
    pub(super) name: &'static str,
    pub(super) state: State,
    /// The value, unless it is a secret.
    pub(super) value: Option<String>,
    /// Why the value is not usable, or probably not intended.
    pub(super) problem: Option<String>,
}

/// The findings about a transport setting.
#[derive(Serialize)]
pub(super) struct TransportFinding {
    pub(super) name: &'static str,
    /// The value; for a proxy only host and port.
    pub(super) value: String,
    /// Where it comes from.
    pub(super) origin: String,
    pub(super) state: Use,
}

/// Whether a transport setting is used.
#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Use {
    /// It is used.
    Used,
    /// It belongs to another origin than the credentials.
    NotUsed,
}

impl From<TransportEntry> for TransportFinding {
    fn from(described: TransportEntry) -> Self {
        let TransportEntry { name, value, origin, is_used } = described;
        Self { name, value, origin, state: if is_used { Use::Used } else { Use::NotUsed } }
    }
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

/// A check and its result.
#[derive(Serialize)]
pub(super) struct Check {
    #[serde(rename = "check")]
    pub(super) name: &'static str,
    pub(super) result: Outcome,
    pub(super) message: Option<String>,
    /// Why it failed.
    #[serde(rename = "error")]
    pub(super) failure: Option<Failure>,
}

/// The result of a check.
#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
    /// Not checked.
    NotChecked,
}

impl Check {
    fn passed(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, result: Outcome::Passed, message: Some(message.into()), failure: None }
    }

    fn failed(name: &'static str, failure: Failure) -> Self {
        Self { name, result: Outcome::Failed, message: None, failure: Some(failure) }
    }

    fn not_checked(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, result: Outcome::NotChecked, message: Some(message.into()), failure: None }
    }
}

/// Examines a source, step by step, until a step fails.
pub(super) async fn examine(
    address: &SourceAddress,
    configuration: &Configuration,
    transports: &Transports,
    ticket: Option<&TicketId>,
) -> Finding {
    let provider = address.provider;
    let mut finding = Finding {
        provider: provider.name,
        title: provider.decoder.title(),
        origin: None,
        settings: Vec::new(),
        transport: Vec::new(),
        route: None,
        checks: Vec::new(),
        no_settings: None,
    };
    if let Some(message) = configuration.lacks_fake_server(provider).filter(|_| ticket.is_none()) {
        finding.origin = Some(configuration.searched());
        finding.checks.push(Check::not_checked("settings", format!("not checked: {message}")));
        return finding;
    }
    let values = match configuration.settings(address) {
        Ok(values) => values,
        Err(failure) => {
            finding.origin = Some(configuration.unreadable_file());
            finding.checks.push(Check::failed("settings", failure.with_provider(provider.name)));
            return finding;
        }
    };
    let gaps = MissingSettings::of(provider, &values);
    let describe = |setting| describe(setting, &values, &gaps);
    finding.settings = provider.settings.iter().map(describe).collect();
    if values.is_empty() && ticket.is_none() {
        let searched = configuration.searched();
        let message = format!("not configured in {searched}");
        finding.checks.push(Check::not_checked("settings", message));
        finding.no_settings = settings::complete(provider, values).err().map(|failure| {
            let mut hint = format!("add the settings to {searched}");
            if Sandbox::has_fake_server(provider.name) {
                hint.push_str("; --sandbox needs no settings");
            }
            failure.with_provider(provider.name).with_hint(hint)
        });
        return finding;
    }
    finding.origin = Some(values.origin().to_string());
    let values = match settings::complete(provider, values) {
        Ok(values) => values,
        Err(failure) => {
            finding.checks.push(Check::failed("settings", failure.with_provider(provider.name)));
            return finding;
        }
    };
    let source = configuration.vocabulary(address).and_then(|overrides| {
        let base_url = settings::base_url(provider, &values)?;
        let described =
            configuration.transport(address.profile.as_deref())?.described(values.origin());
        finding.transport = described.into_iter().map(TransportFinding::from).collect();
        let (settings, transport) = transports.of(configuration, address, &values, &base_url)?;
        let described = environment_entries(&settings, &base_url);
        finding.transport.extend(described.into_iter().map(TransportFinding::from));
        finding.route = Some(route(&settings, &base_url));
        (provider.source)(&values, overrides, transport).map_err(|error| Failure::of(&error))
    });
    let source = match source {
        Ok(source) => source,
        Err(failure) => {
            finding.checks.push(Check::failed("settings", failure.with_provider(provider.name)));
            return finding;
        }
    };
    finding.checks.push(Check::passed("settings", "complete"));
    match source.check().await {
        Some(Ok(message)) => finding.checks.push(Check::passed("access", message)),
        Some(Err(error)) => {
            let failure = Failure::of(&error).with_provider(provider.name);
            finding.checks.push(Check::failed("access", failure));
        }
        None if ticket.is_none() => finding.checks.push(Check::not_checked(
            "access",
            format!(
                "not checked: this API has no read-only test call; use --id {}:ID to fetch a ticket",
                provider.name
            ),
        )),
        None => {}
    }
    if let Some(id) = ticket {
        finding.checks.push(match source.fetch(id).await {
            Ok(record) => {
                Check::passed("ticket", format!("ticket {} was fetched", record.ticket.id))
            }
            Err(error) => {
                let failure = Failure::of(&error).with_provider(provider.name);
                Check::failed("ticket", failure.with_id(id.as_str()))
            }
        });
    }
    finding
}

/// Describes how calls to this base URL leave the machine.
fn route(settings: &TransportConfig, base_url: &BaseUrl) -> String {
    match settings.proxy_for(base_url.as_ref()) {
        None => "directly".into(),
        Some(proxy) => {
            format!("through proxy {} ({})", proxy.address(), proxy.variable().unwrap_or("proxy"))
        }
    }
}

fn describe(setting: &Setting, values: &Values, gaps: &MissingSettings) -> SettingFinding {
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
        None => setting.default.map(str::to_owned),
    };
    let quoted = values.is_quoted(setting.key).then_some("is in quotes, which are sent too");
    let problem = defect.or(quoted).or(rejected).map(str::to_owned);
    SettingFinding { name, state, value, problem }
}
