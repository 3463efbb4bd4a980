//! Reports an invalid command line in the format of clap, or as JSON.

use std::ffi::{OsStr, OsString};
use std::io;

use clap::error::ErrorKind::{DisplayHelpOnMissingArgumentOrSubcommand, UnknownArgument};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, CommandFactory, Parser, ValueEnum};
use ticket_core::ErrorKind;

use crate::arguments::{Arguments, ListOutput, Listing, Output, Report};
use crate::console::Console;
use crate::outcome::{DONE, Failure, Hint, MessageFormat};
use crate::similar::nearest;
use crate::view::clean::one_line;

/// Prints an error of the command line, or help, or the version, and returns the exit code.
///
/// # Errors
/// If help or the version cannot be written.
pub(crate) fn report(
    error: clap::Error,
    words: &[OsString],
    console: &Console,
    is_json: bool,
) -> io::Result<u8> {
    if !error.use_stderr() {
        console.print_styled(&error.render().ansi().to_string())?;
        return Ok(DONE);
    }
    if is_json {
        return Ok(failure(&with_suggestion(error, words), words).end(console, MessageFormat::Json));
    }
    // The error mixes its own styles with words of the command line, so the words must be escaped before parsing.
    let safe: Vec<_> =
        words.iter().map(|word| OsString::from(one_line(&word.to_string_lossy()))).collect();
    let error = Arguments::try_parse_from(&safe).err().unwrap_or(error);
    let error = with_suggestion(error, &safe);
    console.eprint_styled(&error.render().ansi().to_string());
    Ok(failure(&error, &safe).exit())
}

/// Returns whether an error of the command line `words` is printed as JSON.
///
/// An option `--output` decides. Without one, the error is JSON unless stderr is a terminal.
pub(crate) fn is_json(words: &[OsString], is_terminal: bool) -> bool {
    let formats = requested_formats(words);
    let is_known = |format: &String| {
        Output::from_str(format, false).is_ok()
            || ListOutput::from_str(format, false).is_ok()
            || Listing::from_str(format, false).is_ok()
            || Report::from_str(format, false).is_ok()
    };
    let is_other = || formats.iter().any(is_known);
    formats.iter().any(|format| format == "json") || !is_terminal && !is_other()
}

/// Returns the values of the option `--output` in a command line that clap cannot parse.
fn requested_formats(words: &[OsString]) -> Vec<String> {
    let mut words = words.iter().map(OsString::as_os_str).take_while(|word| *word != "--");
    let mut formats = Vec::new();
    let text = |word: Option<&OsStr>| word.and_then(OsStr::to_str).map(str::to_owned);
    while let Some(word) = words.next() {
        let Some(word) = word.to_str() else { continue };
        formats.extend(match word.strip_prefix("--output") {
            Some("") => text(words.next()),
            Some(value) => value.strip_prefix('=').map(str::to_owned),
            // `-v` may precede it in the same word: `-vojson`.
            None => match word.strip_prefix('-').map(|it| it.trim_start_matches('v')) {
                Some("o") => text(words.next()),
                Some(short) => short
                    .strip_prefix('o')
                    .map(|value| value.strip_prefix('=').unwrap_or(value).to_owned()),
                None => None,
            },
        });
    }
    formats
}

/// Adds a suggestion where clap has none: clap suggests nothing for a typing error in a short word.
fn with_suggestion(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let arguments = Arguments::command();
    if let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidSubcommand).cloned()
        && (error.get(ContextKind::SuggestedSubcommand).is_none()
            || elsewhere(&arguments, &wrong).is_some())
    {
        error.remove(ContextKind::SuggestedSubcommand);
        let commands = arguments.get_subcommands().map(Command::get_name);
        if let Some(meant) = elsewhere(&arguments, &wrong) {
            let tip = format!("use 'ticket {meant}'");
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
        } else if let Some(name) = nearest(&wrong, commands) {
            let names = ContextValue::Strings(vec![name.to_owned()]);
            error.insert(ContextKind::SuggestedSubcommand, names);
        } else if wrong.contains(':') {
            let tip = format!("to fetch a ticket, use 'ticket get {wrong}'");
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
        }
    }
    // Nobody means an unknown option as a value.
    if let Some(ContextValue::StyledStrs(tips)) = error.get(ContextKind::Suggested)
        && tips.iter().any(|tip| tip.to_string().contains("as a value"))
    {
        error.remove(ContextKind::Suggested);
    }
    if let Some(name) = meant_option(&error, &arguments, words) {
        error.insert(ContextKind::SuggestedArg, ContextValue::String(format!("--{name}")));
        error.remove(ContextKind::Suggested);
    }
    // What clap takes for similar may mean the opposite: `done` and `open`.
    if let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidValue).cloned()
        && let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue).cloned()
    {
        match nearest(&wrong, known.iter().map(String::as_str)) {
            Some(near) => {
                let near = ContextValue::String(near.to_owned());
                error.insert(ContextKind::SuggestedValue, near);
            }
            None => drop(error.remove(ContextKind::SuggestedValue)),
        }
    }
    error
}

