//! Formats the findings as text.

use anstyle::{AnsiColor, Style};

use super::examine::{Check, Finding, Outcome, TransportFinding, Use};
use crate::commands::setting_findings::row;
use crate::view::clean::one_line;
use crate::view::ink::{ALARM, NOTICE, PLAIN, QUIET, StyledText, coloured};
use crate::view::sheet::TextLayout;

/// Formats all findings.
pub(super) fn text(findings: &[Finding], columns: usize) -> String {
    let names = findings.iter().flat_map(|finding| {
        let settings = finding.settings.iter().map(|setting| setting.name.len());
        settings.chain(finding.transport.iter().map(|setting| setting.name.len()))
    });
    let mut sheet = TextLayout::new(columns, names.max().unwrap_or(0));
    for finding in findings {
        sheet.heading(finding.title, finding.provider);
        let is_failure = finding.checks.iter().any(|check| check.failure.is_some());
        if let Some(origin) = &finding.origin {
            let mut from = StyledText::default();
            from.push_message(QUIET, &format!("settings from {}", one_line(origin)));
            sheet.text(2, &from);
        } else if !is_failure {
            // Users rarely need every provider.
            let names: Vec<_> = finding.settings.iter().map(|setting| setting.name).collect();
            sheet.text(2, &StyledText::of(QUIET, "not configured"));
            sheet.text(2, &StyledText::of(QUIET, &format!("settings: {}", names.join(", "))));
            continue;
        }
        for setting in &finding.settings {
            sheet.inner_row(setting.name, &row(finding.provider, &finding.settings, setting));
        }
        for setting in &finding.transport {
            sheet.inner_row(setting.name, &transport(setting, finding.origin.as_deref()));
        }
        if let Some(route) = &finding.route {
            sheet.inner_row("route", &StyledText::of(PLAIN, &one_line(route)));
        }
        for check in &finding.checks {
            sheet.item(&line(check));
        }
    }
    sheet.finish()
}

fn transport(setting: &TransportFinding, credentials: Option<&str>) -> StyledText {
    let mut ink = StyledText::default();
    ink.fact(PLAIN, &one_line(&setting.value));
    if credentials != Some(&setting.origin) {
        ink.fact(QUIET, &format!("from {}", one_line(&setting.origin)));
    }
    if setting.state == Use::NotUsed {
        ink.fact(ALARM, "NOT USED: the credentials come from elsewhere");
    }
    ink
}

fn line(check: &Check) -> StyledText {
    let (style, mark) = mark(check.result);
    let mut ink = StyledText::of(style, &format!("{mark} {}", check.name));
    if let Some(message) = &check.message {
        let mut text = StyledText::default();
        text.push_message(PLAIN, &one_line(message));
        ink.facts(&text);
    }
    if let Some(failure) = &check.failure {
        ink.facts(&failure.details());
    }
    ink
}

fn mark(outcome: Outcome) -> (Style, &'static str) {
    match outcome {
        Outcome::Passed => (coloured(AnsiColor::Green), "✓"),
        Outcome::Failed => (ALARM, "✗"),
        Outcome::NotChecked => (NOTICE, "?"),
    }
}
