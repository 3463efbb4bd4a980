//! What a failure means, and whether time can mend it.

use std::fmt;

/// What a failure means, whichever provider it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request cannot be answered as it stands: a malformed id, a malformed filter.
    InvalidRequest,
    /// Settings are missing, contradict each other, or do not suffice: for a certificate that nobody vouches for.
    Configuration,
    /// The credentials are wrong, or a token was refused.
    Unauthenticated,
    /// The credentials are right and do not suffice.
    PermissionDenied,
    /// There is no such ticket.
    NotFound,
    /// Too many requests just now.
    RateLimited,
    /// The quota of a longer time is used up; waiting a little does not help.
    QuotaExhausted,
    /// The service is broken or overloaded.
    Unavailable,
    /// The connection was refused, reset or cut short.
    Connection,
    /// A deadline passed.
    Timeout,
    /// What came back is no response of this API.
    InvalidResponse,
    /// Another ticket came back than the one asked for.
    TicketMismatch,
    /// The service refused for a reason of its own, or leads to another address.
    Rejected,
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
    ];

    /// The kind as JSON and the documentation spell it.
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
        }
    }

    /// Whether the same call may succeed later, with nothing changed but the time.
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
            | Self::Rejected => false,
        }
    }

    /// What an HTTP status means where the body does not say more.
    ///
    /// Meant for responses that are not a success: a status below 400 is [`ErrorKind::Rejected`].
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
    fn a_status_has_one_meaning() {
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
    fn only_what_time_can_mend_is_tried_again() {
        let retryable: Vec<_> = ErrorKind::ALL
            .iter()
            .filter(|kind| kind.is_retryable())
            .map(|kind| kind.as_str())
            .collect();
        assert_eq!(retryable, ["rate_limited", "unavailable", "connection", "timeout"]);
    }
}