/// Returns the command that does what an unknown one is called: one of a group, or one that other programs call so.
fn elsewhere(arguments: &Command, wrong: &str) -> Option<String> {
    if matches!(wrong, "fetch" | "show" | "view" | "read") {
        return Some("get".to_owned());
    }
    arguments.get_subcommands().find_map(|group| {
        group
            .find_subcommand(wrong)
            .map(|found| format!("{} {}", group.get_name(), found.get_name()))
    })
}

/// Returns the option that an unknown option, or a name after a single dash, probably means.
fn meant_option(error: &clap::Error, arguments: &Command, words: &[OsString]) -> Option<String> {
    if error.get(ContextKind::SuggestedArg).is_some() {
        return None;
    }
    let words: Vec<_> = words.iter().filter_map(|word| word.to_str()).collect();
    let command = words.iter().find_map(|word| arguments.find_subcommand(word));
    let of_all = arguments.get_arguments().filter(|it| it.is_global_set());
    let options = of_all.chain(command.into_iter().flat_map(Command::get_arguments));
    let options: Vec<_> = options.filter_map(Arg::get_long).collect();
    let single =
        words.iter().find_map(|word| word.strip_prefix('-').filter(|it| options.contains(it)));
    let unknown = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(unknown)) if error.kind() == UnknownArgument => {
            unknown.strip_prefix("--")
        }
        _ => None,
    };
    // For an existing option in the wrong position, clap already says where it belongs.
    let other = match unknown {
        Some("format") if options.contains(&"output") => Some("output"),
        Some("output") if options.contains(&"format") => Some("format"),
        Some("created-since") if options.contains(&"since") => Some("since"),
        _ => None,
    };
    let near = || nearest(unknown.filter(|it| !options.contains(it))?, options.iter().copied());
    single.or(other).or_else(near).map(str::to_owned)
}

/// Converts an error of clap, which has paragraphs, into a message and a hint of one line each.
fn failure(error: &clap::Error, words: &[OsString]) -> Failure {
    if error.kind() == DisplayHelpOnMissingArgumentOrSubcommand {
        let root = Arguments::command();
        let group = words.iter().find_map(|word| root.find_subcommand(word));
        let (commands, help) = match group.filter(|it| it.has_subcommands()) {
            Some(group) => (group, format!("ticket {} --help", group.get_name())),
            None => (&root, "ticket --help".to_owned()),
        };
        let names: Vec<_> = commands.get_subcommands().map(Command::get_name).collect();
        let text = format!("the commands are {}; for details, run", names.join(", "));
        return Failure::new(ErrorKind::InvalidRequest, "missing command")
            .with_hint(Hint::with_command(&text, help));
    }
    let text = error.render().to_string();
    let mut paragraphs = text
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|paragraph| !paragraph.is_empty());
    let message = paragraphs.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let hint: Vec<_> = paragraphs
        .map(|paragraph| paragraph.strip_prefix("tip: ").unwrap_or(&paragraph).to_owned())
        .collect();
    Failure::new(ErrorKind::InvalidRequest, message).with_hint(hint.join("; "))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::is_json;

    #[test]
    fn prints_errors_as_json_on_request_or_without_a_terminal() {
        for (words, on_terminal, elsewhere) in [
            (&["get"][..], false, true),
            (&["get", "--output", "json"], true, true),
            (&["get", "--output=json"], true, true),
            (&["get", "-o", "json"], true, true),
            (&["get", "-ojson"], true, true),
            (&["get", "-o=json"], true, true),
            (&["get", "--output", "xml", "-o", "json"], true, true),
            (&["get", "-vvo", "json"], true, true),
            (&["get", "-vojson"], true, true),
            (&["get", "--log", "json"], false, true),
            (&["get", "--output"], false, true),
            (&["get", "--output", "xml"], false, true),
            (&["get", "--output", "page", "json"], false, false),
            (&["mapping", "explain", "-otable"], false, false),
            (&["doctor", "-o", "text"], false, false),
            (&["get", "json"], false, true),
            (&["get", "--", "--output", "json"], false, true),
            (&["get", "--", "--output", "page"], false, true),
        ] {
            let words: Vec<_> = words.iter().map(OsString::from).collect();
            assert_eq!(is_json(&words, true), on_terminal, "{words:?}");
            assert_eq!(is_json(&words, false), elsewhere, "{words:?}");
        }
    }
}
