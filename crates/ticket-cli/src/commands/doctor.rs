//! `ticket doctor`: shows what is configured and from where, what is missing, and whether the services respond.
//!
//! No part of a secret is printed, only whether it is set.

mod examine;
mod report;

use std::io;

use ticket_core::TicketId;

use super::configuration::Configuration;
use super::transports::Transports;
use crate::address::{SourceAddress, parse_ticket};
use crate::arguments::{Doctor, Report};
use crate::console::Console;
use crate::outcome::{DONE, Failure, MessageFormat};
use crate::providers::PROVIDERS;
use crate::view::json;

/// Examines every provider. The exit code is that of the worst failure.
pub(crate) async fn run(arguments: &Doctor, console: &Console) -> io::Result<u8> {
    let as_json = arguments.output == Some(Report::Json);
    let message_format = if as_json { MessageFormat::Json } else { MessageFormat::Text };
    let prepared = prepare(arguments, console, message_format).await;
    let (configuration, ticket) = match prepared {
        Ok(prepared) => prepared,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    let transports = Transports::default();
    let mut findings = Vec::new();
    for provider in PROVIDERS {
        let ticket = ticket.as_ref().filter(|(source, _)| source.provider.name == provider.name);
        let (source, id) = match ticket {
            Some((source, id)) => (source.clone(), Some(id)),
            None => (SourceAddress::of(provider), None),
        };
        findings.push(examine::examine(&source, &configuration, &transports, id).await);
    }
    if findings.iter().all(|finding| finding.origin.is_none()) {
        findings.iter_mut().for_each(examine::Finding::need_settings);
    }
    if as_json {
        for finding in &findings {
            console.print_json(&json::compact(finding))?;
        }
    } else {
        console.print_styled(&report::text(&findings, console.columns))?;
    }
    Ok(exit_code(&findings))
}

async fn prepare(
    arguments: &Doctor,
    console: &Console,
    message_format: MessageFormat,
) -> Result<(Configuration, Option<(SourceAddress, TicketId)>), Failure> {
    let selector = arguments.configuration.profile.selector();
    let ticket = arguments.id.as_deref().map(|id| parse_ticket(id, &selector)).transpose()?;
    Ok((Configuration::open(&arguments.configuration, console, message_format).await?, ticket))
}

/// Returns the worst of all exit codes.
fn exit_code(findings: &[examine::Finding]) -> u8 {
    // Failures that the user has to fix come last, those that may pass by themselves first.
    const BY_SEVERITY: [u8; 7] = [DONE, 5, 1, 6, 3, 4, 2];
    findings
        .iter()
        .flat_map(|finding| &finding.checks)
        .filter_map(|check| check.failure.as_ref().map(Failure::exit))
        .max_by_key(|exit| BY_SEVERITY.iter().position(|it| it == exit))
        .unwrap_or(DONE)
}
