//! The kinds of failures, and which of them are worth a retry.

use std::fmt;

/// What a failure means, for every provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is invalid: a malformed id or filter, wrong usage.
    InvalidRequest,
    /// Settings are missing or contradict each other, a certificate is not trusted, or a proxy refuses the connection.
    Configuration,
    /// The credentials or the token are invalid.
    Unauthenticated,
    /// The credentials are valid but do not permit this.
    PermissionDenied,
    /// The ticket does not exist.
    NotFound,
    /// Too many requests in a short time.
    RateLimited,
    /// The quota of a longer period, a month for example, is used up.
    QuotaExhausted,
    /// The service failed or is overloaded.
    Unavailable,
    /// The connection failed: refused, reset or closed too early.
    Connection,
    /// The deadline passed.
    Timeout,
    /// The response is not from this API, or is malformed.
    InvalidResponse,
    /// The response holds another ticket than the requested one.
    TicketMismatch,
    /// The service rejected the request for another reason, or redirected it.
    Rejected,
    /// The output cannot be written.
    Output,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::InvalidRequest,
        Self::Configuration,
        Self::Unauthenticated,
        Self::PermissionDenied,
        Self::NotFound,
        Self::RateLimited,
        Self::QuotaExhausted,
        Self::Unavailable,
        Self::Connection,
        Self::Timeout,
        Self::InvalidResponse,
        Self::TicketMismatch,
        Self::Rejected,
        Self::Output,
    ];

    /// Returns the kind as it is written in JSON and the documentation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Configuration => "configuration",
            Self::Unauthenticated => "unauthenticated",
            Self::PermissionDenied => "permission_denied",
            Self::NotFound => "not_found",
            Self::RateLimited => "rate_limited",
            Self::QuotaExhausted => "quota_exhausted",
            Self::Unavailable => "unavailable",
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::InvalidResponse => "invalid_response",
            Self::TicketMismatch => "ticket_mismatch",
            Self::Rejected => "rejected",
            Self::Output => "output",
        }
    }

    /// Returns whether the same call may succeed later.
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::RateLimited | Self::Unavailable | Self::Connection | Self::Timeout => true,
            Self::InvalidRequest
            | Self::Configuration
            | Self::Unauthenticated
            | Self::PermissionDenied
            | Self::NotFound
            | Self::QuotaExhausted
            | Self::InvalidResponse
            | Self::TicketMismatch
            | Self::Rejected
            | Self::Output => false,
        }
    }

    /// Returns the kind of an HTTP status, for responses whose body says no more.
    ///
    /// It is meant for failures: a status below 400 is [`ErrorKind::Rejected`].
    pub const fn of_http_status(status: u16) -> Self {
        match status {
            400 | 422 => Self::InvalidRequest,
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 | 410 => Self::NotFound,
            408 => Self::Timeout,
            429 => Self::RateLimited,
            500.. => Self::Unavailable,
            _ => Self::Rejected,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorKind;

    #[test]
    fn maps_each_http_status_to_a_kind() {
        for (status, kind) in [
            (302, ErrorKind::Rejected),
            (400, ErrorKind::InvalidRequest),
            (401, ErrorKind::Unauthenticated),
            (403, ErrorKind::PermissionDenied),
            (404, ErrorKind::NotFound),
            (405, ErrorKind::Rejected),
            (408, ErrorKind::Timeout),
            (409, ErrorKind::Rejected),
            (422, ErrorKind::InvalidRequest),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Unavailable),
            (502, ErrorKind::Unavailable),
            (503, ErrorKind::Unavailable),
            (504, ErrorKind::Unavailable),
        ] {
            assert_eq!(ErrorKind::of_http_status(status), kind, "{status}");
        }
    }

    #[test]
    fn retries_only_transient_kinds() {
        let retryable: Vec<_> = ErrorKind::ALL
            .iter()
            .filter(|kind| kind.is_retryable())
            .map(|kind| kind.as_str())
            .collect();
        assert_eq!(retryable, ["rate_limited", "unavailable", "connection", "timeout"]);
    }
}
