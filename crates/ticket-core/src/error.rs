//! The one error: what happened, what the provider said of it, and how it is told in a line.

mod kind;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use kind::ErrorKind;

use crate::CallStats;
use crate::quote::{escaped, shortened};

/// The longest code or request id that is kept, in characters: a service may put anything there.
const MAX_WORD: usize = 200;
/// The longest pointer that is kept, in bytes: a key may be as long as the response.
const MAX_POINTER: usize = 500;

/// Why a call failed.
///
/// `Display` is one line that does not repeat [`source`](StdError::source). No secret is ever in it.
///
/// ```
/// use ticket_core::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::NotFound, "there is no ticket 42").with_provider("feishu").with_code("154004");
/// assert_eq!(error.to_string(), "feishu: there is no ticket 42 (code 154004)");
/// assert!(!error.is_retryable());
/// ```
#[derive(Clone)]
pub struct Error(Box<Facts>);

#[derive(Clone)]
struct Facts {
    kind: ErrorKind,
    message: String,
    provider: Option<&'static str>,
    operation: Option<&'static str>,
    code: Option<String>,
    http_status: Option<u16>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    stats: CallStats,
    path: Option<String>,
    hint: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this kind; `message` is one sentence without its full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Facts {
            kind,
            message: message.into(),
            provider: None,
            operation: None,
            code: None,
            http_status: None,
            request_id: None,
            retry_after: None,
            stats: CallStats::default(),
            path: None,
            hint: None,
            source: None,
        }))
    }

    /// What the failure means.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, without provider, code and path.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Whose call failed.
    pub fn provider(&self) -> Option<&'static str> {
        self.0.provider
    }

    /// Which call failed, as [`Response::operation`](crate::Response::operation) names it: that for a token may, before any ticket is
    /// asked for.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The provider's own code, as text.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The HTTP status of the response, where there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The id by which the provider's support finds this request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the provider asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the call took before it failed; no attempts where nothing was sent. That of a token call counts only where that call
    /// is what failed.
    pub fn stats(&self) -> CallStats {
        self.0.stats
    }

    /// Where in the response the failure lies, as an RFC 6901 pointer.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Whether the same call may succeed later, with nothing changed but the time.
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_retryable()
    }

    /// Names the provider.
    #[must_use]
    pub fn with_provider(mut self, provider: &'static str) -> Self {
        self.0.provider = Some(provider);
        self
    }

    /// Adds the provider's own code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(shortened(code.into(), MAX_WORD));
        self
    }

    /// Adds the HTTP status of the response.
    #[must_use]
    pub fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    /// Adds the id by which the provider's support finds this request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(shortened(id.into(), MAX_WORD));
        self
    }

    /// Adds what a response knows of itself, where the error does not know it yet.
    pub(crate) fn about(
        mut self,
        http_status: Option<u16>,
        request_id: Option<&str>,
        retry_after: Option<Duration>,
    ) -> Self {
        let facts = &mut *self.0;
        facts.http_status = facts.http_status.or(http_status);
        facts.request_id = facts.request_id.take().or_else(|| request_id.map(str::to_owned));
        // A wait makes sense only where trying again does.
        let wait = retry_after.filter(|_| facts.kind.is_retryable());
        facts.retry_after = facts.retry_after.or(wait);
        self
    }

    /// Changes every text that may repeat what a service said, where `change` gives another one. An error behind it that
    /// would change is left out, since it cannot be changed.
    #[cfg(feature = "http")]
    pub(crate) fn with_texts(mut self, change: impl Fn(&str) -> Option<String>) -> Self {
        let facts = &mut *self.0;
        let optional = [&mut facts.code, &mut facts.request_id, &mut facts.path, &mut facts.hint];
        for text in optional.into_iter().flatten().chain([&mut facts.message]) {
            if let Some(other) = change(text) {
                *text = other;
            }
        }
        let behind = facts.source.take();
        facts.source = behind.filter(|error| change(&error.to_string()).is_none());
        self
    }

    /// Says what the call took before it failed.
    #[must_use]
    pub fn with_stats(mut self, stats: CallStats) -> Self {
        self.0.stats = stats;
        self
    }

    /// Says which call failed, unless one that it needed has said so.
    #[cfg(feature = "http")]
    pub(crate) fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Adds where in the response the failure lies, as an RFC 6901 pointer. Instead of one of more than 500 bytes the
    /// pointer of the nearest place around it is kept.
    #[must_use]
    pub fn with_path(mut self, pointer: impl Into<String>) -> Self {
        let mut pointer = pointer.into();
        while pointer.len() > MAX_POINTER {
            pointer.truncate(pointer.rfind('/').unwrap_or_default());
        }
        self.0.path = Some(pointer);
        self
    }

    /// Adds the way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the error behind this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(provider) = self.0.provider {
            write!(formatter, "{provider}: ")?;
        }
        formatter.write_str(&self.0.message)?;
        if let Some(path) = self.path().filter(|path| !path.is_empty()) {
            write!(formatter, " at {}", escaped(path, MAX_POINTER))?;
        }
        let code = self.code().map(|code| escaped(code, MAX_WORD));
        match (code, self.0.http_status) {
            (Some(code), Some(status)) => write!(formatter, " (code {code}, HTTP {status})"),
            (Some(code), None) => write!(formatter, " (code {code})"),
            (None, Some(status)) => write!(formatter, " (HTTP {status})"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({}: {self}", self.kind())?;
        if let Some(id) = self.request_id() {
            write!(formatter, "; request {}", escaped(id, MAX_WORD))?;
        }
        if let Some(source) = self.source() {
            write!(formatter, "; because: {source}")?;
        }
        formatter.write_str(")")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};

    #[test]
    fn the_line_is_one_line_and_not_too_long_whatever_an_response_says() {
        let long = "x".repeat(10_000);
        for (error, line) in [
            (Error::new(ErrorKind::Rejected, "no").with_path("/a\nb"), "no at /a\\nb".to_owned()),
            (
                Error::new(ErrorKind::Rejected, "no").with_code("\u{1b}[2J"),
                "no (code \\u{1b}[2J)".to_owned(),
            ),
            (
                Error::new(ErrorKind::Rejected, "no").with_path(format!("/a/{long}")),
                "no at /a".to_owned(),
            ),
            (
                Error::new(ErrorKind::Rejected, "no").with_code(&*long),
                format!("no (code {}…)", "x".repeat(200)),
            ),
        ] {
            assert_eq!(error.to_string(), line);
        }
        let id = format!("{:?}", Error::new(ErrorKind::Rejected, "no").with_request_id("1\n2"));
        assert_eq!(id, "Error(rejected: no; request 1\\n2)");
    }

    #[test]
    fn the_line_does_not_repeat_its_source() {
        let error = Error::new(ErrorKind::InvalidResponse, "the response is no ticket")
            .with_path("/data/ticket_id")
            .with_source("inner cause");
        assert_eq!(error.to_string(), "the response is no ticket at /data/ticket_id");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "inner cause");
    }
}
