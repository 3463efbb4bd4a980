//! The log of requests, without headers and bodies.

use std::fmt;

use crate::http::Request;

/// A request and how it was answered. Headers, query and body are left out, so that the log holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The method, such as `GET`; empty for a malformed request.
    pub method: String,
    /// The path without its query; empty for a malformed request.
    pub path: String,
    /// The HTTP status of the reply; 0 if a fault suppressed it.
    pub status: u16,
    /// The name of the route; `None` if no route matched.
    pub route: Option<&'static str>,
    /// The name of the injected fault.
    pub fault: Option<&'static str>,
}

impl LoggedRequest {
    /// Starts an entry; `None` is a malformed request.
    pub(crate) fn new(request: Option<&Request>, status: u16) -> Self {
        let (method, path) = request.map_or_else(Default::default, |request| {
            (request.method.clone(), request.path.clone())
        });
        Self { method, path, status, route: None, fault: None }
    }
}

impl fmt::Display for LoggedRequest {
    /// Writes one line, such as `GET /tickets/1: 503 (fault: status)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, status, route: _, fault } = self;
        if method.is_empty() {
            write!(formatter, "malformed request: ")?;
        } else {
            write!(formatter, "{method} {path}: ")?;
        }
        match status {
            0 => write!(formatter, "no reply")?,
            status => write!(formatter, "{status}")?,
        }
        fault.map_or(Ok(()), |fault| write!(formatter, " (fault: {fault})"))
    }
}
