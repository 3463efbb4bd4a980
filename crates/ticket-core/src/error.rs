//! The error of every call.

mod kind;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use kind::ErrorKind;

use crate::CallStats;
use crate::quote::{escaped, shortened};

/// The longest code or request id that is kept, in characters: a service may send anything.
const MAX_WORD: usize = 200;
/// The longest pointer that is kept, in bytes: a key may be as long as the response.
const MAX_POINTER: usize = 500;

/// Why a call failed.
///
/// `Display` is one line and does not repeat [`source`](StdError::source). It never holds a secret.
///
/// ```
/// use ticket_core::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::NotFound, "no ticket 42").with_provider("feishu").with_code("154004");
/// assert_eq!(error.to_string(), "feishu: no ticket 42 (code 154004)");
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
    /// Returns an error of this kind. `message` says what is wrong, in lower case and without a full stop.
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

    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns what is wrong, without provider, code and path.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the provider whose call failed.
    pub fn provider(&self) -> Option<&'static str> {
        self.0.provider
    }

    /// Returns the [operation](crate::Response::operation) that failed. It may be the token call of the requested operation.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the provider's own code, as text.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the HTTP status of the response, if there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Returns the id by which the provider's support finds the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns how long the provider asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the statistics of the call. They include its token call only if that is what failed.
    pub fn stats(&self) -> CallStats {
        self.0.stats
    }

    /// Returns the RFC 6901 pointer of the position in the response.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Returns what to do about the failure.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Returns whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_retryable()
    }

    /// Sets the provider.
    #[must_use]
    pub fn with_provider(mut self, provider: &'static str) -> Self {
        self.0.provider = Some(provider);
        self
    }

    /// Sets the provider's own code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(shortened(code.into(), MAX_WORD));
        self
    }

    /// Sets the HTTP status of the response.
    #[must_use]
    pub fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    /// Sets the id by which the provider's support finds the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(shortened(id.into(), MAX_WORD));
        self
    }

    /// Sets what a response knows about itself, unless it is set.
    pub(crate) fn about(
        mut self,
        http_status: Option<u16>,
        request_id: Option<&str>,
        retry_after: Option<Duration>,
    ) -> Self {
        let facts = &mut *self.0;
        facts.http_status = facts.http_status.or(http_status);
        facts.request_id = facts.request_id.take().or_else(|| request_id.map(str::to_owned));
        // Only a retry needs a wait.
        let wait = retry_after.filter(|_| facts.kind.is_retryable());
        facts.retry_after = facts.retry_after.or(wait);
        self
    }

    /// Replaces every text that a service may have written by the result of `change`, if it gives one. A source that `change`
    /// would replace is removed.
    #[cfg(feature = "http")]
    pub(crate) fn with_texts(mut self, change: impl Fn(&str) -> Option<String>) -> Self {
        let facts = &mut *self.0;
        let optional = [&mut facts.code, &mut facts.request_id, &mut facts.path, &mut facts.hint];
        for text in optional.into_iter().flatten().chain([&mut facts.message]) {
            if let Some(other) = change(text) {
                *text = other;
            }
        }
        // The texts of causes cannot be changed. Code that prints an error also prints its causes.
        let source = facts.source.take();
        facts.source = source.filter(|source| {
            let mut cause: Option<&(dyn StdError + 'static)> = Some(&**source);
            while let Some(error) = cause {
                if change(&error.to_string()).is_some() {
                    return false;
                }
                cause = error.source();
            }
            true
        });
        self
    }

    /// Sets the statistics of the call.
    #[must_use]
    pub fn with_stats(mut self, stats: CallStats) -> Self {
        self.0.stats = stats;
        self
    }

    /// Sets the operation that failed, unless it is set: a token call sets its own.
    #[cfg(feature = "http")]
    pub fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Sets the RFC 6901 pointer of the position in the response. A pointer of more than 500 bytes is shortened to one of its
    /// parents.
    #[must_use]
    pub fn with_path(mut self, pointer: impl Into<String>) -> Self {
        let mut pointer = pointer.into();
        while pointer.len() > MAX_POINTER {
            pointer.truncate(pointer.rfind('/').unwrap_or_default());
        }
        self.0.path = Some(pointer);
        self
    }

    /// Sets what to do about the failure.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Sets the cause of the failure.
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
    fn displays_one_short_line_for_any_response() {
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
    fn does_not_repeat_its_source() {
        let error = Error::new(ErrorKind::InvalidResponse, "the response has no ticket id")
            .with_path("/data/ticket_id")
            .with_source("inner cause");
        assert_eq!(error.to_string(), "the response has no ticket id at /data/ticket_id");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "inner cause");
    }
}
