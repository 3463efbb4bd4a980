//! Examines one provider: its settings, and whether its service responds.

use serde::Serialize;
use ticket_core::transport::TransportConfig;
use ticket_core::{BaseUrl, TicketId};
use ticket_sandbox::Sandbox;

use crate::address::SourceAddress;
use crate::commands::configuration::Configuration;
use crate::commands::setting_findings::{SettingFinding, describe_all};
use crate::commands::transports::Transports;
use crate::outcome::Failure;
use crate::settings;
use crate::settings::transport::{TransportEntry, environment_entries};

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
            finding.checks.push(Check::failed("settings", failure.with_source(address)));
            return finding;
        }
    };
    finding.settings = describe_all(provider, &values);
    if values.is_empty() && ticket.is_none() {
        let searched = configuration.searched();
        let message = format!("not configured in {searched}");
        finding.checks.push(Check::not_checked("settings", message));
        finding.no_settings = settings::complete(provider, values).err().map(|failure| {
            let mut hint = format!("add the settings to {searched}");
            if Sandbox::has_fake_server(provider.name) {
                hint.push_str("; --sandbox needs no settings");
            }
            failure.with_source(address).with_hint(hint)
        });
        return finding;
    }
    finding.origin = Some(values.origin().to_string());
    let values = match settings::complete(provider, values) {
        Ok(values) => values,
        Err(failure) => {
            finding.checks.push(Check::failed("settings", failure.with_source(address)));
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
            finding.checks.push(Check::failed("settings", failure.with_source(address)));
            return finding;
        }
    };
    finding.checks.push(Check::passed("settings", "complete"));
    match source.check().await {
        Some(Ok(message)) => finding.checks.push(Check::passed("access", message)),
        Some(Err(error)) => {
            let failure = Failure::of(&error).with_source(address);
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
                let failure = Failure::of(&error).with_source(address);
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
