//! Problems that do not make a command fail.

use serde::Serialize;

use super::{Hint, MessageFormat};
use crate::console::{Console, eprint_json};
use crate::view::clean::one_line;
use crate::view::ink::{ALARM, PLAIN, StyledText};
use crate::view::json;

/// A problem that does not make the command fail.
#[derive(Debug, Serialize)]
pub(crate) struct Warning {
    message: String,
    hint: Hint,
}

impl Warning {
    /// Creates a warning with a hint.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }

    /// Prints the warning to stderr.
    pub(crate) fn report(&self, console: &Console, style: MessageFormat) {
        match style {
            MessageFormat::Json => {
                #[derive(Serialize)]
                struct Envelope<'a> {
                    warning: &'a Warning,
                }
                eprint_json(&json::compact(&Envelope { warning: self }));
            }
            MessageFormat::Text => {
                let mut ink = StyledText::of(ALARM, "warning:");
                ink.push(PLAIN, " ");
                ink.push_message(PLAIN, &one_line(&self.message));
                self.hint.add_to(&mut ink);
                console.eprint(&ink);
            }
        }
    }
}
