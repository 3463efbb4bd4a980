//! What is remembered of the requests.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::http::Request;

/// How many requests are remembered.
const REMEMBERED: usize = 10_000;

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

/// The last requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<VecDeque<Seen>>);

impl Log {
    pub(crate) fn push(&self, seen: Seen) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        all.push_back(seen);
    }

    pub(crate) fn list(&self) -> Vec<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
