//! `ticket export`: writes tickets of the mirror to a folder. `ticket verify`: checks such a folder.

use std::fmt::Write;
use std::io;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ticket_core::ErrorKind;
use ticket_export::{ExportError, ExportOptions, ExportSummary, Format, verify};
use ticket_mirror::Anonymizer;

use super::mirror::{self, message_format};
use crate::address::parse_list_source;
use crate::arguments::{Export, Privacy, Report, Verify};
use crate::console::Console;
use crate::outcome::{DONE, Failure, Hint, MessageFormat, Warning};
use crate::settings::environment;
use crate::view::amount::{counted, size};
use crate::view::clean::one_line;
use crate::view::ink::{PLAIN, QUIET, StyledText};
use crate::view::{copyable, json};

/// Writes the export and says what it holds.
pub(crate) fn run(arguments: &Export, console: &Console) -> u8 {
    match write(arguments) {
        Ok(summary) => {
            report(arguments, &summary, console);
            DONE
        }
        Err(failure) => failure.end(console, MessageFormat::Text),
    }
}

fn write(arguments: &Export) -> Result<ExportSummary, Failure> {
    let now = environment::now().unwrap_or_else(Timestamp::now);
    let query = arguments.query(now, &TimeZone::system())?;
    let mirror = mirror::open(&arguments.mirror)?;
    let named = |text: &String| {
        mirror::source_name(&mirror, &parse_list_source(text)?, arguments.profile.named())
    };
    let source = arguments.source.as_ref().map(named).transpose()?;
    let mut formats = Vec::new();
    for format in &arguments.formats {
        if !formats.contains(format) {
            formats.push(*format);
        }
    }
    let options = ExportOptions {
        query,
        source,
        formats,
        custom_field_columns: arguments.custom_field_columns,
        raw_formulas: arguments.raw_formulas,
        bom: arguments.bom,
        anonymizer: anonymizer(&arguments.privacy)?,
        now,
    };
    ticket_export::export(&mirror, &arguments.to, &options).map_err(failure)
}

/// Returns what masks personal data, with the key of the environment.
pub(super) fn anonymizer(privacy: &Privacy) -> Result<Option<Anonymizer>, Failure> {
    if !privacy.anonymize {
        return Ok(None);
    }
    let variable = environment::ANONYMIZE_KEY_VARIABLE;
    let hint = "create a key with `openssl rand -hex 32`, and keep it: the same key gives the same pseudonyms";
    let key = environment::anonymize_key().ok_or_else(|| {
        Failure::new(ErrorKind::Configuration, format!("--anonymize needs a key in {variable}"))
            .with_hint(hint)
    })?;
    Anonymizer::new(&key, privacy.keep_text).map(Some).map_err(|error| {
        Failure::new(ErrorKind::Configuration, format!("{variable}: {error}")).with_hint(hint)
    })
}

fn report(arguments: &Export, summary: &ExportSummary, console: &Console) {
    let receipt = &summary.receipt;
    if receipt.tickets == 0 {
        let file = mirror::option(&arguments.mirror);
        let (message, hint) = if receipt.sources.iter().all(|source| source.tickets == 0) {
            ("the mirror has no tickets", format!("to read them, run ticket sync SOURCE{file}"))
        } else {
            let hint = format!("leave out a filter; to list all, run ticket list --offline{file}");
            ("no ticket of the mirror matches", hint)
        };
        Warning::new(message, hint).report(console, MessageFormat::Text);
    }
    let folder = copyable::path(&arguments.to);
    let (tickets, files) = (counted(receipt.tickets, "ticket"), summary.files as u64);
    let mut head = StyledText::default();
    head.fact(PLAIN, &format!("{tickets} exported to {}", one_line(&folder)));
    head.fact(QUIET, &counted(files, "data file"));
    head.fact(QUIET, &size(summary.bytes));
    console.eprint(&head);
    for (format, reason) in [
        (Format::Csv, "so that no spreadsheet runs them; for exact texts, add --raw-formulas"),
        (Format::Xlsx, "because a cell has at most 32,767 characters; other formats have all"),
    ] {
        let files = receipt.files.iter().filter(|file| file.format == format);
        let changed: u64 = files.map(|file| file.changed_cells).sum();
        if changed > 0 {
            let cells = counted(changed, "cell");
            let note = format!("{format}: {cells} changed, {reason}");
            console.eprint(&StyledText::of(QUIET, &note));
        }
    }
    if arguments.privacy.anonymize {
        let text = if arguments.privacy.keep_text {
            "free text is as it was: names in it were not searched"
        } else {
            "free text was removed"
        };
        let note = format!("people are pseudonyms, contacts were removed, {text}");
        console.eprint(&StyledText::of(QUIET, &note));
    }
    console.eprint(&StyledText::of(QUIET, &format!("to check it later: ticket verify {folder}")));
}

/// Checks an export and names what differs.
pub(crate) fn check(arguments: &Verify, console: &Console) -> io::Result<u8> {
    let message_format = message_format(arguments.output);
    let report = match verify(&arguments.folder) {
        Ok(report) => report,
        Err(error) => return Ok(failure(error).end(console, message_format)),
    };
    if arguments.output == Some(Report::Json) {
        console.print_json(&json::compact(&report))?;
    } else {
        let mut text = String::new();
        let lists =
            [("changed", &report.changed), ("missing", &report.missing), ("added", &report.added)];
        for (word, names) in lists {
            for name in names {
                writeln!(text, "{word}  {}", one_line(name)).expect("a string grows");
            }
        }
        if report.is_intact() {
            let files = counted(report.files as u64, "file");
            text = format!("{files} unchanged\n");
        }
        console.print_styled(&text)?;
    }
    if report.is_intact() {
        return Ok(DONE);
    }
    let count = report.changed.len() + report.missing.len() + report.added.len();
    let message = format!("the export differs in {}", counted(count as u64, "file"));
    Ok(Failure::incomplete(message).end(console, message_format))
}

/// Converts an error of the export.
fn failure(error: ExportError) -> Failure {
    let message = error.to_string();
    match error {
        ExportError::Mirror(error) => mirror::failure(error),
        ExportError::Exists(_) => Failure::new(ErrorKind::InvalidRequest, message)
            .with_hint("name another folder with --to, or move this one away"),
        ExportError::NotABag { .. } => Failure::new(ErrorKind::InvalidRequest, message)
            .with_hint("name a folder that ticket export wrote"),
        ExportError::TooManyColumns { .. } => Failure::new(ErrorKind::InvalidRequest, message)
            .with_hint("leave out --custom-field-columns; the table of custom fields has them too"),
        _ => Failure::new(ErrorKind::Output, message).with_hint(Hint::from(
            "check the disk and its permissions, and run the same command again",
        )),
    }
}
