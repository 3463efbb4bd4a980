//! Why a tool call failed.

use ticket_core::ErrorKind;
use ticket_render::clean::one_line;

use crate::fence;
use crate::helpdesks::Failure;

/// The longest message and hint, in characters: they may repeat an argument.
const MAX_LINE: usize = 400;
/// The longest quotation, in characters.
const MAX_QUOTE: usize = 1_000;

/// Why a tool call failed, and what to do about it.
#[derive(Debug)]
pub(crate) struct ToolError {
    message: String,
    hint: Option<String>,
    /// What somebody else may have written.
    quote: Option<String>,
}

impl ToolError {
    /// Returns an error with this message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, quote: None }
    }

    /// Sets what to do about it.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets what somebody else may have written about it.
    pub(crate) fn with_quote(mut self, quote: impl Into<String>) -> Self {
        self.quote = Some(quote.into());
        self
    }

    /// Says in which case the error occurred.
    pub(crate) fn when(mut self, case: &str) -> Self {
        self.message = format!("{case}: {}", self.message);
        self
    }

    /// Converts a failure. What others wrote is quoted, or left out if personal data is masked.
    pub(crate) fn of(failure: Failure, is_masked: bool) -> Self {
        let Failure { kind, message, hint, quotes_others } = failure;
        if !quotes_others {
            return Self { message, hint, quote: None };
        }
        let quote = [Some(message), hint].into_iter().flatten().collect::<Vec<_>>().join("\n");
        let is_retryable = ErrorKind::ALL.iter().any(|it| it.as_str() == kind && it.is_retryable());
        let hint = match kind {
            _ if is_retryable => "try again later",
            "not_found" => "check the id; search and list return ids of the mirror",
            "unauthenticated" | "permission_denied" | "configuration" => {
                "ask the user to run `ticket doctor`"
            }
            _ => "correct the arguments, or ask the user",
        };
        let quote = (!is_masked).then_some(quote);
        Self { message: format!("the request failed: {kind}"), hint: Some(hint.into()), quote }
    }

    /// Returns the text of the answer.
    pub(crate) fn text(&self) -> String {
        let line = |text: &str| shortened(&one_line(text), MAX_LINE);
        let mut text = format!("error: {}", line(&self.message));
        if let Some(quote) = &self.quote {
            let safe = fence::safe_text(&shortened(quote, MAX_QUOTE));
            text.push('\n');
            text.push_str(&fence::enclosed(&safe));
        }
        if let Some(hint) = &self.hint {
            text.push_str("\nhint: ");
            text.push_str(&line(hint));
        }
        text
    }
}

/// Returns at most `max` characters of a text, and says how many there are if it is longer.
fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((end, _)) => {
            let count = text.chars().count();
            format!("{}… (the first {max} of {count} characters)", &text[..end])
        }
    }
}
