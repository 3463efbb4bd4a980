//! `ticket auth status`: lists what is configured and where.

use std::io;

use serde::Serialize;

use crate::arguments::{AuthStatus, Report};
use crate::commands::setting_findings::{SettingFinding, State, describe_all, row};
use crate::console::Console;
use crate::outcome::{DONE, Failure, MessageFormat};
use crate::providers::{PROVIDERS, Provider};
use crate::setting::Values;
use crate::settings::{self, MissingSettings, ProfileSelector, environment};
use crate::view::clean::one_line;
use crate::view::ink::{ALARM, PLAIN, QUIET, StyledText};
use crate::view::json;
use crate::view::sheet::TextLayout;

/// A source with settings.
#[derive(Serialize)]
struct Entry {
    /// As in the address of a ticket.
    source: String,
    provider: &'static str,
    title: &'static str,
    /// Where its settings come from.
    origin: String,
    /// Whether these settings are used without a profile.
    default: bool,
    /// What is missing or contradicts; `null` if the settings are complete.
    problem: Option<String>,
    settings: Vec<SettingFinding>,
}

/// Prints every source that has settings. It makes no call and reads no secret.
pub(super) fn run(arguments: &AuthStatus, console: &Console) -> io::Result<u8> {
    let as_json = arguments.output == Some(Report::Json);
    let message_format = if as_json { MessageFormat::Json } else { MessageFormat::Text };
    let sources = match sources(&arguments.profile.selector()) {
        Ok(sources) => sources,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    if as_json {
        for source in &sources {
            console.print_json(&json::compact(source))?;
        }
    } else {
        console.print_styled(&text(&sources, console.columns))?;
    }
    Ok(DONE)
}

fn sources(selector: &ProfileSelector) -> Result<Vec<Entry>, Failure> {
    let profiles = settings::open(selector)?;
    if let Some(profiles) = &profiles {
        profiles.check_permissions()?;
    }
    let mut sources = Vec::new();
    for provider in PROVIDERS {
        let used = settings::find(provider, selector)?;
        let mut add = |source: String, values: &Values| {
            let gaps = MissingSettings::of(provider, values);
            sources.push(Entry {
                source,
                provider: provider.name,
                title: provider.decoder.title(),
                origin: values.origin().to_string(),
                default: !used.is_empty() && used.origin() == values.origin(),
                problem: (!gaps.is_none()).then(|| gaps.describe(values.origin())),
                settings: describe_all(provider, values),
            });
        };
        let environment = environment::read(provider);
        if !environment.is_empty() {
            add(provider.name.to_owned(), &environment);
        }
        let of_provider = |(_, known, _): &(&str, &Provider, &Values)| known.name == provider.name;
        for (profile, _, values) in profiles.iter().flat_map(|it| it.sources()).filter(of_provider)
        {
            add(format!("{}@{profile}", provider.name), values);
        }
    }
    Ok(sources)
}

fn text(sources: &[Entry], columns: usize) -> String {
    let names = sources.iter().flat_map(|it| &it.settings).map(|setting| setting.name.len());
    let mut sheet = TextLayout::new(columns, names.max().unwrap_or(0));
    if sources.is_empty() {
        sheet.text(
            0,
            &StyledText::of(PLAIN, "no source is configured; run: ticket auth login feishu"),
        );
    }
    for source in sources {
        sheet.heading(&one_line(&source.source), source.title);
        let used = if source.default { ", used without a profile" } else { "" };
        let mut from = StyledText::default();
        from.push_message(QUIET, &format!("settings from {}{used}", one_line(&source.origin)));
        sheet.text(2, &from);
        for setting in source.settings.iter().filter(|it| it.state != State::NotSet) {
            sheet.inner_row(setting.name, &row(source.provider, &source.settings, setting));
        }
        if let Some(problem) = &source.problem {
            let mut ink = StyledText::of(ALARM, "✗");
            ink.push_message(PLAIN, &format!(" {}", one_line(problem)));
            sheet.text(2, &ink);
        }
    }
    sheet.finish()
}
