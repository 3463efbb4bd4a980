//! What is remembered of the requests.

use crate::http::Request;

/// A request as it was answered. Headers and bodies are not kept, so that no secret is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Seen {
    /// The method, such as `GET`; empty where the request could not be read.
    pub method: String,
    /// The path without its query; empty where the request could not be read.
    pub path: String,
    /// The HTTP status of the answer; 0 where a fault let none be sent.
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
