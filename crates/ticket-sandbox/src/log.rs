//! What is remembered of the requests, and told to whoever follows them.

use std::fmt;
use std::sync::Arc;

use crate::http::Request;
use crate::last::Last;

/// A request as it was answered. Headers and bodies are not kept, so that no secret is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Seen {
    /// The method, such as `GET`; empty where the request could not be read.
    pub method: String,
    /// The path without its query; empty where the request could not be read.
    pub path: String,
    /// The HTTP status of the response; 0 where a fault let none be sent.
    pub status: u16,
    /// The route, such as `feishu.ticket`; `None` where the request belongs to none.
    pub route: Option<&'static str>,
    /// The name of the fault that struck.
    pub fault: Option<&'static str>,
}

impl Seen {
    /// Begins with what a request says of itself; `None` is one that could not be read.
    pub(crate) fn of(request: Option<&Request>, status: u16) -> Self {
        let (method, path) = request.map_or_else(Default::default, |request| {
            (request.method.clone(), request.path.clone())
        });
        Self { method, path, status, route: None, fault: None }
    }
}

impl fmt::Display for Seen {
    /// One line, such as `GET /open-apis/helpdesk/v1/tickets: 503 by status`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, status, route: _, fault } = self;
        if method.is_empty() {
            write!(formatter, "no request: ")?;
        } else {
            write!(formatter, "{method} {path}: ")?;
        }
        match status {
            0 => write!(formatter, "no response")?,
            status => write!(formatter, "{status}")?,
        }
        fault.map_or(Ok(()), |fault| write!(formatter, " by {fault}"))
    }
}

/// Whoever is told of each request.
#[derive(Clone)]
pub(crate) struct Follower(pub(crate) Arc<dyn Fn(&Seen) + Send + Sync>);

impl fmt::Debug for Follower {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Follower").finish_non_exhaustive()
    }
}

/// The last requests, and whoever is told of each.
#[derive(Debug, Default)]
pub(crate) struct Log {
    last: Last<Seen>,
    follower: Option<Follower>,
}

impl Log {
    pub(crate) fn new(follower: Option<Follower>) -> Self {
        Self { last: Last::default(), follower }
    }

    pub(crate) fn push(&self, seen: Seen) {
        if let Some(Follower(tell)) = &self.follower {
            tell(&seen);
        }
        self.last.push(seen);
    }

    /// The last requests, oldest first.
    pub(crate) fn list(&self) -> Vec<Seen> {
        self.last.list()
    }
}
