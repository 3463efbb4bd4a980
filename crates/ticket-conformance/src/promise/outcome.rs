//! How a call ended, and what is wrong with that.

use std::fmt;
use std::time::Duration;

use ticket_core::{Error, ErrorKind, Record};

/// The longest line that an error may be, in bytes.
const LONGEST_LINE: usize = 2_000;

/// How a call ended.
pub(super) enum Outcome {
    Ticket(Box<Record>),
    Failed(Error),
    /// It had not ended after this time.
    Endless(Duration),
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ticket(record) => write!(formatter, "the call gave ticket {}", record.ticket.id),
            Self::Failed(error) => {
                let line = on_one_line(&error.to_string(), 300);
                write!(formatter, "the call failed with `{}` ({line})", error.kind())
            }
            Self::Endless(time) => {
                write!(formatter, "the call had not ended after {} s", time.as_secs_f64())
            }
        }
    }
}

impl Outcome {
    pub(super) fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Ticket(_) | Self::Endless(_) => None,
        }
    }

    /// What is wrong where this ticket was to come.
    pub(super) fn unless_ticket(&self, id: &str) -> Option<String> {
        match self {
            Self::Ticket(record) if record.ticket.id == id => None,
            _ => Some(format!("{self}; ticket {id} was to come")),
        }
    }

    /// What is wrong where a failure of one of these kinds was to come, of this provider, told in one line.
    pub(super) fn unless_failed(&self, kinds: &[ErrorKind], provider: &str) -> Option<String> {
        let expected: Vec<_> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
        match self {
            Self::Failed(error) if kinds.contains(&error.kind()) => untold(error, provider),
            _ => Some(format!("{self}; the error {} was to come", expected.join(" or "))),
        }
    }
}

/// The beginning of a text, on one line.
pub(super) fn on_one_line(text: &str, longest: usize) -> String {
    let mut line = String::new();
    for character in text.chars().take(longest) {
        if character.is_control() {
            line.extend(character.escape_debug());
        } else {
            line.push(character);
        }
    }
    line
}

/// What is wrong with how an error is told.
fn untold(error: &Error, provider: &str) -> Option<String> {
    let line = error.to_string();
    if error.provider() != Some(provider) {
        return Some(format!("the error does not name its provider: {error:?}"));
    }
    let is_line = line.len() <= LONGEST_LINE && !line.contains(char::is_control);
    (!is_line)
        .then(|| format!("the error is not one line of at most {LONGEST_LINE} bytes: {line:?}"))
}
