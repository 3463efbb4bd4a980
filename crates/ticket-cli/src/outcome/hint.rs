//! What to do about a failure.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::view::clean::one_line;
use crate::view::ink::{QUIET, StyledText};

/// Advice on a failure: a sentence and, optionally, the command to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    text: String,
    command: Option<String>,
}

impl Hint {
    /// Returns a hint that ends with a command on a line of its own.
    pub(crate) fn with_command(text: &str, command: impl Into<String>) -> Self {
        Self { text: text.into(), command: Some(command.into()) }
    }

    /// Appends the hint to a message, on lines of its own.
    pub(super) fn add_to(&self, ink: &mut StyledText) {
        ink.line();
        ink.push_message(QUIET, &format!("hint: {}", one_line(&self.text)));
        if let Some(command) = &self.command {
            ink.push(QUIET, ":");
            ink.push_command(&one_line(command));
        }
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Self { text, command: None }
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)?;
        self.command.as_ref().map_or(Ok(()), |command| write!(formatter, ": {command}"))
    }
}

impl Serialize for Hint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
