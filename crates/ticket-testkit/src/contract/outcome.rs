//! The outcome of a call, and what is wrong with it.

use std::fmt;
use std::time::Duration;

use ticket_core::{Error, ErrorKind, Record};

/// The longest message of an error, in bytes.
const MAX_LINE: usize = 2_000;

/// The outcome of a call.
pub(super) enum Outcome {
    Ticket(Box<Record>),
    Failed(Error),
    TimedOut(Duration),
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ticket(record) => {
                write!(formatter, "the call returned ticket {}", record.ticket.id)
            }
            Self::Failed(error) => {
                let line = on_one_line(&error.to_string(), 300);
                write!(formatter, "the call failed with `{}` ({line})", error.kind())
            }
            Self::TimedOut(time) => {
                write!(formatter, "the call did not end within {} s", time.as_secs_f64())
            }
        }
    }
}

impl Outcome {
    pub(super) fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Ticket(_) | Self::TimedOut(_) => None,
        }
    }

    /// Returns a problem unless the outcome is this ticket.
    pub(super) fn expect_ticket(&self, id: &str) -> Option<String> {
        match self {
            Self::Ticket(record) if record.ticket.id == id => None,
            _ => Some(format!("{self}; expected ticket {id}")),
        }
    }

    /// Returns a problem unless the outcome is an error of one of these kinds and of this provider, with a one-line
    /// message.
    pub(super) fn expect_error(&self, kinds: &[ErrorKind], provider: &str) -> Option<String> {
        let expected: Vec<_> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
        match self {
            Self::Failed(error) if kinds.contains(&error.kind()) => malformed(error, provider),
            _ => Some(format!("{self}; expected the error {}", expected.join(" or "))),
        }
    }
}

/// Escapes control characters, and cuts the text after `max` characters.
pub(super) fn on_one_line(text: &str, max: usize) -> String {
    let mut line = String::new();
    for character in text.chars().take(max) {
        if character.is_control() {
            line.extend(character.escape_debug());
        } else {
            line.push(character);
        }
    }
    line
}

/// Returns what is wrong with the provider or the message of an error.
fn malformed(error: &Error, provider: &str) -> Option<String> {
    let line = error.to_string();
    if error.provider() != Some(provider) {
        return Some(format!("the error does not name its provider: {error:?}"));
    }
    let is_line = line.len() <= MAX_LINE && !line.contains(char::is_control);
    (!is_line).then(|| format!("the error is not one line of at most {MAX_LINE} bytes: {line:?}"))
}
