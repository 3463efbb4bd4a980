//! A command line that cannot be understood: told as clap tells it, or as JSON where that was asked for.

use std::ffi::{OsStr, OsString};
use std::io;

use clap::Parser;
use ticket_core::ErrorKind;

use crate::arguments::Arguments;
use crate::console::Console;
use crate::outcome::{DONE, Failure, Telling};
use crate::view::clean::one_line;

/// Tells what is wrong with the command line and gives the exit code; help and the version come this way too.
///
/// # Errors
/// Where help or the version cannot be written.
pub(crate) fn tell(
    error: &clap::Error,
    words: &[OsString],
    console: &Console,
    is_json: bool,
) -> io::Result<u8> {
    if !error.use_stderr() {
        console.print_styled(&error.render().ansi().to_string())?;
        return Ok(DONE);
    }
    let failure = failure(&error.render().to_string());
    if is_json {
        return Ok(failure.end(console, Telling::Json));
    }
    // The error repeats words of the command line, beside styles of its own: so the words are what is made safe.
    let safe = words.iter().map(|word| one_line(&word.to_string_lossy()));
    let safe = Arguments::try_parse_from(safe).err();
    console.complain_styled(&safe.as_ref().unwrap_or(error).render().ansi().to_string());
    Ok(failure.exit())
}

/// Whether these words ask for JSON, although nobody understands them as a whole.
pub(crate) fn asks_for_json(words: &[OsString]) -> bool {
    let mut words = words.iter().map(OsString::as_os_str).take_while(|word| *word != "--");
    let is_json = |word: &OsStr| word == "json";
    while let Some(word) = words.next() {
        let asks = match word.to_str() {
            Some("--output") => words.next().is_some_and(is_json),
            Some("--output=json") => true,
            // `-v` may stand before it in the same word.
            Some(word) => match word.strip_prefix('-').map(|it| it.trim_start_matches('v')) {
                Some("o") => words.next().is_some_and(is_json),
                short => matches!(short, Some("o=json" | "ojson")),
            },
            None => false,
        };
        if asks {
            return true;
        }
    }
    false
}

/// What clap says in paragraphs, as a message and a hint of one line each.
fn failure(text: &str) -> Failure {
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

    use super::asks_for_json;

    #[test]
    fn json_is_asked_for_in_every_spelling_of_the_option() {
        for (words, expected) in [
            (&["get", "--output", "json"][..], true),
            (&["get", "--output=json"], true),
            (&["get", "-o", "json"], true),
            (&["get", "-ojson"], true),
            (&["get", "-o=json"], true),
            (&["get", "--output", "xml", "-o", "json"], true),
            (&["get", "-vvo", "json"], true),
            (&["get", "-vojson"], true),
            (&["get", "--log", "json"], false),
            (&["get", "--output"], false),
            (&["get", "--output", "page", "json"], false),
            (&["get", "json"], false),
            (&["get", "--", "--output", "json"], false),
        ] {
            let words: Vec<_> = words.iter().map(OsString::from).collect();
            assert_eq!(asks_for_json(&words), expected, "{words:?}");
        }
    }
}
